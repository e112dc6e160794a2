package systemd_test

import (
	"testing"

	"github.com/nixlint/nixlint/loader/systemd"
)

// Whatever a value holds, there is an answer, and an effect where something is wanted.
func FuzzWanted(f *testing.F) {
	directives := systemd.Directives()
	for _, v := range general {
		f.Add(uint16(7), v)
	}
	for i, v := range []string{"<unknown: x>", "<", "<pkgs.a", "-", "\\", `"`, "..", "*-*-*/", "1.", "@", "a:b:c:d", "5..", "%", "~", "!!", ";", "[::]:", "/"} {
		f.Add(uint16(i*31), v)
	}
	f.Fuzz(func(t *testing.T, n uint16, value string) {
		d := directives[int(n)%len(directives)]
		want, effect := systemd.Wanted(d.Section, d.Name, value)
		if (want == "") != (effect == "") {
			t.Errorf("%s=%q: wants %q, and %q", d.Name, value, want, effect)
		}
	})
}

package checks_test

import (
	"testing"

	"github.com/nixlint/nixlint/checks"
)

func TestNearestIsWhatWasMeant(t *testing.T) {
	t.Parallel()
	rules := []string{"gpu/cuda-devices", "timers/persistent", "tmpfiles/world-writable"}
	for word, want := range map[string]string{
		"tmpfiles/world-writeable": "tmpfiles/world-writable", "Timers/Persistent": "timers/persistent", "persistent": "timers/persistent",
		"tmp/world-writable": "tmpfiles/world-writable", "none/such": "", "tmpfiles/w": "tmpfiles/world-writable", "": "",
	} {
		if got := checks.Nearest(word, rules); got != want {
			t.Errorf("%q: got %q, want %q", word, got, want)
		}
	}
}

package unit_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/nixlint/nixlint/loader/inventory"
	"github.com/nixlint/nixlint/loader/source"
	"github.com/nixlint/nixlint/loader/unit"
)

// lay writes files; a text "-> TARGET" makes a link.
func lay(tb testing.TB, files map[string]string) string {
	tb.Helper()
	dir := tb.TempDir()
	for name, text := range files {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			tb.Fatal(err)
		}
		var err error
		if to, ok := strings.CutPrefix(text, "-> "); ok {
			err = os.Symlink(to, file)
		} else {
			err = os.WriteFile(file, []byte(text), 0o644)
		}
		if err != nil {
			tb.Fatal(err)
		}
	}
	return dir
}

func load(tb testing.TB, dir string, dirs ...string) ([]inventory.Unit, []source.Problem) {
	tb.Helper()
	tree, err := source.OpenTree(dir)
	if err != nil {
		tb.Fatal(err)
	}
	defer tree.Close()
	units, problems, err := unit.Load(tree, dirs...)
	if err != nil {
		tb.Fatal(err)
	}
	return units, problems
}

func TestLoadMergesSearchPath(t *testing.T) {
	t.Parallel()
	dir := lay(t, map[string]string{
		"lib/a.service": "[Service]\nExecStart=/lib\n", "etc/a.service": "[Service]\nExecStart=/etc\n",
		"lib/b.service": "[Service]\nExecStart=/b\n", "etc/b.service": "-> /dev/null",
		"lib/c.service": "[Service]\nExecStart=/c\n", "etc/c.service.d/z.conf": "[Service]\nUser=z\n",
		"lib/c.service.d/a.conf": "[Service]\nUser=a\n", "lib/c.service.d/z.conf": "[Service]\nUser=lost\n",
		"lib/d.service": "[Service]\nExecStart=/d\n", "etc/e.service": "-> /lib/d.service", "etc/e.service.d/x.conf": "[Service]\nUser=e\n",
		"etc/f.timer": "[Timer]\nOnCalendar=daily\n", "etc/g.service.d/x.conf": "[Service]\nUser=g\n", "etc/h.service": "-> /outside/h.service",
	})
	units, problems := load(t, dir, "etc", "lib")
	var got []string
	for i := range units {
		u := &units[i]
		text := []string{u.Name, u.Kind, u.Completeness}
		for _, name := range []string{"ExecStart", "User"} {
			for _, s := range u.Sections["Service"][name] {
				a := s.Alternatives[0]
				text = append(text, fmt.Sprintf("%s=%s@%s:%d", name, a.Value, a.At.File, a.At.Line))
			}
		}
		got = append(got, strings.Join(text, " "))
	}
	want := []string{
		"a.service service generated ExecStart=/etc@etc/a.service:2",
		"c.service service generated ExecStart=/c@lib/c.service:2 User=a@lib/c.service.d/a.conf:2 User=z@etc/c.service.d/z.conf:2",
		"d.service service generated ExecStart=/d@lib/d.service:2 User=e@etc/e.service.d/x.conf:2",
		"f.timer timer generated",
		"g.service service override User=g@etc/g.service.d/x.conf:2",
	}
	if !slices.Equal(got, want) {
		t.Errorf("%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if len(problems) != 1 || problems[0].Severity != source.Failure || !strings.HasPrefix(problems[0].Message, "etc/h.service is left out") {
		t.Errorf("%v", problems)
	}
}

func TestLoadFollowsNothingOutside(t *testing.T) {
	t.Parallel()
	dir := lay(t, map[string]string{
		"secret.service": "[Service]\nUser=root\n", "root/a.service": "-> ../secret.service", "root/b.service": "-> b.service",
		"root/c.service.d": "-> ..", "root/d.service": "[Service]\nUser=d\n", "root/d.service.d/x.conf": "-> ../../secret.service",
	})
	units, problems := load(t, filepath.Join(dir, "root"), ".")
	if len(units) != 1 || len(units[0].Sections["Service"]["User"]) != 1 {
		t.Errorf("%+v", units)
	}
	if len(problems) != 4 {
		t.Errorf("%v", problems)
	}
}

func TestFind(t *testing.T) {
	t.Parallel()
	dir := lay(t, map[string]string{
		"units/a.service": "", "mixed/a.service": "", "mixed/a.nix": "", "nix/a.nix": "",
		"system/etc/systemd/system/a.service": "", "system/usr/lib/systemd/system/a.service": "", "system/lib": "-> usr/lib",
	})
	for path, want := range map[string]string{
		"units":           "units [.] ",
		"units/a.service": "units [.] a.service",
		"mixed":           "-",
		"mixed/a.service": "mixed [.] a.service",
		"nix":             "-",
		"nix/a.nix":       "-",
		"absent":          "-",
		"system":          "system [etc/systemd/system lib/systemd/system] ",
	} {
		got := "-"
		if u, ok := unit.Find(filepath.Join(dir, path), ""); ok {
			rel, _ := filepath.Rel(dir, u.Root)
			got = fmt.Sprint(rel, " ", u.Dirs, " ", strings.Join(u.Only, " "))
		}
		if got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
	u, ok := unit.Find(filepath.Join(dir, "units"), dir)
	if !ok || u.Root != dir || !slices.Equal(u.Dirs, []string{"units"}) {
		t.Errorf("%+v", u)
	}
}

func TestFindAll(t *testing.T) {
	t.Parallel()
	dir := lay(t, map[string]string{"a/a.service": "", "a/b.service": "", "b/c.service": ""})
	a, b, c := filepath.Join(dir, "a/a.service"), filepath.Join(dir, "a/b.service"), filepath.Join(dir, "b/c.service")
	if u, ok := unit.FindAll("", a, b); !ok || !slices.Equal(u.Only, []string{"a.service", "b.service"}) || !slices.Equal(u.Dirs, []string{"."}) {
		t.Errorf("%+v, %t", u, ok)
	}
	if u, ok := unit.FindAll("", a, c); ok {
		t.Errorf("of two roots: %+v", u)
	}
	if u, ok := unit.FindAll(dir, a, c); !ok || u.Root != dir || !slices.Equal(u.Dirs, []string{"a", "b"}) {
		t.Errorf("of one root: %+v, %t", u, ok)
	}
	if u, ok := unit.FindAll("", a, filepath.Join(dir, "a")); ok {
		t.Errorf("a file and a folder: %+v", u)
	}
}

func BenchmarkLoad(b *testing.B) {
	files := map[string]string{"service.d/x.conf": "[Service]\nPrivateTmp=yes\n"}
	text := "[Unit]\nDescription=x\nAfter=network.target\n[Service]\n" + strings.Repeat("Environment=A=b\n", 20) + "ExecStart=/x\n[Install]\nWantedBy=multi-user.target\n"
	for i := range 10_000 {
		files[fmt.Sprintf("u%d.service", i)] = text
	}
	dir := lay(b, files)
	for b.Loop() {
		if units, _ := load(b, dir, "."); len(units) != 10_000 {
			b.Fatal(len(units))
		}
	}
}

package unit_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
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
		"units/a.service": "", "mixed/a.service": "", "mixed/a.nix": "", "nix/a.nix": "", "deep/a.service": "", "deep/x/a.nix": "",
		"system/etc/systemd/system/a.service": "", "system/usr/lib/systemd/system/a.service": "", "system/lib": "-> usr/lib",
		"system/etc/systemd/user/b.service": "", "system/etc/tmpfiles.d/x.conf": "", "drop/a.service.d/x.conf": "",
		"out/box/system/a.service": "", "out/box/tmpfiles.d/00-nixos.conf": "", "systemd/user/b.service": "",
		"flake/flake.nix": "", "flake/etc/systemd/system/a.service": "",
	})
	for path, want := range map[string]string{
		"units":                        "units . | |  of ",
		"units/a.service":              "units . | |  of a.service",
		"mixed":                        "-",
		"mixed/a.service":              "mixed . | |  of a.service",
		"deep":                         "-",
		"nix":                          "-",
		"nix/a.nix":                    "-",
		"absent":                       "-",
		"flake":                        "-",
		"system":                       "system etc/systemd/system lib/systemd/system | etc/systemd/user | etc/tmpfiles.d of ",
		"system/etc":                   "system/etc systemd/system | systemd/user | tmpfiles.d of ",
		"system/etc/tmpfiles.d":        "system/etc/tmpfiles.d  | | . of ",
		"system/etc/tmpfiles.d/x.conf": "system/etc/tmpfiles.d  | | . of x.conf",
		"drop/a.service.d/x.conf":      "drop . | |  of a.service",
		"out/box":                      "out/box system | | tmpfiles.d of ",
		"systemd/user":                 "systemd/user  | . |  of ",
	} {
		got := "-"
		if u, ok := unit.Find(filepath.Join(dir, path), ""); ok {
			rel, _ := filepath.Rel(dir, u.Root)
			got = fmt.Sprintf("%s %s |%s | %s of %s", rel, strings.Join(u.System, " "), strings.TrimRight(" "+strings.Join(u.User, " "), " "), strings.Join(u.Tmpfiles, " "), strings.Join(u.Only, " "))
		}
		if got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
	u, ok := unit.Find(filepath.Join(dir, "units"), dir)
	if !ok || u.Root != dir || !slices.Equal(u.System, []string{"units"}) {
		t.Errorf("%+v", u)
	}
}

// machine reads what Find recognises, as one host, and says everything that is known of it.
func machine(tb testing.TB, name string) (inventory.Host, string) {
	tb.Helper()
	u, ok := unit.Find(name, "")
	if !ok {
		tb.Fatalf("%s is not recognised", name)
	}
	tree, err := source.OpenTree(u.Root)
	if err != nil {
		tb.Fatal(err)
	}
	defer tree.Close()
	host, _, problems, err := u.Load(tree)
	if err != nil {
		tb.Fatal(err)
	}
	said := make([]string, len(problems))
	for i, p := range problems {
		said[i] = p.Severity.String() + ": " + p.Message
	}
	return host, strings.Join(said, "\n")
}

// commands lists a host's units as "scope name ExecStart…".
func commands(host *inventory.Host) string {
	var out []string
	for i := range host.Units {
		u := &host.Units[i]
		words := []string{u.Scope, u.Name}
		for _, s := range u.Sections["Service"]["ExecStart"] {
			words = append(words, s.Alternatives[0].Value)
		}
		for _, l := range u.Links {
			words = append(words, l.Type+":"+l.Target.Alternatives[0].Value)
		}
		out = append(out, strings.Join(words, " "))
	}
	return strings.Join(out, "\n")
}

func TestMachineOfTheNixStore(t *testing.T) {
	t.Parallel()
	dir := lay(t, map[string]string{
		"nix/store/" + hash + "-nixos-system-box-24.05/etc":                         "-> /nix/store/" + hash + "-etc/etc",
		"nix/store/" + hash + "-etc/etc/systemd/system":                             "-> /nix/store/" + hash + "-system-units",
		"nix/store/" + hash + "-etc/etc/systemd/user":                               "-> /nix/store/" + hash + "-user-units",
		"nix/store/" + hash + "-etc/etc/tmpfiles.d":                                 "-> /nix/store/" + hash + "-tmpfiles.d",
		"nix/store/" + hash + "-tmpfiles.d/00-nixos.conf":                           "# made\nd /srv 0755 root root -\n\n  L+ /a - - - - /b\n",
		"nix/store/" + hash + "-tmpfiles.d/none.conf":                               "-> /dev/null",
		"nix/store/" + hash + "-system-units/web.service":                           "-> /nix/store/" + hash + "-unit-web.service/web.service",
		"nix/store/" + hash + "-system-units/www.service":                           "-> web.service",
		"nix/store/" + hash + "-system-units/multi-user.target.wants/web.service":   "-> ../web.service",
		"nix/store/" + hash + "-system-units/multi-user.target.wants/www.service":   "-> ../web.service",
		"nix/store/" + hash + "-system-units/getty.target.wants/getty@tty1.service": "-> ../getty@.service",
		"nix/store/" + hash + "-system-units/getty@.service":                        "[Service]\nExecStart=/getty %I\n",
		"nix/store/" + hash + "-system-units/leak.service":                          "-> /etc/secret.service",
		"nix/store/" + hash + "-unit-web.service/web.service":                       "[Service]\nExecStart=/web\n",
		"nix/store/" + hash + "-user-units/mine.service":                            "[Service]\nExecStart=/mine\n",
		"etc/secret.service": "[Service]\nExecStart=/secret\n",
	})
	host, said := machine(t, filepath.Join(dir, "nix/store/"+hash+"-nixos-system-box-24.05"))
	want := "system getty@.service /getty %I\nsystem getty@tty1.service /getty %I wants:getty.target\n" +
		"system web.service /web wants:multi-user.target wants:multi-user.target alias:www.service\nuser mine.service /mine"
	if got := commands(&host); got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
	if said != "failure: nix/store/"+hash+"-system-units/leak.service is left out: it leads out of the root" &&
		said != "failure: nix/store/"+hash+"-nixos-system-box-24.05/etc/systemd/system/leak.service is left out: it leads out of the root" {
		t.Error(said)
	}
	if host.Name != "box" {
		t.Errorf("host %q", host.Name)
	}
	if len(host.Tmpfiles) != 2 || host.Tmpfiles[1].File != "00-nixos.conf" || host.Tmpfiles[1].Line.Alternatives[0].Value != "L+ /a - - - - /b" ||
		host.Tmpfiles[1].Line.Alternatives[0].At.Line != 4 || host.Tmpfiles[1].Line.Alternatives[0].At.Column != 3 {
		t.Errorf("%+v", host.Tmpfiles)
	}
}

const hash = "00000000000000000000000000000000"

// The order of unit_file_find_dropin_paths: the search path first, and in each of its folders the narrower name; those of the kind last.
func TestDropinsOfTheSearchPathBeforeNarrowNames(t *testing.T) {
	t.Parallel()
	dir := lay(t, map[string]string{
		"lib/a-b.service":           "[Service]\nExecStart=/x\n",
		"etc/a-.service.d/x.conf":   "[Service]\nUser=etc-wide\n",
		"lib/a-b.service.d/x.conf":  "[Service]\nUser=lib-narrow\n",
		"lib/a-.service.d/y.conf":   "[Service]\nUser=lib-wide\n",
		"lib/a-b.service.d/y.conf":  "[Service]\nUser=lib-narrow\n",
		"etc/service.d/y.conf":      "[Service]\nUser=kind\n",
		"etc/service.d/z.conf":      "[Service]\nUser=kind\n",
		"lib/a-b.service.d/z2.conf": "-> /dev/null", "etc/service.d/z2.conf": "[Service]\nUser=masked\n",
	})
	units, problems := load(t, dir, "etc", "lib")
	var got []string
	for _, s := range units[0].Sections["Service"]["User"] {
		got = append(got, s.Alternatives[0].Value)
	}
	if !slices.Equal(got, []string{"etc-wide", "lib-narrow", "kind"}) || len(problems) > 0 {
		t.Errorf("%q, %v", got, problems)
	}
}

func TestAliases(t *testing.T) {
	t.Parallel()
	dir := lay(t, map[string]string{
		"etc/a.service": "[Service]\nExecStart=/a\n", "etc/b.service": "-> a.service", "etc/c.service": "-> b.service", "etc/t@.service": "[Service]\nExecStart=/t\n",
		"etc/t@one.service": "-> t@.service", "etc/wrong.timer": "-> a.service", "etc/wrong.service": "-> t@.service",
		"etc/linked.service": "-> ../elsewhere/other.service", "elsewhere/other.service": "[Service]\nExecStart=/linked\n", "etc/bad name.service": "",
		"etc/c.service.d/x.conf": "[Service]\nExecStart=/c\n",
	})
	units, problems := load(t, dir, "etc")
	host := inventory.Host{Units: units}
	want := "system a.service /a /c alias:b.service alias:c.service\nsystem linked.service /linked\nsystem t@.service /t alias:t@one.service"
	if got := commands(&host); got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
	if len(problems) != 3 {
		t.Errorf("%v", problems)
	}
}

// What a hostile tree holds is said, file by file, and the rest goes on. None of it is opened: a pipe would wait for ever.
func TestLoadOfAHostileTree(t *testing.T) {
	t.Parallel()
	files := map[string]string{"u/good.service": "[Service]\nExecStart=/good\n", "u/up.service": "-> ../../../../../../etc/passwd", "u/abs.service": "-> /etc/passwd"}
	for i := range 60 {
		files[fmt.Sprintf("u/l%d.service.x", i)] = fmt.Sprintf("-> l%d.service.x", i+1)
	}
	files["u/deep.service"] = "-> l0.service.x"
	files["u/loop.service"] = "-> loop2.service.x"
	files["u/loop2.service.x"] = "-> loop.service"
	files["u/dir.service"] = "-> ."
	files["u/binary.service"] = "\x7fELF\x01\xff\xfe\n"
	files["u/good.service.d/x.conf"] = "-> ../../secret"
	files["u/bad.service.d"] = "-> /etc"
	files["u/multi-user.target.wants"] = "-> /etc"
	files["secret"] = "[Service]\nUser=secret\n"
	dir := lay(t, files)
	for _, name := range []string{"pipe.service", "good.service.d/pipe.conf"} {
		if err := syscall.Mkfifo(filepath.Join(dir, "u", name), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	host, said := machine(t, filepath.Join(dir, "u"))
	if got := commands(&host); got != "system good.service /good" || len(host.Units[0].Sections["Service"]) != 1 {
		t.Errorf("%s: %+v", got, host.Units)
	}
	for _, part := range []string{
		"up.service is left out: it leads out", "abs.service is left out: it leads to nothing", "deep.service is left out: it leads through too many",
		"loop.service is left out: it leads through", "dir.service is left out: it is no regular", "pipe.service is left out: it is no regular",
		"x.conf is left out: it leads out", "pipe.conf is left out: it is no regular", "bad.service.d is left out", "multi-user.target.wants is left out",
		"systemd reads no further",
	} {
		if !strings.Contains(said, part) {
			t.Errorf("nothing says %q:\n%s", part, said)
		}
	}
}

func TestDirectivesOfUnitFiles(t *testing.T) {
	t.Parallel()
	f, _ := unit.Parse(source.NewFile("a.service", `# nixlint: ignore a/whole -- all
[Unit]
After=x
# nixlint: ignore a/section -- section
# and more
[Service]
; nixlint: ignore a/value -- value
ExecStart=/a \
  # nixlint: ignore a/inside -- inside
  b
User=x
[Install]
# nixlint: ignore a/nothing -- nothing
`))
	var got []string
	for _, d := range f.Directives() {
		got = append(got, fmt.Sprintf("%d: %s: %d-%d", d.At.Line, d.Text, d.Covers.Line, d.Covers.EndLine))
	}
	want := []string{
		"1: ignore a/whole -- all: 1-14", "4: ignore a/section -- section: 6-11", "7: ignore a/value -- value: 8-10",
		"9: ignore a/inside -- inside: 8-10", "13: ignore a/nothing -- nothing: 13-13",
	}
	if !slices.Equal(got, want) {
		t.Errorf("%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	rules, said, problems := unit.ParseTmpfiles(source.NewFile("x.conf", "# nixlint: ignore t/x -- here\n\nd /a\nd /\xff\n"))
	if len(rules) != 1 || len(said) != 1 || said[0].Covers.Line != 3 || len(problems) != 1 {
		t.Errorf("%+v %+v %v", rules, said, problems)
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

func TestLoadTellsOtherSystemsFromNixOS(t *testing.T) {
	t.Parallel()
	foreign := "[Service]\nExecStart=/usr/bin/a\n"
	for _, c := range []struct {
		name  string
		files map[string]string
		want  bool
	}{
		{"a machine with programs in /usr", map[string]string{"a.service": foreign, "b.service": foreign}, true},
		{"one unit names the store", map[string]string{"a.service": foreign, "b.service": "[Service]\nEnvironment=PATH=/nix/store/x/bin\n"}, false},
		{"it has the mark", map[string]string{"a.service": foreign, "b.service": foreign, "etc/NIXOS": ""}, false},
		{"a lone service", map[string]string{"a.service": foreign}, false},
	} {
		tree, err := source.OpenTree(lay(t, c.files))
		if err != nil {
			t.Fatal(err)
		}
		host, _, _, err := unit.Units{System: []string{"."}}.Load(tree)
		if err != nil || len(host.Units) == 0 || host.Units[0].Foreign != c.want {
			t.Errorf("%s: %+v, %v", c.name, host.Units, err)
		}
		tree.Close()
	}
}

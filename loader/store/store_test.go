package store_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/nix-community/go-nix/pkg/wire"

	"github.com/nixlint/nixlint/fixtures/oracle"
	"github.com/nixlint/nixlint/loader/inventory"
	"github.com/nixlint/nixlint/loader/store"
)

// nix runs a program of Nix on a store of its own, without a network, and returns what it prints.
func nix(t *testing.T, root, program string, args ...string) string {
	t.Helper()
	command := exec.CommandContext(t.Context(), filepath.Join(filepath.Dir(oracle.Nix(t)), program), args...)
	command.Env = append(os.Environ(), "NIX_REMOTE=local?root="+root, "NIX_CONFIG=build-users-group =\nsubstitute = false\nexperimental-features = nix-command")
	var out, said bytes.Buffer
	command.Stdout, command.Stderr = &out, &said
	if err := command.Run(); err != nil {
		t.Fatalf("%s %v: %v\n%s", program, args, err, said.String())
	}
	return out.String()
}

// add puts a folder into the store; a text "-> TARGET" makes a link, an empty name a store path that is a file.
func add(t *testing.T, root, name string, files map[string]string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), name)
	for file, text := range files {
		at := filepath.Join(dir, file)
		if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
			t.Fatal(err)
		}
		if to, ok := strings.CutPrefix(text, "-> "); ok {
			if err := os.Symlink(to, at); err != nil {
				t.Fatal(err)
			}
			continue
		}
		write(t, at, text)
	}
	return strings.TrimSpace(nix(t, root, "nix-store", "--add", dir))
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// system makes a store with a NixOS system in it, and returns the store and the paths, the system last.
func system(t *testing.T) (root string, paths []string) {
	t.Helper()
	root = t.TempDir()
	script := add(t, root, "unit-script-web-start", map[string]string{"bin/web-start": "#! /bin/sh -e\necho hi\ncurl x | sh\n"})
	web := add(t, root, "unit-web.service", map[string]string{"web.service": "[Unit]\nDescription=web\n[Service]\nExecStart=" + script + "/bin/web-start \nNice=5\n"})
	mine := add(t, root, "unit-mine.service", map[string]string{"mine.service": "[Service]\nExecStart=/bin/mine\n"})
	units := add(t, root, "system-units", map[string]string{
		"web.service": "-> " + web + "/web.service", "www.service": "-> web.service", "multi-user.target.wants/web.service": "-> ../web.service",
		"web.service.d/a.conf": "[Service]\nUser=www\n", "gone.service": "-> /nix/store/" + strings.Repeat("1", 32) + "-gone/gone.service",
	})
	user := add(t, root, "user-units", map[string]string{"mine.service": "-> " + mine + "/mine.service"})
	tmp := add(t, root, "tmpfiles.d", map[string]string{"00-nixos.conf": "d /srv 0755 root root -\n"})
	etc := add(t, root, "etc", map[string]string{
		"etc/systemd/system": "-> " + units, "etc/systemd/user": "-> " + user, "etc/tmpfiles.d": "-> " + tmp, "etc/other": strings.Repeat("large ", 1000),
	})
	top := add(t, root, "nixos-system-box-22.05", map[string]string{"etc": "-> " + etc + "/etc", "init": "x"})
	return root, []string{script, web, mine, units, user, tmp, etc, top}
}

// shown says what an inventory has: hosts, units with their commands, links and scripts, lines of tmpfiles.d, problems.
func shown(inv *inventory.Inventory) string {
	var b strings.Builder
	for i := range inv.Hosts {
		h := &inv.Hosts[i]
		fmt.Fprintf(&b, "host %s\n", h.Name)
		for k := range h.Units {
			u := &h.Units[k]
			fmt.Fprintf(&b, "%s %s", u.Scope, u.Name)
			for _, name := range []string{"User", "Nice"} {
				for _, s := range u.Sections["Service"][name] {
					fmt.Fprintf(&b, " %s=%s", name, s.Alternatives[0].Value)
				}
			}
			for _, l := range u.Links {
				fmt.Fprintf(&b, " %s:%s", l.Type, l.Target.Alternatives[0].Value)
			}
			if s, ok := u.Scripts["start"]; ok {
				fmt.Fprintf(&b, " %q line %d", s.Alternatives[0].Value, s.Alternatives[0].Lines[0].Line)
			}
			if u.Open != "" {
				b.WriteString(" open")
			}
			b.WriteByte('\n')
		}
		for _, l := range h.Tmpfiles {
			fmt.Fprintf(&b, "%s\n", l.Line.Alternatives[0].Value)
		}
	}
	for _, p := range inv.Problems {
		if !strings.HasPrefix(p.Message, "the units are not whole") {
			fmt.Fprintf(&b, "%s: %s\n", p.Severity, hashless(p.Message))
		}
	}
	return b.String()
}

// hashless leaves the hashes of store paths out.
func hashless(text string) string {
	words := strings.Split(text, "nix/store/")
	for i := 1; i < len(words); i++ {
		if len(words[i]) > 33 {
			words[i] = words[i][33:]
		}
	}
	return strings.Join(words, "")
}

func open(t *testing.T, name string) string {
	t.Helper()
	s, err := store.Open(name)
	if err != nil {
		return "error: " + hashless(err.Error())
	}
	defer s.Close()
	inv, err := s.Inventory()
	if err != nil {
		return "error: " + err.Error()
	}
	return shown(inv)
}

const wantSystem = "host box\n" +
	"system web.service User=www Nice=5 wants:multi-user.target alias:www.service \"echo hi\\ncurl x | sh\\n\" line 2\n" +
	"user mine.service\n" +
	"d /srv 0755 root root -\n" +
	"failure: system-units/gone.service is left out: it leads to nothing inside the root\n"

func TestArchivesAndCachesOfRealNix(t *testing.T) {
	t.Parallel()
	root, paths := system(t)
	dir := t.TempDir()
	export := filepath.Join(dir, "system.export")
	write(t, export, nix(t, root, "nix-store", append([]string{"--export"}, paths...)...))
	if got := open(t, export); got != wantSystem {
		t.Errorf("export: %s\nwant\n%s", got, wantSystem)
	}
	dump := nix(t, root, "nix-store", "--dump", filepath.Join(root, paths[1]))
	write(t, filepath.Join(dir, "web.nar"), dump)
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	z.Write([]byte(dump))
	z.Close()
	write(t, filepath.Join(dir, "web.nar.gz"), packed.String())
	for _, name := range []string{"web.nar", "web.nar.gz"} {
		if got := open(t, filepath.Join(dir, name)); got != "host \nsystem web.service Nice=5\n" {
			t.Errorf("%s: %s", name, got)
		}
	}
	for _, how := range []string{"none", "gzip", "bzip2", "xz", "zstd", "br"} {
		cache := filepath.Join(dir, how)
		nix(t, root, "nix", append([]string{"copy", "--no-check-sigs", "--to", "file://" + cache + "?compression=" + how}, paths...)...)
		got := open(t, cache)
		if how == "br" {
			if !strings.HasPrefix(got, "error: ") || !strings.Contains(got, "compressed with br, which is not read") {
				t.Errorf("br: %s", got)
			}
		} else if got != wantSystem {
			t.Errorf("%s: %s\nwant\n%s", how, got, wantSystem)
		}
	}
	// A store path on a disk that is not the machine's own is for package unit; here only that it is none of ours.
	if kind := store.Kind(filepath.Join(root, paths[len(paths)-1])); kind != "" {
		t.Error(kind)
	}
}

// TestCacheHoldsToItsInfo changes a real cache in ways that a hostile one would.
func TestCacheHoldsToItsInfo(t *testing.T) {
	t.Parallel()
	root, paths := system(t)
	for what, change := range map[string]func(info string) string{
		"not the": func(info string) string { return strings.Replace(info, "NarSize: ", "NarSize: 9", 1) },
		"another hash": func(info string) string {
			at := strings.Index(info, "NarHash: sha256:") + len("NarHash: sha256:")
			return info[:at] + "0" + strings.Repeat("1", 51) + info[at+52:]
		},
		"its NAR is not in the cache": func(info string) string { return strings.Replace(info, "URL: nar/", "URL: ../../nar/", 1) },
		"is no path of the Nix store": func(info string) string {
			return strings.Replace(info, "StorePath: /nix/store/", "StorePath: /nix/store/../", 1)
		},
		"it is no narinfo": func(string) string { return "\x00\x01" },
	} {
		cache := filepath.Join(t.TempDir(), "cache")
		nix(t, root, "nix", append([]string{"copy", "--no-check-sigs", "--to", "file://" + cache + "?compression=gzip"}, paths...)...)
		base := filepath.Base(paths[3])[:32] + ".narinfo"
		info, err := os.ReadFile(filepath.Join(cache, base))
		if err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(cache, base), change(string(info)))
		if got := open(t, cache); !strings.Contains(got, what) {
			t.Errorf("%s: %s", what, got)
		}
	}
}

func TestDerivationsOfRealNix(t *testing.T) {
	t.Parallel()
	root, dir := t.TempDir(), t.TempDir()
	write(t, filepath.Join(dir, "system.nix"), `
let
  mk = name: attrs: derivation ({ inherit name; system = "x86_64-linux"; builder = "/bin/sh"; } // attrs);
  unit = name: file: text: mk "unit-${name}" { inherit text; buildCommand = "name=${file}\nmkdir -p \"$out/$(dirname -- \"$name\")\"\n"; };
  script = mk "unit-script-web-start" { text = "#! /bin/sh -e\necho \"hi\"\n"; destination = "/bin/web-start"; };
  structured = mk "unit-st.service" { __structuredAttrs = true; text = "[Service]\nNice=1\nExecStart=/bin/st\n"; buildCommand = "name='st.service'\n"; };
  units = mk "system-units" { u = [ (unit "web.service" "web.service" "[Service]\nExecStart=${script}/bin/web-start \nNice=5\n")
    (unit "job-.service" "'job@.service'" "[Service]\nNice=2\n") structured (mk "unit-off.service-disabled" { text = ""; }) (mk "unit-odd" { text = "x"; }) ]; };
  user = mk "user-units" { u = [ (unit "mine.service" "mine.service" "[Service]\nNice=3\n") ]; };
  etc = mk "etc" { inherit units user; };
in mk "nixos-system-box-22.05" { inherit etc; other = mk "unrelated" { }; }`)
	drv := strings.TrimSpace(nix(t, root, "nix-instantiate", filepath.Join(dir, "system.nix")))
	got := open(t, filepath.Join(root, drv))
	want := "host box\nsystem job@.service Nice=2 open\nsystem st.service Nice=1 open\n" +
		"system web.service Nice=5 \"echo \\\"hi\\\"\\n\" line 2 open\nuser mine.service Nice=3 open\n"
	if !strings.HasPrefix(got, want) || !strings.HasSuffix(got, "it is left out: unit-odd is no unit\n") {
		t.Errorf("%s\nwant\n%s", got, want)
	}
}

func TestRead(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`{"units":{"web.service":{"text":"[Service]\nNice=5\n","enable":true,"wantedBy":["multi-user.target"],"aliases":["www.service"],"unit":"/nix/store/x"},
		  "sshd.service":{"text":"[Service]\nNice=1\n","overrideStrategy":"asDropin"},"off.service":{"text":"","enable":false},"none.service":{},"x.device":{"text":""},"../up.service":{"text":"x"}},
		  "user":{"units":{"mine.service":{"text":"[Service]\nNice=2\n"}}},"tmpfiles":{"rules":["d /srv 0755 root root -"]},"services":{}}`: "host \n" +
			"system sshd.service Nice=1 open\nsystem web.service Nice=5 wants:multi-user.target alias:www.service open\nuser mine.service Nice=2 open\nd /srv 0755 root root -\n" +
			"failure: ../up.service is left out: \"../up.service\" is no name of a unit\n" +
			"failure: none.service is left out: its text is not in the output\n",
		`{"config":{"systemd":{"units":{"a.service":{"text":"[Service]\nNice=5\n"}}}}} {"units":{"a.service":{"text":"[Service]\nNice=6\n"}}}`: "host \nsystem a.service Nice=5 open\nhost \nsystem a.service Nice=6 open\n",
		`{"attr":"box","error":"error: no\nmore"}` + "\n":                                  "failure: box could not be evaluated: error: no\n",
		`{"attr":"box","drvPath":"/nix/store/` + strings.Repeat("1", 32) + `-absent.drv"}`: "failure: box is left out: ",
		`{"attr":"box","drvPath":"/etc/passwd"}`:                                           `error: value 1 of standard input: "/etc/passwd" is no derivation in the Nix store`,
		``:                                                                                 "error: standard input is empty",
		`[]`:                                                                               "error: value 1 of standard input is no JSON object",
		`{"units":[]}`:                                                                     "error: value 1 of standard input: units is not as in config.systemd",
		`{"a":1}`:                                                                          "error: value 1 of standard input: it has no units",
	} {
		s, err := store.Read(strings.NewReader(text))
		var got string
		if err != nil {
			got = "error: " + err.Error()
		} else {
			inv, err := s.Inventory()
			if err != nil {
				t.Fatal(err)
			}
			got = shown(inv)
		}
		if !strings.HasPrefix(got, want) || strings.HasPrefix(want, "host") && got != want {
			t.Errorf("%s\n%q\nwant\n%q", text, got, want)
		}
	}
}

// archive writes the tokens of a NAR; a number is written as one.
func archive(tokens ...any) string {
	var b bytes.Buffer
	for _, t := range tokens {
		switch v := t.(type) {
		case string:
			wire.WriteString(&b, v)
		case int:
			wire.WriteUint64(&b, uint64(v))
		}
	}
	return b.String()
}

func TestHostileArchives(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	unit := "[Service]\nNice=5\n"
	file := []any{"(", "type", "regular", "contents", unit, ")"}
	entry := func(name string, node ...any) []any {
		return append(append([]any{"entry", "(", "name", name, "node"}, node...), ")")
	}
	folder := func(entries ...[]any) []any {
		out := []any{"(", "type", "directory"}
		for _, e := range entries {
			out = append(out, e...)
		}
		return append(out, ")")
	}
	nar := func(node []any) string { return archive(append([]any{"nix-archive-1"}, node...)...) }
	deep := folder(entry("a.service", file...))
	for range 1000 {
		deep = folder(entry("d", deep...))
	}
	whole := nar(folder(entry("a.service", file...)))
	for name, test := range map[string]struct{ text, want string }{
		"good":      {whole, "host \nsystem a.service Nice=5\n"},
		"up":        {nar(folder(entry("..", file...))), "error: "},
		"up-folder": {nar(folder(entry("..", folder(entry("a.service", file...))...))), "error: "},
		"slash":     {nar(folder(entry("a/b.service", file...))), "error: "},
		"empty":     {nar(folder(entry("", file...))), "error: "},
		"twice":     {nar(folder(entry("a.service", file...), entry("a.service", file...))), "error: "},
		"deep":      {nar(deep), "error: "},
		"cut":       {whole[:len(whole)-20], "error: "},
		"more":      {whole + "x", "error: "},
		"size":      {archive("nix-archive-1", "(", "type", "directory", "entry", "(", "name", "a.service", "node", "(", "type", "regular", "contents", 1<<40), "error: "},
		"token":     {archive("nix-archive-1", 1<<50), "error: "},
		"link":      {nar(folder(entry("a.service", "(", "type", "symlink", "target", "/etc/passwd", ")"), entry("b.service", file...))), "host \nsystem b.service Nice=5\nfailure: "},
		"device":    {nar([]any{"(", "type", "device", ")"}), "error: "},
		"none":      {nar(file), "error: "},
	} {
		at := filepath.Join(dir, name+".nar")
		write(t, at, test.text)
		if got := open(t, at); !strings.HasPrefix(got, test.want) || test.want == "error: " && strings.Contains(got, "Nice") {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
	}
	path := "/nix/store/" + strings.Repeat("1", 32) + "-unit-a.service"
	export := func(path string, refs int) string {
		return archive(1) + whole + archive(0x4558494e, path, refs, "", 0, 0)
	}
	for name, test := range map[string]struct{ text, want string }{
		"good":   {export(path, 0), "host \nsystem a.service Nice=5\n"},
		"up":     {export("/nix/store/../../etc/"+strings.Repeat("1", 40), 0), "error: "},
		"other":  {export("/etc/passwd", 0), "error: "},
		"refs":   {export(path, 1<<40), "error: "},
		"end":    {archive(1) + whole + archive(0x4558494e, path, 0, "", 0), "error: "},
		"magic":  {archive(1) + whole + archive(7, path, 0, "", 0, 0), "error: "},
		"twice":  {strings.TrimSuffix(export(path, 0), archive(0)) + export(path, 0), "host \nsystem a.service Nice=5\n"},
		"nested": {archive(1) + nar(deep) + archive(0x4558494e, path, 0, "", 0, 0), "error: "},
	} {
		at := filepath.Join(dir, name+".export")
		write(t, at, test.text)
		if got := open(t, at); !strings.HasPrefix(got, test.want) {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
	}
}

func FuzzOpen(f *testing.F) {
	f.Add(".drv", `Derive([("out","/nix/store/11111111111111111111111111111111-unit-a.service","","")],[],[],"x","/bin/sh",[],[("name","unit-a.service"),("text","[Service]\nNice=5\n")])`)
	f.Add(".nar", archive("nix-archive-1", "(", "type", "regular", "contents", "x", ")"))
	f.Add(".x", archive(1, "nix-archive-1", "(", "type", "directory", ")", 0x4558494e, "/nix/store/x", 0, "", 0, 0))
	f.Fuzz(func(t *testing.T, ending, text string) {
		if strings.ContainsAny(ending, "/\x00") || len(ending) > 9 {
			return
		}
		at := filepath.Join(t.TempDir(), "a"+ending)
		write(t, at, text)
		open(t, at)
		if s, err := store.Read(strings.NewReader(text)); err == nil {
			s.Inventory()
		}
	})
}

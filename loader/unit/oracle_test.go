package unit_test

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	systemdunit "github.com/coreos/go-systemd/v22/unit"

	"github.com/nixlint/nixlint/fixtures/oracle"
	"github.com/nixlint/nixlint/loader/inventory"
	"github.com/nixlint/nixlint/loader/source"
	"github.com/nixlint/nixlint/loader/unit"
)

// corners are texts whose reading is not plain, behind "[Unit]". Each sets Description.
var corners = []string{
	"Description=plain", " Description = blanks  ", "\tDescription\t=\ttabs\t", "Description=a \\\n  b", "Description=a\\\nb", "Description=a \\\n# no\n  ;no\n b",
	"Description=a \\\n\nAfter=b.service", "Description=a \\\\\nAfter=b.service", "Description=a \\\\\\\n b", "Description=one\nDescription=two", "Description=one\nDescription=",
	"Description=a=b==c", "Description=\"q u\" 'x'", "Description=crlf\r\nAfter=b.service\r", "Description=cr\rAfter=b.service", "# c \\\nDescription=after a comment",
	"; c \\\nDescription=x", "Description=end \\", "noequals\nDescription=x", "=noname\nDescription=x", "[Bogus]\nA=1\n[Unit]\nDescription=x", "[X-Own]\nDescription=no\n[Unit]\nDescription=yes",
	"Description=tail\\\n[Unit]\nAfter=b.service", "  # indented\nDescription=x", "Description=x ; not a comment", "Description=x # not a comment", "Description\n=x\nDescription=y",
	"Description=ä ö 漢字", "[Unit]\n[Unit]\nDescription=x", "[ Unit ]\nDescription=x", "Description=x\n\n\n\\\n\nAfter=b.service", "Description=a\\\n\\\n\\\nb", "Bogus=1\nDescription=x",
	"Description=\\x41", "Description=a\\tb", "Description=100%% sure", "Description=" + strings.Repeat("long ", 3000) + "end", "Description=a\\\n   # only a comment\n", "\ufeffDescription=bom",
	"Description=a\x00After=b.service", "[Install]\nWantedBy=x.target\n[Unit]\nDescription=back",
}

// refused are texts that systemd reads no further than.
var refused = []string{"[Unit\nDescription=x", "Description=a\n[Un\"it]\nDescription=b", "Description=\xff\xfe", "[]\nDescription=x", "[Unit]x\nDescription=y", "[Unit] \nDescription=y"}

// dump asks the real systemd-analyze to load units of a root and returns all that it says.
func dump(t *testing.T, root string, names ...string) string {
	t.Helper()
	if err := os.MkdirAll(filepath.Join(root, "tmp"), 0o755); err != nil {
		t.Fatal(err)
	}
	args := append([]string{"verify", "--man=no", "--generators=no", "--recursive-errors=no", "--root=" + root}, names...)
	command := exec.CommandContext(t.Context(), oracle.Systemd(t), args...)
	command.Env = append(command.Environ(), "LC_ALL=C.UTF-8", "SYSTEMD_LOG_LEVEL=debug")
	var shown, said bytes.Buffer
	command.Stdout, command.Stderr = &shown, &said
	_ = command.Run() // it fails on most of these
	return said.String() + "\n" + shown.String()
}

// cut is what a dump shows of a value at most.
func cut(text string) string { return text[:min(len(text), 500)] }

// field lists the values of a field of a unit in such a dump.
func field(text, name, key string) []string {
	_, rest, ok := strings.Cut(text, "-> Unit "+name+":\n")
	if !ok {
		return []string{"not loaded"}
	}
	block, _, _ := strings.Cut(rest, "-> Unit ")
	var out []string
	for _, m := range regexp.MustCompile(`(?m)^\t+`+key+`: (.*)$`).FindAllStringSubmatch(block, -1) {
		out = append(out, m[1])
	}
	return out
}

// TestSystemdReadsWhatWeRead compares the value, and the lines that are said to be wrong, of every corner.
func TestSystemdReadsWhatWeRead(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	dir := filepath.Join(root, "etc/systemd/system")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	texts, names := map[string]string{}, []string{}
	for i, text := range slices.Concat(corners, refused) {
		name := fmt.Sprintf("c%d.target", i)
		texts[name] = "[Unit]\nDefaultDependencies=no\n" + text + "\n"
		names = append(names, name)
		if err := os.WriteFile(filepath.Join(dir, name), []byte(texts[name]), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	said := dump(t, root, names...)
	lines := map[string][]string{}
	for _, m := range regexp.MustCompile(`(?m)/(c\d+\.target):(\d+): (.*)$`).FindAllStringSubmatch(said, -1) {
		// What a directive is called, and what a value may be, is for package systemd.
		if !strings.Contains(m[3], "Unknown key") && !strings.Contains(m[3], "Failed to parse") && !strings.HasPrefix(m[3], "Unknown lvalue") {
			lines[m[1]] = append(lines[m[1]], m[2])
		}
	}
	for _, name := range names {
		f, problems := unit.Parse(source.NewFile(name, texts[name]))
		var ours, wrong []string
		for _, s := range f.Settings {
			if s.Section == "Unit" && s.Name == "Description" {
				ours = []string{s.Value}
			}
		}
		if ours == nil || ours[0] == "" {
			ours = []string{name}
		}
		if f.Refused {
			ours = []string{"not loaded"}
		}
		for _, p := range problems {
			wrong = append(wrong, strconv.Itoa(p.Span.File.Position(p.Span.Start).Line))
		}
		theirs := field(said, name, "Description")
		if len(theirs) > 1 {
			theirs = theirs[:1]
		}
		if want := strings.ReplaceAll(ours[0], "%%", "%"); cut(theirs[0]) != cut(want) {
			t.Errorf("%.200q: %.100q, systemd %.100q", texts[name], want, theirs)
		}
		if !f.Refused && strings.Join(wrong, " ") != strings.Join(lines[name], " ") {
			t.Errorf("%.200q: wrong lines %v, systemd %v", texts[name], wrong, lines[name])
		}
	}
}

// TestSystemdMergesWhatWeMerge compares files, their order, aliases and what starts a unit on a tree with all that a search path can have.
func TestSystemdMergesWhatWeMerge(t *testing.T) {
	t.Parallel()
	s, d := "[Service]\nExecStart=/bin/true\n", "[Service]\nNice=1\n"
	root := lay(t, map[string]string{
		"usr/lib/systemd/system/a-b-c.service": s, "etc/systemd/system/a-.service.d/50.conf": d, "usr/lib/systemd/system/a-b-.service.d/50.conf": d,
		"usr/lib/systemd/system/a-b-c.service.d/40.conf": d, "run/systemd/system/a-b-c.service.d/40.conf": d, "etc/systemd/system/service.d/40.conf": d,
		"etc/systemd/system/service.d/10.conf": d, "usr/lib/systemd/system/service.d/60.conf": d, "etc/systemd/system/a-b-.service.d/60.conf": d,
		"etc/systemd/system/a-b-c.service.d/70.conf": "-> /dev/null", "usr/lib/systemd/system/a-b-c.service.d/70.conf": d,
		"etc/systemd/system/a-b-c.service.d/80": d, "etc/systemd/system/a-b-c.service.d/.90.conf": d,
		"usr/lib/systemd/system/t@.service": s, "usr/lib/systemd/system/t@.service.d/1.conf": d, "etc/systemd/system/t@x.service.d/2.conf": d, "etc/systemd/system/t@x.service.d/1.conf": d,
		"usr/lib/systemd/system/al.service": s, "etc/systemd/system/other.service": "-> /usr/lib/systemd/system/al.service", "etc/systemd/system/other.service.d/1.conf": d,
		"etc/systemd/system/third.service": "-> other.service", "run/systemd/system/al.service.d/0.conf": d, "etc/systemd/system/al.service.d/1.conf": d,
		"etc/systemd/system/link.service": "-> ../../../opt/real.service", "opt/real.service": s, "opt/real.service.d/1.conf": d,
		"etc/systemd/system/off.service": "-> /dev/null", "usr/lib/systemd/system/off.service": s, "usr/lib/systemd/system/empty.service": "",
		"etc/systemd/system/w.target": "[Unit]\nDescription=w\n", "etc/systemd/system/w.target.wants/al.service": "-> ../x.service",
		"etc/systemd/system/w.target.wants/t@x.service": "-> ../t@.service", "usr/lib/systemd/system/w.target.requires/third.service": "-> ../third.service",
		"usr/lib/systemd/system/w.target.wants/a-b-c.service": "-> ../a-b-c.service", "etc/systemd/system/w.target.wants/a-b-c.service": "-> /dev/null",
		"etc/systemd/system/w.target.wants/link.service": "[Unit]\n",
	})
	tree, err := source.OpenTree(root)
	if err != nil {
		t.Fatal(err)
	}
	defer tree.Close()
	units, problems, err := unit.Load(tree, "etc/systemd/system", "run/systemd/system", "usr/lib/systemd/system")
	if err != nil || len(problems) != 1 {
		t.Error(err, problems)
	}
	ours := map[string]*inventory.Unit{}
	for i := range units {
		ours[units[i].Name] = &units[i]
	}
	if got := strings.Join(slices.Sorted(maps.Keys(ours)), " "); got != "a-b-c.service al.service link.service t@.service t@x.service w.target" {
		t.Error(got)
	}
	said := dump(t, root, "a-b-c.service", "al.service", "link.service", "t@x.service")
	for _, name := range []string{"a-b-c.service", "al.service", "link.service", "t@x.service"} {
		var files []string
		for _, d := range ours[name].Definitions {
			files = append(files, d.File)
		}
		var theirs []string
		for _, f := range slices.Concat(field(said, name, "Fragment Path"), field(said, name, "DropIn Path")) {
			rel, _ := filepath.Rel(root, f)
			if strings.HasSuffix(rel, "/70.conf") { // a link to the null device: it has nothing
				continue
			}
			theirs = append(theirs, strings.Replace(rel, "etc/systemd/system/link.service", "opt/real.service", 1))
		}
		if !slices.Equal(files, theirs) {
			t.Errorf("%s: %q, systemd %q", name, files, theirs)
		}
	}
	target := dump(t, root, "--recursive-errors=yes", "w.target")
	var wants, theirs []string
	for name, u := range ours {
		for _, l := range u.Links {
			if l.Type != "alias" {
				wants = append(wants, l.Type+" "+name)
			}
		}
	}
	for key, kind := range map[string]string{"Wants": "wants", "Requires": "requires"} {
		for _, f := range field(target, "w.target", key) {
			theirs = append(theirs, kind+" "+strings.Fields(f)[0])
		}
	}
	slices.Sort(wants)
	slices.Sort(theirs)
	if !slices.Equal(wants, theirs) {
		t.Errorf("w.target: %q, systemd %q", wants, theirs)
	}
}

// TestSystemdWantsWhatWeWant compares what starts what: the folders of links of a name, of a wider one, of a kind, of a template and of an
// instance that only a link names.
func TestSystemdWantsWhatWeWant(t *testing.T) {
	t.Parallel()
	s := "[Unit]\nDefaultDependencies=no\n[Service]\nExecStart=/bin/true\n"
	files := map[string]string{
		"usr/lib/systemd/system/w.target": "[Unit]\nDefaultDependencies=no\n", "usr/lib/systemd/system/service.wants/d1.service": "-> ../d1.service",
		"usr/lib/systemd/system/a-.service.wants/d2.service": "-> ../d2.service", "usr/lib/systemd/system/a-b-.service.requires/d3.service": "-> ../d3.service",
		"usr/lib/systemd/system/a-b-c.service.wants/d4.service": "-> ../d4.service", "etc/systemd/system/a-.service.wants/d4.service": "-> /dev/null",
		"usr/lib/systemd/system/a-b-c.service.requires/d5.service": "-> ../d5.service", "etc/systemd/system/w.target.wants/t@x.service": "-> ../t@.service",
		"etc/systemd/system/w.target.wants/t@y.service": "-> ../t@.service", "etc/systemd/system/t@.service.wants/d6.service": "-> ../d6.service",
		"etc/systemd/system/t@x.service.wants/al.service": "-> ../al.service", "etc/systemd/system/t@y.service.wants/t@z.service": "-> ../t@.service",
	}
	for _, name := range []string{"a-b-c", "d1", "d2", "d3", "d4", "d5", "d6", "t@", "al"} {
		files["usr/lib/systemd/system/"+name+".service"] = s
	}
	root := lay(t, files)
	units, problems := load(t, root, "etc/systemd/system", "usr/lib/systemd/system")
	if len(problems) > 0 {
		t.Error(problems)
	}
	targets := []string{"a-b-c.service", "w.target", "t@x.service", "t@y.service", "t@z.service", "d1.service"}
	said := dump(t, root, append([]string{"--recursive-errors=yes"}, targets...)...)
	for _, target := range targets {
		var ours, theirs []string
		for i := range units {
			for _, l := range units[i].Links {
				if l.Target.Alternatives[0].Value == target {
					ours = append(ours, l.Type+" "+units[i].Name)
				}
			}
		}
		for key, kind := range map[string]string{"Wants": "wants", "Requires": "requires"} {
			for _, f := range field(said, target, key) {
				if unit := strings.Fields(f)[0]; !strings.HasSuffix(unit, ".slice") {
					theirs = append(theirs, kind+" "+unit)
				}
			}
		}
		slices.Sort(ours)
		slices.Sort(theirs)
		if !slices.Equal(ours, theirs) {
			t.Errorf("%s: %q, systemd %q", target, ours, theirs)
		}
	}
}

// TestGoSystemdReadsWhatWeRead compares with an independent reader on what it accepts: it takes a line of 2 KiB at most, joins comments
// between continuations, and keeps the line ends of continuations.
func TestGoSystemdReadsWhatWeRead(t *testing.T) {
	t.Parallel()
	texts := map[string]string{}
	for i, text := range corners {
		texts[fmt.Sprint("corner ", i)] = "[Unit]\n" + text + "\n"
	}
	for _, pattern := range []string{"/usr/lib/systemd/system/*.*", "/usr/lib/systemd/user/*.*"} {
		files, _ := filepath.Glob(pattern)
		for _, file := range files {
			if text, err := os.ReadFile(file); err == nil && unit.IsUnit(file) {
				texts[file] = string(text)
			}
		}
	}
	blank := regexp.MustCompile(`\s+`)
	commented := regexp.MustCompile(`\\\n\s*[#;]|[#;][^\n]*\\\n|\r|\x00|\\\\\n|\\\n*$|\\\n\\|\n=|\x{feff}|\[ `)
	compared := 0
	for name, text := range texts {
		theirs, err := systemdunit.DeserializeOptions(strings.NewReader(text))
		if err != nil || commented.MatchString(text) {
			continue
		}
		f, _ := unit.Parse(source.NewFile(name, text))
		var a, b []string
		for _, s := range f.Settings {
			a = append(a, s.Section+"."+s.Name+"="+blank.ReplaceAllString(s.Value, " "))
		}
		for _, o := range theirs {
			if !strings.HasPrefix(o.Section, "X-") && o.Section != "Bogus" {
				b = append(b, o.Section+"."+o.Name+"="+strings.TrimSpace(blank.ReplaceAllString(strings.ReplaceAll(o.Value, "\\\n", " "), " ")))
			}
		}
		if !slices.Equal(a, b) {
			t.Errorf("%s: %q, go-systemd %q", name, a, b)
		}
		compared++
	}
	t.Logf("%d texts compared of %d", compared, len(texts))
	if compared < len(corners)/2 {
		t.Errorf("only %d texts compared", compared)
	}
}

package nixos_test

import (
	"context"
	"flag"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/nixlint/nixlint/loader/nixos"
	"github.com/nixlint/nixlint/loader/source"
)

var update = flag.Bool("update", false, "write what real NixOS makes of testdata/units; needs NIXLINT_NIXPKGS_LIB and NIXLINT_NIXOS_MODULES")

// TestUnitsAreThoseOfNixOS compares the units of the modules in testdata/units/*.txtar with what NixOS made of them. In an archive
// MODULE.nix are modules of one host, in that order (those below parts/ are imported by others), want/SCOPE/UNIT its units, want/tmpfiles.d/FILE its lines of tmpfiles.d.
func TestUnitsAreThoseOfNixOS(t *testing.T) {
	t.Parallel()
	archives, err := filepath.Glob("testdata/units/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatalf("no archives: %v", err)
	}
	var sum tally
	for _, name := range archives {
		a, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		tree, modules, want := fstest.MapFS{}, []string(nil), realHost{Units: map[string]realUnit{}}
		for _, f := range a.Files {
			unit, isUnit := strings.CutPrefix(f.Name, "want/")
			file, isTmpfiles := strings.CutPrefix(f.Name, "want/tmpfiles.d/")
			switch {
			case isTmpfiles:
				if want.Tmpfiles == nil {
					want.Tmpfiles = map[string][]string{}
				}
				want.Tmpfiles[file] = strings.Split(strings.TrimSuffix(string(f.Data), "\n"), "\n")
			case isUnit:
				want.Units[unit] = goldenUnit(string(f.Data))
			case !strings.Contains(f.Name, "/") && strings.HasSuffix(f.Name, ".nix"):
				modules = append(modules, f.Name)
				fallthrough
			default:
				tree[f.Name] = &fstest.MapFile{Data: f.Data}
			}
		}
		if *update {
			want = updateGolden(t, name, a, modules, want)
		}
		inv, _ := nixos.LoadModules(context.Background(), source.NewTree(tree), modules...)
		c := compareHost(inv, want)
		for _, p := range inv.Problems {
			if p.Severity == source.Failure.String() { // NixOS evaluates them all; of a rename it warns too
				c.wrong = append(c.wrong, "problem: "+p.Message)
			}
		}
		for _, w := range c.wrong {
			t.Errorf("%s: %s", filepath.Base(name), w)
		}
		sum.add(c)
	}
	t.Log(sum.String())
}

// A golden unit is a line for each of its links, a blank line and its text.
func goldenUnit(data string) realUnit {
	head, text, _ := strings.Cut(data, "\n\n")
	u := realUnit{Enable: true, Text: text}
	for line := range strings.SplitSeq(head, "\n") {
		name, value, _ := strings.Cut(line, ": ")
		words := strings.Fields(value)
		switch name {
		case "disabled":
			u.Enable = false
		case "strategy":
			u.OverrideStrategy = value
		case "wants":
			u.WantedBy = words
		case "requires":
			u.RequiredBy = words
		case "upholds":
			u.UpheldBy = words
		case "alias":
			u.Aliases = words
		}
	}
	return u
}

func (u realUnit) golden() string {
	var out strings.Builder
	out.WriteString("unit\n")
	if !u.Enable {
		out.WriteString("disabled\n")
	}
	if u.OverrideStrategy == "asDropin" {
		out.WriteString("strategy: asDropin\n")
	}
	for _, l := range []struct {
		name  string
		units []string
	}{{"wants", u.WantedBy}, {"requires", u.RequiredBy}, {"upholds", u.UpheldBy}, {"alias", u.Aliases}} {
		if len(l.units) > 0 {
			out.WriteString(l.name + ": " + strings.Join(l.units, " ") + "\n")
		}
	}
	return out.String() + "\n" + u.Text
}

// updateGolden asks NixOS, and writes what it says into the archive. What a version of NixOS does not evaluate stays as it is.
func updateGolden(t *testing.T, name string, a *txtar.Archive, modules []string, have realHost) realHost {
	t.Helper()
	n := newRealNix(t)
	root := t.TempDir()
	var texts, paths []string
	var kept []txtar.File
	for _, f := range a.Files {
		if strings.HasPrefix(f.Name, "want/") {
			continue
		}
		kept = append(kept, f)
		texts = append(texts, string(f.Data))
		file := filepath.Join(root, f.Name)
		if err := os.MkdirAll(filepath.Dir(file), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, f.Data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, m := range modules {
		paths = append(paths, filepath.Join(root, m))
	}
	real, err := n.host(root, paths, packageNames(texts...))
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return have
	}
	for unit, why := range real.Failed {
		t.Errorf("%s: %s: %s", name, unit, why)
	}
	a.Files = kept
	for _, unit := range slices.Sorted(maps.Keys(real.Units)) {
		a.Files = append(a.Files, txtar.File{Name: "want/" + unit, Data: []byte(real.Units[unit].golden())})
	}
	for _, file := range slices.Sorted(maps.Keys(real.Tmpfiles)) {
		if lines := real.Tmpfiles[file]; len(lines) > 0 {
			a.Files = append(a.Files, txtar.File{Name: "want/tmpfiles.d/" + file, Data: []byte(strings.Join(lines, "\n") + "\n")})
		}
	}
	if err := os.WriteFile(name, txtar.Format(a), 0o600); err != nil {
		t.Fatal(err)
	}
	return real
}

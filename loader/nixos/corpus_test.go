package nixos_test

import (
	"context"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/nixlint/nixlint/loader/inventory"
	"github.com/nixlint/nixlint/loader/nixos"
	"github.com/nixlint/nixlint/loader/source"
)

// overlay is a folder with a file more.
type overlay struct {
	fs.FS
	more fstest.MapFS
}

func (o overlay) Open(name string) (fs.File, error) {
	if _, ok := o.more[name]; ok {
		return o.more.Open(name) //nolint:wrapcheck // as fs.FS has it
	}
	return o.FS.Open(name) //nolint:wrapcheck // as fs.FS has it
}

const enabling = "nixlint-enable.nix"

// enableAll is a module that enables what modules declare.
func enableAll(inv *inventory.Inventory) string {
	var out strings.Builder
	out.WriteString("{ config, options, ... }: {\n")
	for _, o := range inv.Options {
		if strings.HasSuffix(o.Path, ".enable") && o.Type == "bool" && !strings.ContainsAny(o.Path, `<*"`) {
			out.WriteString("  " + o.Path + " = true;\n")
		}
	}
	return out.String() + "}\n"
}

// unitModules are the files of a repository whose text defines units.
func unitModules(t *testing.T, root string) []string {
	t.Helper()
	var out []string
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Ext(name) != ".nix" {
			return err
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		if strings.Contains(string(text), "systemd.") || strings.Contains(string(text), "systemd =") {
			rel, _ := filepath.Rel(root, name)
			out = append(out, filepath.ToSlash(rel))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(out)
	return out
}

// compareAlone compares what nixlint and NixOS make of one module of a repository, with all enabled that it declares. An error
// means that NixOS does not evaluate it.
func (n realNix) compareAlone(t *testing.T, root, module string) (tally, error) {
	t.Helper()
	inv, real, err := n.bothOf(t, root, module, nil)
	if err != nil {
		return tally{}, err
	}
	return compareHost(inv, real), nil
}

// bothOf is what nixlint and NixOS make of one module, whose text more may replace: then the root is a copy that is written to.
func (n realNix) bothOf(t *testing.T, root, module string, more fstest.MapFS) (*inventory.Inventory, realHost, error) {
	t.Helper()
	files := overlay{os.DirFS(root), fstest.MapFS{}}
	maps.Copy(files.more, more)
	files.more[enabling] = &fstest.MapFile{Data: []byte("{ }")}
	inv, _ := nixos.LoadModules(context.Background(), source.NewTree(files), module, enabling)
	text := enableAll(inv)
	files.more[enabling] = &fstest.MapFile{Data: []byte(text)}
	inv, parsed := nixos.LoadModules(context.Background(), source.NewTree(files), module, enabling)
	if len(inv.Hosts) == 0 || len(inv.Hosts[0].Units) == 0 && len(more) == 0 {
		return inv, realHost{}, nil
	}
	extra := filepath.Join(t.TempDir(), enabling)
	if err := os.WriteFile(extra, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	var texts []string
	for _, f := range parsed {
		texts = append(texts, f.Source.Text)
	}
	at := filepath.Join(root, module)
	if f, ok := more[module]; ok {
		mutant, err := os.CreateTemp(filepath.Dir(at), "mutant-*.nix")
		if err != nil {
			t.Fatal(err)
		}
		defer os.Remove(mutant.Name())
		if _, err := mutant.Write(f.Data); err != nil {
			t.Fatal(err)
		}
		_ = mutant.Close()
		at = mutant.Name()
	}
	real, err := n.host(root, []string{at, extra}, packageNames(texts...))
	return inv, real, err
}

// placesUnits finds options that place files where systemd looks for units.
var placesUnits = regexp.MustCompile(`(?:etc|contents|configFile|dataFile|file)\."[^"$]*systemd/(?:system|user)/`)

// TestUnitsOfRepositories compares modules of the fixtures and of the repositories below NIXLINT_CORPUS, each alone, with what NixOS
// makes of them.
func TestUnitsOfRepositories(t *testing.T) {
	t.Parallel()
	n := newRealNix(t)
	roots, err := filepath.Glob(filepath.Join(os.Getenv("NIXLINT_CORPUS"), "*+*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"report", "centralized", "violations"} {
		root, err := filepath.Abs(filepath.Join("../../fixtures", name))
		if err != nil {
			t.Fatal(err)
		}
		roots = append(roots, root)
	}
	var mu sync.Mutex
	var sum tally
	var group sync.WaitGroup
	slots := make(chan bool, 2)
	for _, root := range roots {
		for _, module := range unitModules(t, root) {
			if text, err := os.ReadFile(filepath.Join(root, module)); err == nil && placesUnits.Match(text) {
				continue // units of files are none of systemd.units: they are compared with package unit
			}
			slots <- true
			group.Go(func() {
				defer func() { <-slots }()
				c, err := n.compareAlone(t, root, module)
				mu.Lock()
				defer mu.Unlock()
				if err != nil {
					sum.failed++
					t.Logf("%s/%s: NixOS does not evaluate it: %.300s", filepath.Base(root), module, err)
					return
				}
				for _, w := range c.wrong {
					t.Errorf("%s/%s: %s", filepath.Base(root), module, w)
				}
				if c.units > 0 {
					sum.add(c)
				}
			})
		}
	}
	group.Wait()
	t.Logf("%s; %d modules that NixOS does not evaluate alone", sum.String(), sum.failed)
	for _, why := range slices.SortedFunc(maps.Keys(sum.undecided), func(a, b string) int { return sum.undecided[b] - sum.undecided[a] })[:min(40, len(sum.undecided))] {
		t.Logf("undecided %4d: %s", sum.undecided[why], why)
	}
}

package unit

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/loader/inventory"
	"github.com/nixlint/nixlint/loader/source"
)

// Units is where units stand: a folder that nothing is read outside of, the folders in it, those that win first, and the units that are
// wanted of them, all when none is named.
type Units struct {
	Root string
	Dirs []string
	Only []string
}

// FindAll recognises several paths, as Find does, when they are unit files under one root.
func FindAll(root string, names ...string) (Units, bool) {
	var all Units
	for i, name := range names {
		u, ok := Find(name, root)
		if !ok || i > 0 && (u.Root != all.Root || len(u.Only) == 0 || len(all.Only) == 0) {
			return Units{}, false
		}
		all.Root, all.Only = u.Root, append(all.Only, u.Only...)
		for _, d := range u.Dirs {
			if !slices.Contains(all.Dirs, d) {
				all.Dirs = append(all.Dirs, d)
			}
		}
	}
	return all, len(names) > 0
}

// store is where Nix keeps what it built. The units of a system are links into it.
const store = "/nix/store/"

// Find recognises a path on disk as a unit file, a folder of units, or the root of a system. Links that lead out of the root are not
// followed; root may be empty, and is then as narrow as the path lets it be: for what stands in the Nix store, all that it links to
// was asked for.
func Find(name, root string) (Units, bool) {
	abs, err := filepath.Abs(name)
	if err == nil {
		abs, err = filepath.EvalSymlinks(abs)
	}
	if err != nil {
		return Units{}, false
	}
	info, err := os.Stat(abs)
	if err != nil {
		return Units{}, false
	}
	if root == "" && strings.HasPrefix(abs, store) {
		root = "/"
	}
	if !info.IsDir() {
		// The name as it was given: where a link leads to may have any.
		if base := filepath.Base(name); IsUnit(base) {
			if given, err := filepath.Abs(filepath.Dir(name)); err == nil {
				return within(Units{Root: given, Dirs: []string{"."}, Only: []string{base}}, root)
			}
		}
		return Units{}, false
	}
	var dirs []string
	for _, d := range Directories() {
		if i, err := os.Stat(filepath.Join(abs, d)); err == nil && i.IsDir() {
			dirs = append(dirs, d)
		}
	}
	if len(dirs) > 0 {
		return within(Units{Root: abs, Dirs: once(abs, dirs)}, root)
	}
	entries, err := os.ReadDir(abs)
	if err != nil || !slices.ContainsFunc(entries, func(e os.DirEntry) bool { return IsUnit(e.Name()) }) ||
		slices.ContainsFunc(entries, func(e os.DirEntry) bool { return strings.HasSuffix(e.Name(), ".nix") }) {
		return Units{}, false
	}
	return within(Units{Root: abs, Dirs: []string{"."}}, root)
}

// once drops folders that are links to ones before.
func once(root string, dirs []string) []string {
	var out []string
	var seen []os.FileInfo
	for _, d := range dirs {
		info, err := os.Stat(filepath.Join(root, d))
		if err != nil || slices.ContainsFunc(seen, func(s os.FileInfo) bool { return os.SameFile(s, info) }) {
			continue
		}
		seen, out = append(seen, info), append(out, d)
	}
	return out
}

// within widens the root to a folder around it.
func within(u Units, root string) (Units, bool) {
	if root == "" {
		return u, true
	}
	wide, err := filepath.Abs(root)
	if err != nil {
		return u, false
	}
	if resolved, err := filepath.EvalSymlinks(wide); err == nil {
		wide = resolved
	}
	rel, err := filepath.Rel(wide, u.Root)
	if err != nil || rel == ".." || strings.HasPrefix(rel, "../") {
		return u, false
	}
	for i, d := range u.Dirs {
		u.Dirs[i] = path.Join(filepath.ToSlash(rel), d)
	}
	u.Root = wide
	return u, true
}

// Inventory reads the units as one host.
func (u Units) Inventory() (*inventory.Inventory, error) {
	tree, err := source.OpenTree(u.Root)
	if err != nil {
		return nil, fmt.Errorf("%w", err)
	}
	defer tree.Close() //nolint:errcheck // read only
	units, problems, err := Load(tree, u.Dirs...)
	if err != nil {
		return nil, err
	}
	if len(u.Only) > 0 {
		units = slices.DeleteFunc(units, func(o inventory.Unit) bool { return !slices.Contains(u.Only, o.Name) })
		problems = slices.DeleteFunc(problems, func(p source.Problem) bool {
			return !slices.ContainsFunc(u.Only, func(name string) bool { return about(p, name) })
		})
	}
	inv := &inventory.Inventory{
		Schema: inventory.Schema, Root: filepath.ToSlash(u.Root), Files: []inventory.File{}, Options: []inventory.Option{},
		Hosts:    []inventory.Host{{Source: "units", Units: units, Tmpfiles: []inventory.TmpfilesRule{}}},
		Problems: []inventory.Problem{},
	}
	for _, p := range problems {
		inv.Problems = append(inv.Problems, inventory.Problem{Severity: p.Severity.String(), Message: p.Message, At: inventory.At(p.Span)})
	}
	return inv, nil
}

// about reports whether a problem stands in a file of the unit or in one of its drop-ins.
func about(p source.Problem, name string) bool {
	if p.Span.File == nil {
		return true
	}
	file := p.Span.File.Path
	folder := strings.TrimSuffix(path.Base(path.Dir(file)), ".d")
	return path.Base(file) == name || path.Base(file) == templateOf(name) || slices.Contains(near(name), folder) || folder == name[strings.LastIndexByte(name, '.')+1:]
}

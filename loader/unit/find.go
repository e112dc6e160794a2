package unit

import (
	"cmp"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/loader/inventory"
	"github.com/nixlint/nixlint/loader/source"
)

// Units is where the files of a machine stand. Folders are relative to Root, those that win first.
type Units struct {
	Root string
	// Within are the folders of Root that links may lead into; all of it when there is none.
	Within []string
	// System and User are the search paths of the two managers, Tmpfiles the folders of tmpfiles.d.
	System, User, Tmpfiles []string
	// Only are the names of the units and files that are wanted, all when there is none.
	Only []string
	Host string // the name of the machine, where it is known
}

// places are where a machine has its files below its root.
func places(below string) []string {
	return []string{
		"etc/" + below, "run/" + below, "usr/local/lib/" + below, "lib/" + below, "usr/lib/" + below,
		below, // in /etc or /usr/lib itself
	}
}

// store is where Nix keeps what it built. The units of a system are links into it.
const store = "nix/store"

// Find recognises a path on disk as the root of a system, a folder such as /etc with the units of one, a folder of units, a unit file, a
// drop-in or a file of tmpfiles.d. Links that lead out of what was named are not followed; but of what stands in the Nix store, all that it
// links to was asked for, as far as that is in the store. A root that is given takes the place of both.
func Find(name, root string) (Units, bool) {
	abs, err := filepath.Abs(name)
	if err != nil {
		return Units{}, false
	}
	info, err := os.Stat(abs)
	if err != nil {
		return Units{}, false
	}
	var u Units
	var ok bool
	if info.IsDir() {
		if abs, err = filepath.EvalSymlinks(abs); err != nil {
			return Units{}, false
		}
		u, ok = folderOf(abs, scopeOf(name, abs))
	} else {
		u, ok = fileOf(abs)
	}
	if !ok {
		return Units{}, false
	}
	if root != "" {
		return within(u, root)
	}
	return stored(u), true
}

// folderOf recognises a folder. One in which Nix files stand is for those who read Nix.
func folderOf(abs, scope string) (Units, bool) {
	u := Units{Root: abs}
	entries, err := os.ReadDir(abs)
	if err != nil || slices.ContainsFunc(entries, func(e os.DirEntry) bool { return strings.HasSuffix(e.Name(), ".nix") }) {
		return u, false
	}
	u.System = existing(abs, places("systemd/system"))
	u.User = existing(abs, places("systemd/user"))
	if len(u.System)+len(u.User) > 0 {
		u.Tmpfiles = existing(abs, places("tmpfiles.d"))
		return u, true
	}
	if slices.ContainsFunc(entries, func(e os.DirEntry) bool { return IsUnit(e.Name()) || isDropins(e.Name()) }) && !holdsNix(abs) {
		u.manager(scope, ".")
		return u, true
	}
	if base := filepath.Base(abs); base == "tmpfiles.d" || base == "user-tmpfiles.d" {
		u.Tmpfiles = []string{"."}
		return u, slices.ContainsFunc(entries, func(e os.DirEntry) bool { return strings.HasSuffix(e.Name(), ".conf") })
	}
	// What the command render writes of a host.
	u.System, u.User = existing(abs, []string{"system"}), existing(abs, []string{"user"})
	for _, d := range slices.Concat(u.System, u.User) {
		if !holdsUnits(filepath.Join(abs, d)) {
			return u, false
		}
	}
	u.Tmpfiles, u.Host = existing(abs, []string{"tmpfiles.d"}), filepath.Base(abs)
	return u, len(u.System)+len(u.User) > 0
}

func holdsUnits(dir string) bool {
	entries, err := os.ReadDir(dir)
	return err == nil && slices.ContainsFunc(entries, func(e os.DirEntry) bool { return IsUnit(e.Name()) })
}

// isDropins reports whether a folder such as web.service.d holds drop-ins.
func isDropins(name string) bool {
	base, ok := strings.CutSuffix(name, ".d")
	return ok && IsUnit(base)
}

// maxLooked is how many files below a folder are looked at before it is taken for one without Nix files.
const maxLooked = 2000

// holdsNix reports whether Nix files stand below a folder, which then is more than a folder of units.
func holdsNix(dir string) bool {
	found, looked := false, 0
	_ = filepath.WalkDir(dir, func(name string, _ fs.DirEntry, err error) error { // what cannot be read is no Nix file
		looked++
		if found = strings.HasSuffix(name, ".nix"); found || looked > maxLooked {
			return fs.SkipAll
		}
		if err != nil {
			return fs.SkipDir
		}
		return nil
	})
	return found
}

// scopeOf tells a folder of user units by its name.
func scopeOf(given, abs string) string {
	for _, name := range []string{filepath.Clean(given), abs} {
		if filepath.Base(name) == "user" || strings.HasSuffix(name, "-user-units") {
			return inventory.User
		}
	}
	return inventory.System
}

func (u *Units) manager(scope string, dirs ...string) {
	if scope == inventory.User {
		u.User = dirs
	} else {
		u.System = dirs
	}
}

// fileOf recognises a file by its name and where it was named: what a link leads to may have any name.
func fileOf(abs string) (Units, bool) {
	dir, base := filepath.Split(abs)
	given := filepath.Clean(dir)
	dir, err := filepath.EvalSymlinks(given)
	if err != nil {
		return Units{}, false
	}
	u := Units{Root: dir}
	switch folder := filepath.Base(given); {
	case IsUnit(base):
		u.Only = []string{base}
		u.manager(scopeOf(given, dir), ".")
	case strings.HasSuffix(base, ".conf") && isDropins(folder):
		u.Root, u.Only = filepath.Dir(dir), []string{strings.TrimSuffix(folder, ".d")}
		u.manager(scopeOf(filepath.Dir(given), u.Root), ".")
	case strings.HasSuffix(base, ".conf") && (folder == "tmpfiles.d" || folder == "user-tmpfiles.d"):
		u.Tmpfiles, u.Only = []string{"."}, []string{base}
	default:
		return u, false
	}
	return u, true
}

// existing are the folders that exist, those that are links to ones before left out.
func existing(root string, dirs []string) []string {
	machine := machineOf(root)
	if machine == "" {
		machine = root
	}
	tree, err := source.OpenTree(machine)
	if err != nil {
		return nil
	}
	defer tree.Close() //nolint:errcheck // read only
	rel, err := filepath.Rel(machine, root)
	if err != nil {
		return nil
	}
	var out, seen []string
	for _, d := range dirs {
		file := filepath.Join(root, d)
		// A link out of what was named is seen through here, for its folder to be recognised; whether it is read is decided later.
		to, err := filepath.EvalSymlinks(file)
		info, statErr := os.Stat(file)
		if err != nil || statErr != nil {
			if to, err = tree.Resolve(path.Join(filepath.ToSlash(rel), d)); err != nil {
				continue
			}
			info, statErr = tree.Stat(to)
			to = filepath.Join(machine, to)
		}
		if statErr == nil && info.IsDir() && !slices.Contains(seen, to) {
			seen, out = append(seen, to), append(out, d)
		}
	}
	return out
}

// machineOf is the root of the machine in whose Nix store a path stands, "" for one that stands elsewhere.
func machineOf(abs string) string {
	before, _, ok := strings.Cut(abs+"/", "/"+store+"/")
	if !ok {
		return ""
	}
	return filepath.Clean(before + "/")
}

// stored widens the root of what stands in the Nix store, wholly or in part, to the root of the machine, of which then only the store and
// what was named is read.
func stored(u Units) Units {
	machine := machineOf(u.Root)
	for _, d := range u.all() {
		if to, err := filepath.EvalSymlinks(filepath.Join(u.Root, d)); err == nil {
			machine = cmp.Or(machine, machineOf(to))
		}
	}
	if len(u.Only) == 1 {
		if to, err := filepath.EvalSymlinks(filepath.Join(u.Root, u.all()[0], u.Only[0])); err == nil {
			machine = cmp.Or(machine, machineOf(to))
		}
	}
	if machine == "" {
		return u
	}
	wide := u.Under(machine)
	wide.Within = append(wide.Within, store)
	return wide
}

func (u *Units) all() []string { return slices.Concat(u.System, u.User, u.Tmpfiles) }

// within widens the root to a folder around it.
func within(u Units, root string) (Units, bool) {
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
	for _, dirs := range []*[]string{&u.System, &u.User, &u.Tmpfiles} {
		*dirs = slices.Clone(*dirs)
		for i, d := range *dirs {
			(*dirs)[i] = path.Join(filepath.ToSlash(rel), d)
		}
	}
	u.Root = wide
	return u, true
}

// Under is the same machine below a folder around its root. Nothing more is read of it than before.
func (u Units) Under(root string) Units {
	wide, ok := within(u, root)
	if !ok || wide.Root == u.Root {
		return u
	}
	rel, err := filepath.Rel(wide.Root, u.Root)
	if err != nil {
		return u
	}
	within := u.Within
	if len(within) == 0 {
		within = []string{"."}
	}
	wide.Within = nil
	for _, w := range within {
		wide.Within = append(wide.Within, path.Join(filepath.ToSlash(rel), w))
	}
	return wide
}

// Load reads the machine through the tree of Root: its units, and its lines of tmpfiles.d.
func (u Units) Load(tree *source.Tree) (inventory.Host, []inventory.File, []source.Problem, error) {
	host := inventory.Host{Name: u.Host, Source: "units", Units: []inventory.Unit{}, Tmpfiles: []inventory.TmpfilesRule{}}
	files := []inventory.File{}
	var problems []source.Problem
	services, nixos := 0, false
	for _, m := range []struct {
		scope string
		dirs  []string
	}{{inventory.System, u.System}, {inventory.User, u.User}} {
		l := newLoader(tree, m.scope, u.Within)
		units, err := l.load(m.dirs)
		if err != nil {
			return host, nil, nil, err
		}
		for i := range units {
			if units[i].Kind == "service" {
				services++
			}
			nixos = nixos || namesStore(&units[i])
		}
		units, read := u.wanted(l, units)
		host.Units, files, problems = append(host.Units, units...), append(files, read...), append(problems, l.problems...)
	}
	l := newLoader(tree, inventory.System, u.Within)
	var read []inventory.File
	host.Tmpfiles, read = l.tmpfiles(u.Tmpfiles, u.Only)
	files, problems = append(files, read...), append(problems, l.problems...)
	if host.Name == "" {
		host.Name = u.hostname(l)
	}
	for i := range host.Units {
		host.Units[i].Foreign = services > 1 && !nixos && !isNixOS(tree)
	}
	slices.SortFunc(files, func(a, b inventory.File) int { return strings.Compare(a.Path, b.Path) })
	return host, files, source.SortProblems(problems), nil
}

// wanted keeps the units that are wanted, and what is about them.
func (u Units) wanted(l *loader, units []inventory.Unit) ([]inventory.Unit, []inventory.File) {
	if len(u.Only) > 0 {
		about := map[string]bool{}
		units = slices.DeleteFunc(units, func(o inventory.Unit) bool {
			named := slices.ContainsFunc(u.Only, func(name string) bool { return l.canonical(name) == o.Name })
			for i := range o.Definitions {
				about[o.Definitions[i].File] = about[o.Definitions[i].File] || named
			}
			return !named
		})
		keep := func(file string) bool {
			dir := strings.TrimSuffix(path.Base(path.Dir(file)), ".d")
			return about[file] || slices.ContainsFunc(u.Only, func(name string) bool {
				return path.Base(file) == name || path.Base(file) == templateOf(name) || slices.Contains(near(name), dir)
			})
		}
		l.problems = slices.DeleteFunc(l.problems, func(p source.Problem) bool { return p.Span.File != nil && !keep(p.Span.File.Path) })
		for name := range l.files {
			if !keep(name) {
				delete(l.files, name)
			}
		}
	}
	files := make([]inventory.File, 0, len(l.files))
	for name, f := range l.files {
		if f != nil {
			files = append(files, inventory.File{Path: name, Directives: f.Directives()})
		}
	}
	return units, files
}

// maxHostName is as long as a name may be in DNS. In the expression it would cost every start 4 ms.
const maxHostName = 253

var (
	hostName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*$`)
	toplevel = regexp.MustCompile(`/[0-9a-z]{32}-nixos-system-(.+)-[0-9][^/-]*(?:pre-git|-dirty)?$`)
)

// hostname is what the machine calls itself: its etc/hostname, else the name that NixOS gives to the system it builds.
func (u Units) hostname(l *loader) string {
	for _, dir := range u.System {
		root, ok := strings.CutSuffix("/"+dir, "/etc/systemd/system")
		if !ok {
			continue
		}
		root = strings.Trim(root, "/")
		file, err := l.tree.Resolve(path.Join(root, "etc/hostname"))
		if err != nil || !inside(l.within, file) {
			continue
		}
		if f, err := l.tree.File(file); err == nil {
			if name := strings.TrimSpace(f.Line(1)); len(name) <= maxHostName && hostName.MatchString(name) {
				return name
			}
		}
		if m := toplevel.FindStringSubmatch("/" + root); m != nil {
			return m[1]
		}
	}
	return ""
}

// Inventory reads the machines, one a host. They must have one root.
func Inventory(tree *source.Tree, machines ...Units) (*inventory.Inventory, error) {
	inv := &inventory.Inventory{
		Schema: inventory.Schema, Root: filepath.ToSlash(tree.Dir()), Hosts: []inventory.Host{}, Files: []inventory.File{},
		Options: []inventory.Option{}, Problems: []inventory.Problem{},
	}
	for _, u := range machines {
		host, files, problems, err := u.Load(tree)
		if err != nil {
			return nil, fmt.Errorf("%w", err)
		}
		Join(inv, host, files, problems)
	}
	return inv, nil
}

// Join adds a host to an inventory, with the files that it is made of and what is wrong in them.
func Join(inv *inventory.Inventory, host inventory.Host, files []inventory.File, problems []source.Problem) {
	inv.Hosts = append(inv.Hosts, host)
	slices.SortStableFunc(inv.Hosts, func(a, b inventory.Host) int { return strings.Compare(a.Name, b.Name) })
	for _, f := range files {
		i, ok := slices.BinarySearchFunc(inv.Files, f.Path, func(f inventory.File, name string) int { return strings.Compare(f.Path, name) })
		switch {
		case !ok:
			inv.Files = slices.Insert(inv.Files, i, f)
		case host.Name != "" && len(inv.Files[i].Hosts) > 0:
			inv.Files[i].Hosts = append(inv.Files[i].Hosts, host.Name)
		}
	}
	for _, p := range problems {
		inv.Problems = append(inv.Problems, inventory.Problem{Severity: p.Severity.String(), Message: p.Message, At: inventory.At(p.Span)})
	}
}

package unit

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/loader/inventory"
	"github.com/nixlint/nixlint/loader/source"
)

// Kinds are the kinds of units that are made of files, as the endings of their names.
func Kinds() []string {
	return []string{"service", "socket", "timer", "path", "target", "mount", "automount", "swap", "slice"}
}

// IsUnit reports whether a file name is that of a unit.
func IsUnit(name string) bool {
	dot := strings.LastIndexByte(name, '.')
	return dot > 0 && slices.Contains(Kinds(), name[dot+1:])
}

// Load reads the units that directories of the tree hold, those of the first winning, with their drop-ins. Units are by name; a name that is
// a link to another unit is no unit of its own; one that is masked is none. A unit of which only drop-ins are there is an override.
func Load(tree *source.Tree, dirs ...string) ([]inventory.Unit, []source.Problem, error) {
	l := newLoader(tree, inventory.System, nil)
	units, err := l.load(dirs)
	return units, source.SortProblems(l.problems), err
}

// loader reads the units of one manager.
type loader struct {
	tree    *source.Tree
	scope   string
	within  []string // folders of the tree that links may lead into; all of them when there is none
	dirs    []string // the search path, and the folders that it leads to by links
	units   map[string]*found
	alias   map[string]string   // by name, the unit that it is another name of
	linked  map[string]string   // by such a name, the link
	others  map[string][]string // by unit, its other names
	dropins map[string][]folder
	folders map[string][]dropin // by path of a drop-in folder, what is in it
	wanted  map[string][]inventory.Link
	// instances are those that are units because a link names them: of their own there is nothing.
	instances map[string]bool
	files     map[string]*File // those that were read; nil for one that cannot be
	problems  []source.Problem
}

func newLoader(tree *source.Tree, scope string, within []string) *loader {
	return &loader{
		tree: tree, scope: scope, within: within, units: map[string]*found{}, alias: map[string]string{}, linked: map[string]string{}, others: map[string][]string{},
		dropins: map[string][]folder{}, folders: map[string][]dropin{}, wanted: map[string][]inventory.Link{}, instances: map[string]bool{}, files: map[string]*File{},
	}
}

// folder is a folder such as web.service.d, and which of the search path it is in.
type folder struct {
	path string
	rank int
}

// dropin is a file of a drop-in folder.
type dropin struct {
	name, file string
	masked     bool
}

// found is the file that a name leads to.
type found struct {
	file   string
	masked bool
}

func (l *loader) load(dirs []string) ([]inventory.Unit, error) {
	l.dirs = slices.Clone(dirs)
	for _, d := range dirs {
		if to, err := l.tree.Resolve(d); err == nil && to != d {
			l.dirs = append(l.dirs, to)
		}
	}
	deps := map[string][]folder{}
	for rank, d := range dirs {
		if err := l.list(d, rank, deps); err != nil {
			return nil, err
		}
	}
	for _, other := range sorted(l.alias) {
		of := l.canonical(other)
		if l.units[of] == nil {
			l.notice(l.linked[other], "systemd does not load this: there is no "+of)
		}
		l.others[of] = append(l.others[of], other)
	}
	l.want(deps)
	var units []inventory.Unit
	for _, name := range l.names() {
		if u, ok := l.unit(name); ok {
			units = append(units, u)
		}
	}
	return units, nil
}

func (l *loader) list(dir string, rank int, deps map[string][]folder) error {
	real, err := l.tree.Resolve(dir)
	if err != nil {
		return fmt.Errorf("%w", err)
	}
	if !inside(l.within, real) {
		l.cannot(dir, source.ErrOutside)
		return nil
	}
	entries, err := l.tree.ReadDir(real)
	if err != nil {
		return fmt.Errorf("%w", err)
	}
	for _, e := range entries {
		name, file := e.Name(), path.Join(real, e.Name())
		if base, ok := strings.CutSuffix(name, ".d"); ok && (IsUnit(base) || slices.Contains(Kinds(), base)) {
			l.dropins[name] = append(l.dropins[name], folder{file, rank})
			continue
		}
		if of, ok := dependencies(name); ok && (IsUnit(of) || slices.Contains(Kinds(), of)) {
			deps[name] = append(deps[name], folder{file, rank})
			continue
		}
		if IsUnit(name) && l.units[name] == nil && l.alias[name] == "" && !e.IsDir() {
			l.file(real, name, e)
		}
	}
	return nil
}

// file takes what the name of a unit leads to: a file, another name, or nothing when it is masked.
func (l *loader) file(dir, name string, e fs.DirEntry) {
	file := path.Join(dir, name)
	if !valid(name) {
		l.notice(file, "systemd does not load this: a unit has no such name")
		return
	}
	if e.Type()&fs.ModeSymlink != 0 {
		if of := l.aliasOf(dir, name); of != "" {
			if why := wrongAlias(name, of); why != "" {
				l.notice(file, "systemd ignores this link to "+of+": "+why)
			} else {
				l.alias[name], l.linked[name] = of, file
			}
			return
		}
	}
	if target, masked, ok := l.follow(file, e); ok {
		l.units[name] = &found{target, masked}
	}
}

// aliasOf is the unit that a link of the search path makes a name another name of, or "": a link out of the search path is a unit
// of its own.
func (l *loader) aliasOf(dir, name string) string {
	to, err := l.tree.ReadLink(dir + "/" + name)
	if err != nil || path.Base(to) == name || !IsUnit(path.Base(to)) {
		return ""
	}
	if !path.IsAbs(to) {
		to = dir + "/" + to
	}
	at, err := l.tree.ResolveParent(strings.TrimLeft(to, "/"))
	if err != nil || !slices.Contains(l.dirs, path.Dir(at)) {
		return ""
	}
	return path.Base(at)
}

// wrongAlias says why systemd does not take a name as another one of a unit.
func wrongAlias(name, of string) string {
	switch from, to := nature(name), nature(of); {
	case path.Ext(name) != path.Ext(of):
		return "it is a unit of another kind"
	case from == to && (from != instance || instanceOf(name) == instanceOf(of)), from == instance && to == template:
		return ""
	default:
		return fmt.Sprintf("this is a %s and that a %s", from, to)
	}
}

// follow resolves links inside the tree. Not ok when the file cannot be had, which is said.
func (l *loader) follow(file string, e fs.DirEntry) (target string, masked, ok bool) {
	if e.Type().IsRegular() {
		return file, false, true
	}
	target, err := l.tree.Resolve(file)
	switch {
	case err != nil:
	case target == source.Null:
		return "", true, true
	case !inside(l.within, target):
		err = source.ErrOutside
	default:
		var info fs.FileInfo
		if info, err = l.tree.Stat(target); err == nil && info.Mode().IsRegular() {
			return target, false, true
		}
	}
	l.cannot(file, err)
	return "", false, false
}

// inside reports whether a path stands in one of the folders.
func inside(folders []string, name string) bool {
	return len(folders) == 0 || slices.ContainsFunc(folders, func(f string) bool {
		return f == "." || name == f || strings.HasPrefix(name, f+"/")
	})
}

// cannot says that a file is left out.
func (l *loader) cannot(file string, err error) {
	l.problems = append(l.problems, leftOut(file, err))
}

func leftOut(file string, err error) source.Problem {
	why := "it is no regular file"
	switch {
	case errors.Is(err, fs.ErrNotExist):
		why = "it leads to nothing inside the root"
	case errors.Is(err, source.ErrOutside):
		why = "it leads out of the root"
	case errors.Is(err, source.ErrLinks):
		why = "it leads through " + source.ErrLinks.Error()
	case err != nil:
		why = err.Error()
	}
	return source.Problem{Severity: source.Failure, Message: file + " is left out: " + why, Span: source.NewFile(file, "").Span(0, 0)}
}

func (l *loader) notice(file, message string) {
	l.problems = append(l.problems, source.Problem{Severity: source.Notice, Message: message, Span: source.NewFile(file, "").Span(0, 0)})
}

// names are those of all units of which there is a file or a drop-in.
func (l *loader) names() []string {
	var names []string
	for name := range l.units {
		names = append(names, name)
	}
	for name := range l.dropins {
		base := strings.TrimSuffix(name, ".d")
		if IsUnit(base) && l.units[base] == nil && l.alias[base] == "" && !strings.HasSuffix(base[:strings.LastIndexByte(base, '.')], "-") {
			names = append(names, base)
		}
	}
	for name := range l.instances {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// unit reads a unit with its drop-ins.
func (l *loader) unit(name string) (inventory.Unit, bool) {
	u := inventory.Unit{
		Name: name, Kind: name[strings.LastIndexByte(name, '.')+1:], Scope: l.scope, Status: inventory.Active,
		Completeness: inventory.Generated, Sections: map[string]map[string][]inventory.Setting{}, Links: l.linksOf(name),
	}
	base := l.units[name]
	if base == nil {
		base = l.units[l.canonical(templateOf(name))]
	}
	switch {
	case base == nil:
		u.Status, u.Completeness = inventory.Override, inventory.Partial
	case base.masked:
		return u, false
	case !l.add(&u, base.file):
		return u, false
	}
	for _, d := range l.dropinsOf(name) {
		l.add(&u, d.file)
	}
	l.scripts(&u)
	return u, len(u.Definitions) > 0
}

// dropinsOf lists the drop-ins of a unit in the order that they are read: by file name; of two of one name, that of the folder nearer
// to the unit.
func (l *loader) dropinsOf(name string) []dropin {
	var all []dropin
	seen := map[string]bool{}
	for _, f := range l.foldersOf(name) {
		for _, d := range l.dropinsIn(f) {
			if !seen[d.name] {
				seen[d.name] = true
				all = append(all, d)
			}
		}
	}
	slices.SortFunc(all, func(a, b dropin) int { return cmp.Compare(a.name, b.name) })
	return slices.DeleteFunc(all, func(d dropin) bool { return d.masked })
}

// dropinsIn lists the drop-ins of a folder.
func (l *loader) dropinsIn(dir string) []dropin {
	if all, ok := l.folders[dir]; ok {
		return all
	}
	var all []dropin
	real, entries := l.entries(dir)
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".conf") || strings.HasPrefix(e.Name(), ".") || e.IsDir() {
			continue
		}
		if file, masked, ok := l.follow(path.Join(real, e.Name()), e); ok {
			all = append(all, dropin{e.Name(), file, masked})
		}
	}
	l.folders[dir] = all
	return all
}

// entries lists a folder, which may be a link: where it is, and what is in it. One that cannot be listed is said and has none.
func (l *loader) entries(dir string) (real string, entries []fs.DirEntry) {
	real, err := l.tree.Resolve(dir)
	if err == nil && !inside(l.within, real) {
		err = source.ErrOutside
	}
	if err == nil {
		entries, err = l.tree.ReadDir(real)
	}
	if err != nil {
		l.cannot(dir, err)
	}
	return real, entries
}

// foldersOf lists the drop-in folders of a unit, those that win first: of its name, then of its other names, each of them by search path
// and then from the narrowest name to the widest; last those of its kind (unit_file_find_dropin_paths of systemd).
func (l *loader) foldersOf(name string) []string { return l.around(name, ".d", l.dropins) }

// around lists the folders of a unit that have an ending, as foldersOf.
func (l *loader) around(name, ending string, all map[string][]folder) []string {
	names := append([]string{name}, l.others[name]...)
	var folders []string
	add := func(of []folder) {
		slices.SortStableFunc(of, func(a, b folder) int { return cmp.Compare(a.rank, b.rank) })
		for _, f := range of {
			folders = append(folders, f.path)
		}
	}
	for _, n := range names {
		var of []folder
		for _, wider := range near(n) {
			of = append(of, all[wider+ending]...)
		}
		add(of)
	}
	add(all[name[strings.LastIndexByte(name, '.')+1:]+ending])
	return folders
}

// add appends the settings of a file. It is false when systemd does not load a unit of this file.
func (l *loader) add(u *inventory.Unit, file string) bool {
	f := l.read(file)
	if f == nil {
		return false
	}
	Add(u, f)
	return !f.Refused && f.Source.Text != "" // an empty file masks a unit
}

func (l *loader) read(file string) *File {
	if f, ok := l.files[file]; ok {
		return f
	}
	src, err := l.tree.File(file)
	if err != nil {
		l.cannot(file, err)
		l.files[file] = nil
		return nil
	}
	f, problems := Parse(src)
	l.problems = append(l.problems, problems...)
	l.files[file] = f
	return f
}

// Add appends the settings of a file to a unit. What all of them are made of is taken at once: a machine has a hundred thousand.
func Add(u *inventory.Unit, f *File) {
	whole := f.Source.Span(0, source.Pos(len(f.Source.Text))) //nolint:gosec // source.MaxFile
	u.Definitions = append(u.Definitions, *inventory.At(whole))
	n := len(f.Settings)
	places, alternatives, settings := make([]inventory.Location, n), make([]inventory.Alternative, n), make([]inventory.Setting, n)
	for i, s := range f.Settings {
		places[i] = *inventory.At(s.Span)
		alternatives[i] = inventory.Alternative{Value: s.Value, Known: true, At: &places[i]}
		settings[i] = inventory.Setting{Alternatives: alternatives[i : i+1 : i+1]}
	}
	for i := 0; i < n; {
		s, end := f.Settings[i], i+1
		for end < n && f.Settings[end].Name == s.Name && f.Settings[end].Section == s.Section {
			end++
		}
		section := u.Sections[s.Section]
		if section == nil {
			section = map[string][]inventory.Setting{}
			u.Sections[s.Section] = section
		}
		if before := section[s.Name]; before != nil {
			section[s.Name] = append(before, settings[i:end]...)
		} else {
			section[s.Name] = settings[i:end:end]
		}
		i = end
	}
}

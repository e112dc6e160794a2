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

// Directories are where the manager of the system looks for units, relative to the root, those that win first.
func Directories() []string {
	return []string{
		"etc/systemd/system", "run/systemd/system", "usr/local/lib/systemd/system", "lib/systemd/system", "usr/lib/systemd/system",
	}
}

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
	l := loader{
		tree: tree, units: map[string]*found{}, alias: map[string]string{}, dropins: map[string][]string{},
		folders: map[string][]dropin{}, files: map[string]*File{},
	}
	for _, d := range dirs {
		if err := l.list(d); err != nil {
			return nil, nil, err
		}
	}
	var units []inventory.Unit
	for _, name := range l.names() {
		if u, ok := l.unit(name); ok {
			units = append(units, u)
		}
	}
	return units, source.SortProblems(l.problems), nil
}

type loader struct {
	tree     *source.Tree
	units    map[string]*found
	alias    map[string]string   // by name, the unit that it is another name of
	dropins  map[string][]string // by name of a folder such as web.service.d, the folders, those that win first
	folders  map[string][]dropin // by path of such a folder, what is in it
	files    map[string]*File    // those that were read; nil for one that cannot be
	problems []source.Problem
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

func (l *loader) list(dir string) error {
	entries, err := l.tree.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("%w", err)
	}
	for _, e := range entries {
		name, file := e.Name(), path.Join(dir, e.Name())
		if base, ok := strings.CutSuffix(name, ".d"); ok && (IsUnit(base) || slices.Contains(Kinds(), base)) {
			l.dropins[name] = append(l.dropins[name], file)
			continue
		}
		if !IsUnit(name) || l.units[name] != nil || l.alias[name] != "" || e.IsDir() {
			continue
		}
		target, masked, ok := l.follow(file, e)
		switch {
		case !ok:
		case masked:
			l.units[name] = &found{masked: true}
		case path.Base(target) != name && IsUnit(path.Base(target)) && !instanceOf(name, path.Base(target)):
			l.alias[name] = path.Base(target)
		default:
			l.units[name] = &found{file: target}
		}
	}
	return nil
}

// instanceOf reports whether a name such as getty@tty1.service is an instance of a template: a unit of its own.
func instanceOf(name, template string) bool { return templateOf(name) == template }

// templateOf is the name of the template of an instance, or "".
func templateOf(name string) string {
	at, dot := strings.IndexByte(name, '@'), strings.LastIndexByte(name, '.')
	if at < 0 || dot <= at+1 {
		return ""
	}
	return name[:at+1] + name[dot:]
}

// maxLinks is how many links are followed one after the other.
const maxLinks = 40

// follow resolves links inside the tree; an absolute one is taken from its root. Not ok when the file cannot be had.
func (l *loader) follow(file string, e fs.DirEntry) (target string, masked, ok bool) {
	if e.Type().IsRegular() {
		return file, false, true
	}
	target = file
	for range maxLinks {
		to, err := l.tree.ReadLink(target)
		switch {
		case err != nil:
			if _, err := l.tree.Stat(target); err != nil {
				l.cannot(file, err)
				return "", false, false
			}
			return target, false, true
		case to == "/dev/null":
			return "", true, true
		case path.IsAbs(to):
			target = strings.TrimPrefix(path.Clean(to), "/")
		default:
			target = path.Join(path.Dir(target), to)
		}
	}
	l.cannot(file, errors.New("too many links one after the other"))
	return "", false, false
}

// cannot says that a file is left out.
func (l *loader) cannot(file string, err error) {
	why := err.Error()
	if errors.Is(err, fs.ErrNotExist) {
		why = "it leads to nothing inside the root"
	}
	l.problems = append(l.problems, source.Problem{Severity: source.Failure, Message: file + " is left out: " + why, Span: source.NewFile(file, "").Span(0, 0)})
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
	slices.Sort(names)
	return names
}

// unit reads a unit with its drop-ins.
func (l *loader) unit(name string) (inventory.Unit, bool) {
	u := inventory.Unit{
		Name: name, Kind: name[strings.LastIndexByte(name, '.')+1:], Scope: inventory.System, Status: inventory.Active,
		Completeness: inventory.Generated, Sections: map[string]map[string][]inventory.Setting{},
	}
	base := l.units[name]
	if base == nil {
		base = l.units[templateOf(name)]
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
	return u, len(u.Definitions) > 0
}

// dropinsOf lists the drop-ins of a unit in the order that they are read: by file name; of two of one name, that of the folder nearer
// to the unit.
func (l *loader) dropinsOf(name string) []dropin {
	var all []dropin
	seen := map[string]bool{}
	for _, folder := range l.foldersOf(name) {
		for _, d := range l.dropinsIn(folder) {
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
func (l *loader) dropinsIn(folder string) []dropin {
	if all, ok := l.folders[folder]; ok {
		return all
	}
	var all []dropin
	entries, err := l.tree.ReadDir(folder)
	if err != nil {
		l.cannot(folder, err)
	}
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".conf") || strings.HasPrefix(e.Name(), ".") || e.IsDir() {
			continue
		}
		if file, masked, ok := l.follow(path.Join(folder, e.Name()), e); ok {
			all = append(all, dropin{e.Name(), file, masked})
		}
	}
	l.folders[folder] = all
	return all
}

// foldersOf lists the drop-in folders of a unit, those that win first: of its name and other names, of its template, of its name cut
// at each dash, and of its kind.
func (l *loader) foldersOf(name string) []string {
	names := []string{name}
	for other, of := range l.alias {
		if of == name {
			names = append(names, other)
		}
	}
	slices.Sort(names[1:])
	var folders []string
	for _, n := range names {
		for _, of := range near(n) {
			folders = append(folders, l.dropins[of+".d"]...)
		}
	}
	return append(folders, l.dropins[name[strings.LastIndexByte(name, '.')+1:]+".d"]...)
}

// near lists a name and the wider ones whose drop-ins it has: a-b@c.service, a-b@.service, a-.service.
func near(name string) []string {
	names := []string{name}
	if t := templateOf(name); t != "" {
		names = append(names, t)
	}
	dot := strings.LastIndexByte(name, '.')
	stem, kind := name[:dot], name[dot:]
	if at := strings.IndexByte(stem, '@'); at >= 0 {
		stem = stem[:at]
	}
	for {
		dash := strings.LastIndexByte(strings.TrimRight(stem, "-"), '-')
		if dash <= 0 {
			return names
		}
		stem = stem[:dash+1]
		names = append(names, stem+kind)
	}
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

// Add appends the settings of a file to a unit.
func Add(u *inventory.Unit, f *File) {
	whole := f.Source.Span(0, source.Pos(len(f.Source.Text))) //nolint:gosec // source.MaxFile
	u.Definitions = append(u.Definitions, *inventory.At(whole))
	for _, s := range f.Settings {
		section := u.Sections[s.Section]
		if section == nil {
			section = map[string][]inventory.Setting{}
			u.Sections[s.Section] = section
		}
		section[s.Name] = append(section[s.Name], inventory.Setting{
			Alternatives: []inventory.Alternative{{Value: s.Value, Known: true, At: inventory.At(s.Span)}},
		})
	}
}

package unit

import (
	"cmp"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/loader/inventory"
	"github.com/nixlint/nixlint/loader/source"
)

// dependencies takes a folder name such as multi-user.target.wants apart.
func dependencies(name string) (of, kind string, ok bool) {
	for _, kind := range []string{"wants", "requires", "upholds"} {
		if of, ok := strings.CutSuffix(name, "."+kind); ok {
			return of, kind, true
		}
	}
	return "", "", false
}

// want reads the folders of links that make a unit start others. As with drop-ins the first of a name counts, and one to the null device
// makes no dependency.
func (l *loader) want(deps map[string][]folder) {
	for _, name := range sorted(deps) {
		of, kind, _ := dependencies(name)
		folders := deps[name]
		slices.SortStableFunc(folders, func(a, b folder) int { return cmp.Compare(a.rank, b.rank) })
		seen := map[string]bool{}
		for _, f := range folders {
			real, entries := l.entries(f.path)
			for _, e := range entries {
				if unit := e.Name(); !seen[unit] {
					seen[unit] = true
					l.wantedBy(real, l.canonical(of), kind, e)
				}
			}
		}
	}
}

// wantedBy takes one link of such a folder.
func (l *loader) wantedBy(dir, target, kind string, e fs.DirEntry) {
	unit, file := e.Name(), path.Join(dir, e.Name())
	dot := strings.LastIndexByte(unit, '.')
	switch {
	case dot <= 0 || !valid(unit):
		l.notice(file, "systemd ignores this: it is not the name of a unit")
		return
	case e.Type()&fs.ModeSymlink == 0:
		l.notice(file, "systemd ignores this: it is no symbolic link")
		return
	}
	if to, err := l.tree.Resolve(file); err == nil && to == source.Null {
		return
	}
	name := l.canonical(unit)
	l.wanted[name] = append(l.wanted[name], inventory.Link{Type: kind, Target: linked(target, file)})
}

// linked is a setting that a link makes.
func linked(value, file string) inventory.Setting {
	at := inventory.At(source.NewFile(file, "").Span(0, 0))
	return inventory.Setting{Alternatives: []inventory.Alternative{{Value: value, Known: true, At: at}}}
}

// canonical is the unit that a name stands for: what it is another name of, and the template of an instance of which nothing of its own
// is there.
func (l *loader) canonical(name string) string {
	for range len(l.alias) {
		of, ok := l.alias[name]
		if !ok {
			break
		}
		name = of
	}
	if t := templateOf(name); t != "" && l.units[name] == nil && l.dropins[name+".d"] == nil {
		if of, ok := l.alias[t]; ok {
			return of
		}
		if l.units[t] != nil {
			return t
		}
	}
	return name
}

// linksOf are a unit's links: what starts it, and its other names.
func (l *loader) linksOf(name string) []inventory.Link {
	links := l.wanted[name]
	for _, other := range l.others[name] {
		links = append(links, inventory.Link{Type: "alias", Target: linked(other, l.linked[other])})
	}
	return links
}

func sorted[V any](m map[string]V) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

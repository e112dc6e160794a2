package unit

import (
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/loader/inventory"
	"github.com/nixlint/nixlint/loader/source"
)

// dependencies is the unit, or what stands for several, that a folder such as multi-user.target.wants is about.
func dependencies(name string) (of string, ok bool) {
	for _, kind := range []string{"wants", "requires", "upholds"} {
		if of, ok := strings.CutSuffix(name, "."+kind); ok {
			return of, true
		}
	}
	return "", false
}

// want reads the folders of links that make a unit start others: as drop-ins, those of its names, of wider ones and of its kind. The first
// link of a name counts, and one to the null device makes no dependency. An instance that a link names has such folders too.
func (l *loader) want(deps map[string][]folder) {
	of := map[string]bool{}
	for name, u := range l.units {
		of[name] = !u.masked
	}
	for name := range l.dropins {
		if base := strings.TrimSuffix(name, ".d"); IsUnit(base) && !wide(base) {
			of[l.canonical(base)] = true
		}
	}
	for name := range deps {
		if base, _ := dependencies(name); IsUnit(base) && !wide(base) {
			of[l.canonical(base)] = true
		}
	}
	said := map[string]bool{}
	for todo := sorted(of); len(todo) > 0; {
		var more []string
		for _, target := range todo {
			if of[target] {
				more = append(more, l.wants(deps, target, said)...)
			}
		}
		slices.Sort(more)
		todo = more
		for _, name := range more {
			of[name] = true
		}
	}
}

// wide reports whether a name is no unit's but the beginning of those of many, such as a-.service.
func wide(name string) bool { return strings.HasSuffix(name[:strings.LastIndexByte(name, '.')], "-") }

// wants takes the links of one unit, and returns the instances that they are the first to name. What is wrong in a folder is said once.
func (l *loader) wants(deps map[string][]folder, target string, said map[string]bool) (instances []string) {
	for _, kind := range []string{"wants", "requires", "upholds"} {
		seen := map[string]bool{}
		for _, f := range l.around(target, "."+kind, deps) {
			before := len(l.problems)
			real, entries := l.entries(f)
			for _, e := range entries {
				unit := e.Name()
				if seen[unit] {
					continue
				}
				seen[unit] = true
				if name := l.instance(unit); name != "" {
					instances = append(instances, name)
				}
				l.wantedBy(real, target, kind, e)
			}
			if said[f] {
				l.problems = l.problems[:before]
			}
			said[f] = true
		}
	}
	return instances
}

// instance makes a unit of an instance of which there is a template only.
func (l *loader) instance(name string) string {
	if dot := strings.LastIndexByte(name, '.'); dot <= 0 || !IsUnit(name) || !valid(name) {
		return ""
	}
	t := l.units[templateOf(name)]
	if t == nil || t.masked || l.canonical(name) != templateOf(name) {
		return ""
	}
	l.instances[name] = true
	return name
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
	if name == target {
		return
	}
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
	if t := templateOf(name); t != "" && l.units[name] == nil && l.dropins[name+".d"] == nil && !l.instances[name] {
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

package nixos

import (
	"path"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/loader/eval"
	"github.com/nixlint/nixlint/loader/inventory"
	"github.com/nixlint/nixlint/loader/source"
)

// unitFolders are the options that place files where systemd looks for units: NixOS' own, and home-manager's for the units of a user.
var unitFolders = []struct {
	option, folder, scope string
}{
	{"environment.etc", "systemd/system/", inventory.System},
	{"environment.etc", "systemd/user/", inventory.User},
	{"boot.initrd.systemd.contents", "/etc/systemd/system/", inventory.Initrd},
	{"xdg.configFile", "systemd/user/", inventory.User},
	{"xdg.dataFile", "systemd/user/", inventory.User},
	{"home.file", ".config/systemd/user/", inventory.User},
	{"home.file", ".local/share/systemd/user/", inventory.User},
}

// unitFile is a file that an option places below such a folder.
type unitFile struct {
	at    *node
	scope string
	name  string // below the folder
}

// unitFiles adds the units and drop-ins that are given as files, to the units of the host from an index on, which are those of s.
func (s *system) unitFiles(from int) {
	var files []unitFile
	for _, f := range unitFolders {
		set := s.root
		for part := range strings.SplitSeq(f.option, ".") {
			set = set.child(part)
		}
		for _, name := range s.names(set) {
			at := set.child(name)
			if rest, ok := strings.CutPrefix(s.target(at, name), f.folder); ok {
				files = append(files, unitFile{at, f.scope, rest})
			}
		}
	}
	slices.SortStableFunc(files, func(a, b unitFile) int { return strings.Compare(a.name, b.name) })
	for _, f := range files {
		if isUnit(f.name) {
			s.unitFile(f)
		}
	}
	for _, f := range files {
		folder, name := path.Split(f.name)
		folder = strings.TrimSuffix(folder, "/")
		of, kind, _ := cutKind(folder)
		switch {
		case isUnit(f.name):
		case kind == "d" && isUnit(of) && !strings.HasSuffix(unitBase(of), "-") && strings.HasSuffix(name, ".conf"):
			s.dropinFile(f, of, from)
		case kind == "wants" || kind == "requires" || kind == "upholds":
			s.linkFile(f, name, of, kind, from)
		case kind == "d":
			s.missFile(f.at, "a drop-in of several units is not judged")
		default:
			s.missFile(f.at, "what this places among the units is not judged")
		}
	}
}

// unitBase is the name of a unit without its kind.
func unitBase(name string) string {
	base, _, _ := cutKind(name)
	return base
}

// target is the path that a file has: its name, unless it says another.
func (s *system) target(at *node, name string) string {
	if _, won := s.whole(at.child("target").defs()); len(won) > 0 {
		if text, ok := won[0].val.(*eval.String); ok && text.Known() {
			return text.S
		}
	}
	return name
}

// isUnit reports whether a file name is that of a unit.
func isUnit(name string) bool {
	base, suffix, ok := cutKind(name)
	if !ok || base == "" || strings.Contains(name, "/") {
		return false
	}
	for _, kinds := range [][]unitKind{unitKinds, mountKinds} {
		if slices.ContainsFunc(kinds, func(k unitKind) bool { return k.suffix == suffix }) {
			return true
		}
	}
	return suffix == "swap"
}

// unitFile adds a unit that is a file.
func (s *system) unitFile(f unitFile) {
	b := s.textUnit(f.scope, f.name)
	if !b.file(f.at, nil) {
		return
	}
	if b.unit.Open != "" && len(b.unit.Sections) == 0 {
		b.override()
	}
	b.done()
}

// override makes the unit one whose base is elsewhere.
func (b *unitBuilder) override() {
	b.unit.Completeness = inventory.Partial
	if b.unit.Status == inventory.Active {
		b.unit.Status = inventory.Override
	}
}

// file reads the text of a file into the unit; false when nothing defines it. A drop-in has the unit that it is one of, when that is in
// sight.
func (b *unitBuilder) file(at *node, of *inventory.Unit) bool {
	all, won := b.s.whole(at.defs())
	switch {
	case len(all) == 0:
		return false
	case len(won) == 0:
		b.unit.Status = inventory.Disabled
		for _, d := range all {
			b.unit.Definitions = append(b.unit.Definitions, location(b.place(d)))
			b.unit.Guards = append(b.unit.Guards, b.s.conditions(d)...)
		}
		return true
	}
	b.guard(all, won)
	if of != nil {
		b.guards = b.assumedBy(of)
	}
	for _, d := range b.defs {
		b.unit.Definitions = append(b.unit.Definitions, location(b.place(d)))
	}
	b.s.assuming(won, func() {
		text := b.contents(at)
		if len(text) == 0 {
			b.opened("its text is not known")
		}
		b.raw(text)
		b.enabled()
	})
	if b.unit.Open != "" {
		b.s.missFile(at, b.unit.Open)
	}
	return true
}

// contents are the definitions of the text of a file: that which is given, or of what is named as its source.
func (b *unitBuilder) contents(at *node) []def {
	_, won := b.s.whole(at.child("text").defs())
	won = slices.DeleteFunc(b.inside(won), func(d def) bool { return d.val == eval.Value(eval.Null{}) })
	if len(won) > 0 {
		return won
	}
	_, won = b.s.whole(at.child("source").defs())
	won = b.inside(won)
	for i := range won {
		won[i].val = b.s.read(won[i].val, won[i].place())
	}
	return won
}

// read is the text of a file: in the tree, or written by it into the store.
func (s *system) read(v eval.Value, at source.Span) eval.Value {
	v, err := s.in.Force(v)
	if err != nil {
		s.report(err, at)
		return s.failed(err, at)
	}
	name, inside := "", false
	switch x := v.(type) {
	case *eval.Unknown:
		return x
	case eval.Path:
		name, inside = string(x), !strings.HasPrefix(string(x), "/")
	case *symbol:
		if text := s.r.scripts[x.from]; text != nil && s.place(x.from) == "" {
			return s.forced(text, at)
		}
		return eval.NewUnknown("it is "+x.full(), at)
	case *eval.String:
		if name, inside = s.in.Within(x); !inside {
			return s.placed(x, at)
		}
	}
	if !inside {
		return eval.NewUnknown("it is outside of the root", at)
	}
	f, err := s.r.program.Tree.File(name)
	if err != nil {
		return eval.NewUnknown(name+" cannot be read: "+firstLine(err), at)
	}
	return &eval.String{S: f.Text, Pieces: []eval.Piece{{Span: f.Span(0, source.Pos(len(f.Text)))}}} //nolint:gosec // source.MaxFile
}

// placed is the text at a path in what the tree writes into the store.
func (s *system) placed(text *eval.String, at source.Span) eval.Value {
	for _, d := range text.Deps {
		written := s.r.scripts[d]
		rest, below := strings.CutPrefix(text.S, d.Path)
		if written == nil || !below {
			continue
		}
		if place := s.place(d); place == strings.Trim(rest, "/") {
			return s.forced(written, at)
		}
	}
	return eval.NewUnknown("it is "+text.S, at)
}

// place is the path in a package of the one file that the tree writes into it; empty for a package that is that file.
func (s *system) place(d *eval.Derivation) string {
	v := s.r.placed[d]
	if v == nil {
		return ""
	}
	text, ok := s.forced(v, source.Span{}).(*eval.String)
	if !ok || !text.Known() {
		return "?"
	}
	return strings.Trim(text.S, "/")
}

func (s *system) forced(v eval.Value, at source.Span) eval.Value {
	out, err := s.in.Force(v)
	switch out.(type) {
	case *eval.String, *eval.Choice, *eval.Unknown:
	default:
		out = eval.NewUnknown("it is not written in the tree", at)
	}
	if err != nil {
		out = s.failed(err, at)
	}
	return out
}

// own is the unit of this system of a scope and a name, from an index on; nil when there is none.
func (s *system) own(scope, name string, from int) *inventory.Unit {
	for i := from; i < len(s.host.Units); i++ {
		if u := &s.host.Units[i]; u.Scope == scope && u.Name == name && u.Status != inventory.Disabled {
			return u
		}
	}
	return nil
}

// dropinFile adds the settings of a drop-in to its unit; without one in sight it is an override.
func (s *system) dropinFile(f unitFile, name string, from int) {
	b := s.textUnit(f.scope, name)
	to := s.own(f.scope, name, from)
	if !b.file(f.at, to) || b.unit.Status == inventory.Disabled {
		return
	}
	if to == nil {
		b.unit.Dropin = true
		b.override()
		b.base()
		b.done()
		return
	}
	extend(to, &b.unit)
}

// assumedBy are the conditions around a file that are around its unit too: the others are conditions of each setting.
func (b *unitBuilder) assumedBy(to *inventory.Unit) eval.Conds {
	if b.s.loose {
		return b.guards
	}
	var out eval.Conds
	for _, c := range b.guards {
		if at := inventory.At(c.Span); at != nil && slices.ContainsFunc(to.Guards, func(g inventory.Condition) bool { return g.At != nil && *g.At == *at }) {
			out = append(out, c)
		}
	}
	return out
}

// extend appends a later file to a unit.
func extend(to, more *inventory.Unit) {
	to.Definitions = append(slices.Clip(to.Definitions), more.Definitions...)
	for section, directives := range more.Sections {
		if to.Sections[section] == nil {
			to.Sections[section] = map[string][]inventory.Setting{}
		}
		for name, list := range directives {
			to.Sections[section][name] = append(slices.Clip(to.Sections[section][name]), list...)
		}
	}
	for name, script := range more.Scripts {
		if _, ok := to.Scripts[name]; !ok {
			to.Scripts[name] = script
		}
	}
	if to.Open == "" {
		to.Open = more.Open
	}
}

// packageUnits adds the units of packages that the tree writes with one file; those of other packages are not in sight.
func (s *system) packageUnits(scope string, packages *node, from int) {
	_, won := s.whole(packages.defs())
	for _, d := range won {
		list, ok := d.val.(*eval.List)
		if !ok {
			continue
		}
		for _, el := range list.Elems {
			e := d
			if m, ok := el.(*eval.Maybe); ok {
				when, possible := d.when.And(m.When)
				if !possible {
					continue
				}
				el, e.when = m.Val, when
			}
			e.site, e.conds = nil, nil
			if at := eval.Span(el); inTree(at) {
				e.trail = append(slices.Clip(e.trail), at)
			}
			if name, of, text := s.packaged(scope, el); text != nil {
				e.val = text
				s.packageUnit(of, name, e, from)
			}
		}
	}
}

// packageFolders are where units stand in a package.
var packageFolders = []struct{ folder, scope string }{
	{"etc/systemd/system/", inventory.System},
	{"lib/systemd/system/", inventory.System},
	{"etc/systemd/user/", inventory.User},
	{"lib/systemd/user/", inventory.User},
	{"share/systemd/user/", inventory.User},
}

// packaged is the one file of a package that the tree writes: its name below the folder of units, whose they are, and the text; nil when
// it is none.
func (s *system) packaged(scope string, pkg eval.Value) (name, of string, text eval.Value) {
	v, err := s.in.Force(pkg)
	x, ok := v.(*symbol)
	if err != nil || !ok || x.from == nil || s.r.scripts[x.from] == nil {
		return "", "", nil
	}
	place := s.place(x.from)
	for _, f := range packageFolders {
		name, below := strings.CutPrefix(place, f.folder)
		if !below || !isUnit(name) {
			continue
		}
		if f.scope == inventory.System {
			f.scope = scope
		}
		return name, f.scope, s.forced(s.r.scripts[x.from], eval.Span(pkg))
	}
	return "", "", nil
}

// packageUnit adds a unit of a package. What systemd.services says of a unit of the name is a drop-in of it.
func (s *system) packageUnit(scope, name string, d def, from int) {
	b := s.textUnit(scope, name)
	over := s.own(scope, name, from)
	b.guard([]def{d}, []def{d})
	if over != nil {
		b.guards = b.assumedBy(over)
	}
	for _, d := range b.defs {
		b.unit.Definitions = append(b.unit.Definitions, location(b.place(d)))
	}
	b.raw(b.inside([]def{d}))
	if over == nil {
		b.done()
		return
	}
	under := *over
	*over = b.unit
	over.Status, over.Guards, over.Links = under.Status, under.Guards, append(over.Links, under.Links...)
	extend(over, &under)
	if over.Status == inventory.Override {
		over.Status = inventory.Active
	}
}

// unpackaged reports that some package of a definition of systemd.packages is not in sight.
func (s *system) unpackaged(scope string, v eval.Value) bool {
	list, ok := v.(*eval.List)
	return !ok || slices.ContainsFunc(list.Elems, func(el eval.Value) bool {
		if m, ok := el.(*eval.Maybe); ok {
			el = m.Val
		}
		_, _, text := s.packaged(scope, el)
		return text == nil
	})
}

// linkFile is a file in the folder of what a unit starts: whatever is in it, its name counts.
func (s *system) linkFile(f unitFile, name, of, kind string, from int) {
	_, won := s.whole(f.at.defs())
	if len(won) == 0 {
		return
	}
	to := s.own(f.scope, name, from)
	if to == nil {
		s.missFile(f.at, "it starts a unit that is not in sight")
		return
	}
	link := inventory.Alternative{Value: of, Known: true, At: inventory.At(won[0].place())}
	to.Links = append(slices.Clip(to.Links), inventory.Link{Type: kind, Target: inventory.Setting{Alternatives: []inventory.Alternative{link}}})
}

// missFile says that something of a file is not known.
func (s *system) missFile(at *node, why string) {
	s.miss(at.String(), why, siteSpan(at))
}

package policy

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/nixlint/nixlint/checks/policy/vm"
	"github.com/nixlint/nixlint/loader/inventory"
	"github.com/nixlint/nixlint/loader/systemd"
)

// fields builds an object.
type fields struct{ *vm.Object }

func newFields(n int) fields { return fields{vm.NewObject(n)} }

func (f fields) text(key vm.Value, value string) { f.Add(key, value) }
func (f fields) truth(key vm.Value, value bool)  { f.Add(key, value) }
func (f fields) value(key, value vm.Value)       { f.Add(key, value) }

// flag is a truth that is left out where it does not hold, reason a text that is left out where there is none: most values
// are plain, and each field of each value costs.
func (f fields) flag(key vm.Value, value bool) {
	if value {
		f.truth(key, value)
	}
}

func (f fields) reason(why string) {
	if why != "" {
		f.text("why", why)
	}
}

// object has a field for each of the items.
func object[T any](items map[string]T, each func(T) vm.Value) vm.Value {
	o := vm.NewObject(len(items))
	for _, name := range sortedKeys(items) {
		o.Add(name, each(items[name]))
	}
	return o
}

func array[T any](items []T, each func(T) vm.Value) vm.Value {
	values := make([]vm.Value, len(items))
	for i, item := range items {
		values[i] = each(item)
	}
	return vm.NewArray(values...)
}

// projector keeps the terms that units have in common, such as that of a directive whose only assignment is "true": terms are
// never changed, and making them is most of the cost of a projection. It is safe for concurrent use.
type projector struct {
	settings  cache    // by values: the settings of a directive that has few, all decided
	effective cache    // by values: what such a directive amounts to
	wants     sync.Map // by assigned: what systemd would have read instead
	wanting   atomic.Int64
	exposure  func(*inventory.Unit) Exposure // nil when nobody asks
}

// cache has values by a text. It is safe for concurrent use; to look something up allocates nothing.
type cache struct {
	mu     sync.RWMutex
	values map[string]vm.Value
}

func (c *cache) value(text []byte, make func() vm.Value) vm.Value {
	c.mu.RLock()
	v, ok := c.values[string(text)]
	c.mu.RUnlock()
	if ok {
		return v
	}
	v = vm.Freeze(make())
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.values == nil {
		c.values = map[string]vm.Value{}
	}
	c.values[string(text)] = v
	return v
}

// derived is what is worked out of a unit.
type derived struct {
	effective systemd.Effective
	misread   []misread
}

func (p *projector) derive(u *inventory.Unit) derived {
	return derived{effective: systemd.EffectiveOf(u, systemd.Newest), misread: p.misread(u)}
}

// unit is what a rule sees of a unit: no place and no host.
func (p *projector) unit(u *inventory.Unit, d derived) vm.Value {
	f := newFields(17)
	f.text("kind", u.Kind)
	f.text("name", strings.TrimSuffix(u.Name, "."+u.Kind))
	f.text("unit", u.Name)
	f.text("scope", u.Scope)
	f.text("status", u.Status)
	f.text("completeness", u.Completeness)
	f.text("open", u.Open)
	f.text("base", u.Base)
	f.text("system", systemOf(u))
	f.value("closed", vm.Strings(u.BaseClosed))
	f.text("text", unitText(u))
	f.value("sections", p.sections(u.Sections))
	f.value("effective", p.effects(d.effective))
	f.value("overrides", projectOverrides(u.Sections))
	f.value("unrecognised", projectUnrecognised(u))
	f.value("misread", projectMisread(d.misread))
	if p.exposure != nil && u.Kind == "service" {
		f.value("exposure", projectExposure(p.exposure(u)))
	}
	f.value("scripts", object(u.Scripts, projectSetting))
	f.value("links", array(u.Links, func(l inventory.Link) vm.Value {
		link := newFields(2)
		link.text("type", l.Type)
		link.value("target", projectSetting(l.Target))
		return link.Object
	}))
	return vm.Freeze(f.Object)
}

// systemOf is what a unit is of, where that is not NixOS.
func systemOf(u *inventory.Unit) string {
	if u.Foreign {
		return "other"
	}
	return ""
}

func projectExposure(e Exposure) vm.Value {
	f := newFields(3)
	f.value("min", e.Min)
	f.value("max", e.Max)
	f.value("gains", vm.Strings(e.Gains))
	return f.Object
}

func (p *projector) sections(sections map[string]map[string][]inventory.Setting) vm.Value {
	return object(sections, func(directives map[string][]inventory.Setting) vm.Value { return object(directives, p.assignments) })
}

func (p *projector) assignments(settings []inventory.Setting) vm.Value {
	project := func() vm.Value { return array(settings, projectSetting) }
	if len(settings) <= maxShared && !slices.ContainsFunc(settings, func(s inventory.Setting) bool { return len(s.Alternatives) != 1 || !settled(&s.Alternatives[0]) }) {
		var near [nearKey]byte
		key := near[:0]
		for i := range settings {
			value := settings[i].Alternatives[0].Value
			key = append(append(strconv.AppendInt(key, int64(len(value)), 10), ':'), value...)
		}
		return p.settings.value(key, project)
	}
	return project()
}

// nearKey is how long most texts are that values are looked up by.
const nearKey = 128

// maxShared is how many values a list has that is looked for among those that other units have: longer ones are seldom the same.
const maxShared = 4

func projectSetting(s inventory.Setting) vm.Value {
	return array(s.Alternatives, func(a inventory.Alternative) vm.Value {
		f := newFields(2)
		f.text("value", a.Value)
		f.truth("known", a.Known)
		f.flag("absent", a.Absent)
		f.reason(a.Why)
		f.flag("conditional", len(a.Conditions) > 0)
		f.flag("forced", forced(a.Priority))
		return f.Object
	})
}

// plainPriority is that of a definition without mkForce, mkDefault or mkOverride; a lower one wins.
const plainPriority = 100

// forced: the value takes the place of whatever is defined plainly.
func forced(priority int) bool { return priority > 0 && priority < plainPriority }

func (p *projector) effects(e systemd.Effective) vm.Value {
	return object(e, func(directives map[string][]systemd.Possible) vm.Value { return object(directives, p.possibles) })
}

func (p *projector) possibles(all []systemd.Possible) vm.Value {
	project := func() vm.Value {
		return array(all, func(p systemd.Possible) vm.Value { return projectPossible(p, len(all) == 1) })
	}
	if len(all) == 1 && all[0].Known && !all[0].Absent && len(all[0].Values) <= maxShared {
		var near [nearKey]byte
		key := near[:0]
		for _, v := range all[0].Values {
			key = append(strconv.AppendInt(key, int64(v.Index), 10), ' ')
			key = append(append(strconv.AppendInt(key, int64(len(v.Text)), 10), ':'), v.Text...)
		}
		return p.effective.value(key, project)
	}
	return project()
}

// projectPossible is one of the things that may hold. The only one, if it is decided, also says what its last value is: most rules ask no
// more.
func projectPossible(p systemd.Possible, only bool) vm.Value {
	f := newFields(3)
	f.value("values", array(p.Values, func(v systemd.Value) vm.Value {
		value := newFields(2)
		value.text("text", v.Text)
		value.value("index", v.Index)
		return value.Object
	}))
	f.truth("known", p.Known)
	f.flag("absent", p.Absent)
	if !p.Known {
		f.text("why", p.Why)
	} else if n := len(p.Values); only && !p.Absent && n > 0 {
		f.text("sole", p.Values[n-1].Text)
	}
	return f.Object
}

func projectOverrides(sections map[string]map[string][]inventory.Setting) vm.Value {
	out := newFields(0)
	for section, directives := range sections {
		in := newFields(0)
		for name, settings := range directives {
			var lost []inventory.Alternative
			for _, s := range settings {
				lost = append(lost, s.Overrides...)
			}
			if len(lost) > 0 {
				in.value(name, array(lost, func(a inventory.Alternative) vm.Value {
					f := newFields(2)
					f.text("value", a.Value)
					f.value("priority", a.Priority)
					return f.Object
				}))
			}
		}
		if in.Len() > 0 {
			out.value(section, in.Object)
		}
	}
	return out.Object
}

// stranger is a directive that no version of systemd has, or has in another section, or that the newest version has no more.
type stranger struct {
	section, name string
	has           bool // units of the kind have the section
	until         int  // the last version that has it, 0 when that is no reason
}

// unrecognised are the strangers of a unit. Names that begin with X- are comments.
func unrecognised(u *inventory.Unit) []stranger {
	var found []stranger
	for section, directives := range u.Sections {
		has, known := systemd.HasSection(u.Kind, section)
		if !known || strings.HasPrefix(section, "X-") {
			continue
		}
		for name := range directives {
			in, ok := systemd.Support(section, name)
			if ok && has && in.Until == 0 || strings.HasPrefix(name, "X-") {
				continue
			}
			found = append(found, stranger{section: section, name: name, has: has, until: in.Until})
		}
	}
	slices.SortFunc(found, func(a, b stranger) int {
		return cmp.Or(strings.Compare(a.section, b.section), strings.Compare(a.name, b.name))
	})
	return found
}

// projectUnrecognised adds the name that is nearest.
func projectUnrecognised(u *inventory.Unit) vm.Value {
	return array(unrecognised(u), func(s stranger) vm.Value {
		f := newFields(6)
		f.text("section", s.section)
		f.text("name", s.name)
		f.truth("has", s.has)
		f.value("belongs", vm.Strings(systemd.Belongs(u.Kind, s.name)))
		f.value("until", s.until)
		f.text("nearest", nearest(u.Kind, s.name))
		return f.Object
	})
}

// nearest is the directive that was probably meant, with the versions that have it, or empty.
func nearest(kind, name string) string {
	near := systemd.Nearest(kind, name)
	for _, section := range systemd.Belongs(kind, near) {
		in, _ := systemd.Support(section, near)
		return near + in.String()
	}
	return near
}

// misread is a value that systemd ignores, with what it would have read.
type misread struct {
	section, name string
	index         int
	value, want   string
	effect        systemd.Effect
	sure          bool
}

func (p *projector) misread(u *inventory.Unit) []misread {
	var found []misread
	for section, directives := range u.Sections {
		for name, settings := range directives {
			for i := range settings {
				found = append(found, p.misreadOf(section, name, i, settings[i].Alternatives)...)
			}
		}
	}
	slices.SortStableFunc(found, func(a, b misread) int {
		return cmp.Or(strings.Compare(a.section, b.section), strings.Compare(a.name, b.name), cmp.Compare(a.index, b.index))
	})
	return found
}

// misreadOf are the alternatives of a setting that are not read. It is sure where none is left that is, and all of each is known.
func (p *projector) misreadOf(section, name string, index int, alternatives []inventory.Alternative) []misread {
	var found []misread
	sure := true
	for k := range alternatives {
		a := &alternatives[k]
		sure = sure && a.Known
		if a.Absent {
			continue
		}
		if w := p.wanted(section, name, a.Value); w.want != "" {
			found = append(found, misread{section, name, index, a.Value, w.want, w.effect, true})
		}
	}
	for i := range found {
		found[i].sure = sure && len(found) == len(alternatives)
	}
	return found
}

// wanted is systemd.Wanted, asked once for each value.
func (p *projector) wanted(section, name, value string) wanted {
	k := assigned{section, name, value}
	if w, ok := p.wants.Load(k); ok {
		return w.(wanted) //nolint:forcetypeassert // all that is stored
	}
	want, effect := systemd.Wanted(section, name, value)
	w := wanted{want, effect}
	if p.wanting.Add(1) < maxWanted {
		p.wants.Store(k, w)
	}
	return w
}

// wanted is what a value should have been, and what systemd does without.
type wanted struct {
	want   string
	effect systemd.Effect
}

// assigned is a value of a directive; maxWanted bounds how many are kept.
type assigned struct{ section, name, value string }

const maxWanted = 1 << 16

func projectMisread(all []misread) vm.Value {
	return array(all, func(m misread) vm.Value {
		f := newFields(7)
		f.text("section", m.section)
		f.text("name", m.name)
		f.value("index", m.index)
		f.text("value", m.value)
		f.text("want", m.want)
		f.text("effect", string(m.effect))
		f.truth("sure", m.sure)
		return f.Object
	})
}

// projectLines are the alternatives of a line of tmpfiles.d, taken apart. What is not known stands as <unknown: why>.
func projectLines(r *inventory.TmpfilesRule) vm.Value {
	return array(r.Line.Alternatives, func(a inventory.Alternative) vm.Value {
		f := newFields(12)
		line, err := systemd.ParseTmpfiles(a.Value)
		if err != nil {
			f.text("error", err.Error())
		}
		f.text("text", a.Value)
		f.truth("known", a.Known)
		f.truth("absent", a.Absent)
		f.text("why", a.Why)
		f.text("type", line.Type)
		f.text("path", line.Path)
		f.text("mode", line.Mode)
		f.text("user", line.User)
		f.text("group", line.Group)
		f.text("age", line.Age)
		f.text("argument", line.Argument)
		return f.Object
	})
}

func projectTmpfiles(r *inventory.TmpfilesRule) vm.Value {
	f := newFields(2)
	f.text("kind", kindTmpfiles)
	f.value("lines", projectLines(r))
	return f.Object
}

// projectHost is what a rule sees of a host: the given units, its lines of tmpfiles.d, and the settings that nobody in
// sight declares.
func projectHost(h *inventory.Host, units []vm.Value) vm.Value {
	f := newFields(8)
	f.text("kind", kindHost)
	f.text("source", h.Source)
	f.value("units", vm.NewArray(units...))
	f.value("tmpfiles", array(h.Tmpfiles, func(r inventory.TmpfilesRule) vm.Value {
		line := newFields(1)
		line.value("lines", projectLines(&r))
		return line.Object
	}))
	settings := newFields(len(h.Settings))
	for _, s := range h.Settings {
		settings.value(s.Path, projectSetting(s.Setting))
	}
	f.value("settings", settings.Object)
	f.value("facts", projectFacts(&h.Facts))
	f.value("masked", vm.Strings(masked(h)))
	return f.Object
}

// masked are the units that a host has as links to /dev/null, by scope and name: what requires them is not started.
func masked(h *inventory.Host) (names []string) {
	for i := range h.Units {
		if u := &h.Units[i]; u.Status == inventory.Disabled && !u.Off() {
			names = append(names, u.Scope+" "+u.Name)
		}
	}
	return names
}

func projectFacts(facts *inventory.Facts) vm.Value {
	kinds := facts.Kinds()
	f := newFields(len(kinds) + 6)
	f.truth("complete", facts.Complete)
	f.value("users", vm.Strings(facts.Users))
	f.value("groups", vm.Strings(facts.Groups))
	f.value("packages", array(facts.Packages, projectSetting))
	for kind, all := range kinds {
		f.value(kind, array(all, func(x inventory.Fact) vm.Value { return projectFact(&x) }))
	}
	for name, x := range facts.Singles() {
		if x != nil {
			f.value(name, projectFact(x))
		}
	}
	return f.Object
}

// projectFact is a fact as a rule sees it: its name, its fields as a unit has its directives, and whether it may not be there.
func projectFact(x *inventory.Fact) vm.Value {
	f := newFields(4)
	f.text("name", x.Name)
	f.truth("guarded", len(x.Guards) > 0)
	f.text("open", x.Open)
	f.value("fields", object(x.Fields, func(settings []inventory.Setting) vm.Value { return array(settings, projectSetting) }))
	return f.Object
}

// unitText is all that a unit states, each value after a newline, so that a rule can see quickly that it says nothing of something.
func unitText(u *inventory.Unit) string {
	var b strings.Builder
	b.WriteByte('\n')
	add := func(s inventory.Setting) {
		for _, a := range s.Alternatives {
			b.WriteString(a.Value + "\n")
		}
	}
	for _, section := range sortedKeys(u.Sections) {
		for _, name := range sortedKeys(u.Sections[section]) {
			for _, s := range u.Sections[section][name] {
				add(s)
			}
		}
	}
	for _, name := range sortedKeys(u.Scripts) {
		add(u.Scripts[name])
	}
	return b.String()
}

// definition is one file in which a unit is defined, as a rule sees it.
type definition struct {
	unit, scope, status, file string
	main                      bool // the file says what the service runs
}

// definer is a unit of a host that is so defined.
type definer struct {
	host, unit int
	at         *inventory.Location
}

func projectRepository(inv *inventory.Inventory, definitions []definition) vm.Value {
	f := newFields(5)
	f.text("kind", kindRepository)
	f.value("documents", vm.Strings(inv.Documents))
	f.value("definitions", array(definitions, func(d definition) vm.Value {
		each := newFields(5)
		each.truth("main", d.main)
		each.text("unit", d.unit)
		each.text("scope", d.scope)
		each.text("status", d.status)
		each.text("file", d.file)
		return each.Object
	}))
	f.value("files", array(inv.Files, func(file inventory.File) vm.Value {
		each := newFields(2)
		each.text("path", file.Path)
		each.truth("module", file.Modules)
		return each.Object
	}))
	f.value("options", array(inv.Options, func(o inventory.Option) vm.Value {
		each := newFields(5)
		file := ""
		if o.At != nil {
			file = o.At.File
		}
		each.text("file", file)
		each.truth("internal", o.Internal)
		each.text("path", o.Path)
		each.text("type", o.Type)
		each.text("description", o.Description)
		return each.Object
	}))
	return f.Object
}

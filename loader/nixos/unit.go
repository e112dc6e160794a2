package nixos

import (
	"cmp"
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/nixlint/nixlint/loader/eval"
	"github.com/nixlint/nixlint/loader/inventory"
	"github.com/nixlint/nixlint/loader/source"
)

// unitKind is one of the sets below systemd.* (or systemd.user.*) that hold units by name.
type unitKind struct {
	option string // "services"
	suffix string // "service"
	config string // the option that holds directives of the unit's own section: "serviceConfig"
	sect   string // that section: "Service"
}

var unitKinds = []unitKind{
	{"services", "service", "serviceConfig", "Service"},
	{"timers", "timer", "timerConfig", "Timer"},
	{"sockets", "socket", "socketConfig", "Socket"},
	{"paths", "path", "pathConfig", "Path"},
	{"slices", "slice", "sliceConfig", "Slice"},
	{"targets", "target", "", ""},
}

// mountKinds are units that NixOS takes as lists: their names follow from where they mount.
var mountKinds = []unitKind{
	{"mounts", "mount", "mountConfig", "Mount"},
	{"automounts", "automount", "automountConfig", "Automount"},
}

// dependencies are the unit options that are lists of units, and their directives.
var dependencies = map[string]string{
	"after": "After", "before": "Before", "wants": "Wants", "requires": "Requires", "requisite": "Requisite", "bindsTo": "BindsTo",
	"partOf": "PartOf", "upholds": "Upholds", "conflicts": "Conflicts", "onFailure": "OnFailure", "onSuccess": "OnSuccess",
	"documentation": "Documentation",
}

// scripts are the unit options that hold a script: the directive it becomes, and the suffix of its store name.
var scripts = []struct{ option, directive, name string }{
	{"script", "ExecStart", "start"},
	{"preStart", "ExecStartPre", "pre-start"},
	{"postStart", "ExecStartPost", "post-start"},
	{"reload", "ExecReload", "reload"},
	{"preStop", "ExecStop", "pre-stop"},
	{"postStop", "ExecStopPost", "post-stop"},
}

// links are the unit options that make a link in another unit's folder.
var links = []struct{ option, kind string }{
	{"wantedBy", "wants"}, {"requiredBy", "requires"}, {"upheldBy", "upholds"}, {"aliases", "alias"},
}

// silent are unit options that change no directive that is judged.
var silent = map[string]bool{
	"enable": true, "overrideStrategy": true, "restartTriggers": true, "reloadTriggers": true, "restartIfChanged": true,
	"reloadIfChanged": true, "stopIfChanged": true, "notSocketActivated": true, "enableStrictShellChecks": true, "scriptArgs": true,
	"enableDefaultPath": true, "jobScripts": true, "name": true, "unit": true, "text": true, "confinement": true, "startAt": true,
}

// units adds the units below systemd, systemd.user and boot.initrd.systemd to the host.
func (s *system) units() {
	before := len(s.host.Units)
	systemd := s.root.child("systemd")
	for _, scope := range []struct {
		name string
		at   *node
	}{
		{inventory.System, systemd},
		{inventory.User, systemd.child("user")},
		{inventory.Initrd, s.root.child("boot").child("initrd").child("systemd")},
	} {
		s.openSet(scope.at)
		timers := map[string]def{} // that startAt makes
		for _, k := range unitKinds {
			folder := scope.at.child(k.option)
			s.openSet(folder)
			names := s.defined(folder)
			off := s.off(folder, names)
			if k.suffix == "timer" {
				names = slices.Compact(slices.Sorted(slices.Values(append(names, sortedKeys(timers)...))))
			}
			for _, name := range names {
				defs := folder.child(name).defs()
				if d, ok := timers[name]; ok && k.suffix == "timer" {
					defs = append(slices.Clip(defs), d)
				}
				at := s.unit(k, scope.name, name, defs)
				if at != nil && k.suffix == "service" {
					timers[name] = *at
				}
			}
			for _, name := range off {
				s.unit(k, scope.name, name, folder.child(name).defs())
			}
		}
		for _, k := range mountKinds {
			s.mounts(k, scope.name, scope.at.child(k.option))
		}
		s.rawUnits(scope.name, scope.at.child("units"))
		s.packageUnits(scope.name, scope.at.child("packages"), before)
	}
	s.unitFiles(before)
	s.tmpfiles()
}

// openSet says when a set of units may have members that are not known.
func (s *system) openSet(n *node) {
	for _, d := range n.defs() {
		switch v := d.val.(type) {
		case *eval.Unknown:
			s.miss("config."+n.String(), v.Why, d.place())
		case *eval.Set:
			if v.Open != nil {
				s.miss("config."+n.String(), v.Open.Why, d.place())
			}
		}
	}
}

// defined are the names that definitions at a node have, sorted. A set defined under a false condition counts for nothing.
func (s *system) defined(n *node) []string {
	names := map[string]bool{}
	won, _ := s.settle(n.defs())
	for _, d := range won {
		if set, ok := d.val.(*eval.Set); ok {
			for i := range set.Attrs {
				names[set.Attrs[i].Name] = true
			}
		}
	}
	out := make([]string, 0, len(names))
	for name := range names {
		out = append(out, name)
	}
	sort.Strings(out)
	return out
}

// off are the names that the tree defines below conditions that do not hold, and nowhere else: modules that are not enabled. names are those
// that count.
func (s *system) off(n *node, names []string) []string {
	var out []string
	for _, d := range n.defs() {
		set, ok := d.val.(*eval.Set)
		if !ok || len(d.conds) == 0 || mounted(d.place()) {
			continue
		}
		for i := range set.Attrs {
			name := set.Attrs[i].Name
			if !slices.Contains(names, name) && len(s.decide(n.child(name).defs())) == 0 {
				out = append(out, name)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// unitBuilder collects one unit.
type unitBuilder struct {
	s      *system
	kind   unitKind
	name   string
	defs   []def // of the unit, the main module's first
	unit   inventory.Unit
	guards eval.Conds // conditions around the whole unit: assumed
	// made: what NixOS itself makes of the unit's other options, by "serviceConfig.ExecStart"; before what the user defines.
	made map[string][]def
	// joined: what options of dependencies make, by directive of [Unit].
	joined map[string][]inventory.Setting
	timer  *def // that startAt makes
}

// unit adds a unit of some definitions, and returns the definition of the timer that its startAt makes.
func (s *system) unit(k unitKind, scope, name string, defs []def) *def {
	all, won := s.whole(s.callUnits(name, defs))
	b := &unitBuilder{s: s, kind: k, name: name, made: map[string][]def{}, joined: map[string][]inventory.Setting{}}
	b.unit = inventory.Unit{
		Name: name + "." + k.suffix, Kind: k.suffix, Scope: scope, Status: inventory.Active, Completeness: inventory.Partial,
		Sections: map[string]map[string][]inventory.Setting{}, Scripts: map[string]inventory.Setting{},
	}
	if strings.HasSuffix(name, "."+k.suffix) {
		b.unit.Name = name
	}
	switch {
	case len(won) == 0 && len(all) == 0:
		return nil
	case len(won) == 0:
		b.disabled(all)
		return nil
	}
	// Inside of a unit the main module's definitions come first.
	slices.Reverse(won)
	sort.SliceStable(won, func(i, j int) bool { return orderOf(won[i]) < orderOf(won[j]) })
	b.guard(all, won)
	s.assuming(won, b.build)
	return b.timer
}

// callUnits applies definitions that are functions of { name, config, … }.
func (s *system) callUnits(name string, defs []def) []def {
	var out []def
	self := &system{r: s.r, in: s.in, missing: s.missing, options: &optionTree{}, loose: s.loose, args: s.args, name: name, partial: true}
	self.root = &node{sys: self}
	for _, d := range defs {
		fn, ok := d.val.(*eval.Lambda)
		if !ok {
			out = append(out, d)
			continue
		}
		args := eval.NewSet(append(append([]eval.Attr(nil), s.args.Attrs...),
			eval.Attr{Name: "name", Val: eval.Str(name)},
			eval.Attr{Name: "config", Val: &view{n: self.root}},
			eval.Attr{Name: "options", Val: eval.NewUnknown("options of a unit are not supported", eval.Span(fn))})...)
		v, err := s.in.Call(fn, args)
		if err != nil {
			s.report(err, d.place())
			v = s.failed(err, d.place())
		}
		d.val = v
		out = append(out, s.expand(d)...)
	}
	self.root.roots = out
	return out
}

// disabled is a unit all of whose definitions are under a condition that does not hold.
func (b *unitBuilder) disabled(all []def) {
	b.unit.Status = inventory.Disabled
	for _, d := range all {
		b.unit.Definitions = append(b.unit.Definitions, location(b.place(d)))
		b.unit.Guards = append(b.unit.Guards, b.s.conditions(d)...)
	}
	b.done()
}

// guard finds the conditions that are around the whole unit, and takes them off what is inside of it.
func (b *unitBuilder) guard(all, won []def) {
	common := won[0].when
	for _, d := range won[1:] {
		common = shared(common, d.when)
	}
	// Several definitions without a common condition: the one that starts the unit says when it exists.
	if len(common) == 0 && len(won) > 1 {
		unconditional := false
		for _, d := range won {
			unconditional = unconditional || len(d.when) == 0
		}
		for _, d := range won {
			if !unconditional && b.starts(d) {
				common = d.when
				break
			}
		}
	}
	b.guards = common
	seen := map[string]bool{}
	for _, d := range all {
		for _, c := range b.s.conditions(d) {
			key := c.Text
			if c.At != nil {
				key += c.At.File + ":" + itoa(c.At.Line) + ":" + itoa(c.At.Column)
			}
			if !seen[key] {
				seen[key] = true
				b.unit.Guards = append(b.unit.Guards, c)
			}
		}
	}
	if len(common) > 0 {
		b.unit.Status = inventory.Guarded
	}
	for _, d := range won {
		when, possible := without(d.when, common)
		if !possible {
			continue
		}
		d.when, d.base = when, len(d.trail)
		if inTree(spanOf(d.site)) && !d.site.Implied && d.base > 0 {
			d.base--
		}
		b.defs = append(b.defs, d)
	}
}

// conditions are those on the way to a definition. One that the loose view cannot decide is assumed.
func (s *system) conditions(d def) []inventory.Condition {
	var out []inventory.Condition
	for _, g := range d.conds {
		c := inventory.Condition{Text: oneLine(g.at.Text()), At: inventory.At(g.at), Verdict: "true"}
		switch dec, err := s.in.Decide(g.cond, g.at); {
		case err == nil && dec.Never:
			c.Verdict = "false"
		case (err != nil || len(dec.When) > 0) && s.loose:
			c.Verdict = "assumed"
		case err != nil || len(dec.When) > 0:
			c.Verdict = "unknown"
		}
		if c.Text != "" {
			out = append(out, c)
		}
	}
	return out
}

func shared(a, b eval.Conds) eval.Conds {
	var out eval.Conds
	for _, c := range a {
		if slices.Contains(b, c) {
			out = append(out, c)
		}
	}
	return out
}

// without takes conditions that are assumed off others; false when they contradict them.
func without(when, assumed eval.Conds) (eval.Conds, bool) {
	if _, ok := assumed.And(when); !ok {
		return nil, false
	}
	var out eval.Conds
	for _, c := range when {
		if !slices.Contains(assumed, c) {
			out = append(out, c)
		}
	}
	return out, true
}

// starts reports whether a definition says what the unit runs.
func (b *unitBuilder) starts(d def) bool {
	set, ok := d.val.(*eval.Set)
	if !ok {
		return false
	}
	if set.Find("script") != nil {
		return true
	}
	for _, part := range b.s.part(d, b.kind.config) {
		if cfg, ok := part.val.(*eval.Set); ok && cfg.Find("ExecStart") != nil {
			return true
		}
	}
	return false
}

func (b *unitBuilder) build() {
	for _, d := range b.defs {
		at := b.place(d)
		b.unit.Definitions = append(b.unit.Definitions, location(at))
		switch v := d.val.(type) {
		case *eval.Unknown:
			b.opened(v.Why)
		case *eval.Set:
			if v.Open != nil {
				b.opened(v.Open.Why)
			}
		default:
			b.s.problem(at, "%s %s expects a set, found %s", b.kind.option, b.name, eval.TypeName(d.val))
		}
	}
	if !b.homeManager() {
		b.options()
	}
	b.finish()
}

func (b *unitBuilder) opened(why string) {
	if b.unit.Open == "" {
		b.unit.Open = why
	}
}

// place is where a unit is defined: the binding, or the set that it is when the binding is elsewhere (a helper, mapAttrs).
func (b *unitBuilder) place(d def) source.Span {
	var home source.Span
	if set, ok := d.val.(*eval.Set); ok && inTree(set.Home) {
		home = set.Home
	}
	site := spanOf(d.site)
	if inTree(site) {
		return site
	}
	if home.Valid() {
		return home
	}
	if len(d.trail) > 0 {
		return d.trail[len(d.trail)-1]
	}
	if d.mod == nil {
		return source.Span{}
	}
	return d.mod.at
}

func location(s source.Span) inventory.Location {
	if at := inventory.At(s); at != nil {
		return *at
	}
	return inventory.Location{}
}

// parts are the definitions of one of the unit's options, settled.
func (b *unitBuilder) parts(option string) (won, lost []def) {
	var all []def
	for _, d := range b.defs {
		all = append(all, b.s.part(d, option)...)
	}
	return b.s.settleIn(all, b.guards)
}

// value is that of an option of units that has a default, and what defines it: where all of that is under conditions, the default
// is one of its values.
func (b *unitBuilder) value(option, typ string, fallback eval.Value) (eval.Value, []def, error) {
	won, _ := b.parts(option)
	if len(won) == 0 {
		return fallback, nil, nil
	}
	all := slices.Clip(won)
	if !slices.ContainsFunc(won, func(d def) bool { return len(d.when) == 0 }) {
		all, _ = b.s.settleIn(append(all, def{val: fallback, prio: optionPrio}), b.guards)
	}
	v, err := b.s.merge(&optionType{name: typ}, all, option)
	return v, won, err
}

func (b *unitBuilder) truth(option string, fallback bool) (eval.Value, []def, error) {
	return b.value(option, "bool", eval.Bool(fallback))
}

// settleIn settles definitions inside of what exists only under assumed conditions.
func (s *system) settleIn(defs []def, assumed eval.Conds) (won, lost []def) {
	kept := defs[:0:0]
	for _, d := range s.decide(defs) {
		when, possible := without(d.when, assumed)
		if !possible {
			continue
		}
		d.when, d.conds = when, nil
		kept = append(kept, d)
	}
	return s.settle(kept)
}

func (b *unitBuilder) options() {
	for _, d := range b.defs {
		set, ok := d.val.(*eval.Set)
		if !ok {
			continue
		}
		for i := range set.Attrs {
			if name := set.Attrs[i].Name; !b.knows(name) {
				b.s.problem(siteName(&set.Attrs[i]), "%s is no option of systemd.%s", name, b.kind.option)
			}
		}
	}
	b.rename()
	b.unit.Dropin = b.dropin()
	b.common()
	switch b.kind.suffix {
	case "service":
		b.scripts()
		b.flags()
		b.confinement()
	case "mount":
		for option, directive := range map[string]string{"what": "What", "where": "Where", "type": "Type", "options": "Options"} {
			b.one("mountConfig."+directive, option)
		}
	case "automount":
		b.one("automountConfig.Where", "where")
	}
	b.section("unitConfig", "Unit")
	if b.kind.config != "" {
		b.section(b.kind.config, b.kind.sect)
	}
	switch b.kind.suffix {
	case "socket":
		b.list("listenStreams", "Socket", "ListenStream")
		b.list("listenDatagrams", "Socket", "ListenDatagram")
	case "service":
		b.environment(b.complete())
		b.startAt()
	}
	for _, l := range links {
		b.link(l.option, l.kind)
	}
	b.enabled()
}

// rename reads the option name, the name of the unit's file. NixOS defines it with a plain priority: only a stronger one is another name.
func (b *unitBuilder) rename() {
	given, _ := b.parts("name")
	if len(given) == 0 || b.kind.option == "units" {
		return
	}
	won, _ := b.s.settleIn(append(given, def{val: eval.Str(b.unit.Name), prio: plain}), b.guards)
	v, err := b.s.merge(&optionType{name: "str"}, won, "name of "+b.unit.Name)
	text, isText := v.(*eval.String)
	switch {
	case err != nil:
	case isText && literal(text) && text.S != "":
		b.unit.Name = text.S
	default:
		b.opened("its name is not known: it is not only the unit " + b.unit.Name)
	}
}

// strategies are the values of overrideStrategy.
var strategies = []string{"asDropinIfExists", "asDropin"}

// dropin reports that the unit is a drop-in of one that is elsewhere: of one that systemd ships, or by overrideStrategy of a template or of
// what a generator makes.
func (b *unitBuilder) dropin() bool {
	won, _ := b.parts("overrideStrategy")
	drops := b.s.shipped(b.unit.Scope, b.unit.Name)
	for _, d := range won {
		switch text, ok := d.val.(*eval.String); {
		case !ok || !text.Known():
			b.opened("overrideStrategy is not decided")
		case !slices.Contains(strategies, text.S):
			b.s.problem(d.place(), "overrideStrategy of %s expects one of %s, found %q", b.unit.Name, strings.Join(strategies, ", "), text.S)
		default:
			drops = drops || text.S == "asDropin"
		}
	}
	return drops
}

// enabled looks at enable: a unit that is not is masked.
func (b *unitBuilder) enabled() {
	v, won, err := b.truth("enable", true)
	switch {
	case len(won) == 0:
	case err != nil:
	case v == eval.Bool(false) && b.s.loose && computed(won):
		b.enabledIf(won, "assumed")
	case v == eval.Bool(false):
		b.unit.Status = inventory.Disabled
	case v != eval.Bool(true) && b.unit.Status == inventory.Active:
		b.enabledIf(won, "unknown")
	}
}

func (b *unitBuilder) enabledIf(won []def, verdict string) {
	b.unit.Status = inventory.Guarded
	for _, d := range won {
		b.unit.Guards = append(b.unit.Guards, inventory.Condition{Text: "enable", Verdict: verdict, At: inventory.At(d.place())})
	}
}

// computed reports that some definition is no constant: other values of the module's options may make it another.
func computed(defs []def) bool {
	return slices.ContainsFunc(defs, func(d def) bool { return d.expr.Valid() && d.expr.Text() != "false" })
}

func (b *unitBuilder) knows(option string) bool {
	_, isDependency := dependencies[option]
	if isDependency || silent[option] || option == b.kind.config {
		return true
	}
	switch option {
	case "unitConfig", "description", "startLimitBurst", "startLimitIntervalSec", "_module":
		return true
	case "environment", "path":
		return b.kind.suffix == "service"
	case "listenStreams", "listenDatagrams":
		return b.kind.suffix == "socket"
	case "where":
		return b.kind.suffix == "mount" || b.kind.suffix == "automount"
	case "what", "type", "options":
		return b.kind.suffix == "mount"
	}
	for _, x := range scripts {
		if x.option == option {
			return b.kind.suffix == "service"
		}
	}
	for _, x := range links {
		if x.option == option {
			return true
		}
	}
	return false
}

func siteName(a *eval.Attr) source.Span {
	if a.Site == nil {
		return source.Span{}
	}
	return a.Site.Name
}

// add appends settings to a directive.
func (b *unitBuilder) add(section, directive string, settings ...inventory.Setting) {
	if len(settings) == 0 {
		return
	}
	sect := b.unit.Sections[section]
	if sect == nil {
		sect = map[string][]inventory.Setting{}
		b.unit.Sections[section] = sect
	}
	sect[directive] = append(sect[directive], settings...)
}

func (b *unitBuilder) finish() {
	if b.complete() {
		b.unit.Completeness = inventory.Own
	} else {
		if b.unit.Status == inventory.Active {
			b.unit.Status = inventory.Override
		}
		b.spoken()
		b.base()
	}
	b.fromInputs()
	b.done()
}

// spoken looks for a drop-in that completes the unit: a package may bring one, and then a file that defines the unit names its folder.
func (b *unitBuilder) spoken() {
	folder := "/" + b.unit.Name + ".d"
	for _, d := range b.defs {
		if at := b.place(d); inTree(at) && strings.Contains(at.File.Text, folder) {
			b.opened("a drop-in in " + folder[1:] + " may say more")
			return
		}
	}
}

// fromInputs tells what a given input defines from what the tree does: a unit that is only an input's is upstream, one that the tree adds to
// is an override, all of which is known.
func (b *unitBuilder) fromInputs() {
	outside, inside := false, false
	for _, d := range b.defs {
		if mounted(b.place(d)) {
			outside = true
		} else {
			inside = true
		}
	}
	switch {
	case !outside || b.unit.Status == inventory.Disabled:
	case !inside:
		b.unit.Status = inventory.Upstream
	default:
		b.unit.Status = inventory.Override
		// What the tree says stands first: it is what can be changed.
		slices.SortStableFunc(b.unit.Definitions, func(x, y inventory.Location) int {
			return cmp.Compare(rank(x), rank(y))
		})
	}
}

func rank(l inventory.Location) int {
	if l.Outside() {
		return 1
	}
	return 0
}

// mounted reports whether a place is in a given input.
func mounted(at source.Span) bool {
	if at.File == nil {
		return false
	}
	mount, _ := source.SplitMount(at.File.Path)
	return mount != ""
}

// complete reports whether the tree defines the unit whole: it says what runs, with a plain priority, and nixpkgs is not known to
// have a unit of the name.
func (b *unitBuilder) complete() bool {
	baseInSight := b.s.made != nil && b.s.made.base != ""
	service := strings.TrimSuffix(b.unit.Name, b.kind.suffix) + "service"
	if b.unit.Dropin || knownUnits[service] && b.unit.Scope == inventory.System && !baseInSight {
		return false // what starts such a service, nixpkgs defines too
	}
	switch b.kind.suffix {
	case "timer", "socket", "path":
		for _, directive := range sortedKeys(b.unit.Sections[b.kind.sect]) {
			if triggers(b.kind.suffix, directive) && whole(b.unit.Sections[b.kind.sect][directive]) {
				return true
			}
		}
		return false
	case "slice", "target", "mount", "automount":
		return true
	}
	return whole(b.unit.Sections["Service"]["ExecStart"]) && !b.adds()
}

// whole reports whether what is said of a directive is all there is: with the plain priority, and not to take away what comes before.
func whole(settings []inventory.Setting) bool {
	return len(settings) > 0 && !slices.ContainsFunc(settings[0].Alternatives, func(a inventory.Alternative) bool {
		return a.Priority != 0 && a.Priority < plain || a.Value == "" && !a.Absent && a.Known
	})
}

// triggers reports whether a directive says when a timer, a socket or a path starts its service, without which systemd refuses it.
func triggers(kind, directive string) bool {
	switch kind {
	case "timer":
		return strings.HasPrefix(directive, "On")
	case "socket":
		return strings.HasPrefix(directive, "Listen")
	}
	return strings.HasPrefix(directive, "Path") || directive == "DirectoryNotEmpty"
}

// adds reports that all there is of the unit's script is said with mkBefore or mkAfter: it goes around a script that is elsewhere.
func (b *unitBuilder) adds() bool {
	won, _ := b.parts("script")
	for _, d := range won {
		if orderOf(d) == defaultOrder {
			return false
		}
	}
	return len(won) > 0
}

func (b *unitBuilder) done() {
	if b.unit.Definitions == nil {
		b.unit.Definitions = []inventory.Location{}
	}
	b.s.addUnit(b.unit)
}

func (s *system) addUnit(u inventory.Unit) {
	key := fmt.Sprint(u.Scope, u.Name, u.Definitions)
	if s.added[key] && !s.loose {
		return // the same module, for several users
	}
	s.added[key] = true
	s.host.Units = append(s.host.Units, u)
}

func sortedKeys[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	sort.Strings(out)
	return out
}

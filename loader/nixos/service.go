package nixos

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/loader/eval"
	"github.com/nixlint/nixlint/loader/inventory"
)

// scripts are the scripts of a service: their text, and the command that runs them.
func (b *unitBuilder) scripts() {
	for _, x := range scripts {
		won, lost := b.parts(x.option)
		if len(won) == 0 {
			continue
		}
		setting, d, texts := b.text(won, lost)
		empty := true
		for _, alt := range texts {
			text, ok := alt.Val.(*eval.String)
			if ok && text.S == "" {
				continue
			}
			empty = false
			e := d
			e.when = alt.When
			if ok && len(text.Holes) == 1 && text.Holes[0].Len == len(text.S) { // the script may be empty, then nothing runs
				e.when = append(slices.Clip(e.when), b.s.in.Condition(text.Holes[0].Why, d.place())...)
			}
			b.run(x.option, x.directive, x.name, e)
		}
		if !empty {
			b.unit.Scripts[x.name] = setting
		}
	}
}

var (
	inFiles       = strings.NewReplacer(`\`, "--", "@", "_")                            // of the file of a script
	inConfinement = strings.NewReplacer("@", "-", ":", "-", `\`, "-", "[", "", "]", "") // of the folder of confinement
)

// run makes the directive that runs a script.
func (b *unitBuilder) run(option, directive, suffix string, d def) {
	file := inFiles.Replace(b.name) + "-" + suffix
	command := eval.Str(eval.StoreName(storeName("unit-script-"+file)) + "/bin/" + file)
	switch option {
	case "preStart", "postStart":
		b.make("serviceConfig."+directive, option, d, &eval.List{Elems: []eval.Value{command}})
		return
	case "script":
		args := eval.Str("")
		if v, _, err := b.value("scriptArgs", "str", args); err == nil {
			if text, err := b.s.in.ToString(v, d.place()); err == nil {
				args = text
			}
		}
		command = eval.Concat(command, eval.Str(" "), args)
	}
	b.make("serviceConfig."+directive, option, d, command)
}

// flags are the lines for the switch to a new configuration.
func (b *unitBuilder) flags() {
	always := func(option string, value bool) []eval.Alt {
		v, won, err := b.truth(option, value)
		if err != nil {
			b.s.report(err, won[0].place())
			v = b.s.failed(err, won[0].place())
		}
		return alternativesOf(v)
	}
	reloads := always("reloadIfChanged", false)
	b.flag("reloadIfChanged", "X-ReloadIfChanged", true, reloads)
	if len(reloads) == 1 && reloads[0].Val == eval.Bool(false) {
		b.flag("restartIfChanged", "X-RestartIfChanged", false, always("restartIfChanged", true))
	}
	b.flag("stopIfChanged", "X-StopIfChanged", false, always("stopIfChanged", true))
	b.flag("notSocketActivated", "X-NotSocketActivated", true, always("notSocketActivated", false))
}

// flag writes a line where an option has the value that is not the usual one.
func (b *unitBuilder) flag(option, directive string, value bool, alts []eval.Alt) {
	won, lost := b.parts(option)
	if len(won) == 0 {
		return
	}
	setting := inventory.Setting{Option: option, Overrides: b.overrides(lost)}
	said := false
	for _, alt := range alts {
		when, possible := without(alt.When, b.guards)
		if !possible {
			continue
		}
		d := won[0]
		d.val, d.when = alt.Val, when
		a := b.alternative(d)
		if flag, ok := alt.Val.(eval.Bool); ok && bool(flag) != value {
			a = inventory.Alternative{Absent: true, Known: true, Conditions: a.Conditions}
		} else {
			said = true
		}
		setting.Alternatives = append(setting.Alternatives, a)
	}
	if said {
		b.add("Service", directive, setting)
	}
}

// confinement makes what confinement.enable does: a root folder of its own, the protections that go with it, and a drop-in of what
// depends on the closure of the service.
func (b *unitBuilder) confinement() {
	var on, mode []def
	won, _ := b.parts("confinement")
	for _, d := range won {
		on, mode = append(on, b.s.part(d, "enable")...), append(mode, b.s.part(d, "mode")...)
	}
	on, _ = b.s.settleIn(on, b.guards)
	mode, _ = b.s.settleIn(mode, b.guards)
	if len(on) == 0 || len(on) == 1 && on[0].val == eval.Bool(false) {
		return
	}
	d := on[0]
	if d.val != eval.Bool(true) || len(d.when) > 0 {
		d.when = append(slices.Clip(d.when), b.s.in.Condition(eval.NewUnknown("confinement is not decided", d.place()), d.place())...)
	}
	full := b.full(mode)
	set := func(directive string, val eval.Value) { b.make("serviceConfig."+directive, "confinement", d, val) }
	name := inConfinement.Replace(b.name)
	list := func(values ...eval.Value) *eval.List { return &eval.List{Elems: values} }
	set("ReadOnlyPaths", list(eval.Str("+/")))
	set("RuntimeDirectory", list(eval.Str("confinement/"+name)))
	set("RootDirectory", eval.Str("/run/confinement/"+name))
	set("InaccessiblePaths", list(eval.Str("-+/run/confinement/"+name)))
	set("BindReadOnlyPaths", list(eval.NewUnknown("confinement binds the closure of what the service runs", d.place())))
	weak := func(directive string, val eval.Value) {
		set(directive, val)
		defs := b.made["serviceConfig."+directive]
		defs[len(defs)-1].prio, defs[len(defs)-1].said = defaultPrio, defaultPrio
	}
	weak("PrivateMounts", eval.Bool(true))
	for _, directive := range []string{
		"MountAPIVFS", "PrivateDevices", "PrivateTmp", "PrivateUsers", "ProtectControlGroups", "ProtectKernelModules", "ProtectKernelTunables",
	} {
		weak(directive, full)
	}
	if full != eval.Bool(true) {
		set("InaccessiblePaths", list(eval.NewUnknown("confinement hides /tmp and /var/tmp unless PrivateTmp is set", d.place())))
	}
}

// full is whether the mode of confinement is the one with /dev, /proc and /sys.
func (b *unitBuilder) full(mode []def) eval.Value {
	if len(mode) == 0 {
		return eval.Bool(true)
	}
	text, ok := mode[0].val.(*eval.String)
	if !ok || len(mode) > 1 || len(mode[0].when) > 0 || !literal(text) {
		return eval.NewUnknown("the mode of confinement is not decided", mode[0].place())
	}
	return eval.Bool(text.S == "full-apivfs")
}

// defaultPath is what NixOS appends to the path of a service.
var defaultPath = []string{"coreutils", "findutils", "gnugrep", "gnused", "systemd"}

// environment makes the Environment lines: the unit's own and, of a unit that is whole, those that all units have.
func (b *unitBuilder) environment(whole bool) {
	b.path(whole)
	defined := b.besides("environment")
	own, order := b.variables(defined, b.made["environment.PATH"])
	global := map[string]inventory.Setting{}
	if whole {
		var names []string
		global, names = b.s.globalEnvironment()
		order = slices.Compact(slices.Sorted(slices.Values(append(order, names...))))
	}
	for _, name := range order {
		setting, ok := own[name]
		if !ok {
			setting = global[name]
		}
		for i, alt := range setting.Alternatives {
			if g, isGlobal := global[name]; ok && isGlobal && alt.Absent && alt.Why == "" && len(alt.Conditions) > 0 && len(g.Alternatives) == 1 {
				g.Alternatives[0].Conditions = alt.Conditions
				setting.Alternatives[i] = g.Alternatives[0]
			}
		}
		if slices.ContainsFunc(setting.Alternatives, func(a inventory.Alternative) bool { return !a.Absent }) {
			b.add("Service", "Environment", setting)
		}
	}
	// What serviceConfig.Environment says comes later than what the option environment does.
	if lines := b.unit.Sections["Service"]["Environment"]; len(lines) > 0 {
		slices.SortStableFunc(lines, func(x, y inventory.Setting) int { return strings.Compare(y.Option, x.Option) })
	}
}

// variables are the lines of one set of variables by name; null leaves one out.
func (b *unitBuilder) variables(won []def, path []def) (map[string]inventory.Setting, []string) {
	byName := map[string][]def{}
	if len(path) > 0 {
		byName["PATH"] = path
	}
	for _, d := range won {
		switch set := d.val.(type) {
		case *eval.Set:
			if set.Open != nil {
				b.opened(set.Open.Why)
			}
			for i := range set.Attrs {
				name := set.Attrs[i].Name
				byName[name] = append(byName[name], b.s.part(d, name)...)
			}
		case *eval.Unknown:
			b.opened(set.Why)
		}
	}
	out := map[string]inventory.Setting{}
	for _, name := range sortedKeys(byName) {
		won, lost := b.s.settleIn(byName[name], b.guards)
		for i, d := range won {
			won[i].nullable = true
			switch d.val.(type) {
			case eval.Int, eval.Float, eval.Bool, *eval.List:
				b.s.problem(d.place(), "environment variable %s of %s expects a string, found %s", name, b.unit.Name, eval.TypeName(d.val))
			}
		}
		settings := b.settings(won, lost, "environment."+name)
		if len(settings) != 1 {
			continue // a list, of which a problem tells
		}
		setting := settings[0]
		setting.Option = "environment"
		for i := range setting.Alternatives {
			if alt := &setting.Alternatives[i]; !alt.Absent {
				alt.Value = quoteEnvironment(name + "=" + alt.Value)
			}
		}
		out[name] = setting
	}
	return out, sortedKeys(out)
}

// globalEnvironment is the environment of all units: what NixOS sets for locales and time zones, and what the tree adds.
func (s *system) globalEnvironment() (map[string]inventory.Setting, []string) {
	if s.global == nil {
		b := &unitBuilder{s: s, name: "globalEnvironment", kind: unitKind{option: "globalEnvironment"}, made: map[string][]def{}}
		b.unit.Name = "all units"
		won, _ := s.settle(s.root.child("systemd").child("globalEnvironment").defs())
		for i := range won {
			won[i].base = max(len(won[i].trail)-1, 0)
		}
		base := eval.NewSet(
			eval.Attr{Name: "LOCALE_ARCHIVE", Val: s.localeArchive()},
			eval.Attr{Name: "TZDIR", Val: eval.Str(eval.StoreName("tzdata") + "/share/zoneinfo")})
		won = append(won, def{val: base, prio: plain})
		s.global, _ = b.variables(won, nil)
	}
	return s.global, sortedKeys(s.global)
}

// localeArchive is where programs find locales: in the package that the system takes them from, unless it has none (nixos/modules/config/i18n.nix).
func (s *system) localeArchive() eval.Value {
	i18n := s.root.child("i18n")
	locales := eval.Str(eval.StoreName("glibcLocales"))
	if defs := i18n.child("glibcLocales").defs(); len(defs) > 0 {
		text, problem := (*eval.String)(nil), ""
		if v, err := i18n.child("glibcLocales").read(); err == nil {
			text, problem = directiveText(s.in, v)
		}
		if text == nil || problem != "" || text.S == "" {
			return eval.NewUnknown("it depends on i18n.glibcLocales", defs[0].place())
		}
		locales = text
	}
	if defs := i18n.child("supportedLocales").defs(); len(defs) > 0 && !s.someElement(i18n.child("supportedLocales")) {
		return eval.NewUnknown("it depends on i18n.supportedLocales", defs[0].place())
	}
	return eval.Concat(locales, eval.Str("/lib/locale/locale-archive"))
}

// someElement reports whether an option that is a list has an element for sure.
func (s *system) someElement(n *node) bool {
	v, err := n.read()
	list, ok := v.(*eval.List)
	return err == nil && ok && slices.ContainsFunc(list.Elems, func(el eval.Value) bool {
		switch el.(type) {
		case *eval.Maybe, *eval.Rest:
			return false
		}
		return true
	})
}

// quoteEnvironment writes an assignment as NixOS does: as a JSON string.
func quoteEnvironment(s string) string {
	var out strings.Builder
	out.WriteByte('"')
	for i := range len(s) {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			out.WriteByte('\\')
			out.WriteByte(c)
		case c == '\n':
			out.WriteString(`\n`)
		case c == '\t':
			out.WriteString(`\t`)
		case c == '\r':
			out.WriteString(`\r`)
		case c < ' ':
			fmt.Fprintf(&out, `\u%04x`, c)
		default:
			out.WriteByte(c)
		}
	}
	out.WriteByte('"')
	return out.String()
}

// path makes PATH of the packages in path: their bin folders, then their sbin folders.
func (b *unitBuilder) path(whole bool) {
	var all []def
	for _, d := range b.defs {
		all = append(all, b.s.part(d, "path")...)
	}
	if !whole && len(all) == 0 {
		return
	}
	if usual := b.defaultPath(whole); usual != nil {
		all = append([]def{*usual}, all...)
	}
	won, _ := b.s.settleIn(all, b.guards)
	var bins, sbins []*eval.String
	var from *def
	add := func(text *eval.String) {
		if len(bins) > 0 {
			bins, sbins = append(bins, eval.Str(":")), append(sbins, eval.Str(":"))
		}
		bins, sbins = append(bins, text, eval.Str("/bin")), append(sbins, text, eval.Str("/sbin"))
	}
	for i := range won {
		d := &won[i]
		if from == nil || from.mod == nil {
			from = d
		}
		for _, text := range b.packages(*d) {
			add(text)
		}
	}
	if from == nil || len(bins) == 0 {
		return
	}
	if !whole {
		add(eval.HoleString(eval.NewUnknown("nixpkgs' definition of the unit may add to path", from.place())))
	}
	d := *from
	d.when = nil
	b.make("environment.PATH", "environment", d, eval.Concat(append(append(bins, eval.Str(":")), sbins...)...))
}

// defaultPath is the definition of path that every service of the system and of users has.
func (b *unitBuilder) defaultPath(whole bool) *def {
	if b.unit.Scope == inventory.Initrd || !whole {
		return nil
	}
	list := &eval.List{}
	for _, name := range defaultPath {
		list.Elems = append(list.Elems, &symbol{path: name})
	}
	d := def{val: list, prio: plain, order: 1500}
	v, won, err := b.truth("enableDefaultPath", true)
	switch {
	case err == nil && v == eval.Bool(true):
	case err == nil && v == eval.Bool(false):
		return nil
	default:
		d.val = eval.NewUnknown("enableDefaultPath is not decided", won[0].place())
	}
	return &d
}

// packages are the texts of one definition of path; nil is left out.
func (b *unitBuilder) packages(d def) []*eval.String {
	hole := func(why string) []*eval.String {
		return []*eval.String{eval.HoleString(eval.NewUnknown(why, d.place()))}
	}
	list, err := b.s.in.List(d.val, d.place())
	if u, ok := d.val.(*eval.Unknown); ok {
		return hole(u.Why)
	}
	switch {
	case err != nil:
		b.s.report(err, d.place())
		return hole(firstLine(err))
	case len(d.when) > 0:
		return hole("it depends on " + d.when[0].String())
	}
	var out []*eval.String
	for _, el := range b.flat(list, d) {
		switch m := el.(type) {
		case *eval.Maybe:
			out = append(out, hole("it depends on "+m.When[0].String())...)
			continue
		case *eval.Rest:
			out = append(out, hole(m.Why.Why)...)
			continue
		}
		text, err := b.s.in.ToString(el, d.place())
		if err != nil {
			b.s.report(err, d.place())
			out = append(out, hole(firstLine(err))...)
			continue
		}
		out = append(out, text)
	}
	return out
}

// startAt defines a timer.
func (b *unitBuilder) startAt() {
	won, _ := b.parts("startAt")
	if len(won) == 0 || b.unit.Scope == inventory.Initrd {
		return
	}
	if v, _, err := b.truth("enable", true); b.unit.Scope == inventory.System && err == nil && v == eval.Bool(false) {
		return
	}
	d := won[0]
	times := &eval.List{}
	for _, w := range won {
		switch v := w.val.(type) {
		case *eval.List:
			times.Elems, times.Uneven = append(times.Elems, v.Elems...), times.Uneven || v.Uneven
		default:
			times.Elems = append(times.Elems, w.val)
		}
		if len(w.when) > 0 {
			d.when = w.when
		}
	}
	if len(times.Elems) == 0 {
		return
	}
	if when, ok := b.guards.And(d.when); ok {
		d.when = when
	}
	site := d.site
	d.prio, d.order, d.option, d.conds = plain, 0, "", nil
	d.val = eval.NewSet(
		eval.Attr{Name: "timerConfig", Val: eval.NewSet(eval.Attr{Name: "OnCalendar", Val: times, Site: site}), Site: site},
		eval.Attr{Name: "wantedBy", Val: &eval.List{Elems: []eval.Value{eval.Str("timers.target")}}, Site: site})
	b.timer = &d
}

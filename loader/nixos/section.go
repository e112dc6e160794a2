package nixos

import (
	"regexp"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/loader/eval"
	"github.com/nixlint/nixlint/loader/inventory"
	"github.com/nixlint/nixlint/loader/source"
)

// make adds a definition that NixOS makes of another option of the unit, with a plain priority. from is where that option is defined.
func (b *unitBuilder) make(directive, option string, from def, val eval.Value) {
	from.said, from.prio, from.order, from.option = from.prio, plain, 0, option
	from.val, from.conds, from.err = val, nil, nil
	b.made[directive] = append(b.made[directive], from)
}

// one makes a directive of an option that is one value; none of an empty string.
func (b *unitBuilder) one(directive, option string) {
	won, _ := b.parts(option)
	if len(won) == 0 {
		return
	}
	var v eval.Value = eval.NewUnknown("it has conflicting definitions", won[0].place())
	if b.s.differ(won) {
		b.conflict(won, option)
	} else {
		var err error
		if v, err = b.s.merge(nil, won, option); err != nil {
			b.s.report(err, won[0].place())
			v = b.s.failed(err, won[0].place())
		}
	}
	alts := alternativesOf(v)
	if len(alts) == 1 && len(won) == 1 {
		alts = []eval.Alt{{When: append(slices.Clip(won[0].when), alts[0].When...), Val: alts[0].Val}} // else the option's default holds
	}
	for _, alt := range alts {
		d := won[0]
		when, possible := without(alt.When, b.guards)
		if text, ok := alt.Val.(*eval.String); !possible || ok && text.S == "" {
			continue
		}
		d.when = when
		b.make(directive, option, d, alt.Val)
	}
}

// alternativesOf are the values that a value may be, each under its conditions.
func alternativesOf(v eval.Value) []eval.Alt {
	if c, ok := v.(*eval.Choice); ok {
		return c.Alts
	}
	return []eval.Alt{{Val: v}}
}

// differ reports that two definitions that always hold are not equal.
func (s *system) differ(won []def) bool {
	var sure *def
	for i := range won {
		if len(won[i].when) > 0 {
			continue
		}
		if sure == nil {
			sure = &won[i]
			continue
		}
		if same, err := s.in.Equal(sure.val, won[i].val); err == nil && same == eval.Bool(false) {
			return true
		}
	}
	return false
}

// conflict reports definitions of which only one can be.
func (b *unitBuilder) conflict(won []def, what string) {
	b.s.conflicting(won, what+" of "+b.unit.Name)
}

// conflicting reports definitions of which only one can be, at the last of them, with the places of the others.
func (s *system) conflicting(won []def, what string) {
	p := source.Problem{Span: won[len(won)-1].place(), Message: what + " has conflicting definitions"}
	if s.loose {
		p.Severity = source.Notice
	}
	for _, d := range won[:len(won)-1] {
		p.Notes = append(p.Notes, source.Note{Span: d.place(), Message: "the other definition"})
	}
	s.r.problems = append(s.r.problems, p)
}

// common are the options that units of all kinds have.
func (b *unitBuilder) common() {
	for _, option := range sortedKeys(dependencies) {
		b.dependency(option, dependencies[option])
	}
	b.one("unitConfig.Description", "description")
	b.one("unitConfig.StartLimitBurst", "startLimitBurst")
	b.one("unitConfig.StartLimitIntervalSec", "startLimitIntervalSec")
	for option, kind := range map[string]string{"restartTriggers": "X-Restart-Triggers", "reloadTriggers": "X-Reload-Triggers"} {
		b.triggers(option, kind)
	}
}

// dependency reads an option that is a list of units: one line of [Unit].
func (b *unitBuilder) dependency(option, directive string) {
	won, lost := b.parts(option)
	if option != "documentation" {
		b.unitNames(won, option)
	}
	settings := b.elements(won, lost)
	for i := range settings {
		settings[i].Option = option
	}
	b.joined[directive] = settings
}

var unitName = regexp.MustCompile(`^[a-zA-Z0-9@%:_.\\-]+[.](service|socket|device|mount|automount|swap|target|path|timer|scope|slice)$`)

// unitNames reports elements of a list that are no names of units.
func (b *unitBuilder) unitNames(won []def, option string) {
	for _, d := range won {
		list, ok := d.val.(*eval.List)
		if !ok {
			if _, isText := d.val.(*eval.String); isText {
				b.s.problem(d.place(), "%s of %s expects a list of units, found a string", option, b.unit.Name)
			}
			continue
		}
		for _, el := range list.Elems {
			v, err := b.s.in.Force(el)
			text, isText := v.(*eval.String)
			if err != nil || !isText || !literal(text) || unitName.MatchString(text.S) {
				continue
			}
			at := eval.Span(el)
			if !inTree(at) {
				at = d.place()
			}
			b.s.problem(at, "%s of %s expects names of units such as network.target, found %q", option, b.unit.Name, text.S)
		}
	}
}

// triggers makes the line that changes when a trigger does.
func (b *unitBuilder) triggers(option, directive string) {
	won, _ := b.parts(option)
	settings := b.elements(won, nil)
	if len(settings) == 0 {
		return
	}
	d := won[0]
	d.when = nil
	if !slices.ContainsFunc(settings, func(s inventory.Setting) bool { return len(s.Alternatives) == 1 && !s.Alternatives[0].Absent }) {
		d.when = b.s.in.Condition(eval.NewUnknown("triggers depend on undecided conditions", d.place()), d.place())
	}
	b.make("unitConfig."+directive, option, d, eval.Str(eval.StoreName(storeName(directive+"-"+b.name))))
}

// section reads serviceConfig and its kin, after what NixOS makes.
func (b *unitBuilder) section(option, section string) {
	won := b.besides(option)
	byName := map[string][]def{}
	for key, defs := range b.made {
		if name, ok := strings.CutPrefix(key, option+"."); ok && len(defs) > 0 {
			byName[name] = append(byName[name], defs...)
		}
	}
	for _, d := range won {
		switch v := d.val.(type) {
		case *eval.Unknown:
			b.opened(v.Why)
		case *eval.Set:
			if v.Open != nil {
				b.opened(v.Open.Why)
			}
			for i := range v.Attrs {
				name := v.Attrs[i].Name
				byName[name] = append(byName[name], b.s.part(d, name)...)
			}
		default:
			b.s.problem(d.place(), "%s expects a set, found %s", option, eval.TypeName(d.val))
		}
	}
	for name, settings := range b.joined {
		if option == "unitConfig" && len(settings) > 0 && byName[name] == nil {
			byName[name] = nil
		}
	}
	for _, name := range sortedKeys(byName) {
		won, lost := b.s.settleIn(byName[name], b.guards)
		if option == "unitConfig" && len(b.joined[name]) > 0 {
			b.add(section, name, b.beside(b.joined[name], won, lost, name)...)
			continue
		}
		b.accepts(option, name, won)
		b.ran(name, won)
		for i := range won {
			won[i].nullable = option == section // home-manager leaves null out
		}
		b.add(section, name, b.settings(won, lost, section+"."+name)...)
	}
}

// besides are the definitions of an option that is a set, which NixOS defines too: a priority on a whole set drops what has a weaker
// one, be it what NixOS makes or what the user has.
func (b *unitBuilder) besides(option string) []def {
	makes := slices.Contains([]string{"unitConfig", "mountConfig", "automountConfig", "environment"}, option)
	for key := range b.made {
		makes = makes || strings.HasPrefix(key, option+".")
	}
	if !makes {
		won, _ := b.parts(option)
		return won
	}
	all := []def{{val: &eval.Set{}, prio: plain, option: option}}
	for _, d := range b.defs {
		all = append(all, b.s.part(d, option)...)
	}
	won, _ := b.s.settleIn(all, b.guards)
	own := slices.IndexFunc(won, func(d def) bool { return d.option == option })
	switch {
	case own < 0:
		b.unmake(option, nil, true)
		return won
	case len(won[own].when) > 0:
		b.unmake(option, won[own].when, false)
	}
	return slices.Delete(won, own, own+1)
}

// unmake drops what NixOS makes of an option, or says under which conditions it counts.
func (b *unitBuilder) unmake(option string, when eval.Conds, drop bool) {
	for key, defs := range b.made {
		if !strings.HasPrefix(key, option+".") {
			continue
		}
		var kept []def
		for _, d := range defs {
			both, possible := d.when.And(when)
			if !drop && possible {
				d.when = both
				kept = append(kept, d)
			}
		}
		b.made[key] = kept
	}
	if option != "unitConfig" {
		return
	}
	for name, settings := range b.joined {
		for i := range settings {
			if len(settings[i].Alternatives) == 1 {
				settings[i].Alternatives[0].Conditions = b.undecided(when)
				settings[i].Alternatives = append(settings[i].Alternatives, inventory.Alternative{Absent: true, Known: true, Conditions: b.undecided(when.Negate())})
			}
		}
		if drop {
			b.joined[name] = nil
		}
	}
}

// beside are the lines of an option of dependencies and those that unitConfig has for the same directive.
func (b *unitBuilder) beside(joined []inventory.Setting, won, lost []def, name string) []inventory.Setting {
	switch {
	case len(won) == 0 || won[0].prio > plain:
		return joined
	case slices.ContainsFunc(won, func(d def) bool { return len(d.when) > 0 }) && won[0].prio < plain:
		u := eval.NewUnknown("it depends on undecided conditions which definitions of "+name+" count", won[0].place())
		return append(slices.Clip(joined), inventory.Setting{Alternatives: []inventory.Alternative{b.unknown(won[0], u)}})
	case won[0].prio < plain:
		return b.settings(won, lost, "Unit."+name)
	}
	if !slices.ContainsFunc(won, func(d def) bool { return isList(d.val) }) {
		words := make([]string, 0, len(joined))
		for _, s := range joined {
			words = append(words, s.Alternatives[0].Value)
		}
		if text, ok := won[0].val.(*eval.String); !ok || text.S != strings.Join(words, " ") {
			b.s.problem(won[0].place(), "Unit.%s of %s has conflicting definitions; the other is the option %s", name, b.unit.Name, joined[0].Option)
		}
		return joined
	}
	return append(slices.Clip(joined), b.elements(won, lost)...)
}

// checked are the values that NixOS takes for two directives of services.
var checked = map[string][]string{
	"Type":    {"exec", "simple", "forking", "oneshot", "dbus", "notify", "notify-reload", "idle"},
	"Restart": {"no", "on-success", "on-failure", "on-abnormal", "on-abort", "always"},
}

// accepts reports values that NixOS refuses.
func (b *unitBuilder) accepts(option, name string, won []def) {
	values, ok := checked[name]
	if option != "serviceConfig" || !ok {
		return
	}
	for _, d := range won {
		if text, isText := d.val.(*eval.String); isText && literal(text) && !slices.Contains(values, text.S) {
			b.s.problem(d.place(), "%s of %s expects one of %s, found %q", name, b.unit.Name, strings.Join(values, ", "), text.S)
		}
	}
}

// ran keeps the text of a script of the tree that a command runs, and of a file of variables, under the name of the directive.
func (b *unitBuilder) ran(directive string, won []def) {
	if !strings.HasPrefix(directive, "Exec") && directive != inventory.Variables {
		return
	}
	for _, d := range won {
		commands := []eval.Value{d.val}
		if list, ok := d.val.(*eval.List); ok {
			commands = list.Elems
		}
		for _, command := range commands {
			v, err := b.s.in.Force(command)
			if err != nil {
				continue
			}
			if pkg, ok := v.(*symbol); ok {
				v, _ = pkg.Text()
			}
			text, ok := v.(*eval.String)
			if !ok {
				continue
			}
			for _, dep := range text.Deps {
				b.keep(directive, d, b.s.r.scripts[dep])
			}
		}
	}
}

// keep adds the text of a script; one directive that runs several has them one after another.
func (b *unitBuilder) keep(directive string, d def, text eval.Value) {
	if text == nil {
		return
	}
	v, err := b.s.in.Force(text)
	if _, null := v.(eval.Null); err != nil || null {
		return
	}
	if have, ok := b.unit.Scripts[directive]; ok && len(have.Alternatives) == 1 {
		joined, err := b.s.in.JoinStrings("\n", &eval.List{Elems: []eval.Value{eval.Str(have.Alternatives[0].Value), v}})
		if err != nil || !have.Alternatives[0].Known {
			return
		}
		v = joined
	}
	d.val = v
	a := b.alternative(d)
	if s, ok := v.(*eval.String); ok {
		a.Lines = lineplaces(s, a.At)
	}
	b.unit.Scripts[directive] = inventory.Setting{Alternatives: []inventory.Alternative{a}}
}

func (b *unitBuilder) list(option, section, directive string) {
	won, lost := b.parts(option)
	settings := b.elements(won, lost)
	for i := range settings {
		settings[i].Option = option
	}
	b.add(section, directive, settings...)
}

func (b *unitBuilder) link(option, kind string) {
	won, lost := b.parts(option)
	b.unitNames(won, option)
	for _, setting := range b.elements(won, lost) {
		b.unit.Links = append(b.unit.Links, inventory.Link{Type: kind, Target: setting})
	}
}

package nixos

import (
	"maps"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/loader/inventory"
	"github.com/nixlint/nixlint/loader/nixos/base"
)

// base adds what is known of the unit that an override adds to. What the override takes away whole, with mkForce on the unit or on
// the option of a section, is not added; where it is not decided whether it does, nothing is known of the base.
func (b *unitBuilder) base() {
	if b.unit.Scope != inventory.System {
		return
	}
	known := base.Lookup(b.unit.Name)
	if known == nil || slices.ContainsFunc(b.s.disabled, func(name string) bool { return name != "" && strings.Contains(known.Source, name) }) {
		return
	}
	if dropped, undecided := stronger(b.defs); dropped || undecided {
		return
	}
	sections := maps.Clone(known.Sections)
	closed := slices.Clone(known.Closed)
	for option, section := range map[string]string{b.kind.config: b.kind.sect, "unitConfig": "Unit"} {
		won, _ := b.parts(option)
		if dropped, undecided := stronger(won); dropped || undecided {
			delete(sections, section)
			closed = slices.DeleteFunc(closed, func(s string) bool { return s == section })
		}
	}
	if len(sections) == 0 {
		return
	}
	for section, directives := range sections {
		sections[section] = b.given(directives)
	}
	b.unit.Base, b.unit.BaseSections, b.unit.BaseClosed = known.Label, sections, closed
}

// given puts the values of options into the directives that have them, where the tree defines those.
func (b *unitBuilder) given(directives map[string][]inventory.Setting) map[string][]inventory.Setting {
	out := maps.Clone(directives)
	for name, settings := range directives {
		for i, s := range settings {
			option, ok := base.Option(s.Alternatives[0])
			if !ok {
				continue
			}
			if value, defined := b.valueOf(option); defined {
				out[name] = slices.Clone(out[name])
				out[name][i] = value
			}
		}
	}
	return out
}

// valueOf is the value of an option that the tree defines for sure.
func (b *unitBuilder) valueOf(option string) (value inventory.Setting, defined bool) {
	n := b.s.root
	for name := range strings.SplitSeq(option, ".") {
		n = n.child(name)
	}
	won, _ := b.s.settle(n.defs())
	if len(won) != 1 || len(won[0].when) > 0 || isList(won[0].val) {
		return inventory.Setting{}, false
	}
	won[0].base = max(len(won[0].trail)-1, 0)
	value = b.settings(won, nil, "setting")[0]
	return value, !slices.ContainsFunc(value.Alternatives, func(a inventory.Alternative) bool { return !a.Known || a.Absent })
}

// stronger reports whether definitions of a set drop those of the base, which have the plain priority; undecided when only some
// conditions make them.
func stronger(won []def) (dropped, undecided bool) {
	for _, d := range won {
		if d.prio < plain {
			dropped = dropped || len(d.when) == 0
			undecided = undecided || len(d.when) > 0
		}
	}
	return dropped, undecided
}

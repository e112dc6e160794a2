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
	b.unit.Base, b.unit.BaseSections, b.unit.BaseClosed = known.Label, sections, closed
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

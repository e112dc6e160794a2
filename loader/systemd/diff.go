package systemd

import (
	"slices"

	"github.com/nixlint/nixlint/loader/inventory"
)

// Diff is inventory.Diff for what systemd makes of the units: an assignment that is repeated, reset and made again, or written in
// another way, and amounts to the same, is no change. Where one side does not state a directive and the base of the unit does, that
// is its value.
func Diff(before, after *inventory.Inventory) []inventory.Change {
	var out []inventory.Change
	for _, c := range inventory.Diff(before, after) {
		if c.Kind == inventory.Changed {
			if c.Directives = noticed(&c); len(c.Directives) == 0 {
				continue
			}
		}
		out = append(out, c)
	}
	return out
}

// noticed are the directives of a changed unit that are different to systemd.
func noticed(c *inventory.Change) []inventory.DirectiveChange {
	was, is := EffectiveOf(c.Old, Newest), EffectiveOf(c.New, Newest)
	var out []inventory.DirectiveChange
	for _, d := range c.Directives {
		before, after := was[d.Section][d.Name], is[d.Section][d.Name]
		if before == nil && after == nil || !amountToSame(before, after) || ignored(before, after) && says(d) {
			d.Before, d.After = orImplied(d.Before, before), orImplied(d.After, after)
			out = append(out, d)
		}
	}
	return out
}

// amountToSame reports whether what holds for a directive is decided on both sides, and is the same.
func amountToSame(before, after []Possible) bool {
	a, ok := decided(before)
	b, sure := decided(after)
	return ok && sure && a.Absent == b.Absent && slices.EqualFunc(a.Values, b.Values, func(x, y Value) bool { return x.Text == y.Text })
}

// ignored reports whether the newest systemd makes nothing of either side. An older one may.
func ignored(before, after []Possible) bool {
	a, _ := decided(before)
	b, _ := decided(after)
	return a.Absent && b.Absent
}

// says reports whether a directive is ever assigned more than nothing.
func says(d inventory.DirectiveChange) bool {
	return slices.ContainsFunc(slices.Concat(d.Before, d.After), func(s string) bool { return s != "" })
}

// decided is the one thing that holds for a directive; that it is absent, when nothing states it.
func decided(all []Possible) (Possible, bool) {
	if len(all) == 0 {
		return Possible{Known: true, Absent: true}, true
	}
	return all[0], len(all) == 1 && all[0].Known
}

// orImplied is what a unit states, or what holds without it.
func orImplied(stated []string, effective []Possible) []string {
	p, ok := decided(effective)
	if len(stated) > 0 || !ok {
		return stated
	}
	for _, v := range p.Values {
		stated = append(stated, v.Text)
	}
	return stated
}

package exposure

import (
	"slices"

	"github.com/nixlint/nixlint/loader/inventory"
	"github.com/nixlint/nixlint/loader/systemd"
)

// Score assesses a service: the rows of a unit of another kind mean nothing. What an override leaves open is what its base says, as far
// as that is known, else it may be anything.
func (s *Scorer) Score(u *inventory.Unit) *Result {
	c := newCases(s.model, u)
	r := &Result{Unit: u.Name, Version: s.model.version, Arch: s.model.arch, Rows: make([]Row, len(table))}
	c.sum(r)
	for i := range table {
		c.describe(&r.Rows[i], i, r.Weight.Min)
	}
	return r
}

// cases are the combinations of what directives may amount to. What a row applies to is told by the directives of apart: they are
// taken one combination after the other, and in each the rows are independent of each other.
type cases struct {
	unit      string
	possible  [directives][]state
	facts     facts
	undecided []directive
	places    [directives]*inventory.Location
	ranges    [len(table)]Range // of rows that do not read a directive of apart
}

var apart = []directive{defaultDependencies, user, dynamicUser}

func newCases(m *model, u *inventory.Unit) *cases {
	c := &cases{unit: u.Name, facts: facts{model: m, user: u.Scope == inventory.User}}
	based, _ := systemd.WithBase(u)
	for d := range directives {
		open := systemd.Open(u, d.section())
		settings := based.Sections[d.section()][readers[d].name]
		if len(settings) == 0 && !open {
			continue // the zero state
		}
		c.places[d] = place(settings)
		states := c.states(d, settings, open)
		c.facts.of[d] = states[0]
		if len(states) > 1 {
			c.possible[d] = states
			c.undecided = append(c.undecided, d)
		}
	}
	return c
}

// states lists the states that settings may lead to. An open unit may have further settings before them.
func (c *cases) states(d directive, settings []inventory.Setting, open bool) []state {
	m, first := c.facts.model, []state{{}}
	if open {
		first = m.states[d]
	}
	if !open && decided(settings) {
		s := first[0]
		for i := range settings {
			a := &settings[i].Alternatives[0]
			if text, more := systemd.LogicalLine(a.Value); !more {
				s = readers[d].read(m, d, s, m.expand(d, c.unit, text))
				continue
			}
			return m.states[d]
		}
		return []state{s}
	}
	all, ok := systemd.Histories(d.section(), readers[d].name, settings)
	if !ok {
		return m.states[d]
	}
	var out []state
	for _, history := range all {
		out = union(out, c.after(d, first, history))
	}
	return out
}

func decided(settings []inventory.Setting) bool {
	return !slices.ContainsFunc(settings, func(s inventory.Setting) bool { return !s.Decided() || s.Alternatives[0].Absent })
}

// after lists the states that assignments lead to from others. One that is not known leads anywhere.
func (c *cases) after(d directive, first []state, history []systemd.Assignment) []state {
	m, states := c.facts.model, first
	for _, a := range history {
		if !a.Known {
			states = m.states[d]
			continue
		}
		text := m.expand(d, c.unit, a.Text)
		var next []state
		for _, s := range states {
			next = union(next, []state{readers[d].read(m, d, s, text)})
		}
		states = next
	}
	return states
}

func union(a, b []state) []state {
	for _, s := range b {
		if !slices.Contains(a, s) {
			a = append(a, s)
		}
	}
	return a
}

// sum adds up the rows of each case, and joins the cases.
func (c *cases) sum(r *Result) {
	for i := range table {
		if !c.varies(&table[i]) {
			c.ranges[i] = c.judge(&table[i])
		}
	}
	first := true
	c.each(apart, func() {
		badness, weight := c.sumCase(r, first)
		exposure := Range{up(badness.Min*100, weight), up(badness.Max*100, weight)}
		if first {
			r.Exposure, r.Badness, r.Weight = exposure, badness, Range{weight, weight}
		} else {
			r.Exposure = r.Exposure.union(exposure)
			r.Badness, r.Weight = r.Badness.union(badness), r.Weight.union(Range{weight, weight})
		}
		first = false
	})
}

// sumCase adds up the rows that apply in one case.
func (c *cases) sumCase(r *Result, first bool) (badness Range, weight int) {
	for i := range table {
		t, row := &table[i], &r.Rows[i]
		applies := c.facts.applies(t.when)
		row.Sure = first || row.Sure && row.Applies == applies
		if !applies {
			continue
		}
		b := c.ranges[i]
		if c.varies(t) {
			b = c.judge(t)
		}
		if row.Applies {
			row.Badness = row.Badness.union(b)
		} else {
			row.Badness = b
		}
		row.Applies = true
		badness = badness.plus(Range{t.share(b.Min), t.share(b.Max)})
		weight += t.weight
	}
	return badness, weight
}

// varies reports whether a row reads an undecided directive of apart.
func (c *cases) varies(t *row) bool {
	return slices.ContainsFunc(t.reads, func(d directive) bool { return c.possible[d] != nil && slices.Contains(apart, d) })
}

// judge is the range of a row over what the directives it reads may amount to, those of apart as they are taken.
func (c *cases) judge(t *row) Range {
	if len(c.undecided) == 0 {
		b := t.judge(&c.facts, t.arg)
		return Range{b, b}
	}
	out := Range{t.scale, 0}
	var free []directive
	for _, d := range t.reads {
		if !slices.Contains(apart, d) {
			free = append(free, d)
		}
	}
	c.each(free, func() {
		b := t.judge(&c.facts, t.arg)
		out = Range{min(out.Min, b), max(out.Max, b)}
	})
	return out
}

// each runs f for every combination of what some directives may amount to.
func (c *cases) each(of []directive, f func()) {
	if len(of) == 0 {
		f()
		return
	}
	d := of[0]
	if c.possible[d] == nil {
		c.each(of[1:], f)
		return
	}
	for _, s := range c.possible[d] {
		c.facts.of[d] = s
		c.each(of[1:], f)
	}
}

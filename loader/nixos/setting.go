package nixos

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/nixlint/nixlint/loader/eval"
	"github.com/nixlint/nixlint/loader/inventory"
	"github.com/nixlint/nixlint/loader/source"
)

func itoa(n int) string { return strconv.Itoa(n) }

// settings are the assignments that definitions of one directive make. If any definition is a list, all are lists and each
// element is an assignment; otherwise all must be equal.
func (b *unitBuilder) settings(won, lost []def, what string) []inventory.Setting {
	if len(won) == 0 {
		return nil
	}
	for _, d := range won {
		if isList(d.val) {
			return b.elements(won, lost)
		}
	}
	setting := inventory.Setting{Option: won[0].option, Overrides: b.overrides(lost)}
	var sure *def
	var maybe []def
	for i := range won {
		d := &won[i]
		switch {
		case len(d.when) > 0:
			maybe = append(maybe, *d)
		case sure == nil:
			sure = d
		default:
			if same, err := b.s.in.Equal(sure.val, d.val); err == nil && same == eval.Bool(false) {
				b.conflict([]def{*sure, *d}, what)
			}
		}
	}
	rest := eval.Conds(nil)
	possible := true
	for _, d := range maybe {
		setting.Alternatives = append(setting.Alternatives, b.alternatives(d)...)
		if possible {
			rest, possible = rest.And(d.when.Negate())
		}
	}
	if possible && sure != nil {
		e := *sure
		e.when = rest
		setting.Alternatives = append(setting.Alternatives, b.alternatives(e)...)
	} else if possible && len(maybe) > 0 {
		setting.Alternatives = append(setting.Alternatives, inventory.Alternative{Absent: true, Known: true, Conditions: b.undecided(rest)})
	}
	return []inventory.Setting{bounded(same(setting))}
}

// maxAlternatives bounds the values that are told apart of one setting.
const maxAlternatives = 24

// bounded makes a setting with too many alternatives unknown.
func bounded(s inventory.Setting) inventory.Setting {
	if len(s.Alternatives) <= maxAlternatives {
		return s
	}
	a := s.Alternatives[0]
	a.Known, a.Absent, a.Conditions = false, false, nil
	a.Why = fmt.Sprintf("it has %d values under different conditions", len(s.Alternatives))
	a.Value = "<unknown: " + a.Why + ">"
	s.Alternatives = []inventory.Alternative{a}
	return s
}

// same makes one alternative of alternatives that all have one value.
func same(s inventory.Setting) inventory.Setting {
	for _, a := range s.Alternatives[1:] {
		if f := s.Alternatives[0]; a.Value != f.Value || a.Known != f.Known || a.Absent != f.Absent || !a.Known {
			return s
		}
	}
	s.Alternatives = s.Alternatives[:1]
	s.Alternatives[0].Conditions = nil
	return s
}

func isList(v eval.Value) bool {
	switch v := v.(type) {
	case *eval.List:
		return true
	case *eval.Choice:
		for _, alt := range v.Alts {
			if isList(alt.Val) {
				return true
			}
		}
	}
	return false
}

// elements are the assignments of a list option, in order.
func (b *unitBuilder) elements(won, lost []def) []inventory.Setting {
	var out []inventory.Setting
	for _, d := range won {
		if !isList(d.val) {
			out = append(out, b.element(d, d.val))
			continue
		}
		list, err := b.s.in.List(d.val, d.place())
		if err != nil {
			b.s.report(err, d.place())
			continue
		}
		for _, el := range b.flat(list, d) {
			e := d
			switch m := el.(type) {
			case *eval.Rest:
				out = append(out, inventory.Setting{Alternatives: []inventory.Alternative{b.unknown(d, m.Why)}})
				continue
			case *eval.Maybe:
				when, ok := d.when.And(m.When)
				if ok {
					when, ok = without(when, b.guards)
				}
				if !ok {
					continue
				}
				el, e.when = m.Val, when
			}
			out = append(out, b.element(e, el))
		}
	}
	if len(out) > 0 {
		out[0].Overrides = b.overrides(lost)
	}
	return out
}

// flat are the elements of a list, without the mkIf that options of lists take.
func (b *unitBuilder) flat(list *eval.List, d def) []eval.Value {
	var out []eval.Value
	for _, el := range list.Elems {
		switch el.(type) {
		case *eval.Maybe, *eval.Rest:
			out = append(out, el)
		default:
			out = append(out, b.s.undone(el, d)...)
		}
	}
	return out
}

func (b *unitBuilder) element(d def, el eval.Value) inventory.Setting {
	at := eval.Span(el)
	v, err := b.s.in.Force(el)
	if err != nil {
		b.s.report(err, d.place())
		v = b.s.failed(err, d.place())
	}
	d.val = v
	d.expr = at
	setting := inventory.Setting{Option: d.option, Alternatives: b.alternatives(d)}
	if len(d.when) > 0 {
		setting.Alternatives = append(setting.Alternatives,
			inventory.Alternative{Absent: true, Known: true, Conditions: b.undecided(d.when.Negate())})
	}
	return setting
}

// alternatives are the values that one definition may have.
func (b *unitBuilder) alternatives(d def) []inventory.Alternative {
	c, ok := d.val.(*eval.Choice)
	if !ok {
		return []inventory.Alternative{b.alternative(d)}
	}
	var out []inventory.Alternative
	for _, alt := range c.Alts {
		when, possible := d.when.And(alt.When)
		if possible {
			when, possible = without(when, b.guards)
		}
		if !possible {
			continue
		}
		e := d
		e.val, e.when = alt.Val, when
		out = append(out, b.alternative(e))
	}
	return out
}

func (b *unitBuilder) alternative(d def) inventory.Alternative {
	v, err := b.s.in.Force(d.val)
	if err != nil {
		b.s.report(err, d.place())
		v = b.s.failed(err, d.place())
	}
	if u, ok := v.(*eval.Unknown); ok {
		return b.unknown(d, u)
	}
	if _, null := v.(eval.Null); null && d.nullable {
		at, _ := b.locate(d)
		return inventory.Alternative{Absent: true, Known: true, Conditions: b.undecided(d.when), At: at}
	}
	text, problem := directiveText(b.s.in, v)
	if problem != "" {
		b.s.problem(d.place(), "%s", problem)
		return b.unknown(d, eval.NewUnknown(problem, d.place()))
	}
	out := inventory.Alternative{Value: text.S, Known: text.Known(), Conditions: b.undecided(d.when), Priority: d.priority()}
	if !out.Known {
		out.Why = text.Holes[0].Why.Why
	}
	out.At, out.Via = b.locate(d)
	return out
}

func (b *unitBuilder) unknown(d def, u *eval.Unknown) inventory.Alternative {
	out := inventory.Alternative{Value: u.Placeholder(), Why: u.Why, Conditions: b.undecided(d.when), Priority: d.priority()}
	out.At, out.Via = b.locate(d)
	return out
}

// locate is the place of a value and the sites it came through, outermost first: on the way from the unit inwards, each
// expression that does not hold the next one.
func (b *unitBuilder) locate(d def) (*inventory.Location, []inventory.Location) {
	trail := d.trail[min(d.base, len(d.trail)):] // what lies outside of the unit is no way to it
	if inTree(d.expr) {
		trail = append(slices.Clip(trail), d.expr)
	}
	if len(trail) == 0 {
		return inventory.At(b.place(d)), nil
	}
	var via []inventory.Location
	for i := 0; i+1 < len(trail); i++ {
		if !trail[i].Contains(trail[i+1]) {
			via = append(via, location(trail[i]))
		}
	}
	at := location(trail[len(trail)-1])
	return &at, via
}

func (b *unitBuilder) undecided(when eval.Conds) []inventory.Condition {
	var out []inventory.Condition
	for _, c := range when {
		out = append(out, inventory.Condition{Text: c.String(), Verdict: "unknown", At: inventory.At(c.Span)})
	}
	return out
}

func (b *unitBuilder) overrides(lost []def) []inventory.Alternative {
	var out []inventory.Alternative
	for _, d := range lost {
		if isList(d.val) {
			list, err := b.s.in.List(d.val, d.place())
			if err != nil {
				continue
			}
			for _, el := range list.Elems {
				if m, ok := el.(*eval.Maybe); ok {
					el = m.Val
				}
				if _, ok := el.(*eval.Rest); ok {
					continue
				}
				e := d
				e.val = el
				out = append(out, b.alternatives(e)...)
			}
			continue
		}
		out = append(out, b.alternatives(d)...)
	}
	return out
}

// text is a script: definitions joined by line ends, with the place of each line. Its alternatives are returned too, and where they
// come from.
func (b *unitBuilder) text(won, lost []def) (inventory.Setting, def, []eval.Alt) {
	d := won[0]
	d.when = nil
	v, err := b.s.merge(&optionType{name: "lines"}, won, "script")
	if err != nil {
		b.s.report(err, d.place())
		v = eval.NewUnknown(firstLine(err), d.place())
	}
	if len(won) > 1 {
		d.trail, d.base = nil, 0
	}
	out := inventory.Setting{Overrides: b.overrides(lost)}
	var alts []eval.Alt
	for _, alt := range alternativesOf(v) {
		when, possible := without(alt.When, b.guards)
		if !possible {
			continue
		}
		alts = append(alts, eval.Alt{When: when, Val: alt.Val})
		e := d
		e.val, e.when = alt.Val, when
		a := b.alternative(e)
		if s, ok := alt.Val.(*eval.String); ok {
			a.Lines = lineplaces(s, a.At)
		}
		out.Alternatives = append(out.Alternatives, a)
	}
	return out, d, alts
}

// lineplaces is where each line of a text was written; the place of the whole for a line of which it is not known.
func lineplaces(s *eval.String, whole *inventory.Location) []inventory.Location {
	var out []inventory.Location
	for off := 0; off < len(s.S); {
		end := strings.IndexByte(s.S[off:], '\n')
		if end < 0 {
			end = len(s.S) - off
		}
		line := s.Slice(off, off+end)
		at := line.Span()
		if !at.Valid() && off < len(s.S) {
			at = s.Locate(off)
		}
		switch {
		case inTree(at):
			out = append(out, location(at))
		case whole != nil:
			out = append(out, *whole)
		}
		off += end + 1
	}
	return out
}

// directiveText is a value as NixOS writes it into a unit; the problem says why it cannot.
func directiveText(in *eval.Interp, v eval.Value) (*eval.String, string) {
	switch v := v.(type) {
	case eval.Null:
		return eval.Str(""), ""
	case eval.Bool:
		return eval.Str(strconv.FormatBool(bool(v))), ""
	case eval.Path:
		s, err := in.ToString(v, source.Span{})
		if err != nil {
			return nil, firstLine(err)
		}
		return s, ""
	case eval.Int, eval.Float, *eval.String, *symbol:
		s, err := in.ToString(v, source.Span{})
		if err != nil {
			return nil, firstLine(err)
		}
		return s, ""
	case *eval.Set:
		if s, err := in.ToString(v, source.Span{}); err == nil {
			return s, ""
		}
	}
	return nil, "a directive expects a string, a number, a Boolean, null or a list of them, found " + eval.TypeName(v)
}

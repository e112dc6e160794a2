package eval

import (
	"slices"
	"strings"

	"github.com/nixlint/nixlint/loader/source"
)

// Unknown is a value that cannot be determined, and why.
type Unknown struct {
	Why  string
	Span source.Span
	// Sub is what selecting an attribute of it is; nil makes that the same unknown value.
	Sub func(name string) Value
	// Records makes calling it another unknown value, with what it was called with in Args: who knows what such functions are for
	// may look there.
	Records bool
	Args    []Value
}

// called is the value of an unknown function for arguments.
func (u *Unknown) called(args []Value) *Unknown {
	if !u.Records {
		return u
	}
	return &Unknown{Why: u.Why, Span: u.Span, Records: true, Args: append(slices.Clip(u.Args), args...)}
}

// NewUnknown is an unknown value for the reason why, as it showed at span.
func NewUnknown(why string, at source.Span) *Unknown { return &Unknown{Why: why, Span: at} }

var inPlaceholder = strings.NewReplacer("<", "(", ">", ")", "\n", " ")

// Placeholder is how an unknown piece stands in a string.
func (u *Unknown) Placeholder() string {
	return "<unknown: " + inPlaceholder.Replace(u.Why) + ">"
}

// Condition is a condition that could not be decided. Two conditions are the same when they are one pointer: one that is made of
// the same parts in the same way is.
type Condition struct {
	Text string
	Span source.Span
	Why  *Unknown

	composed []composed // what it is the first part of
}

// composed is a condition that is made of others.
type composed struct {
	or    bool // one of two lists holds, not all of one
	parts Conds
	first int // how many of the parts are the first list
	whole *Condition
}

// compose is the condition of which cs and more are the parts, the same each time.
func (cs Conds) compose(more Conds, or bool, text func() string) *Condition {
	parts := append(slices.Clip(cs), more...)
	for _, j := range cs[0].composed {
		if j.or == or && j.first == len(cs) && slices.Equal(j.parts, parts) {
			return j.whole
		}
	}
	whole := &Condition{Text: brief(text()), Span: cs[0].Span, Why: cs[0].Why}
	cs[0].composed = append(cs[0].composed, composed{or, parts, len(cs), whole})
	return whole
}

// Cond is a condition or, with Not, its contrary.
type Cond struct {
	*Condition
	Not bool
}

// String is the condition's text as a person reads it.
func (c Cond) String() string {
	if !c.Not {
		return c.Text
	}
	if strings.ContainsAny(c.Text, " \n") {
		return "!(" + c.Text + ")"
	}
	return "!" + c.Text
}

// Conds are conditions that hold together. An empty Conds always holds.
type Conds []Cond

// And joins two lists of conditions; false when they contradict each other.
func (cs Conds) And(more Conds) (Conds, bool) {
	if len(more) == 0 {
		return cs, true
	}
	if len(cs) == 0 {
		return more, true
	}
	out := slices.Clip(cs)
next:
	for _, c := range more {
		for _, d := range cs {
			if c.Condition == d.Condition {
				if c.Not != d.Not {
					return nil, false
				}
				continue next
			}
		}
		out = append(out, c)
	}
	return out, true
}

// Negate is the contrary of conditions that hold together.
func (cs Conds) Negate() Conds {
	if len(cs) == 1 {
		return Conds{{Condition: cs[0].Condition, Not: !cs[0].Not}}
	}
	if len(cs) == 0 {
		return Conds{{Condition: &Condition{}, Not: true}}
	}
	return Conds{{Condition: cs.compose(nil, false, func() string { return strings.Join(cs.texts(), " && ") }), Not: true}}
}

// either is the condition that one of two lists holds.
func either(a, b Conds) Conds {
	if len(a) == 0 || len(b) == 0 {
		return nil
	}
	if len(a) == 1 && len(b) == 1 && a[0].Condition == b[0].Condition {
		if a[0].Not != b[0].Not {
			return nil
		}
		return a
	}
	return Conds{{Condition: a.compose(b, true, func() string { return a.text() + " || " + b.text() })}}
}

// maxCondition bounds the text of a condition that is made of others.
const maxCondition = 240

func brief(text string) string {
	if len(text) <= maxCondition {
		return text
	}
	return strings.ToValidUTF8(text[:maxCondition], "") + "…"
}

func (cs Conds) text() string {
	texts := cs.texts()
	if len(texts) == 1 {
		return texts[0]
	}
	return "(" + strings.Join(texts, " && ") + ")"
}

func (cs Conds) texts() []string {
	texts := make([]string, len(cs))
	for i, c := range cs {
		texts[i] = c.String()
	}
	return texts
}

// Choice is a value that depends on undecided conditions: one of its alternatives. The conditions of different
// alternatives exclude each other.
type Choice struct {
	Alts []Alt

	joint *Set // what joinSets made of it
}

// Alt is one alternative of a Choice.
type Alt struct {
	When Conds
	Val  Value
}

// maxAlts bounds the alternatives of one value; beyond it the value is Unknown.
const maxAlts = 12

// each applies f to v, or to every alternative of it. An unknown v stays what it is. An alternative for which f fails
// is dropped: a configuration in which it applied could not be built.
func (in *Interp) each(v Value, f func(Value) (Value, error)) (Value, error) {
	v, err := in.Force(v)
	if err != nil {
		return nil, err
	}
	switch v := v.(type) {
	case *Unknown:
		return v, nil
	case *Choice:
		return in.spread(v, f)
	}
	return f(v)
}

func (in *Interp) spread(c *Choice, f func(Value) (Value, error)) (Value, error) {
	if err := in.undecided(); err != nil {
		in.decided()
		return nil, err
	}
	defer in.decided()
	var out []Alt
	var failed error
	for _, alt := range c.Alts {
		if err := in.step(); err != nil {
			return nil, err
		}
		v, err := in.each(alt.Val, f)
		if err == nil {
			v, err = in.Force(v)
		}
		if err != nil {
			kept, ok := undetermined(err)
			if !ok {
				failed = err
				continue
			}
			v = kept
		}
		if inner, ok := v.(*Choice); ok {
			for _, a := range inner.Alts {
				if when, ok := alt.When.And(a.When); ok {
					out = append(out, Alt{When: when, Val: a.Val})
				}
			}
			continue
		}
		out = append(out, Alt{When: alt.When, Val: v})
	}
	switch {
	case len(out) == 0 && failed != nil:
		return nil, failed
	case len(out) == 0:
		return NewUnknown("its conditions contradict each other", source.Span{}), nil
	}
	return choose(out), nil
}

// choose makes a value of alternatives: plain alternatives that are the same are one.
func choose(alts []Alt) Value {
	if len(alts) == 1 {
		return alts[0].Val
	}
	same := true
	for _, a := range alts[1:] {
		if !identical(alts[0].Val, a.Val) {
			same = false
			break
		}
	}
	if same {
		return alts[0].Val
	}
	if len(alts) > maxAlts {
		return NewUnknown("it depends on too many conditions", alts[0].When[0].Span)
	}
	return &Choice{Alts: alts}
}

// identical reports that two values are the same without evaluating anything.
func identical(a, b Value) bool {
	switch a := a.(type) {
	case Null, Bool, Int, Float, Path:
		return a == b
	case *String:
		b, ok := b.(*String)
		return ok && (a == b || a.S == b.S && a.Known() && b.Known() && sameDeps(a.Deps, b.Deps))
	case *List, *Set, *Lambda, *Builtin, *Thunk, *Unknown, *Choice:
		return a == b
	}
	return false
}

// condition decides v as a condition written at span: true, false, or alternatives of it.
func (in *Interp) branch(v Value, at source.Span, then, els func() Value) (Value, error) {
	v, err := in.Force(v)
	if err != nil {
		return nil, err
	}
	switch v := v.(type) {
	case Bool:
		if v {
			return in.Force(then())
		}
		return in.Force(els())
	case *Unknown:
		c := in.conditionAt(v, at)
		yes, no := then(), els()
		if identical(yes, no) {
			return in.Force(yes)
		}
		return &Choice{Alts: []Alt{{Conds{{c, false}}, yes}, {Conds{{c, true}}, no}}}, nil
	case *Choice:
		return in.spread(v, func(v Value) (Value, error) { return in.branch(v, at, then, els) })
	}
	return nil, in.typeError(v, "a Boolean", at)
}

// conditionAt makes one condition of one unknown value at one place, so that what is asked twice is the same condition.
func (in *Interp) conditionAt(u *Unknown, at source.Span) *Condition {
	key := condKey{u, at}
	if c, ok := in.conds[key]; ok {
		return c
	}
	text := at.Text()
	if i := strings.IndexByte(text, '\n'); i >= 0 {
		text = strings.Join(strings.Fields(text), " ")
	}
	c := &Condition{Text: text, Span: at, Why: u}
	in.conds[key] = c
	return c
}

type condKey struct {
	why *Unknown
	at  source.Span
}

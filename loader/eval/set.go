package eval

import (
	"slices"
	"sort"
	"strings"

	"github.com/nixlint/nixlint/loader/source"
)

// position is where an attribute of the name stands or would stand.
func (s *Set) position(name string) int {
	return sort.Search(len(s.Attrs), func(i int) bool { return s.Attrs[i].Name >= name })
}

// Set is a value that is an attribute set: a choice between sets is one set whose attributes may be there, an unknown value is
// a set of which nothing is known.
func (in *Interp) Set(v Value, at source.Span) (*Set, error) {
	v, err := in.Force(v)
	if err != nil {
		return nil, err
	}
	switch v := v.(type) {
	case *Set:
		return v, nil
	case *Unknown:
		return &Set{Open: v}, nil
	case *Choice:
		return in.joinSets(v, at)
	case External:
		if v.TypeName() == "set" {
			return v.All(in)
		}
	}
	return nil, in.typeError(v, "a set", at)
}

// joinSets makes one set of alternatives, once: every variable below a with of them asks for it.
func (in *Interp) joinSets(c *Choice, at source.Span) (*Set, error) {
	if c.joint != nil {
		return c.joint, nil
	}
	joint, err := in.joined(c, at)
	if err == nil {
		c.joint = joint
	}
	return joint, err
}

// joined is that set. Each attribute is a choice of its own; the values are not forced.
func (in *Interp) joined(c *Choice, at source.Span) (*Set, error) {
	if err := in.undecided(); err != nil {
		in.decided()
		return nil, placed(err, at)
	}
	defer in.decided()
	type alt struct {
		when Conds
		set  *Set
	}
	var alts []alt
	var failed error
	for _, a := range c.Alts {
		set, err := in.Set(a.Val, at)
		if err != nil {
			u, ok := undetermined(err)
			if !ok {
				failed = err
				continue
			}
			set = &Set{Open: u}
		}
		alts = append(alts, alt{a.When, set})
	}
	if len(alts) == 0 {
		return nil, failed
	}
	if len(alts) == 1 {
		return alts[0].set, nil
	}
	byName := map[string]*joinedAttr{}
	var names []string
	out := &Set{}
	for _, a := range alts {
		switch {
		case a.set.Open == nil:
		case out.Open == nil:
			out.Open, out.named = a.set.Open, a.set.named
		default:
			out.named = out.named.or(a.set.named)
		}
		for i := range a.set.Attrs {
			attr := &a.set.Attrs[i]
			when, ok := a.when.And(attr.When)
			if !ok {
				continue
			}
			j := byName[attr.Name]
			if j == nil {
				j = &joinedAttr{site: attr.Site}
				byName[attr.Name] = j
				names = append(names, attr.Name)
			}
			j.alts = append(j.alts, Alt{when, attr.Val})
			if len(attr.When) == 0 {
				j.sure++
			}
		}
	}
	sort.Strings(names)
	out.Attrs = make([]Attr, 0, len(names))
	for _, name := range names {
		j := byName[name]
		attr := Attr{Name: name, Site: j.site, Val: choose(j.alts)}
		if j.sure < len(alts) {
			attr.When = j.alts[0].When
			for _, a := range j.alts[1:] {
				attr.When = either(attr.When, a.When)
			}
			if len(j.alts) == 1 {
				attr.Val = j.alts[0].Val
			}
		}
		out.Attrs = append(out.Attrs, attr)
	}
	return out, nil
}

type joinedAttr struct {
	site *Site
	alts []Alt
	sure int
}

// lookup finds an attribute of what should be a set. When it is not found, why says why it might be there after all.
func (in *Interp) lookup(set Value, name string, at source.Span) (v Value, ok bool, why *Unknown, err error) {
	set, err = in.Force(set)
	if err != nil {
		return nil, false, nil, err
	}
	switch s := set.(type) {
	case *Set:
		if a := s.Find(name); a != nil {
			return a.Val, true, nil, nil
		}
		return nil, false, s.Open, nil
	case External:
		if s.TypeName() == "set" {
			v, ok, err = s.Attr(in, name)
			if err != nil {
				err = wrap(err, at, "selected ."+name)
			}
			return v, ok, nil, err
		}
	case *Unknown:
		if s.Sub != nil {
			return s.Sub(name), true, nil, nil
		}
		return nil, false, s, nil
	case *Choice:
		joint, err := in.joinSets(s, at)
		if err != nil {
			return nil, false, nil, err
		}
		return in.lookup(joint, name, at)
	}
	return nil, false, nil, in.typeError(set, "a set", at)
}

// Select is set.name.
func (in *Interp) Select(set Value, name string, at source.Span) (Value, error) {
	v, ok, why, err := in.lookup(set, name, at)
	switch {
	case err != nil:
		return nil, err
	case ok:
		v, err = in.Force(v)
		if err != nil {
			return nil, wrap(err, at, "selected")
		}
		return v, nil
	case why != nil:
		return why, nil
	}
	return nil, fail(Missing, at, "attribute %q is missing", name)
}

func (n *selectNode) eval(in *Interp, e *env) (Value, error) {
	v, err := in.eval(n.set, e)
	if err != nil {
		return nil, err
	}
	for i := range n.path {
		name, u, err := in.attrName(&n.path[i], e)
		if err != nil {
			return nil, err
		}
		if u != nil {
			return u, nil
		}
		if n.def == nil {
			if v, err = in.Select(v, name, n.at); err != nil {
				return nil, err
			}
			continue
		}
		v, err = in.selectOr(v, name, n, e)
		if err != nil || v == nil {
			if v == nil && err == nil {
				return n.def.eval(in, e)
			}
			return nil, err
		}
		if c, ok := v.(*Choice); ok && i+1 < len(n.path) {
			return in.spreadOr(c, n, i+1, e)
		}
	}
	return v, nil
}

// selectOr is one step of set.path or default; nil means that the default applies.
func (in *Interp) selectOr(set Value, name string, n *selectNode, e *env) (Value, error) {
	switch s := set.(type) {
	case *Set:
		a := s.Find(name)
		switch {
		case a == nil && s.Open != nil:
			return s.Open, nil
		case a == nil:
			return nil, nil
		case len(a.When) > 0:
			return &Choice{Alts: []Alt{{a.When, a.Val}, {a.When.Negate(), n.def.delay(in, e)}}}, nil
		}
		return in.Force(a.Val)
	case External:
		if s.TypeName() != "set" {
			return nil, nil
		}
		v, ok, err := s.Attr(in, name)
		if err != nil || !ok {
			return nil, err
		}
		return in.Force(v)
	case *Unknown:
		if s.Sub != nil {
			return in.Force(s.Sub(name))
		}
		return s, nil
	case *Choice:
		return in.spread(s, func(v Value) (Value, error) {
			out, err := in.selectOr(v, name, n, e)
			if out == nil && err == nil {
				return n.def.delay(in, e), nil
			}
			return out, err
		})
	}
	return nil, nil
}

// spreadOr goes on with the rest of a path in every alternative. An alternative that already is the default of a maybe
// attribute is a leaf: the default is no set to select from, so what it lacks is the default again.
func (in *Interp) spreadOr(c *Choice, n *selectNode, from int, e *env) (Value, error) {
	def := n.def.delay(in, e)
	return in.spread(c, func(v Value) (Value, error) {
		if v == def {
			return v, nil
		}
		for i := from; i < len(n.path); i++ {
			name, u, err := in.attrName(&n.path[i], e)
			if err != nil {
				return nil, err
			}
			if u != nil {
				return u, nil
			}
			v, err = in.selectOr(v, name, n, e)
			if err != nil {
				return nil, err
			}
			if v == nil {
				return in.Force(def)
			}
		}
		return v, nil
	})
}

func (in *Interp) attrName(n *nameNode, e *env) (string, *Unknown, error) {
	if n.expr == nil {
		return n.name, nil, nil
	}
	v, err := in.eval(n.expr, e)
	if err != nil {
		return "", nil, err
	}
	if u := undecidedName(v); u != nil {
		return "", u, nil
	}
	s, ok := v.(*String)
	if !ok {
		return "", nil, in.typeError(v, "a string as an attribute name", n.at)
	}
	return s.S, nil, nil
}

func (n *hasNode) eval(in *Interp, e *env) (Value, error) {
	v, err := in.eval(n.set, e)
	if err != nil {
		return nil, err
	}
	for i := range n.path {
		name, u, err := in.attrName(&n.path[i], e)
		if err != nil {
			return nil, err
		}
		if u != nil {
			return u, nil
		}
		last := i == len(n.path)-1
		if v, err = in.has(v, name, last); err != nil {
			return nil, err
		}
		switch v := v.(type) {
		case nil:
			return Bool(false), nil
		case *Unknown:
			return v, nil
		case *Choice:
			if !last {
				return NewUnknown("it depends on an undecided condition", n.at), nil
			}
		}
	}
	if c, ok := v.(*Choice); ok {
		return c, nil
	}
	return Bool(true), nil
}

// has is one step of set ? path: nil when the attribute is missing, its value when it is there; for the last step a
// choice of Booleans when that depends on conditions.
func (in *Interp) has(set Value, name string, last bool) (Value, error) {
	switch s := set.(type) {
	case *Set:
		a := s.Find(name)
		switch {
		case a == nil && s.Open != nil:
			return s.Open, nil
		case a == nil:
			return nil, nil
		case last && len(a.When) > 0:
			return &Choice{Alts: []Alt{{a.When, Bool(true)}, {a.When.Negate(), Bool(false)}}}, nil
		case last:
			return Bool(true), nil
		case len(a.When) > 0:
			return NewUnknown("it depends on an undecided condition", a.When[0].Span), nil
		}
		return in.Force(a.Val)
	case External:
		if s.TypeName() != "set" {
			return nil, nil
		}
		v, ok, err := s.Attr(in, name)
		if err != nil || !ok {
			return nil, err
		}
		if last {
			if u, ok := v.(*Unknown); ok {
				return u, nil
			}
			return Bool(true), nil
		}
		return in.Force(v)
	case *Unknown:
		return s, nil
	case *Choice:
		joint, err := in.joinSets(s, source.Span{})
		if err != nil {
			return nil, err
		}
		return in.has(joint, name, last)
	}
	return nil, nil
}

// Update is a // b.
func (in *Interp) Update(a, b Value, at source.Span) (Value, error) {
	x, err := in.Set(a, at)
	if err != nil {
		return nil, err
	}
	y, err := in.Set(b, at)
	if err != nil {
		return nil, err
	}
	if len(y.Attrs) == 0 && y.Open == nil {
		return x, nil
	}
	if len(x.Attrs) == 0 && x.Open == nil {
		return y, nil
	}
	if err := in.copying(len(x.Attrs)+len(y.Attrs), 64); err != nil {
		return nil, placed(err, at)
	}
	out := &Set{Attrs: make([]Attr, 0, len(x.Attrs)+len(y.Attrs)), Open: x.Open}
	if x.Open == nil && y.Open == nil && 8*len(y.Attrs) < len(x.Attrs) {
		out.Attrs = overlay(out.Attrs, x.Attrs, y.Attrs)
		return out, nil
	}
	i, j := 0, 0
	for i < len(x.Attrs) || j < len(y.Attrs) {
		switch {
		case j == len(y.Attrs) || i < len(x.Attrs) && x.Attrs[i].Name < y.Attrs[j].Name:
			attr := x.Attrs[i]
			if y.mayHave(attr.Name) {
				if from := Span(b); from.Valid() {
					at = from
				}
				attr.Val = in.perhaps(attr.Val, y.Open, at)
			}
			out.Attrs = append(out.Attrs, attr)
			i++
		case i == len(x.Attrs) || y.Attrs[j].Name < x.Attrs[i].Name:
			attr := y.Attrs[j]
			if x.Open != nil && len(attr.When) > 0 {
				attr.Val = &Choice{Alts: []Alt{{attr.When, attr.Val}, {attr.When.Negate(), x.Open}}}
				attr.When = nil
			}
			out.Attrs = append(out.Attrs, attr)
			j++
		default:
			out.Attrs = append(out.Attrs, over(x.Attrs[i], y.Attrs[j]))
			i++
			j++
		}
	}
	switch {
	case y.Open == nil:
		out.named = x.named
	case x.Open == nil:
		out.Open, out.named = y.Open, y.named
	default:
		out.Open, out.named = y.Open, x.named.or(y.named)
	}
	return out, nil
}

// overlay is // of a large set and a small one: what lies between the names of the small one is copied at once.
func overlay(out, x, y []Attr) []Attr {
	for _, b := range y {
		i, found := slices.BinarySearchFunc(x, b.Name, func(a Attr, name string) int { return strings.Compare(a.Name, name) })
		out = append(out, x[:i]...)
		if found {
			out = append(out, over(x[i], b))
			i++
		} else {
			out = append(out, b)
		}
		x = x[i:]
	}
	return append(out, x...)
}

// perhaps is v unless an unknown right side of // has it too.
func (in *Interp) perhaps(v Value, why *Unknown, at source.Span) Value {
	c := in.conditionAt(why, at)
	return &Choice{Alts: []Alt{{Conds{{c, true}}, v}, {Conds{{c, false}}, why}}}
}

// over is attribute a replaced by b, where b may be there or not.
func over(a, b Attr) Attr {
	if len(b.When) == 0 {
		return b
	}
	out := b
	out.Val = &Choice{Alts: []Alt{{b.When, b.Val}, {b.When.Negate(), a.Val}}}
	out.When = either(a.When, b.When)
	return out
}

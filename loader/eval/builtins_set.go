package eval

import (
	"slices"
	"sort"

	"github.com/nixlint/nixlint/loader/source"
)

func setPrimitives() []*Primitive {
	return []*Primitive{
		{Name: "attrNames", Arity: 1, Strict: 1, Raw: true, Fn: func(in *Interp, args []Value) (Value, error) {
			return in.listAttrs(args[0], func(a *Attr) Value { return Str(a.Name) }, func(why *Unknown) Value { return HoleString(why) })
		}},
		{Name: "attrValues", Arity: 1, Strict: 1, Raw: true, Fn: func(in *Interp, args []Value) (Value, error) {
			return in.listAttrs(args[0], func(a *Attr) Value { return a.Val }, nil)
		}},
		{Name: "hasAttr", Arity: 2, Strict: 3, Fn: func(in *Interp, args []Value) (Value, error) {
			name, err := in.known(args[0])
			if err != nil || name == nil {
				return orHole(args[0]), err
			}
			if _, err := in.Set(args[1], nowhere); err != nil {
				return nil, err
			}
			v, err := in.has(args[1], name.S, true)
			if v == nil && err == nil {
				return Bool(false), nil
			}
			return v, err
		}},
		{Name: "getAttr", Arity: 2, Strict: 3, Fn: func(in *Interp, args []Value) (Value, error) {
			name, err := in.known(args[0])
			if err != nil || name == nil {
				return orHole(args[0]), err
			}
			return in.Select(args[1], name.S, nowhere)
		}},
		{Name: "mapAttrs", Arity: 2, Strict: 2, Raw: true, Fn: func(in *Interp, args []Value) (Value, error) {
			set, err := in.Set(args[1], nowhere)
			if err != nil {
				return nil, err
			}
			out := &Set{Attrs: make([]Attr, len(set.Attrs)), Open: set.Open, named: set.named}
			for i := range set.Attrs {
				a := &set.Attrs[i]
				out.Attrs[i] = Attr{Name: a.Name, Site: a.Site, When: a.When, Val: LazyCall(args[0], Str(a.Name), a.Val)}
			}
			return out, nil
		}},
		{Name: "zipAttrsWith", Arity: 2, Strict: 2, Fn: zipAttrsWith},
		{Name: "removeAttrs", Arity: 2, Strict: 3, Raw: true, Fn: func(in *Interp, args []Value) (Value, error) {
			set, err := in.Set(args[0], nowhere)
			if err != nil {
				return nil, err
			}
			drop, u, err := in.strings(args[1])
			if u != nil || err != nil {
				return orUnknown(u), err
			}
			gone := map[string]bool{}
			for _, s := range drop {
				gone[s.S] = true
			}
			return set.filter(func(a *Attr) bool { return !gone[a.Name] }), nil
		}},
		{Name: "intersectAttrs", Arity: 2, Strict: 3, Raw: true, Fn: intersectAttrs},
		{Name: "listToAttrs", Arity: 1, Strict: 1, Raw: true, Fn: listToAttrs},
		{Name: "catAttrs", Arity: 2, Strict: 3, Fn: func(in *Interp, args []Value) (Value, error) {
			name, err := in.known(args[0])
			if err != nil || name == nil {
				return orHole(args[0]), err
			}
			list, u, err := in.even(args[1])
			if u != nil || err != nil {
				return orUnknown(u), err
			}
			out := &List{}
			for _, el := range list.Elems {
				if err := in.cat(el, name.S, out); err != nil {
					return nil, err
				}
			}
			return out, nil
		}},
		{Name: "unsafeGetAttrPos", Arity: 2, Strict: 3, Fn: func(in *Interp, args []Value) (Value, error) {
			name, err := in.known(args[0])
			if err != nil || name == nil {
				return orHole(args[0]), err
			}
			set, err := in.Set(args[1], nowhere)
			if err != nil {
				return nil, err
			}
			a := set.Find(name.S)
			if a == nil || a.Site == nil || !a.Site.Name.Valid() {
				return Null{}, nil
			}
			p := a.Site.Name.File.Position(a.Site.Name.Start)
			return NewSet(Attr{Name: "file", Val: in.pathText(Path(a.Site.Name.File.Path))},
				Attr{Name: "line", Val: Int(p.Line)}, Attr{Name: "column", Val: Int(p.Column)}), nil
		}},
	}
}

// cat adds an attribute of a set to a list, if it is there.
func (in *Interp) cat(set Value, name string, out *List) error {
	s, err := in.Set(set, nowhere)
	if err != nil {
		return err
	}
	a := s.Find(name)
	switch {
	case a != nil && len(a.When) > 0:
		out.Elems, out.Uneven = append(out.Elems, &Maybe{a.Val, a.When}), true
	case a != nil:
		out.Elems = append(out.Elems, a.Val)
	case s.Open != nil:
		out.Elems, out.Uneven = append(out.Elems, &Rest{Why: s.Open}), true
	}
	return nil
}

// intersectAttrs: what an open first set may have of the second may be there.
func intersectAttrs(in *Interp, args []Value) (Value, error) {
	a, err := in.Set(args[0], nowhere)
	if err != nil {
		return nil, err
	}
	b, err := in.Set(args[1], nowhere)
	if err != nil {
		return nil, err
	}
	out := &Set{Open: b.Open}
	for i := range b.Attrs {
		attr := b.Attrs[i]
		var also Conds
		if x := a.Find(attr.Name); x != nil {
			also = x.When
		} else if a.Open != nil {
			also = Conds{{Condition: &Condition{Text: "it has " + attr.Name, Span: a.Open.Span, Why: a.Open}}}
		} else {
			continue
		}
		if when, ok := attr.When.And(also); ok {
			attr.When = when
			out.Attrs = append(out.Attrs, attr)
		}
	}
	if a.Open == nil && len(a.Attrs) == 0 {
		out.Open = nil
	}
	return out, nil
}

// zipAttrsWith: a set of which not all is known may add to each list, and attributes of its own.
func zipAttrsWith(in *Interp, args []Value) (Value, error) {
	list, u, err := in.even(args[1])
	if u != nil || err != nil {
		return orUnknown(u), err
	}
	sets := make([]*Set, len(list.Elems))
	byName := map[string]*List{}
	var names []string
	out := &Set{}
	for i, el := range list.Elems {
		if sets[i], err = in.Set(el, nowhere); err != nil {
			return nil, err
		}
		if sets[i].Open != nil {
			out.Open = sets[i].Open
		}
		for j := range sets[i].Attrs {
			name := sets[i].Attrs[j].Name
			if byName[name] == nil {
				byName[name] = &List{}
				names = append(names, name)
			}
		}
	}
	slices.Sort(names)
	if out.Open == nil {
		// The quick way: each attribute goes to its list.
		for _, s := range sets {
			for j := range s.Attrs {
				if err := in.cat(s, s.Attrs[j].Name, byName[s.Attrs[j].Name]); err != nil {
					return nil, err
				}
			}
		}
	} else {
		for _, name := range names {
			for _, s := range sets {
				if err := in.cat(s, name, byName[name]); err != nil {
					return nil, err
				}
			}
		}
	}
	for _, name := range names {
		attr := Attr{Name: name, Val: LazyCall(args[0], Str(name), byName[name])}
		if l := byName[name]; l.Uneven {
			if least, _ := l.bounds(); least == 0 {
				attr.When = l.anyOf()
			}
		}
		out.Attrs = append(out.Attrs, attr)
	}
	return out, nil
}

// anyOf is the condition under which a list of uncertain elements has one.
func (l *List) anyOf() Conds {
	var out Conds
	for i, el := range l.Elems {
		m, ok := el.(*Maybe)
		switch {
		case !ok:
		case len(out) == 0 && i == 0:
			out = m.When
		default:
			out = either(out, m.When)
			if len(out) == 0 {
				return m.When
			}
		}
	}
	return out
}

// listAttrs makes a list of a set's attributes. What may be there is an element that may be there. like is the element of an attribute of
// which nothing is known; nil when that says nothing.
func (in *Interp) listAttrs(v Value, f func(*Attr) Value, like func(*Unknown) Value) (Value, error) {
	set, err := in.Set(v, nowhere)
	if err != nil {
		return nil, err
	}
	out := &List{Elems: make([]Value, 0, len(set.Attrs))}
	for i := range set.Attrs {
		a := &set.Attrs[i]
		if len(a.When) > 0 {
			out.Elems, out.Uneven = append(out.Elems, &Maybe{f(a), a.When}), true
			continue
		}
		out.Elems = append(out.Elems, f(a))
	}
	if set.Open != nil {
		rest := &Rest{Why: set.Open}
		if like != nil {
			rest.Like = like(set.Open)
		}
		out.Elems, out.Uneven = append(out.Elems, rest), true
	}
	return out, nil
}

// nameLike is the attribute name of elements that are not known, as far as it is.
func (in *Interp) nameLike(r *Rest) Value {
	if r.Like == nil {
		return nil
	}
	name, err := in.Select(r.Like, "name", nowhere)
	if err != nil {
		return nil
	}
	return name
}

func (s *Set) filter(keep func(*Attr) bool) *Set {
	out := &Set{Attrs: make([]Attr, 0, len(s.Attrs)), Open: s.Open, named: s.named}
	for i := range s.Attrs {
		if keep(&s.Attrs[i]) {
			out.Attrs = append(out.Attrs, s.Attrs[i])
		}
	}
	return out
}

func listToAttrs(in *Interp, args []Value) (Value, error) {
	list, err := in.List(args[0], nowhere)
	if err != nil {
		return nil, err
	}
	out := &Set{}
	seen := map[string]bool{}
	for _, el := range list.Elems {
		var when Conds
		switch m := el.(type) {
		case *Rest:
			out.open(m.Why, in.nameLike(m))
			continue
		case *Maybe:
			el, when = m.Val, m.When
		}
		nv, err := in.Select(el, "name", nowhere)
		if err != nil {
			return nil, err
		}
		if u := undecidedName(nv); u != nil {
			out.open(u, nv)
			continue
		}
		name, ok := nv.(*String)
		if !ok {
			return nil, in.typeError(nv, "a string as an attribute name", nowhere)
		}
		if seen[name.S] {
			continue
		}
		seen[name.S] = len(when) == 0
		v, ok, why, err := in.lookup(el, "value", nowhere)
		switch {
		case err != nil:
			return nil, err
		case !ok && why != nil:
			v = why
		case !ok:
			return nil, fail(Missing, nowhere, "attribute %q is missing in an element of listToAttrs", "value")
		}
		out.Attrs = append(out.Attrs, Attr{Name: name.S, Val: v, When: when, Site: site(el, name.Span())})
	}
	sort.SliceStable(out.Attrs, func(i, j int) bool { return out.Attrs[i].Name < out.Attrs[j].Name })
	return out, nil
}

func site(v Value, name source.Span) *Site {
	at := Span(v)
	if !name.Valid() {
		name = at
	}
	if !name.Valid() {
		return nil
	}
	if !at.Valid() {
		at = name
	}
	return &Site{Name: name, Value: at}
}

// known is a string that is wholly known; nil without an error for one that is not.
func (in *Interp) known(v Value) (*String, error) {
	v, err := in.Force(v)
	if err != nil {
		return nil, err
	}
	s, ok := v.(*String)
	if !ok {
		switch v.(type) {
		case *Unknown, *Choice:
			return nil, nil
		}
		return nil, in.typeError(v, "a string", nowhere)
	}
	if !s.Known() {
		return nil, nil
	}
	return s, nil
}

// orHole is why a string was not known.
func orHole(v Value) Value {
	switch v := v.(type) {
	case *Unknown:
		return v
	case *String:
		if u := hole(v); u != nil {
			return u
		}
	case *Choice:
		return NewUnknown("it depends on an undecided condition", v.Alts[0].When[0].Span)
	}
	return nil
}

// even is a list all of whose elements are there.
func (in *Interp) even(v Value) (*List, *Unknown, error) {
	list, err := in.List(v, nowhere)
	if err != nil {
		return nil, nil, err
	}
	if list.Uneven {
		for _, el := range list.Elems {
			switch m := el.(type) {
			case *Rest:
				return nil, m.Why, nil
			case *Maybe:
				return nil, NewUnknown("a list element depends on "+m.When.text(), m.When[0].Span), nil
			}
		}
	}
	return list, nil, nil
}

// strings is a list of known strings.
func (in *Interp) strings(v Value) ([]*String, *Unknown, error) {
	list, u, err := in.even(v)
	if u != nil || err != nil {
		return nil, u, err
	}
	out := make([]*String, len(list.Elems))
	for i, el := range list.Elems {
		f, err := in.Force(el)
		if err != nil {
			return nil, nil, err
		}
		s, err := in.known(f)
		if err != nil {
			return nil, nil, err
		}
		if s == nil {
			u, _ := orHole(f).(*Unknown)
			return nil, u, nil
		}
		out[i] = s
	}
	return out, nil, nil
}

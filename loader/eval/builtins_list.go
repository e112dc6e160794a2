package eval

import "slices"

// listPrimitives. A list may be uneven: with elements that may be there, or an unknown number of unknown ones. What needs places
// or a number of elements (length, elemAt, tail, foldl') is then unknown; map, filter, concatLists, partition keep the elements apart.
func listPrimitives() []*Primitive {
	return []*Primitive{
		{Name: "length", Arity: 1, Strict: 1, Raw: true, Fn: func(in *Interp, args []Value) (Value, error) {
			list, u, err := in.even(args[0])
			if u != nil || err != nil {
				return orUnknown(u), err
			}
			return integer(int64(len(list.Elems))), nil
		}},
		{Name: "head", Arity: 1, Strict: 1, Fn: func(in *Interp, args []Value) (Value, error) { return in.element(args[0], 0) }},
		{Name: "elemAt", Arity: 2, Strict: 3, Fn: func(in *Interp, args []Value) (Value, error) {
			n, ok := args[1].(Int)
			if !ok {
				return nil, in.typeError(args[1], "an integer", nowhere)
			}
			return in.element(args[0], int64(n))
		}},
		{Name: "tail", Arity: 1, Strict: 1, Fn: func(in *Interp, args []Value) (Value, error) {
			list, u, err := in.even(args[0])
			if u != nil || err != nil {
				return orUnknown(u), err
			}
			if len(list.Elems) == 0 {
				return nil, fail(TypeError, nowhere, "tail of an empty list")
			}
			return &List{Elems: list.Elems[1:len(list.Elems):len(list.Elems)]}, nil
		}},
		{Name: "map", Arity: 2, Strict: 2, Raw: true, Fn: func(in *Interp, args []Value) (Value, error) {
			list, err := in.List(args[1], nowhere)
			if err != nil {
				return nil, err
			}
			return &List{Elems: mapElements(args[0], list), Uneven: list.Uneven}, nil
		}},
		{Name: "filter", Arity: 2, Strict: 2, Raw: true, Fn: filter},
		{Name: "concatLists", Arity: 1, Strict: 1, Raw: true, Fn: func(in *Interp, args []Value) (Value, error) {
			list, err := in.List(args[0], nowhere)
			if err != nil {
				return nil, err
			}
			return in.concat(list.Elems)
		}},
		{Name: "concatMap", Arity: 2, Strict: 2, Raw: true, Fn: func(in *Interp, args []Value) (Value, error) {
			list, err := in.List(args[1], nowhere)
			if err != nil {
				return nil, err
			}
			return in.concat(mapElements(args[0], list))
		}},
		{Name: "elem", Arity: 2, Strict: 2, Raw: true, Fn: func(in *Interp, args []Value) (Value, error) {
			return in.find(args[1], func(v Value) (Value, error) { return in.Equal(args[0], v) }, true)
		}},
		{Name: "any", Arity: 2, Strict: 2, Raw: true, Fn: func(in *Interp, args []Value) (Value, error) {
			return in.find(args[1], func(v Value) (Value, error) { return in.Call(args[0], v) }, true)
		}},
		{Name: "all", Arity: 2, Strict: 2, Raw: true, Fn: func(in *Interp, args []Value) (Value, error) {
			return in.find(args[1], func(v Value) (Value, error) { return in.Call(args[0], v) }, false)
		}},
		{Name: "genList", Arity: 2, Strict: 2, Fn: func(in *Interp, args []Value) (Value, error) {
			n, ok := args[1].(Int)
			if !ok || n < 0 {
				return nil, in.typeError(args[1], "a length", nowhere)
			}
			if int64(n) > int64(in.limits.Steps) {
				return nil, in.limit("a list of %d elements", n)
			}
			if err := in.grow(int(n) * 112); err != nil {
				return nil, err
			}
			out := &List{Elems: make([]Value, n)}
			for i := range out.Elems {
				out.Elems[i] = lazyApply(args[0], integer(int64(i)))
			}
			return out, nil
		}},
		{Name: "foldl'", Arity: 3, Strict: 4, Fn: func(in *Interp, args []Value) (Value, error) {
			list, u, err := in.even(args[2])
			if u != nil || err != nil {
				return orUnknown(u), err
			}
			acc := args[1]
			if len(list.Elems) == 0 {
				return acc, nil
			}
			fn, err := in.Force(args[0])
			if err != nil {
				return nil, err
			}
			var both [2]Value
			for _, el := range list.Elems {
				both[0], both[1] = acc, el
				if acc, err = in.callAll(fn, both[:], nowhere); err != nil {
					return nil, err
				}
			}
			return acc, nil
		}},
		{Name: "sort", Arity: 2, Strict: 2, Fn: sortList},
		{Name: "partition", Arity: 2, Strict: 2, Fn: partition},
		{Name: "groupBy", Arity: 2, Strict: 2, Fn: groupBy},
		{Name: "genericClosure", Arity: 1, Strict: 1, Fn: genericClosure},
	}
}

// partition: an element that the predicate does not decide may be in either list.
func partition(in *Interp, args []Value) (Value, error) {
	list, err := in.List(args[1], nowhere)
	if err != nil {
		return nil, err
	}
	right, wrong := &List{}, &List{}
	put := func(l *List, el Value, when Conds) {
		if el, ok := under(el, when); ok {
			l.Elems, l.Uneven = append(l.Elems, el), l.Uneven || len(when) > 0 || list.Uneven
		}
	}
	for _, el := range list.Elems {
		v := el
		switch m := el.(type) {
		case *Rest:
			put(right, m, nil)
			put(wrong, m, nil)
			continue
		case *Maybe:
			v = m.Val
		}
		b, err := in.Call(args[0], v)
		if err != nil {
			return nil, err
		}
		d, err := in.Decide(b, Span(v))
		if err != nil {
			return nil, err
		}
		if !d.Never {
			put(right, el, d.When)
		}
		if d.Never || len(d.When) > 0 {
			var not Conds
			if !d.Never {
				not = d.When.Negate()
			}
			put(wrong, el, not)
		}
	}
	return NewSet(Attr{Name: "right", Val: right}, Attr{Name: "wrong", Val: wrong}), nil
}

// groupBy: an element whose group is not known may be in any.
func groupBy(in *Interp, args []Value) (Value, error) {
	list, u, err := in.even(args[1])
	if u != nil || err != nil {
		return orUnknown(u), err
	}
	groups := map[string]*List{}
	var attrs []Attr
	for _, el := range list.Elems {
		v, err := in.Call(args[0], el)
		if err != nil {
			return nil, err
		}
		name, u, err := in.plain(v)
		if u != nil || err != nil {
			return orUnknown(u), err
		}
		g := groups[name.S]
		if g == nil {
			g = &List{}
			groups[name.S] = g
			attrs = append(attrs, Attr{Name: name.S, Val: g})
		}
		g.Elems = append(g.Elems, el)
	}
	return NewSet(attrs...), nil
}

// genericClosure: an unknown key, or an unknown list of what follows, makes all of it unknown.
func genericClosure(in *Interp, args []Value) (Value, error) {
	start, err := in.Select(args[0], "startSet", nowhere)
	if err != nil {
		return nil, err
	}
	work, u, err := in.even(start)
	if u != nil || err != nil {
		return orUnknown(u), err
	}
	if len(work.Elems) == 0 {
		return &List{}, nil
	}
	op, err := in.Select(args[0], "operator", nowhere)
	if err != nil {
		return nil, err
	}
	out := &List{}
	done := keys{in: in}
	queue := slices.Clone(work.Elems)
	for i := 0; i < len(queue); i++ {
		el := queue[i]
		key, err := in.Select(el, "key", nowhere)
		if err != nil {
			return nil, err
		}
		fresh, u, err := done.add(key)
		if u != nil || err != nil {
			return orUnknown(u), err
		}
		if !fresh {
			continue
		}
		out.Elems = append(out.Elems, el)
		v, err := in.Call(op, el)
		if err != nil {
			return nil, err
		}
		next, u, err := in.even(v)
		if u != nil || err != nil {
			return orUnknown(u), err
		}
		queue = append(queue, next.Elems...)
	}
	return out, nil
}

// keys is a sorted set of values.
type keys struct {
	in   *Interp
	list []Value
}

// add puts a key in its place; false when it is there.
func (k *keys) add(key Value) (bool, *Unknown, error) {
	if !isKey(key) {
		return false, nil, fail(TypeError, nowhere, "%s cannot be a key", describe(key))
	}
	lo, hi := 0, len(k.list)
	for lo < hi {
		mid := (lo + hi) / 2
		below, u, err := k.less(k.list[mid], key)
		if u != nil || err != nil {
			return false, u, err
		}
		if below {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if lo < len(k.list) {
		above, u, err := k.less(key, k.list[lo])
		if u != nil || err != nil || !above {
			return false, u, err
		}
	}
	k.list = append(k.list, nil)
	copy(k.list[lo+1:], k.list[lo:])
	k.list[lo] = key
	return true, nil, nil
}

func isKey(v Value) bool {
	switch v.(type) {
	case Int, Float, *String, Path, *List, *Unknown, *Choice:
		return true
	}
	return false
}

func (k *keys) less(a, b Value) (bool, *Unknown, error) {
	v, err := k.in.product([]Value{a, b}, func(vs []Value) (Value, error) { return k.in.less(vs[0], vs[1], false, nowhere) })
	if err != nil {
		return false, nil, err
	}
	if b, ok := v.(Bool); ok {
		return bool(b), nil, nil
	}
	u, _ := orHole(v).(*Unknown)
	return false, u, nil
}

// mapElements applies fn to the elements, later.
func mapElements(fn Value, list *List) []Value {
	out := make([]Value, len(list.Elems))
	for i, el := range list.Elems {
		switch m := el.(type) {
		case *Maybe:
			out[i] = &Maybe{lazyApply(fn, m.Val), m.When}
		case *Rest:
			like := m.Like
			if like == nil {
				like = m.Why
			}
			out[i] = &Rest{m.Why, lazyApply(fn, like)}
		default:
			out[i] = lazyApply(fn, el)
		}
	}
	return out
}

// element is the element at i; in an uneven list those before the first uncertain one have their places.
func (in *Interp) element(v Value, i int64) (Value, error) {
	list, err := in.List(v, nowhere)
	if err != nil {
		return nil, err
	}
	if list.Uneven && i >= 0 {
		for j, el := range list.Elems {
			switch m := el.(type) {
			case *Rest:
				return m.Why, nil
			case *Maybe:
				return NewUnknown("a list element depends on "+m.When.text(), m.When.span()), nil
			}
			if int64(j) == i {
				return el, nil
			}
		}
	}
	if i < 0 || i >= int64(len(list.Elems)) {
		return nil, fail(TypeError, nowhere, "list index %d is out of bounds", i)
	}
	return list.Elems[i], nil
}

// concat joins lists that may themselves be there or not.
func (in *Interp) concat(parts []Value) (Value, error) {
	out := &List{}
	for _, part := range parts {
		var when Conds
		switch m := part.(type) {
		case *Rest: // like a list
			out.Elems, out.Uneven = append(out.Elems, &Rest{Why: m.Why}), true
			continue
		case *Maybe:
			part, when = m.Val, m.When
		}
		list, err := in.List(part, nowhere)
		if err != nil {
			return nil, err
		}
		out.Uneven = out.Uneven || list.Uneven || len(when) > 0
		if err := in.copying(len(list.Elems), 16); err != nil {
			return nil, err
		}
		for _, el := range list.Elems {
			if el, ok := under(el, when); ok {
				out.Elems = append(out.Elems, el)
			}
		}
	}
	return out, nil
}

// under is an element under further conditions; false when they contradict its own.
func under(el Value, when Conds) (Value, bool) {
	if len(when) == 0 {
		return el, true
	}
	switch m := el.(type) {
	case *Rest:
		return m, true
	case *Maybe:
		both, ok := when.And(m.When)
		return &Maybe{m.Val, both}, ok
	}
	return &Maybe{el, when}, true
}

// filter keeps an element that the predicate does not decide as one that may be there.
func filter(in *Interp, args []Value) (Value, error) {
	list, err := in.List(args[1], nowhere)
	if err != nil {
		return nil, err
	}
	out := &List{Uneven: list.Uneven}
	for _, el := range list.Elems {
		v := el
		switch m := el.(type) {
		case *Rest:
			out.Elems = append(out.Elems, m)
			continue
		case *Maybe:
			v = m.Val
		}
		keep, err := in.Call(args[0], v)
		if err != nil {
			return nil, err
		}
		switch keep := keep.(type) {
		case Bool:
			if keep {
				out.Elems = append(out.Elems, el)
			}
		case *Unknown:
			c := in.conditionAt(keep, Span(v))
			if el, ok := under(el, Conds{{c, false}}); ok {
				out.Elems, out.Uneven = append(out.Elems, el), true
			}
		case *Choice:
			for _, alt := range keep.Alts {
				if b, ok := alt.Val.(Bool); ok && !bool(b) {
					continue
				}
				if el, ok := under(el, alt.When); ok {
					out.Elems, out.Uneven = append(out.Elems, el), true
				}
			}
		default:
			return nil, in.typeError(keep, "a Boolean", nowhere)
		}
	}
	return out, nil
}

// find looks for an element for which f says want: any with true, all with false. An element that may be there, or of which it
// is not known, makes the result unknown unless another one decides.
func (in *Interp) find(v Value, f func(Value) (Value, error), want Bool) (Value, error) {
	list, err := in.List(v, nowhere)
	if err != nil {
		return nil, err
	}
	var open *Unknown
	for _, el := range list.Elems {
		maybe := false
		switch m := el.(type) {
		case *Rest:
			open = m.Why
			continue
		case *Maybe:
			el, maybe = m.Val, true
		}
		r, err := f(el)
		switch {
		case err != nil && open != nil:
			return open, nil // an element before it may have decided
		case err != nil:
			return nil, err
		}
		switch r := r.(type) {
		case Bool:
			if r == want && !maybe {
				return want, nil
			}
			if r == want {
				open = NewUnknown("an element depends on an undecided condition", Span(el))
			}
		case *Unknown, *Choice:
			open, _ = orHole(r).(*Unknown)
		default:
			return nil, in.typeError(r, "a Boolean", nowhere)
		}
	}
	if open != nil {
		return open, nil
	}
	return !want, nil
}

// sortList is a stable merge sort: an order that is not known for two elements makes the result unknown.
func sortList(in *Interp, args []Value) (Value, error) {
	list, u, err := in.even(args[1])
	if u != nil || err != nil {
		return orUnknown(u), err
	}
	if len(list.Elems) == 0 {
		return list, nil
	}
	fn, err := in.function(args[0])
	if err != nil {
		return nil, err
	}
	s := sorter{in: in, fn: fn, spare: make([]Value, len(list.Elems))}
	out := append([]Value(nil), list.Elems...)
	if err := s.sort(out, s.spare); err != nil {
		return nil, err
	}
	if s.open != nil {
		return s.open, nil
	}
	return &List{Elems: out}, nil
}

// function is a value that can be called.
func (in *Interp) function(v Value) (Value, error) {
	v, err := in.Force(v)
	if err != nil {
		return nil, err
	}
	switch f := v.(type) {
	case *Lambda, *Builtin, External, *Unknown, *Choice:
		return v, nil
	case *Set:
		if f.Open != nil || f.Find("__functor") != nil {
			return v, nil
		}
	}
	return nil, in.typeError(v, "a function", nowhere)
}

type sorter struct {
	in    *Interp
	fn    Value
	spare []Value
	open  *Unknown
}

func (s *sorter) sort(list, spare []Value) error {
	if len(list) < 2 {
		return nil
	}
	mid := len(list) / 2
	if err := s.sort(list[:mid], spare[:mid]); err != nil {
		return err
	}
	if err := s.sort(list[mid:], spare[mid:]); err != nil {
		return err
	}
	copy(spare, list)
	a, b := spare[:mid], spare[mid:]
	for i := range list {
		second := len(a) == 0
		if !second && len(b) > 0 {
			var err error
			if second, err = s.less(b[0], a[0]); err != nil || s.open != nil {
				return err
			}
		}
		if second {
			list[i], b = b[0], b[1:]
		} else {
			list[i], a = a[0], a[1:]
		}
	}
	return nil
}

func (s *sorter) less(a, b Value) (bool, error) {
	both := [2]Value{a, b}
	v, err := s.in.callAll(s.fn, both[:], nowhere)
	if err != nil {
		return false, err
	}
	switch v := v.(type) {
	case Bool:
		return bool(v), nil
	case *Unknown, *Choice:
		s.open, _ = orHole(v).(*Unknown)
		return false, nil
	}
	return false, s.in.typeError(v, "a Boolean", nowhere)
}

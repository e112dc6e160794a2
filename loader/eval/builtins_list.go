package eval

import (
	"sort"

	"github.com/nixlint/nixlint/loader/syntax"
)

func listPrimitives() []*Primitive {
	arith := func(name string, op syntax.Op) *Primitive {
		return &Primitive{Name: name, Arity: 2, Strict: 3, Fn: func(in *Interp, args []Value) (Value, error) {
			return in.arith(op, args[0], args[1], nowhere)
		}}
	}
	return []*Primitive{
		arith("add", syntax.Add), arith("sub", syntax.Sub), arith("mul", syntax.Mul), arith("div", syntax.Div),
		{Name: "lessThan", Arity: 2, Strict: 3, Fn: func(in *Interp, args []Value) (Value, error) {
			return in.less(args[0], args[1], false, nowhere)
		}},
		{Name: "length", Arity: 1, Strict: 1, Raw: true, Fn: func(in *Interp, args []Value) (Value, error) {
			list, u, err := in.even(args[0])
			if u != nil || err != nil {
				return orUnknown(u), err
			}
			return Int(len(list.Elems)), nil
		}},
		{Name: "head", Arity: 1, Strict: 1, Fn: func(in *Interp, args []Value) (Value, error) { return in.element(args[0], 0) }},
		{Name: "elemAt", Arity: 2, Strict: 3, Fn: func(in *Interp, args []Value) (Value, error) {
			n, ok := args[1].(Int)
			if !ok {
				return nil, in.typeError(args[1], "an integer", nowhere)
			}
			return in.element(args[0], int(n))
		}},
		{Name: "tail", Arity: 1, Strict: 1, Fn: func(in *Interp, args []Value) (Value, error) {
			list, u, err := in.even(args[0])
			if u != nil || err != nil {
				return orUnknown(u), err
			}
			if len(list.Elems) == 0 {
				return nil, fail(TypeError, nowhere, "tail of an empty list")
			}
			return &List{Elems: list.Elems[1:]}, nil
		}},
		{Name: "map", Arity: 2, Strict: 2, Raw: true, Fn: func(in *Interp, args []Value) (Value, error) {
			list, err := in.List(args[1], nowhere)
			if err != nil {
				return nil, err
			}
			fn := args[0]
			out := &List{Elems: make([]Value, len(list.Elems)), Uneven: list.Uneven}
			for i, el := range list.Elems {
				out.Elems[i] = mapElement(el, func(v Value) Value { return Lazy(func() (Value, error) { return in.Call(fn, v) }) })
			}
			return out, nil
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
			parts := make([]Value, len(list.Elems))
			for i, el := range list.Elems {
				parts[i] = mapElement(el, func(v Value) Value { return Lazy(func() (Value, error) { return in.Call(args[0], v) }) })
			}
			return in.concat(parts)
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
				return nil, fail(Limit, nowhere, "limit reached: a list of %d elements", n)
			}
			out := &List{Elems: make([]Value, n)}
			for i := range out.Elems {
				out.Elems[i] = Lazy(func() (Value, error) { return in.Call(args[0], Int(i)) })
			}
			return out, nil
		}},
		{Name: "foldl'", Arity: 3, Strict: 4, Fn: func(in *Interp, args []Value) (Value, error) {
			list, u, err := in.even(args[2])
			if u != nil || err != nil {
				return orUnknown(u), err
			}
			acc := args[1]
			for _, el := range list.Elems {
				if acc, err = in.Call(args[0], acc, el); err != nil {
					return nil, err
				}
			}
			return acc, nil
		}},
		{Name: "sort", Arity: 2, Strict: 2, Fn: sortList},
		{Name: "partition", Arity: 2, Strict: 2, Fn: func(in *Interp, args []Value) (Value, error) {
			list, u, err := in.even(args[1])
			if u != nil || err != nil {
				return orUnknown(u), err
			}
			right, wrong := &List{}, &List{}
			for _, el := range list.Elems {
				v, err := in.Call(args[0], el)
				if err != nil {
					return nil, err
				}
				switch b := v.(type) {
				case Bool:
					if b {
						right.Elems = append(right.Elems, el)
					} else {
						wrong.Elems = append(wrong.Elems, el)
					}
				case *Unknown, *Choice:
					return orHole(b), nil
				default:
					return nil, in.typeError(v, "a Boolean", nowhere)
				}
			}
			return NewSet(Attr{Name: "right", Val: right}, Attr{Name: "wrong", Val: wrong}), nil
		}},
	}
}

// mapElement applies f to an element, and keeps whether it is there.
func mapElement(el Value, f func(Value) Value) Value {
	switch m := el.(type) {
	case *Maybe:
		return &Maybe{f(m.Val), m.When}
	case *Rest:
		return m
	}
	return f(el)
}

func (in *Interp) element(v Value, i int) (Value, error) {
	list, u, err := in.even(v)
	if u != nil || err != nil {
		return orUnknown(u), err
	}
	if i < 0 || i >= len(list.Elems) {
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
		case *Rest:
			out.Elems, out.Uneven = append(out.Elems, m), true
			continue
		case *Maybe:
			part, when = m.Val, m.When
		}
		list, err := in.List(part, nowhere)
		if err != nil {
			return nil, err
		}
		out.Uneven = out.Uneven || list.Uneven || len(when) > 0
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
		if err != nil {
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

func sortList(in *Interp, args []Value) (Value, error) {
	list, u, err := in.even(args[1])
	if u != nil || err != nil {
		return orUnknown(u), err
	}
	out := &List{Elems: append([]Value(nil), list.Elems...)}
	var failed error
	var open *Unknown
	sort.SliceStable(out.Elems, func(i, j int) bool {
		if failed != nil || open != nil {
			return false
		}
		v, err := in.Call(args[0], out.Elems[i], out.Elems[j])
		if err != nil {
			failed = err
			return false
		}
		switch v := v.(type) {
		case Bool:
			return bool(v)
		case *Unknown, *Choice:
			open, _ = orHole(v).(*Unknown)
		default:
			failed = in.typeError(v, "a Boolean", nowhere)
		}
		return false
	})
	if failed != nil {
		return nil, failed
	}
	if open != nil {
		return open, nil
	}
	return out, nil
}

package eval

import (
	"path"
	"strings"
)

func stringPrimitives() []*Primitive {
	return []*Primitive{
		{Name: "toString", Arity: 1, Strict: 1, Raw: true, Fn: func(in *Interp, args []Value) (Value, error) {
			return in.each(args[0], func(v Value) (Value, error) { return in.ToString(v, Span(args[0])) })
		}},
		{Name: "stringLength", Arity: 1, Strict: 1, Fn: func(in *Interp, args []Value) (Value, error) {
			s, err := in.coerce(args[0], nowhere, false, true)
			if err != nil {
				return nil, err
			}
			if u := hole(s); u != nil {
				return u, nil
			}
			return Int(len(s.S)), nil
		}},
		{Name: "substring", Arity: 3, Strict: 7, Fn: substring},
		{Name: "concatStringsSep", Arity: 2, Strict: 3, Fn: concatStringsSep},
		{Name: "replaceStrings", Arity: 3, Strict: 7, Fn: replaceStrings},
		{Name: "baseNameOf", Arity: 1, Strict: 1, Fn: func(in *Interp, args []Value) (Value, error) {
			if p, ok := args[0].(Path); ok {
				return Str(path.Base(string(p))), nil
			}
			s, err := in.coerce(args[0], nowhere, false, true)
			if err != nil {
				return nil, err
			}
			if u := hole(s); u != nil {
				return u, nil
			}
			text := strings.TrimSuffix(s.S, "/")
			return s.Slice(strings.LastIndexByte(text, '/')+1, len(text)), nil
		}},
		{Name: "dirOf", Arity: 1, Strict: 1, Fn: func(in *Interp, args []Value) (Value, error) {
			if p, ok := args[0].(Path); ok {
				if p == "." {
					return NewUnknown("it is outside of the root", nowhere), nil
				}
				return Path(path.Dir(string(p))), nil
			}
			s, err := in.coerce(args[0], nowhere, false, true)
			if err != nil {
				return nil, err
			}
			if u := hole(s); u != nil {
				return u, nil
			}
			i := strings.LastIndexByte(s.S, '/')
			switch i {
			case -1:
				return Str("."), nil
			case 0:
				return Str("/"), nil
			}
			return s.Slice(0, i), nil
		}},
		{Name: "unsafeDiscardStringContext", Arity: 1, Strict: 1, Fn: func(in *Interp, args []Value) (Value, error) {
			return in.coerce(args[0], nowhere, false, true)
		}},
	}
}

func substring(in *Interp, args []Value) (Value, error) {
	from, ok := args[0].(Int)
	if !ok || from < 0 {
		return nil, in.typeError(args[0], "a start that is not negative", nowhere)
	}
	n, ok := args[1].(Int)
	if !ok {
		return nil, in.typeError(args[1], "a length", nowhere)
	}
	s, err := in.coerce(args[2], nowhere, false, true)
	if err != nil {
		return nil, err
	}
	start := min(int(from), len(s.S))
	end := len(s.S)
	if n >= 0 && int(n) < end-start {
		end = start + int(n)
	}
	// Up to the first unknown piece the text is known, and so is its length.
	if !s.Known() && (end > knownHead(s) || n < 0) {
		return hole(s), nil
	}
	return s.Slice(start, end), nil
}

func concatStringsSep(in *Interp, args []Value) (Value, error) {
	sep, ok := args[0].(*String)
	if !ok {
		return nil, in.typeError(args[0], "a string", nowhere)
	}
	list, u, err := in.even(args[1])
	if err != nil {
		return nil, err
	}
	if u != nil {
		return in.joinMaybe(sep, args[1])
	}
	values := make([]Value, len(list.Elems))
	plain := true
	for i, el := range list.Elems {
		if values[i], err = in.Force(el); err != nil {
			return nil, err
		}
		if _, ok := values[i].(*Choice); ok {
			plain = false
		}
	}
	join := func(values []Value) (Value, error) {
		var b builder
		for i, v := range values {
			if i > 0 {
				b.add(sep, nowhere)
			}
			s, err := in.coerce(v, Span(list.Elems[i]), false, true)
			if err != nil {
				return nil, err
			}
			if b.b.Len()+len(s.S) > maxString {
				return nil, fail(Limit, nowhere, "limit reached: a string of more than %d MiB", maxString>>20)
			}
			b.add(s, Span(list.Elems[i]))
		}
		return b.string(), nil
	}
	if plain {
		return join(values)
	}
	return in.product(values, join)
}

// joinMaybe joins a list whose elements may be there: a choice between few, a string with holes between many.
func (in *Interp) joinMaybe(sep *String, v Value) (Value, error) {
	list, err := in.List(v, nowhere)
	if err != nil {
		return nil, err
	}
	alts := []Alt{{nil, &List{}}}
	for _, el := range list.Elems {
		m, maybe := el.(*Maybe)
		if _, rest := el.(*Rest); rest || maybe && 2*len(alts) > maxAlts {
			return in.joinHoles(sep, list)
		}
		var next []Alt
		for _, a := range alts {
			have, _ := a.Val.(*List)
			with := &List{Elems: append(have.Elems[:len(have.Elems):len(have.Elems)], el)}
			if !maybe {
				next = append(next, Alt{a.When, with})
				continue
			}
			with.Elems[len(have.Elems)] = m.Val
			if when, ok := a.When.And(m.When); ok {
				next = append(next, Alt{when, with})
			}
			if when, ok := a.When.And(m.When.Negate()); ok {
				next = append(next, Alt{when, have})
			}
		}
		alts = next
	}
	return in.spread(&Choice{alts}, func(v Value) (Value, error) { return concatStringsSep(in, []Value{sep, v}) })
}

func (in *Interp) joinHoles(sep *String, list *List) (Value, error) {
	var b builder
	for i, el := range list.Elems {
		if i > 0 {
			b.add(sep, nowhere)
		}
		switch m := el.(type) {
		case *Rest:
			b.hole(m.Why, m.Why.Span)
			continue
		case *Maybe:
			b.hole(NewUnknown("depends on "+m.When.text(), m.When[0].Span), m.When[0].Span)
			continue
		}
		s, err := in.coerce(el, Span(el), false, true)
		if err != nil {
			return nil, err
		}
		b.add(s, Span(el))
	}
	return b.string(), nil
}

func replaceStrings(in *Interp, args []Value) (Value, error) {
	from, u, err := in.strings(args[0])
	if u != nil || err != nil {
		return orUnknown(u), err
	}
	toList, u, err := in.even(args[1])
	if u != nil || err != nil {
		return orUnknown(u), err
	}
	if len(from) != len(toList.Elems) {
		return nil, fail(TypeError, nowhere, "replaceStrings is called with lists of different lengths")
	}
	s, ok := args[2].(*String)
	if !ok {
		return nil, in.typeError(args[2], "a string", nowhere)
	}
	if u := hole(s); u != nil {
		return u, nil
	}
	var b builder
	last := 0
	flush := func(to int) {
		if to > last {
			b.add(s.Slice(last, to), nowhere)
		}
	}
	for i := 0; i <= len(s.S); {
		j := match(from, s.S[i:])
		if j < 0 {
			i++
			continue
		}
		flush(i)
		v, err := in.Force(toList.Elems[j])
		if err != nil {
			return nil, err
		}
		with, err := in.coerce(v, nowhere, false, false)
		if err != nil {
			return nil, err
		}
		b.add(with, nowhere)
		last = i
		if from[j].S == "" {
			if i < len(s.S) {
				b.add(s.Slice(i, i+1), nowhere)
			}
			i++
		} else {
			i += len(from[j].S)
		}
		last = min(i, len(s.S))
	}
	flush(len(s.S))
	return b.string(), nil
}

func match(from []*String, s string) int {
	for j, f := range from {
		if strings.HasPrefix(s, f.S) {
			return j
		}
	}
	return -1
}

package eval

import (
	"path"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/loader/source"
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
			if u := opaque(s); u != nil {
				return u, nil
			}
			return integer(int64(len(s.S))), nil
		}},
		{Name: "substring", Arity: 3, Strict: 7, Fn: substring},
		{Name: "concatStringsSep", Arity: 2, Strict: 3, Fn: concatStringsSep},
		{Name: "replaceStrings", Arity: 3, Strict: 7, Fn: replaceStrings},
		{Name: "baseNameOf", Arity: 1, Strict: 1, Fn: baseNameOf},
		{Name: "dirOf", Arity: 1, Strict: 1, Fn: dirOf},
	}
}

// baseNameOf is known when all after the last slash is.
func baseNameOf(in *Interp, args []Value) (Value, error) {
	var s *String
	if p, ok := args[0].(Path); ok {
		s = in.pathText(p)
	} else {
		var err error
		if s, err = in.coerce(args[0], nowhere, false, false); err != nil {
			return nil, err
		}
	}
	end := len(s.S)
	if strings.HasSuffix(s.KnownTail(), "/") {
		end--
	}
	i := strings.LastIndexByte(s.S[:end], '/') + 1
	if u := opaque(s); u != nil && i <= s.tail() {
		return u, nil
	}
	return s.Slice(i, end), nil
}

// dirOf is known when there is a slash after the last unknown piece; the unknown pieces before it stay.
func dirOf(in *Interp, args []Value) (Value, error) {
	if p, ok := args[0].(Path); ok {
		mount, rest := source.SplitMount(string(p))
		if rest == "." || rest == "" {
			return NewUnknown("it is outside of the root", nowhere), nil
		}
		return Path(path.Join(mount, path.Dir(rest))), nil
	}
	s, err := in.coerce(args[0], nowhere, false, false)
	if err != nil {
		return nil, err
	}
	i := strings.LastIndexByte(s.S, '/')
	if u := opaque(s); u != nil && i < s.tail() {
		return u, nil
	}
	switch i {
	case -1:
		return Str("."), nil
	case 0:
		return Str("/"), nil
	}
	return s.Slice(0, i), nil
}

// substring is known up to the first unknown piece; from there to the end it keeps the unknown pieces.
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
	head := s.KnownHead()
	size := int64(n)
	if opaque(s) == nil {
		start := min(int64(from), int64(len(s.S)))
		end := int64(len(s.S))
		if size >= 0 && size < end-start {
			end = start + size
		}
		return s.Slice(int(start), int(end)), nil
	}
	plain, _ := s.head()
	switch start := int64(from); {
	case size == 0:
		return &String{Deps: s.Deps}, nil
	case size < 0 && start <= int64(plain):
		return s.Slice(int(start), len(s.S)), nil
	case size > 0 && start+size <= int64(plain):
		return s.Slice(int(start), int(start+size)), nil
	case size > 0 && start+size <= int64(len(head)):
		return &String{S: head[start : start+size], Deps: s.Deps}, nil
	}
	return opaque(s), nil
}

// concatStringsSep keeps unknown pieces; of a list that is not even it is a choice, or has a piece for what may be there.
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
		b.depend(sep.Deps)
		for i, v := range values {
			if i > 0 {
				b.add(sep, nowhere)
			}
			s, err := in.coerce(v, Span(list.Elems[i]), false, true)
			if err != nil {
				return nil, err
			}
			if err := in.room(b.b.Len() + len(s.S)); err != nil {
				return nil, err
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
			with := &List{Elems: append(slices.Clip(have.Elems), el)}
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
	return in.spread(&Choice{Alts: alts}, func(v Value) (Value, error) { return concatStringsSep(in, []Value{sep, v}) })
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

// replaceStrings of a string with an unknown piece is unknown. In a symbolic store path nothing is replaced: when a pattern could
// match there, the result is unknown too.
func replaceStrings(in *Interp, args []Value) (Value, error) {
	from, u, err := in.strings(args[0])
	if u != nil || err != nil {
		return orUnknown(u), err
	}
	to, u, err := in.even(args[1])
	if u != nil || err != nil {
		return orUnknown(u), err
	}
	if len(from) != len(to.Elems) {
		return nil, fail(TypeError, nowhere, "replaceStrings is called with lists of different lengths")
	}
	s, ok := args[2].(*String)
	if !ok {
		return nil, in.typeError(args[2], "a string", nowhere)
	}
	if u := hole(s); u != nil {
		return u, nil
	}
	if u := opaque(s); u != nil {
		for _, f := range from {
			if mayMatchStore(f.S) || opaque(f) != nil {
				return u, nil
			}
		}
	}
	r := replacer{in: in, s: s, from: from, to: to.Elems}
	r.b.depend(s.Deps)
	r.done = make([]*String, len(from))
	if err := r.run(); err != nil {
		return nil, err
	}
	return r.b.string(), nil
}

type replacer struct {
	in   *Interp
	b    builder
	s    *String
	from []*String
	to   []Value
	done []*String // replacements that are forced
	last int
}

func (r *replacer) run() error {
	first := [256]bool{}
	any := false
	for _, f := range r.from {
		if f.S == "" {
			any = true
		} else {
			first[f.S[0]] = true
		}
	}
	for i := 0; i <= len(r.s.S); {
		j := -1
		if any || i < len(r.s.S) && first[r.s.S[i]] {
			j = match(r.from, r.s.S[i:])
		}
		if j < 0 {
			i++
			continue
		}
		r.flush(i)
		if err := r.put(j); err != nil {
			return err
		}
		r.last = i
		if n := len(r.from[j].S); n > 0 {
			i += n
			r.last = i
			continue
		}
		i++
		r.flush(min(i, len(r.s.S)))
	}
	r.flush(len(r.s.S))
	return nil
}

func (r *replacer) flush(to int) {
	if to > r.last {
		r.b.add(r.s.Slice(r.last, to), nowhere)
	}
	r.last = to
}

// put adds a replacement. It is forced when it is first needed, as in Nix.
func (r *replacer) put(j int) error {
	if r.done[j] == nil {
		v, err := r.in.Force(r.to[j])
		if err != nil {
			return err
		}
		switch v.(type) {
		case *String, *Unknown, *Choice:
		default:
			return r.in.typeError(v, "a string", nowhere)
		}
		if r.done[j], err = r.in.coerce(v, nowhere, false, false); err != nil {
			return err
		}
	}
	if err := r.in.room(r.b.b.Len() + len(r.done[j].S)); err != nil {
		return err
	}
	r.b.add(r.done[j], nowhere)
	return nil
}

func match(from []*String, s string) int {
	for j, f := range from {
		if strings.HasPrefix(s, f.S) {
			return j
		}
	}
	return -1
}

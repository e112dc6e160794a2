package eval

import "errors"

// An expression or a text that is not wholly known makes the result unknown; an expression that Go cannot match as Nix does, too.
func regexPrimitives() []*Primitive {
	return []*Primitive{
		{Name: "match", Arity: 2, Strict: 3, Fn: func(in *Interp, args []Value) (Value, error) {
			p, s, u, err := in.regexArgs(args)
			if u != nil || err != nil {
				return orUnknown(u), err
			}
			text := bytewise(s.S)
			m := p.whole.FindStringSubmatchIndex(text.text)
			if m == nil {
				return Null{}, nil
			}
			return groups(s, text, m), nil
		}},
		{Name: "split", Arity: 2, Strict: 3, Fn: func(in *Interp, args []Value) (Value, error) {
			p, s, u, err := in.regexArgs(args)
			if u != nil || err != nil {
				return orUnknown(u), err
			}
			text := bytewise(s.S)
			matches := p.split(text)
			if err := in.work(len(matches)); err != nil {
				return nil, err
			}
			out := &List{Elems: make([]Value, 0, 2*len(matches)+1)}
			last := 0
			for _, m := range matches {
				out.Elems = append(out.Elems, s.Slice(last, text.place(m[0])), groups(s, text, m))
				last = text.place(m[1])
			}
			out.Elems = append(out.Elems, s.Slice(last, len(s.S)))
			return out, nil
		}},
	}
}

// groups are the groups of a match; null for one that took no part.
func groups(s *String, text subject, m []int) *List {
	out := &List{Elems: make([]Value, 0, len(m)/2-1)}
	for i := 2; i < len(m); i += 2 {
		if m[i] < 0 {
			out.Elems = append(out.Elems, Null{})
			continue
		}
		out.Elems = append(out.Elems, s.Slice(text.place(m[i]), text.place(m[i+1])))
	}
	return out
}

func (in *Interp) regexArgs(args []Value) (*pattern, *String, *Unknown, error) {
	src, u, err := in.plain(args[0])
	if u != nil || err != nil {
		return nil, nil, u, err
	}
	s, u, err := in.plain(args[1])
	if u != nil || err != nil {
		return nil, nil, u, err
	}
	p, bad := in.pattern(src.S)
	if bad == nil {
		return p, s, nil, nil
	}
	if refused, ok := errors.AsType[*badPattern](bad); ok {
		return nil, nil, nil, fail(TypeError, Span(args[0]), "invalid regular expression %q: %s", src.S, refused.why)
	}
	return nil, nil, NewUnknown("regular expression "+quote(src.S)+" is not supported: "+bad.Error(), Span(args[0])), nil
}

// maxPatterns bounds how many compiled expressions are kept.
const maxPatterns = 1000

func (in *Interp) pattern(src string) (*pattern, error) {
	if p, ok := in.patterns[src]; ok {
		return p, nil
	}
	if len(src) > 10_000 {
		return nil, &unsupported{"it is too long"}
	}
	p, err := compilePattern(src)
	if err != nil {
		return nil, err
	}
	if in.patterns == nil || len(in.patterns) >= maxPatterns {
		in.patterns = map[string]*pattern{}
	}
	in.patterns[src] = p
	return p, nil
}

// plain is a string whose text is that of real Nix; else why it is not.
func (in *Interp) plain(v Value) (*String, *Unknown, error) {
	v, err := in.Force(v)
	if err != nil {
		return nil, nil, err
	}
	switch v := v.(type) {
	case *String:
		return v, opaque(v), nil
	case *Unknown:
		return nil, v, nil
	case *Choice:
		return nil, whyUndecided(v), nil
	}
	return nil, nil, in.typeError(v, "a string", nowhere)
}

package eval

import (
	"slices"
	"strings"
)

// contextPrimitives are about what strings depend on. Of a string with an unknown piece nothing is said; where a store path is
// symbolic, what has it as a name is unknown.
func contextPrimitives() []*Primitive {
	return []*Primitive{
		{Name: "hasContext", Arity: 1, Strict: 1, Fn: func(in *Interp, args []Value) (Value, error) {
			s, u, err := in.contextOf(args[0])
			if u != nil || err != nil {
				return orUnknown(u), err
			}
			return Bool(len(s.Deps) > 0), nil
		}},
		{Name: "getContext", Arity: 1, Strict: 1, Fn: func(in *Interp, args []Value) (Value, error) {
			s, u, err := in.contextOf(args[0])
			if u != nil || err != nil {
				return orUnknown(u), err
			}
			return contextSet(s), nil
		}},
		{Name: "appendContext", Arity: 2, Strict: 3, Fn: appendContext},
		{Name: "unsafeDiscardStringContext", Arity: 1, Strict: 1, Fn: func(in *Interp, args []Value) (Value, error) {
			s, err := in.coerce(args[0], nowhere, false, true)
			if err != nil {
				return nil, err
			}
			// Not nil: it is known to have none, though a store path may stand in it.
			return &String{S: s.S, Pieces: s.Pieces, Holes: s.Holes, Deps: []*Derivation{}}, nil
		}},
		{Name: "unsafeDiscardOutputDependency", Arity: 1, Strict: 1, Fn: func(in *Interp, args []Value) (Value, error) {
			s, err := in.coerce(args[0], nowhere, false, true)
			if err != nil {
				return nil, err
			}
			out := *s
			out.Deps = make([]*Derivation, len(s.Deps))
			for i, d := range s.Deps {
				if d.Deep {
					d = &Derivation{Name: d.Name, Path: d.Path}
				}
				out.Deps[i] = d
			}
			return &out, nil
		}},
		{Name: "addDrvOutputDependencies", Arity: 1, Strict: 1, Fn: func(in *Interp, args []Value) (Value, error) {
			s, u, err := in.contextOf(args[0])
			if u != nil || err != nil {
				return orUnknown(u), err
			}
			if len(s.Deps) != 1 {
				return nil, fail(TypeError, nowhere, "the context of the string must have exactly one element, but it has %d", len(s.Deps))
			}
			d := s.Deps[0]
			if d.Output != "" || !strings.HasSuffix(strings.TrimSuffix(d.Path, ">"), ".drv") {
				return nil, fail(TypeError, nowhere, "the context of the string does not name a derivation")
			}
			out := *s
			out.Deps = []*Derivation{{Name: d.Name, Path: d.Path, Deep: true}}
			return &out, nil
		}},
	}
}

// contextOf is a string whose context is known.
func (in *Interp) contextOf(v Value) (*String, *Unknown, error) {
	s, err := in.coerce(v, nowhere, false, true)
	if err != nil {
		return nil, nil, err
	}
	if u := hole(s); u != nil {
		return nil, u, nil
	}
	if s.Deps == nil {
		return s, opaque(s), nil // a package that somebody else made
	}
	return s, nil, nil
}

func contextSet(s *String) Value {
	type entry struct {
		path, deep bool
		outputs    []string
	}
	byPath := map[string]*entry{}
	var paths []string
	for _, d := range s.Deps {
		if i, _ := storeText(d.Path, 0); i >= 0 {
			return NewUnknown("it depends on the store path of "+strings.Trim(d.Path, "<>"), s.Span())
		}
		e := byPath[d.Path]
		if e == nil {
			e = &entry{}
			byPath[d.Path] = e
			paths = append(paths, d.Path)
		}
		switch {
		case d.Deep:
			e.deep = true
		case d.Output != "":
			e.outputs = append(e.outputs, d.Output)
		default:
			e.path = true
		}
	}
	out := make([]Attr, len(paths))
	for i, path := range paths {
		e := byPath[path]
		var attrs []Attr
		if e.deep {
			attrs = append(attrs, Attr{Name: "allOutputs", Val: Bool(true)})
		}
		if e.path {
			attrs = append(attrs, Attr{Name: "path", Val: Bool(true)})
		}
		if len(e.outputs) > 0 {
			slices.Sort(e.outputs)
			list := &List{}
			for _, name := range slices.Compact(e.outputs) {
				list.Elems = append(list.Elems, Str(name))
			}
			attrs = append(attrs, Attr{Name: "outputs", Val: list})
		}
		out[i] = Attr{Name: path, Val: NewSet(attrs...)}
	}
	return NewSet(out...)
}

// storePath reports whether text names something right in the store.
func isStorePath(text string) bool {
	rest, ok := strings.CutPrefix(text, storeStart)
	if !ok || len(rest) < 34 || rest[32] != '-' || strings.Contains(rest, "/") {
		return false
	}
	for i := range 32 {
		if strings.IndexByte(nix32, rest[i]) < 0 {
			return false
		}
	}
	return true
}

func appendContext(in *Interp, args []Value) (Value, error) {
	s, err := in.coerce(args[0], nowhere, false, false)
	if err != nil {
		return nil, err
	}
	set, err := in.Set(args[1], nowhere)
	if err != nil {
		return nil, err
	}
	var b builder
	b.add(s, nowhere)
	for i := range set.Attrs {
		a := &set.Attrs[i]
		if i, _ := storeText(a.Name, 0); i < 0 && !isStorePath(a.Name) {
			return nil, fail(TypeError, nowhere, "context key %q is not a store path", a.Name)
		}
		deps, u, err := in.contextEntry(a)
		if u != nil || err != nil {
			return orUnknown(u), err
		}
		b.depend(deps)
	}
	if set.uneven() {
		return NewUnknown("it has a context that is not known", nowhere), nil
	}
	return b.string(), nil
}

func (in *Interp) contextEntry(a *Attr) ([]*Derivation, *Unknown, error) {
	var out []*Derivation
	isDrv := strings.HasSuffix(strings.TrimSuffix(a.Name, ">"), ".drv")
	for _, flag := range []string{"path", "allOutputs"} {
		v, ok, why, err := in.lookup(a.Val, flag, nowhere)
		if err != nil || why != nil {
			return nil, why, err
		}
		if !ok {
			continue
		}
		if v, err = in.Force(v); err != nil {
			return nil, nil, err
		}
		b, isBool := v.(Bool)
		switch {
		case !isBool && orHole(v) != nil:
			return nil, NewUnknown("it has a context that is not known", nowhere), nil
		case !isBool:
			return nil, nil, in.typeError(v, "a Boolean", nowhere)
		case bool(b) && flag == "allOutputs" && !isDrv:
			return nil, nil, fail(TypeError, nowhere, "all outputs of %q were asked for, which is no derivation", a.Name)
		case bool(b):
			out = append(out, &Derivation{Path: a.Name, Deep: flag == "allOutputs"})
		}
	}
	v, ok, why, err := in.lookup(a.Val, "outputs", nowhere)
	if err != nil || why != nil || !ok {
		return out, why, err
	}
	names, u, err := in.strings(v)
	if u != nil || err != nil {
		return nil, u, err
	}
	if len(names) > 0 && !isDrv {
		return nil, nil, fail(TypeError, nowhere, "outputs of %q were asked for, which is no derivation", a.Name)
	}
	for _, name := range names {
		out = append(out, &Derivation{Path: a.Name, Output: name.S})
	}
	return out, nil, nil
}

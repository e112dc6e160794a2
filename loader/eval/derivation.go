package eval

import (
	"slices"
	"strings"
)

// A derivation is symbolic: it is checked as Nix checks it, but its store paths are <pkgs.NAME>, since their hashes need the
// store paths of all that it is made from.

// derivation is the function of Nix' own derivation.nix.
func derivation(in *Interp, args []Value) (Value, error) {
	attrs, err := in.Set(args[0], Span(args[0]))
	if err != nil {
		return nil, err
	}
	outputs, u, err := in.outputs(attrs)
	if u != nil || err != nil {
		return orUnknown(u), err
	}
	if len(outputs) == 0 {
		return nil, fail(TypeError, attrs.Home, "a derivation has no outputs")
	}
	strict := Lazy(func() (Value, error) { return derivationStrict(in, []Value{attrs}) })
	get := func(name string) Value {
		return Lazy(func() (Value, error) { return in.Select(strict, name, attrs.Home) })
	}
	sets := make([]*Set, len(outputs))
	all := &List{}
	for i := range outputs {
		sets[i] = &Set{Home: attrs.Home, Open: attrs.Open}
		all.Elems = append(all.Elems, sets[i])
	}
	for i, output := range outputs {
		more := []Attr{
			{Name: "all", Val: all}, {Name: "drvAttrs", Val: attrs}, {Name: "drvPath", Val: get("drvPath")},
			{Name: "outPath", Val: get(output)}, {Name: "outputName", Val: Str(output)}, {Name: "type", Val: Str("derivation")},
		}
		for j, name := range outputs {
			more = append(more, Attr{Name: name, Val: sets[j]})
		}
		sets[i].Attrs = NewSet(append(slices.Clone(attrs.Attrs), more...)...).Attrs
	}
	return sets[0], nil
}

// outputs are the names of a derivation's outputs.
func (in *Interp) outputs(attrs *Set) ([]string, *Unknown, error) {
	a := attrs.Find("outputs")
	if a == nil {
		return []string{"out"}, nil, nil
	}
	strs, u, err := in.strings(a.Val)
	if u != nil || err != nil {
		return nil, u, err
	}
	names := make([]string, len(strs))
	for i, s := range strs {
		names[i] = s.S
	}
	return names, nil, nil
}

// derivationStrict forces all attributes, as they go into the environment of the build.
func derivationStrict(in *Interp, args []Value) (Value, error) {
	attrs, err := in.Set(args[0], Span(args[0]))
	if err != nil {
		return nil, err
	}
	name, u, err := in.drvName(attrs)
	if u != nil || err != nil {
		return orUnknown(u), err
	}
	if err := in.drvAttrs(attrs); err != nil {
		return nil, err
	}
	outputs, u, err := in.outputs(attrs)
	if u != nil || err != nil {
		return orUnknown(u), err
	}
	if err := checkOutputs(outputs, attrs); err != nil {
		return nil, err
	}
	drv := StoreName(name + ".drv")
	out := []Attr{{Name: "drvPath", Val: &String{S: drv, Deps: []*Derivation{{Name: name, Path: drv, Deep: true}}}}}
	for _, output := range outputs {
		text := name
		if output != "out" {
			text += "-" + output
		}
		s := &String{S: StoreName(text), Deps: []*Derivation{{Name: name, Path: drv, Output: output}}}
		out = append(out, Attr{Name: output, Val: s})
	}
	return NewSet(out...), nil
}

func (in *Interp) drvName(attrs *Set) (string, *Unknown, error) {
	a := attrs.Find("name")
	switch {
	case a == nil && attrs.Open != nil:
		return "", attrs.Open, nil
	case a == nil:
		return "", nil, fail(Missing, attrs.Home, "required attribute %q is missing in a derivation", "name")
	}
	s, u, err := in.plain(a.Val)
	if u != nil || err != nil {
		return "", u, err
	}
	bad := s.S == "" || len(s.S) > 211 || strings.HasSuffix(s.S, ".drv") || s.S == "." || s.S == ".." ||
		strings.HasPrefix(s.S, ".-") || strings.HasPrefix(s.S, "..-")
	for i := range len(s.S) {
		bad = bad || !storeLetter(s.S[i]) || s.S[i] == '/'
	}
	if bad {
		return "", nil, fail(TypeError, Span(a.Val), "invalid derivation name %q", s.S)
	}
	return s.S, nil, nil
}

func checkOutputs(outputs []string, attrs *Set) error {
	seen := map[string]bool{}
	for _, name := range outputs {
		if seen[name] || name == "drv" || name == "drvPath" || name == "" {
			return fail(TypeError, attrs.Home, "invalid or repeated derivation output %q", name)
		}
		seen[name] = true
	}
	if len(outputs) == 0 {
		return fail(TypeError, attrs.Home, "a derivation has no outputs")
	}
	return nil
}

func (in *Interp) drvAttrs(attrs *Set) error {
	flag := func(name string) (bool, error) {
		a := attrs.Find(name)
		if a == nil {
			return false, nil
		}
		v, err := in.Force(a.Val)
		if err != nil {
			return false, err
		}
		switch v := v.(type) {
		case Bool:
			return bool(v), nil
		case *Unknown, *Choice:
			return true, nil
		}
		return false, in.typeError(v, "a Boolean", Span(a.Val))
	}
	structured, err := flag("__structuredAttrs")
	if err != nil {
		return err
	}
	ignoreNulls, err := flag("__ignoreNulls")
	if err != nil {
		return err
	}
	for i := range attrs.Attrs {
		a := &attrs.Attrs[i]
		switch a.Name {
		case "__ignoreNulls", "__structuredAttrs", "__contentAddressed", "__impure":
			continue
		}
		if err := in.drvAttr(a, structured, ignoreNulls); err != nil {
			return wrap(err, Span(a.Val), "attribute "+a.Name+" of a derivation")
		}
	}
	for _, name := range []string{"builder", "system"} {
		a := attrs.Find(name)
		if a == nil && attrs.Open == nil {
			return fail(Missing, attrs.Home, "required attribute %q is missing in a derivation", name)
		}
	}
	return nil
}

func (in *Interp) drvAttr(a *Attr, structured, ignoreNulls bool) error {
	if ignoreNulls {
		v, err := in.Force(a.Val)
		if _, null := v.(Null); null || err != nil {
			return err
		}
	}
	if a.Name == "args" {
		list, err := in.List(a.Val, Span(a.Val))
		if err != nil {
			return err
		}
		for _, el := range list.Elems {
			switch m := el.(type) {
			case *Rest:
				continue
			case *Maybe:
				el = m.Val
			}
			if _, err := in.coerce(el, Span(el), true, true); err != nil {
				return err
			}
		}
		return nil
	}
	if structured {
		_, err := in.JSON(a.Val, Span(a.Val))
		return err
	}
	_, err := in.coerce(a.Val, Span(a.Val), true, true)
	return err
}

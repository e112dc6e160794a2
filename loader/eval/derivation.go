package eval

import (
	"crypto/sha256"
	"fmt"
	"hash"
	"slices"
	"strings"
)

// A derivation is symbolic: it is checked as Nix checks it, but its store paths are <pkgs.NAME>, since their hashes need the
// store paths of all that it is made from.

func derivationPrimitives() []*Primitive {
	return []*Primitive{
		{Name: "derivation", Arity: 1, Strict: 1, Raw: true, Fn: derivation},
		{Name: "derivationStrict", Arity: 1, Strict: 1, Raw: true, Fn: derivationStrict},
	}
}

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
			{Name: "all", Val: all},
			{Name: "drvAttrs", Val: attrs},
			{Name: "drvPath", Val: get("drvPath")},
			{Name: "outPath", Val: get(output)},
			{Name: "outputName", Val: Str(output)},
			{Name: "type", Val: Str("derivation")},
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
	if a == nil && attrs.Open != nil {
		return nil, attrs.Open, nil
	}
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
	made := recipe{in: in, sum: sha256.New(), exact: !attrs.uneven() && attrs.Find("outputHash") == nil}
	if err := made.attrs(attrs); err != nil {
		return nil, err
	}
	outputs, u, err := in.outputs(attrs)
	if u != nil || err != nil {
		return orUnknown(u), err
	}
	if err := checkOutputs(outputs, attrs); err != nil {
		return nil, err
	}
	if made.exact {
		key := string(made.sum.Sum(nil))
		if known, ok := in.derivations[key]; ok {
			return known, nil
		}
		out := drvOutputs(name, outputs, true)
		in.derivations[key] = out
		return out, nil
	}
	return drvOutputs(name, outputs, false), nil
}

// drvOutputs are the paths of a derivation.
func drvOutputs(name string, outputs []string, exact bool) *Set {
	drv := StoreName(name + ".drv")
	out := []Attr{{Name: "drvPath", Val: &String{S: drv, Deps: []*Derivation{{Name: name, Path: drv, Deep: true, exact: exact}}}}}
	for _, output := range outputs {
		text := name
		if output != "out" {
			text += "-" + output
		}
		s := &String{S: StoreName(text), Deps: []*Derivation{{Name: name, Path: drv, Output: output, exact: exact}}}
		out = append(out, Attr{Name: output, Val: s})
	}
	return NewSet(out...)
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

// recipe is what a derivation is made from. Equal recipes are one derivation.
type recipe struct {
	in    *Interp
	sum   hash.Hash
	exact bool // all of it is known
}

// note adds a string to the sum: its text, and which store paths it stands for.
func (r *recipe) note(s *String) {
	if !s.Known() || len(s.Deps) == 0 && opaque(s) != nil {
		r.exact = false
		return
	}
	fmt.Fprintf(r.sum, "%d:%s", len(s.S), s.S)
	for _, d := range s.Deps {
		if !d.exact {
			r.exact = false
		}
		fmt.Fprintf(r.sum, "%p", d)
	}
}

func (r *recipe) flag(attrs *Set, name string) (bool, error) {
	a := attrs.Find(name)
	if a == nil {
		return false, nil
	}
	v, err := r.in.Force(a.Val)
	if err != nil {
		return false, err
	}
	switch v := v.(type) {
	case Bool:
		return bool(v), nil
	case *Unknown, *Choice:
		r.exact = false
		return true, nil
	}
	return false, r.in.typeError(v, "a Boolean", Span(a.Val))
}

func (r *recipe) attrs(attrs *Set) error {
	structured, err := r.flag(attrs, "__structuredAttrs")
	if err != nil {
		return err
	}
	ignoreNulls, err := r.flag(attrs, "__ignoreNulls")
	if err != nil {
		return err
	}
	for i := range attrs.Attrs {
		a := &attrs.Attrs[i]
		switch a.Name {
		case "__ignoreNulls", "__structuredAttrs":
			fmt.Fprintf(r.sum, "%s %v %v;", a.Name, structured, ignoreNulls)
			continue
		case "__contentAddressed", "__impure":
			r.exact = false
			continue
		}
		fmt.Fprintf(r.sum, "%d:%s=", len(a.Name), a.Name)
		if err := r.attr(a, structured, ignoreNulls); err != nil {
			return wrap(err, Span(a.Val), "attribute "+a.Name+" of a derivation")
		}
	}
	for _, name := range []string{"builder", "system"} {
		if attrs.Find(name) == nil && attrs.Open == nil {
			return fail(Missing, attrs.Home, "required attribute %q is missing in a derivation", name)
		}
	}
	return nil
}

func (r *recipe) attr(a *Attr, structured, ignoreNulls bool) error {
	if ignoreNulls {
		v, err := r.in.Force(a.Val)
		if _, null := v.(Null); null || err != nil {
			return err
		}
	}
	switch {
	case a.Name == "args":
		return r.args(a)
	case structured:
		s, err := r.in.JSON(a.Val, Span(a.Val))
		if err == nil {
			r.note(s)
		}
		return err
	}
	s, err := r.in.coerce(a.Val, Span(a.Val), true, true)
	if err == nil {
		r.note(s)
	}
	return err
}

func (r *recipe) args(a *Attr) error {
	list, err := r.in.List(a.Val, Span(a.Val))
	if err != nil {
		return err
	}
	r.exact = r.exact && !list.Uneven
	for _, el := range list.Elems {
		switch m := el.(type) {
		case *Rest:
			continue
		case *Maybe:
			el = m.Val
		}
		s, err := r.in.coerce(el, Span(el), true, true)
		if err != nil {
			return err
		}
		r.note(s)
	}
	return nil
}

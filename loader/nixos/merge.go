package nixos

import (
	"github.com/nixlint/nixlint/loader/eval"
	"github.com/nixlint/nixlint/loader/source"
)

// merge makes one value of the definitions that won, as the option's type merges them.
func (s *system) merge(t *optionType, won []def, path string) (eval.Value, error) {
	if t == nil {
		if len(won) == 1 && len(won[0].when) == 0 {
			return won[0].val, nil
		}
		t = guess(won)
	}
	switch t.name {
	case "listOf":
		return s.mergeList(t, won, path)
	case "attrsOf", "attrs", "anything":
		if t.name != "anything" || anySet(won) {
			return s.mergeAttrs(t, won, path)
		}
	case "submodule":
		return s.submodule(t, won, path), nil
	case "lines", "separatedString":
		return s.mergeText(t, won)
	case "nullOr":
		return s.mergeNull(t, won, path)
	case "either":
		for _, x := range t.either {
			if acceptsAll(x, won) {
				return s.merge(x, won, path)
			}
		}
	case "coercedTo":
		return s.mergeCoerced(t, won, path)
	}
	return s.mergeOne(t, won, path)
}

// guess is how definitions of an option without a known type merge: lists and sets with each other, else one.
func guess(won []def) *optionType {
	for _, d := range won {
		switch d.val.(type) {
		case *eval.List:
			return &optionType{name: "listOf"}
		case *eval.Set:
			return &optionType{name: "attrsOf"}
		}
	}
	return &optionType{name: "raw"}
}

func anySet(won []def) bool {
	for _, d := range won {
		if _, ok := d.val.(*eval.Set); ok {
			return true
		}
	}
	return false
}

func acceptsAll(t *optionType, won []def) bool {
	for _, d := range won {
		if !t.accepts(d.val) {
			return false
		}
	}
	return true
}

// mergeOne takes the one definition there is; several must be equal.
func (s *system) mergeOne(t *optionType, won []def, path string) (eval.Value, error) {
	var sure *def
	var maybe []def
	for i := range won {
		d := &won[i]
		if !t.accepts(d.val) {
			return nil, s.refuse(d.place(), "option %s expects %s, found %s", path, t, eval.TypeName(d.val))
		}
		if len(d.when) > 0 {
			maybe = append(maybe, *d)
			continue
		}
		if sure != nil && t.name != "raw" && t.name != "unspecified" {
			same, err := s.in.Equal(sure.val, d.val)
			if err == nil && same == eval.Bool(false) {
				return nil, s.refuse(d.place(), "option %s has conflicting definitions; the other is at %s", path, sure.place())
			}
			continue
		}
		sure = d
	}
	if len(maybe) == 0 {
		if sure == nil {
			return eval.NewUnknown("option "+path+" has no value here", source.Span{}), nil
		}
		return sure.val, nil
	}
	rest := eval.Conds(nil)
	possible := true
	var alts []eval.Alt
	for _, d := range maybe {
		alts = append(alts, eval.Alt{When: d.when, Val: d.val})
		if possible {
			rest, possible = rest.And(d.when.Negate())
		}
	}
	if possible && sure != nil {
		alts = append(alts, eval.Alt{When: rest, Val: sure.val})
	}
	return eval.Choose(alts), nil
}

// place is where a definition stands.
func (d *def) place() source.Span {
	if at := spanOf(d.site); at.Valid() {
		return at
	}
	return eval.Span(d.val)
}

func (s *system) mergeList(t *optionType, won []def, path string) (eval.Value, error) {
	out := &eval.List{}
	for _, d := range won {
		list, err := s.in.List(d.val, d.place())
		if err != nil {
			return nil, err
		}
		for _, el := range list.Elems {
			if t.elem != nil && t.elem.name == "submodule" {
				el = s.element(t.elem, el, d, path)
			}
			if len(d.when) == 0 {
				out.Elems = append(out.Elems, el)
				continue
			}
			switch m := el.(type) {
			case *eval.Rest:
				out.Elems = append(out.Elems, m)
			case *eval.Maybe:
				if when, ok := d.when.And(m.When); ok {
					out.Elems = append(out.Elems, &eval.Maybe{Val: m.Val, When: when})
				}
			default:
				out.Elems = append(out.Elems, &eval.Maybe{Val: el, When: d.when})
			}
		}
		out.Uneven = out.Uneven || list.Uneven || len(d.when) > 0
	}
	return out, nil
}

// element is one element of a listOf submodule.
func (s *system) element(t *optionType, el eval.Value, d def, path string) eval.Value {
	switch m := el.(type) {
	case *eval.Rest:
		return m
	case *eval.Maybe:
		return &eval.Maybe{Val: s.element(t, m.Val, d, path), When: m.When}
	}
	return eval.Lazy(func() (eval.Value, error) {
		d.val, d.when = el, nil
		return s.submodule(t, s.expand(d), path+".*"), nil
	})
}

func (s *system) mergeAttrs(t *optionType, won []def, path string) (eval.Value, error) {
	byName := map[string][]def{}
	var names []string
	out := &eval.Set{}
	for _, d := range won {
		set, err := s.in.Set(d.val, d.place())
		if err != nil {
			return nil, err
		}
		if set.Open != nil {
			out.Open = set.Open
		}
		for i := range set.Attrs {
			a := &set.Attrs[i]
			when, ok := d.when.And(a.When)
			if !ok {
				continue
			}
			if byName[a.Name] == nil {
				names = append(names, a.Name)
			}
			e := d
			e.val, e.when, e.site, e.trail = a.Val, when, a.Site, grow(d.trail, a)
			byName[a.Name] = append(byName[a.Name], e)
		}
	}
	attrs := make([]eval.Attr, 0, len(names))
	for _, name := range names {
		defs := byName[name]
		attr := eval.Attr{Name: name, Site: defs[0].site}
		attr.Val = eval.Lazy(func() (eval.Value, error) {
			var all []def
			for _, d := range defs {
				all = append(all, s.expand(d)...)
			}
			won, _ := s.settle(all)
			if len(won) == 1 {
				won[0].when = nil // the attribute itself says under which conditions it is there
			}
			elem := t.elem
			if t.name == "anything" {
				elem = t
			}
			if elem != nil && elem.name == "submodule" {
				return s.submoduleNamed(elem, won, path+"."+name, name), nil
			}
			return s.merge(elem, won, path+"."+name)
		})
		if always, when := present(defs, s); !always {
			if when == nil {
				continue
			}
			attr.When = when
		}
		attrs = append(attrs, attr)
	}
	set := eval.NewSet(attrs...)
	set.Open = out.Open
	if s.loose && set.Open == nil {
		// Any module of the repository may add to a set; in the loose view they are not together.
		set.Open = eval.NewUnknown("other modules may define more of "+path, source.Span{})
	}
	return set, nil
}

// present tells under which conditions an attribute is there; nil conditions when it never is. mkIf false leaves an attribute
// of attrsOf out; to see that its value must be taken apart, which is done only where it is no set.
func present(defs []def, s *system) (always bool, when eval.Conds) {
	for _, d := range defs {
		for _, e := range s.decide(s.expand(d)) {
			switch {
			case len(e.when) == 0:
				return true, nil
			case when == nil:
				when = e.when
			}
		}
	}
	return false, when
}

func (s *system) mergeText(t *optionType, won []def) (eval.Value, error) {
	sep := t.sep
	if t.name == "lines" {
		sep = "\n"
	}
	list := &eval.List{}
	for _, d := range won {
		el := d.val
		if len(d.when) > 0 {
			el, list.Uneven = &eval.Maybe{Val: d.val, When: d.when}, true
		}
		list.Elems = append(list.Elems, el)
	}
	return s.in.JoinStrings(sep, list)
}

// mergeNull merges what is not null, and keeps apart when it is null.
func (s *system) mergeNull(t *optionType, won []def, path string) (eval.Value, error) {
	var nulls, others []def
	for _, d := range won {
		if _, isNull := d.val.(eval.Null); isNull {
			nulls = append(nulls, d)
		} else {
			others = append(others, d)
		}
	}
	switch {
	case len(others) == 0 && len(nulls) > 0 && len(nulls[0].when) == 0:
		return eval.Null{}, nil
	case len(nulls) == 0:
		return s.merge(t.elem, others, path)
	case len(others) == 0 || scalarDefs(others):
		return s.mergeOne(&optionType{name: "raw"}, won, path)
	}
	when := nulls[0].when
	if len(when) == 0 {
		when = others[0].when.Negate()
	}
	for i := range others {
		others[i].when = nil
	}
	v, err := s.merge(t.elem, others, path)
	if err != nil {
		return nil, err
	}
	return eval.Choose([]eval.Alt{{When: when, Val: eval.Null{}}, {When: when.Negate(), Val: v}}), nil
}

func scalarDefs(defs []def) bool {
	for _, d := range defs {
		switch d.val.(type) {
		case *eval.Set, *eval.List, *eval.Lambda, eval.External:
			return false
		}
	}
	return true
}

func (s *system) mergeCoerced(t *optionType, won []def, path string) (eval.Value, error) {
	to := t.either[len(t.either)-1]
	out := make([]def, len(won))
	for i, d := range won {
		if !to.accepts(d.val) || t.either[0].accepts(d.val) && t.either[0] != nil {
			v, err := s.in.Call(t.coerce, d.val)
			if err != nil {
				return nil, err
			}
			d.val = v
		}
		out[i] = d
	}
	return s.merge(to, out, path)
}

func (s *system) submodule(t *optionType, won []def, path string) eval.Value {
	return s.submoduleNamed(t, won, path, "")
}

// submoduleNamed is a system of its own: the type's modules and one a definition.
func (s *system) submoduleNamed(t *optionType, won []def, path, name string) eval.Value {
	sub := &system{r: s.r, in: s.in, host: s.host, missing: s.missing, options: &optionTree{}, loose: s.loose, name: name}
	if sub.name == "" {
		sub.name = "submodule"
	}
	sub.root = &node{sys: sub}
	given := name
	if given == "" {
		given = path
	}
	sub.args = eval.NewSet(append(append([]eval.Attr(nil), s.args.Attrs...),
		eval.Attr{Name: "name", Val: eval.Str(given)}, eval.Attr{Name: "config", Val: &view{n: sub.root}},
		eval.Attr{Name: "options", Val: eval.NewUnknown("options of a submodule are not supported", source.Span{})})...)
	var values []pending
	for _, m := range t.modules {
		values = append(values, pending{val: m, at: eval.Span(m)})
	}
	sub.collect(values, true)
	for _, d := range won {
		switch d.val.(type) {
		case *eval.Lambda, eval.Path:
			sub.collect([]pending{{val: d.val, at: d.place(), when: d.when}}, true)
			continue
		}
		d.conds = nil
		d.prio = plain
		sub.root.roots = append(sub.root.roots, d)
	}
	return &view{n: sub.root}
}

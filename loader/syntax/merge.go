package syntax

// mergeBindings adds what is written in a set to its merged form, and says which attributes are defined twice.
func (r *resolver) mergeBindings(set *Set, bindings []Binding) {
	for _, b := range bindings {
		switch b := b.(type) {
		case *Attr:
			r.mergeAttr(set, b)
		case *Inherit:
			r.mergeInherit(set, b)
		case *BadBinding:
		}
	}
}

// newSet merges the bindings of a literal.
func (r *resolver) newSet(rec bool, bindings []Binding) *Set {
	s := r.sets.alloc()
	s.Rec = rec
	n := 0
	for _, b := range bindings {
		if in, ok := b.(*Inherit); ok {
			n += len(in.Names) - 1
		}
		n++
	}
	s.Attrs = r.attrs.reserve(n)
	r.mergeBindings(s, bindings)
	return s
}

// mergeAttr adds path = value. The sets that the path implies are made, or found where another path or a literal made them.
func (r *resolver) mergeAttr(set *Set, a *Attr) {
	if len(a.Path) == 0 {
		return
	}
	last := len(a.Path) - 1
	for i := range last {
		name := &a.Path[i]
		if name.Expr != nil {
			nested := r.sets.alloc()
			set.Dynamic = append(set.Dynamic, DynamicAttr{Name: name.Expr, Set: nested, Node: a})
			set = nested
			continue
		}
		at := set.find(name.Name)
		if at < 0 {
			nested := r.sets.alloc()
			set.add(SetAttr{Name: name.Name, At: name.span, Set: nested, Node: a})
			set = nested
			continue
		}
		if set = r.nested(&set.Attrs[at]); set == nil {
			r.twice(a.Path[:i+1], r.first)
			return
		}
	}
	name := &a.Path[last]
	if name.Expr != nil {
		set.Dynamic = append(set.Dynamic, DynamicAttr{Name: name.Expr, Value: a.Value, Node: a})
		return
	}
	at := set.find(name.Name)
	if at < 0 {
		set.add(SetAttr{Name: name.Name, At: name.span, Value: a.Value, Node: a})
		return
	}
	literal := literalSet(a.Value)
	nested := r.nested(&set.Attrs[at])
	if literal == nil || nested == nil {
		if _, bad := a.Value.(*Bad); !bad {
			r.twice(a.Path, set.Attrs[at].At)
		}
		return
	}
	// As in Nix, rec counts where the set is first written; on what is merged into it, it is without effect.
	literal.Set = nested
	r.mergeBindings(nested, literal.Bindings)
}

// nested is the set behind an attribute that more is to be merged into: nil, and its place in r.first, if it is none.
func (r *resolver) nested(a *SetAttr) *Set {
	r.first = a.At
	if a.Set == nil {
		literal := literalSet(a.Value)
		if literal == nil {
			return nil
		}
		if literal.Set == nil {
			literal.Set = r.newSet(literal.Rec, literal.Bindings)
		}
		a.Value, a.Set = nil, literal.Set
	}
	return a.Set
}

// literalSet is the attribute set that an expression is, parentheses aside, or nil.
func literalSet(x Expr) *AttrSet {
	for {
		switch y := x.(type) {
		case *Paren:
			x = y.X
		case *AttrSet:
			return y
		default:
			return nil
		}
	}
}

// mergeInherit adds inherited names.
func (r *resolver) mergeInherit(set *Set, in *Inherit) {
	a := SetAttr{Inherit: in.From == nil, FromExpr: in.From != nil, Node: in}
	if a.FromExpr {
		a.From = len(set.From)
		set.From = append(set.From, in.From)
	} else {
		in.Vars = r.refs.reserve(len(in.Names))[:len(in.Names)]
	}
	for i := range in.Names {
		name := &in.Names[i]
		if name.Expr != nil {
			r.report(name.span, "found an interpolated name, expected a plain one; inherit takes no dynamic attributes")
			continue
		}
		if at := set.find(name.Name); at >= 0 {
			r.twice(in.Names[i:i+1], set.Attrs[at].At)
			continue
		}
		a.Name, a.At = name.Name, name.span
		set.add(a)
	}
}

// manyAttrs is from how many attributes on a set keeps an index of their names.
const manyAttrs = 12

// Find returns the slot of an attribute, or -1.
func (s *Set) Find(name string) int { return s.find(name) }

func (s *Set) find(name string) int {
	if s.index != nil {
		if i, ok := s.index[name]; ok {
			return i
		}
		return -1
	}
	for i := range s.Attrs {
		if s.Attrs[i].Name == name {
			return i
		}
	}
	return -1
}

func (s *Set) add(a SetAttr) {
	s.Attrs = append(s.Attrs, a)
	switch n := len(s.Attrs); {
	case s.index != nil:
		s.index[a.Name] = n - 1
	case n == manyAttrs:
		s.index = make(map[string]int, 2*manyAttrs)
		for i := range s.Attrs {
			s.index[s.Attrs[i].Name] = i
		}
	}
}

package eval

import (
	"strings"

	"github.com/nixlint/nixlint/loader/source"
	"github.com/nixlint/nixlint/loader/syntax"
)

type (
	constNode struct {
		at source.Span
		v  Value
	}
	localNode struct {
		at          source.Span
		depth, slot int
	}
	globalNode struct {
		at   source.Span
		name string
	}
	throughWithNode struct {
		at    source.Span
		depth int
		name  string
	}
	undefinedNode struct {
		at   source.Span
		name string
	}
	searchNode struct {
		at   source.Span
		name string
	}
	stringNode struct {
		at      source.Span
		parts   []stringPart
		dynamic bool
	}
	stringPart struct {
		text string
		expr node
		at   source.Span
	}
	pathNode struct {
		at    source.Span
		c     *compiler
		parts []stringPart
	}
	listNode struct {
		at    source.Span
		elems []node
	}
	setNode struct {
		at      source.Span
		rec     bool
		implied bool // made by an attribute path, not written with braces
		attrs   []attrNode
		dynamic []dynNode
		from    []node
	}
	attrNode struct {
		name  string
		slot  int
		value node // nil for inherit (from)
		outer bool // inherit: evaluated outside of the set's frame
		from  int  // index of the inherit (from) expression, or -1
		site  Site
	}
	dynNode struct {
		name, value node
		site        Site
	}
	letNode struct {
		at   source.Span
		set  *setNode
		body node
	}
	withNode struct {
		at          source.Span
		scope, body node
	}
	assertNode struct {
		at         source.Span
		cond, body node
	}
	ifNode struct {
		at              source.Span
		cond, then, els node
	}
	lambdaNode struct {
		at       source.Span
		hasArg   bool
		formals  []formalNode
		ellipsis bool
		slots    int
		body     node
	}
	formalNode struct {
		name string
		def  node
		at   source.Span
	}
	applyNode struct {
		at   source.Span
		fn   node
		args []node
	}
	selectNode struct {
		at   source.Span
		set  node
		path []nameNode
		def  node
	}
	nameNode struct {
		name string
		expr node
		at   source.Span
	}
	hasNode struct {
		at   source.Span
		set  node
		path []nameNode
	}
	unaryNode struct {
		at source.Span
		op syntax.Op
		x  node
	}
	binaryNode struct {
		at   source.Span
		op   syntax.Op
		x, y node
	}
	logicNode struct {
		at   source.Span
		op   syntax.Op
		x, y node
	}
)

func (n *constNode) span() source.Span       { return n.at }
func (n *localNode) span() source.Span       { return n.at }
func (n *globalNode) span() source.Span      { return n.at }
func (n *throughWithNode) span() source.Span { return n.at }
func (n *undefinedNode) span() source.Span   { return n.at }
func (n *searchNode) span() source.Span      { return n.at }
func (n *stringNode) span() source.Span      { return n.at }
func (n *pathNode) span() source.Span        { return n.at }
func (n *listNode) span() source.Span        { return n.at }
func (n *setNode) span() source.Span         { return n.at }
func (n *letNode) span() source.Span         { return n.at }
func (n *withNode) span() source.Span        { return n.at }
func (n *assertNode) span() source.Span      { return n.at }
func (n *ifNode) span() source.Span          { return n.at }
func (n *lambdaNode) span() source.Span      { return n.at }
func (n *applyNode) span() source.Span       { return n.at }
func (n *selectNode) span() source.Span      { return n.at }
func (n *hasNode) span() source.Span         { return n.at }
func (n *unaryNode) span() source.Span       { return n.at }
func (n *binaryNode) span() source.Span      { return n.at }
func (n *logicNode) span() source.Span       { return n.at }

func (n *constNode) delay(*Interp, *env) Value           { return n.v }
func (n *throughWithNode) delay(_ *Interp, e *env) Value { return &Thunk{code: n, env: e} }
func (n *undefinedNode) delay(_ *Interp, e *env) Value   { return &Thunk{code: n, env: e} }
func (n *searchNode) delay(_ *Interp, e *env) Value      { return &Thunk{code: n, env: e} }
func (n *stringNode) delay(_ *Interp, e *env) Value      { return &Thunk{code: n, env: e} }
func (n *pathNode) delay(_ *Interp, e *env) Value        { return &Thunk{code: n, env: e} }
func (n *listNode) delay(_ *Interp, e *env) Value        { return &Thunk{code: n, env: e} }
func (n *setNode) delay(_ *Interp, e *env) Value         { return &Thunk{code: n, env: e} }
func (n *letNode) delay(_ *Interp, e *env) Value         { return &Thunk{code: n, env: e} }
func (n *withNode) delay(_ *Interp, e *env) Value        { return &Thunk{code: n, env: e} }
func (n *assertNode) delay(_ *Interp, e *env) Value      { return &Thunk{code: n, env: e} }
func (n *ifNode) delay(_ *Interp, e *env) Value          { return &Thunk{code: n, env: e} }
func (n *lambdaNode) delay(_ *Interp, e *env) Value      { return &Lambda{code: n, env: e} }
func (n *applyNode) delay(_ *Interp, e *env) Value       { return &Thunk{code: n, env: e} }
func (n *selectNode) delay(_ *Interp, e *env) Value      { return &Thunk{code: n, env: e} }
func (n *hasNode) delay(_ *Interp, e *env) Value         { return &Thunk{code: n, env: e} }
func (n *unaryNode) delay(_ *Interp, e *env) Value       { return &Thunk{code: n, env: e} }
func (n *binaryNode) delay(_ *Interp, e *env) Value      { return &Thunk{code: n, env: e} }
func (n *logicNode) delay(_ *Interp, e *env) Value       { return &Thunk{code: n, env: e} }

func (n *globalNode) delay(in *Interp, _ *env) Value {
	if v, ok := in.globals[n.name]; ok {
		return v
	}
	return NewUnknown("builtins."+strings.TrimPrefix(n.name, "__")+" is not supported", n.at)
}

// delay of a variable is the variable's own value: it keeps the place where it was written, and costs nothing. A slot of a
// frame that is still being filled has none yet.
func (n *localNode) delay(_ *Interp, e *env) Value {
	if v := n.lookup(e); v != nil {
		return v
	}
	return &Thunk{code: n, env: e}
}

func (n *localNode) lookup(e *env) Value {
	for range n.depth {
		e = e.up
	}
	return e.slots[n.slot]
}

func (n *constNode) eval(*Interp, *env) (Value, error)       { return n.v, nil }
func (n *localNode) eval(in *Interp, e *env) (Value, error)  { return in.Force(n.lookup(e)) }
func (n *globalNode) eval(in *Interp, e *env) (Value, error) { return in.Force(n.delay(in, e)) }
func (n *lambdaNode) eval(_ *Interp, e *env) (Value, error)  { return &Lambda{code: n, env: e}, nil }
func (n *undefinedNode) eval(*Interp, *env) (Value, error) {
	return nil, fail(Undefined, n.at, "undefined variable %q", n.name)
}

func (n *throughWithNode) eval(in *Interp, e *env) (Value, error) {
	for range n.depth {
		e = e.up
	}
	var open *Unknown
	for ; e != nil; e = e.up {
		if e.with == nil {
			continue
		}
		v, ok, why, err := in.lookup(e.with, n.name, n.at)
		if err != nil {
			return nil, wrap(err, n.at, "in a with")
		}
		if ok {
			if open != nil {
				break
			}
			return in.Force(v)
		}
		if why != nil && open == nil {
			open = why
		}
	}
	if open != nil {
		return open, nil
	}
	if v, ok := in.globals[n.name]; ok {
		return v, nil
	}
	return nil, fail(Undefined, n.at, "undefined variable %q", n.name)
}

func (n *searchNode) eval(in *Interp, _ *env) (Value, error) {
	if in.Search != nil {
		if v, ok := in.Search(n.name); ok {
			return v, nil
		}
	}
	return NewUnknown("<"+n.name+"> is not given", n.at), nil
}

func (n *listNode) eval(in *Interp, e *env) (Value, error) {
	elems := make([]Value, len(n.elems))
	for i, el := range n.elems {
		elems[i] = el.delay(in, e)
	}
	return &List{Elems: elems}, nil
}

func (n *setNode) eval(in *Interp, e *env) (Value, error) {
	s, _, err := n.build(in, e)
	return s, err
}

// build makes the set, and the frame that its recursive attributes see.
func (n *setNode) build(in *Interp, outer *env) (*Set, *env, error) {
	inner := outer
	if n.rec {
		inner = &env{up: outer, slots: make([]Value, len(n.attrs))}
	}
	var from []Value
	for _, f := range n.from {
		from = append(from, &Thunk{code: f, env: inner})
	}
	s := &Set{Attrs: make([]Attr, len(n.attrs), len(n.attrs)+len(n.dynamic)), Home: n.at}
	for i := range n.attrs {
		a := &n.attrs[i]
		var v Value
		switch {
		case a.from >= 0:
			name, scope, at := a.name, from[a.from], a.site.Name
			v = Lazy(func() (Value, error) { return in.Select(scope, name, at) })
		case a.outer:
			v = a.value.delay(in, outer)
		default:
			v = a.value.delay(in, inner)
		}
		s.Attrs[i] = Attr{Name: a.name, Val: v, Site: &a.site}
		if n.rec {
			inner.slots[a.slot] = v
		}
	}
	if len(n.dynamic) > 0 {
		if err := n.addDynamic(in, inner, s); err != nil {
			return nil, nil, err
		}
	}
	return s, inner, nil
}

// addDynamic adds ${name} = value. A name that is null leaves it out, one that is unknown opens the set.
func (n *setNode) addDynamic(in *Interp, e *env, s *Set) error {
	for i := range n.dynamic {
		d := &n.dynamic[i]
		name, err := in.eval(d.name, e)
		if err != nil {
			return err
		}
		if u := undecidedName(name); u != nil {
			s.Open = u
			continue
		}
		switch name := name.(type) {
		case Null:
			continue
		case *String:
			at := s.position(name.S)
			if at < len(s.Attrs) && s.Attrs[at].Name == name.S {
				return fail(TypeError, d.site.Name, "dynamic attribute %q is already defined at %s", name.S, s.Attrs[at].Site.Name)
			}
			s.Attrs = append(s.Attrs, Attr{})
			copy(s.Attrs[at+1:], s.Attrs[at:])
			s.Attrs[at] = Attr{Name: name.S, Val: d.value.delay(in, e), Site: &d.site}
		default:
			return in.typeError(name, "a string as an attribute name", d.site.Name)
		}
	}
	return nil
}

// undecidedName is why an attribute name is not known, nil when it is.
func undecidedName(v Value) *Unknown {
	switch v := v.(type) {
	case *Unknown:
		return v
	case *Choice:
		return NewUnknown("an attribute name depends on an undecided condition", v.Alts[0].When[0].Span)
	case *String:
		if !v.Known() {
			return v.Holes[0].Why
		}
	}
	return nil
}

func (n *letNode) eval(in *Interp, e *env) (Value, error) {
	_, inner, err := n.set.build(in, e)
	if err != nil {
		return nil, err
	}
	return n.body.eval(in, inner)
}

func (n *withNode) eval(in *Interp, e *env) (Value, error) {
	return n.body.eval(in, &env{up: e, with: n.scope.delay(in, e)})
}

// An assertion that is not decided is taken to hold: otherwise nothing could be built.
func (n *assertNode) eval(in *Interp, e *env) (Value, error) {
	c, err := in.eval(n.cond, e)
	if err != nil {
		return nil, err
	}
	switch c := c.(type) {
	case Bool:
		if !c {
			return nil, fail(Assert, n.cond.span(), "assertion %s failed", oneLine(n.cond.span().Text()))
		}
	case *Unknown, *Choice:
	default:
		return nil, in.typeError(c, "a Boolean", n.cond.span())
	}
	return n.body.eval(in, e)
}

func (n *ifNode) eval(in *Interp, e *env) (Value, error) {
	c, err := in.eval(n.cond, e)
	if err != nil {
		return nil, err
	}
	if b, ok := c.(Bool); ok {
		if b {
			return n.then.eval(in, e)
		}
		return n.els.eval(in, e)
	}
	return in.branch(c, written(n.cond, e),
		func() Value { return n.then.delay(in, e) },
		func() Value { return n.els.delay(in, e) })
}

func (n *lambdaNode) takes(name string) bool {
	for i := range n.formals {
		if n.formals[i].name == name {
			return true
		}
	}
	return false
}

func (n *applyNode) eval(in *Interp, e *env) (Value, error) {
	fn, err := in.eval(n.fn, e)
	if err != nil {
		return nil, err
	}
	for _, arg := range n.args {
		if fn, err = in.call(fn, arg.delay(in, e), n.at); err != nil {
			return nil, err
		}
	}
	return fn, nil
}

func (n *unaryNode) eval(in *Interp, e *env) (Value, error) {
	x, err := in.eval(n.x, e)
	if err != nil {
		return nil, err
	}
	if n.op == syntax.Not {
		if b, ok := x.(Bool); ok {
			return !b, nil
		}
		return in.branch(x, n.x.span(), func() Value { return Bool(false) }, func() Value { return Bool(true) })
	}
	return in.each(x, func(x Value) (Value, error) { return in.arith(syntax.Sub, Int(0), x, n.at) })
}

// logicNode: an unknown operand decides nothing unless the other one does.
func (n *logicNode) eval(in *Interp, e *env) (Value, error) {
	x, err := in.eval(n.x, e)
	if err != nil {
		return nil, err
	}
	// The value of x that decides, and what the result then is.
	decides, result := Bool(false), Bool(false)
	switch n.op { //nolint:exhaustive // the three logical operators
	case syntax.Or:
		decides, result = true, true
	case syntax.Implies:
		result = true
	}
	return in.logic(x, decides, result, n, e)
}

func (in *Interp) logic(x Value, decides, result Bool, n *logicNode, e *env) (Value, error) {
	switch x := x.(type) {
	case Bool:
		if x == decides {
			return result, nil
		}
		y, err := in.eval(n.y, e)
		if err != nil {
			return nil, err
		}
		switch y.(type) {
		case Bool, *Unknown, *Choice:
			return y, nil
		}
		return nil, in.typeError(y, "a Boolean", n.y.span())
	case *Unknown:
		y, err := in.eval(n.y, e)
		if b, ok := y.(Bool); err == nil && ok && b == result {
			return result, nil
		}
		return x, nil
	case *Choice:
		return in.spread(x, func(x Value) (Value, error) { return in.logic(x, decides, result, n, e) })
	}
	return nil, in.typeError(x, "a Boolean", n.x.span())
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// written is where a condition stands in a file of the user: a function of the embedded lib is given it as a variable.
func written(n node, e *env) source.Span {
	at := n.span()
	if l, ok := n.(*localNode); ok && at.File != nil && at.File.Internal {
		if given := Span(l.lookup(e)); given.Valid() {
			return given
		}
	}
	return at
}

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
		at     source.Span
		name   string
		scopes []int // how many frames up each with is, innermost first
	}
	undefinedNode struct {
		at   source.Span
		name string
	}
	scopedNode struct {
		at        source.Span
		name      string
		depth     int // how many frames up the scope is
		otherwise node
	}
	curPosNode struct{ at source.Span }
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

		overrides bool // it has __overrides
	}
	attrNode struct {
		name  string
		slot  int
		value node
		outer bool // inherit: evaluated outside of the set's frame
		from  bool // inherit (from): evaluated in the frame of the from expressions
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
		arg      string // its name
		formals  []formalNode
		ellipsis bool
		slots    int
		body     node
		inner    *lambdaNode // body, when it is a function too
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

		inherit bool // inherit (set) name
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
func (n *scopedNode) span() source.Span      { return n.at }
func (n *curPosNode) span() source.Span      { return n.at }
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
func (n *selectNode) span() source.Span {
	if n.inherit {
		return source.Span{} // the value was written elsewhere
	}
	return n.at
}
func (n *hasNode) span() source.Span    { return n.at }
func (n *unaryNode) span() source.Span  { return n.at }
func (n *binaryNode) span() source.Span { return n.at }
func (n *logicNode) span() source.Span  { return n.at }

func (n *constNode) delay(*Interp, *env) Value           { return n.v }
func (n *throughWithNode) delay(_ *Interp, e *env) Value { return &Thunk{code: n, val: e} }
func (n *undefinedNode) delay(_ *Interp, e *env) Value   { return &Thunk{code: n, val: e} }
func (n *searchNode) delay(_ *Interp, e *env) Value      { return &Thunk{code: n, val: e} }
func (n *scopedNode) delay(_ *Interp, e *env) Value      { return &Thunk{code: n, val: e} }
func (n *curPosNode) delay(_ *Interp, e *env) Value      { return &Thunk{code: n, val: e} }
func (n *stringNode) delay(_ *Interp, e *env) Value      { return &Thunk{code: n, val: e} }
func (n *pathNode) delay(_ *Interp, e *env) Value        { return &Thunk{code: n, val: e} }
func (n *listNode) delay(_ *Interp, e *env) Value        { return &Thunk{code: n, val: e} }
func (n *setNode) delay(_ *Interp, e *env) Value         { return &Thunk{code: n, val: e} }
func (n *letNode) delay(_ *Interp, e *env) Value         { return &Thunk{code: n, val: e} }
func (n *withNode) delay(_ *Interp, e *env) Value        { return &Thunk{code: n, val: e} }
func (n *assertNode) delay(_ *Interp, e *env) Value      { return &Thunk{code: n, val: e} }
func (n *ifNode) delay(_ *Interp, e *env) Value          { return &Thunk{code: n, val: e} }
func (n *lambdaNode) delay(_ *Interp, e *env) Value      { return &Lambda{code: n, env: e} }
func (n *applyNode) delay(_ *Interp, e *env) Value       { return &Thunk{code: n, val: e} }
func (n *selectNode) delay(_ *Interp, e *env) Value      { return &Thunk{code: n, val: e} }
func (n *hasNode) delay(_ *Interp, e *env) Value         { return &Thunk{code: n, val: e} }
func (n *unaryNode) delay(_ *Interp, e *env) Value       { return &Thunk{code: n, val: e} }
func (n *binaryNode) delay(_ *Interp, e *env) Value      { return &Thunk{code: n, val: e} }
func (n *logicNode) delay(_ *Interp, e *env) Value       { return &Thunk{code: n, val: e} }

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
	return &Thunk{code: n, val: e}
}

func (n *localNode) lookup(e *env) Value {
	for range n.depth {
		e = e.up
	}
	return e.slots[n.slot]
}

// eval brings an expression to weak head normal form. All evaluations inside of another one go through here, so that what
// nests is counted.
func (in *Interp) eval(n node, e *env) (Value, error) {
	switch n := n.(type) {
	case *localNode:
		v := n.lookup(e)
		if t, ok := v.(*Thunk); ok {
			return t.force(in)
		}
		return v, nil
	case *constNode:
		return n.v, nil
	}
	if in.nested++; in.nested > in.limits.Nested {
		in.nested--
		return nil, in.limitAt(n.span(), "evaluation nested more than %d deep", in.limits.Nested)
	}
	v, err := n.eval(in, e)
	in.nested--
	return v, err
}

func (n *constNode) eval(*Interp, *env) (Value, error)       { return n.v, nil }
func (n *localNode) eval(in *Interp, e *env) (Value, error)  { return in.Force(n.lookup(e)) }
func (n *globalNode) eval(in *Interp, e *env) (Value, error) { return in.Force(n.delay(in, e)) }
func (n *lambdaNode) eval(_ *Interp, e *env) (Value, error)  { return &Lambda{code: n, env: e}, nil }

func (n *undefinedNode) eval(*Interp, *env) (Value, error) {
	return nil, fail(Undefined, n.at, "undefined variable %q", n.name)
}

func (n *throughWithNode) eval(in *Interp, e *env) (Value, error) {
	var open *Unknown
	var guess Value
	up := 0
	for _, depth := range n.scopes {
		for ; up < depth; up++ {
			e = e.up
		}
		v, ok, why, err := in.lookup(e.slots[0], n.name, n.at)
		if err != nil {
			return nil, wrap(err, n.at, "in a with")
		}
		if ok && guess == nil && in.guesses(e.slots[0], n.name) {
			guess = v
			continue
		}
		if ok && (guess == nil || !in.guesses(e.slots[0], n.name)) {
			if open != nil {
				break
			}
			return in.Force(v)
		}
		if why != nil && open == nil {
			open = why
		}
	}
	switch {
	case open != nil:
		return open, nil
	case guess != nil:
		return in.Force(guess)
	}
	return nil, fail(Undefined, n.at, "undefined variable %q", n.name)
}

// guesses reports whether a set has an attribute only because nothing says that it has not: pkgs has a package of every name.
// In `with lib; with pkgs; optionals` the name is then that of a set which is known to have it.
func (in *Interp) guesses(set Value, name string) bool {
	v, err := in.Force(set)
	if err != nil {
		return false
	}
	g, ok := v.(Guesser)
	return ok && g.Guesses(name)
}

func (n *scopedNode) eval(in *Interp, e *env) (Value, error) {
	scope := e
	for range n.depth {
		scope = scope.up
	}
	v, ok, why, err := in.lookup(scope.slots[0], n.name, n.at)
	switch {
	case err != nil:
		return nil, err
	case ok:
		return in.Force(v)
	case why != nil:
		return why, nil
	}
	return in.eval(n.otherwise, e)
}

func (n *curPosNode) eval(in *Interp, _ *env) (Value, error) {
	p := n.at.File.Position(n.at.Start)
	return NewSet(Attr{Name: "file", Val: in.pathText(Path(n.at.File.Path))},
		Attr{Name: "line", Val: Int(p.Line)}, Attr{Name: "column", Val: Int(p.Column)}), nil
}

func (n *searchNode) eval(in *Interp, _ *env) (Value, error) {
	if in.Search != nil {
		if v, ok := in.Search(n.name); ok {
			return in.Force(v)
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
	if err != nil {
		return nil, err
	}
	return s, nil
}

// build makes the set, and the frame that its recursive attributes see.
func (n *setNode) build(in *Interp, outer *env) (*Set, *env, error) {
	if err := in.work(len(n.attrs) >> 3); err != nil {
		return nil, nil, err
	}
	s := &Set{Attrs: make([]Attr, len(n.attrs), len(n.attrs)+len(n.dynamic)), Home: n.at}
	inner, from := n.frames(outer)
	for i := range n.attrs {
		a := &n.attrs[i]
		s.Attrs[i].Name, s.Attrs[i].Site = a.name, &a.site
		s.Attrs[i].Val = n.delayed(in, a, outer, inner, from)
		if n.rec {
			inner.slots[a.slot] = s.Attrs[i].Val
		}
	}
	if n.rec && n.overrides {
		if err := in.override(n, s, inner); err != nil {
			return nil, nil, err
		}
	}
	if len(n.dynamic) > 0 {
		if err := n.addDynamic(in, inner, s); err != nil {
			return nil, nil, err
		}
	}
	return s, inner, nil
}

// frames are what the attributes see, and what holds the expressions of inherit (from).
func (n *setNode) frames(outer *env) (inner, from *env) {
	inner = outer
	if n.rec {
		inner = newEnv(outer, len(n.attrs))
	}
	if len(n.from) > 0 {
		from = newEnv(inner, len(n.from))
		for i, f := range n.from {
			from.slots[i] = &Thunk{code: f, val: inner}
		}
	}
	return inner, from
}

func (n *setNode) delayed(in *Interp, a *attrNode, outer, inner, from *env) Value {
	switch {
	case a.from:
		return &Thunk{code: a.value, val: from}
	case a.outer:
		return a.value.delay(in, outer)
	case n.overrides:
		return &Thunk{code: a.value, val: inner} // a variable may yet change
	}
	return a.value.delay(in, inner)
}

// bindings makes the frame of a let, without the set.
func (n *setNode) bindings(in *Interp, outer *env) *env {
	inner, from := n.frames(outer)
	for i := range n.attrs {
		a := &n.attrs[i]
		inner.slots[a.slot] = n.delayed(in, a, outer, inner, from)
	}
	return inner
}

// override is what __overrides does in a rec set: its attributes replace those that the others see.
func (in *Interp) override(n *setNode, s *Set, inner *env) error {
	over, err := in.Set(s.Find("__overrides").Val, n.at)
	if err != nil {
		return err
	}
	both, err := in.Update(s, over, n.at)
	if err != nil {
		return err
	}
	all, err := in.Set(both, n.at)
	if err != nil {
		return err
	}
	for i := range n.attrs {
		inner.slots[n.attrs[i].slot] = all.Find(n.attrs[i].name).Val
	}
	s.Attrs, s.Open, s.named = all.Attrs, all.Open, all.named
	return nil
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
			s.open(u, name)
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
	return in.eval(n.body, n.set.bindings(in, e))
}

func (n *withNode) eval(in *Interp, e *env) (Value, error) {
	inner := newEnv(e, 1)
	inner.slots[0] = n.scope.delay(in, e)
	return in.eval(n.body, inner)
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
		in.assumed++
	default:
		return nil, in.typeError(c, "a Boolean", n.cond.span())
	}
	return in.eval(n.body, e)
}

func (n *ifNode) eval(in *Interp, e *env) (Value, error) {
	c, err := in.eval(n.cond, e)
	if err != nil {
		return nil, err
	}
	if b, ok := c.(Bool); ok {
		if b {
			return in.eval(n.then, e)
		}
		return in.eval(n.els, e)
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
	var few [4]Value
	args := few[:0]
	for _, arg := range n.args {
		args = append(args, arg.delay(in, e))
	}
	return in.callAll(fn, args, n.at)
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

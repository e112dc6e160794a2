package eval

import (
	"errors"
	"slices"

	"github.com/nixlint/nixlint/loader/source"
)

// Thunk is a value that is computed when it is first needed. It keeps its expression, the place of the value.
type Thunk struct {
	code node
	// val is the frame that code is to be evaluated in, then forcing, then the value or a *failure.
	val Value
}

type (
	forcing struct{}
	failure struct{ err error }
)

func (forcing) value()  {}
func (*failure) value() {}
func (*env) value()     {}

// Lazy is a thunk that calls fn when it is forced.
func Lazy(fn func() (Value, error)) *Thunk { return &Thunk{code: &lazyNode{fn}, val: (*env)(nil)} }

// lazyCall is a thunk with what it applies, in one allocation.
type lazyCall struct {
	Thunk
	fn, arg Value
	second  Value // or nil
}

func (*lazyCall) value() {}

// LazyCall is a thunk that applies fn to one or two arguments when it is forced.
func LazyCall(fn Value, args ...Value) *Thunk {
	c := &lazyCall{fn: fn, arg: args[0]}
	if len(args) > 1 {
		c.second = args[1]
	}
	c.code, c.val = callSlots, c
	return &c.Thunk
}

// lazyCall1 is a lazyCall of one argument, which most are.
type lazyCall1 struct {
	Thunk
	fn, arg Value
}

func (*lazyCall1) value() {}

func lazyApply(fn, arg Value) *Thunk {
	c := &lazyCall1{fn: fn, arg: arg}
	c.code, c.val = callSlots, c
	return &c.Thunk
}

// call applies what the thunk holds, and lets go of it when there is a value.
func (t *Thunk) call(in *Interp, fn, arg, second Value) (Value, error) {
	pending := t.val
	if err := in.enter(); err != nil {
		in.nested--
		return nil, err
	}
	t.val = forcing{}
	fn, err := in.Force(fn)
	var v Value
	if err == nil {
		args := [2]Value{arg, second}
		n := 1
		if second != nil {
			n = 2
		}
		v, err = in.callAll(fn, args[:n], nowhere)
	}
	in.nested--
	if err != nil {
		return nil, t.failed(pending, err)
	}
	t.val = v
	return v, nil
}

// Force brings a value to weak head normal form.
func (in *Interp) Force(v Value) (Value, error) {
	t, ok := v.(*Thunk)
	if !ok {
		return v, nil
	}
	return t.force(in)
}

func (t *Thunk) force(in *Interp) (Value, error) {
	switch s := t.val.(type) {
	case *env:
		return t.run(in, s)
	case *lazyCall1:
		v, err := t.call(in, s.fn, s.arg, nil)
		if err == nil {
			s.fn, s.arg = nil, nil
		}
		return v, err
	case *lazyCall:
		v, err := t.call(in, s.fn, s.arg, s.second)
		if err == nil {
			s.fn, s.arg, s.second = nil, nil, nil
		}
		return v, err
	case forcing:
		err := &Error{Kind: Recursion, Span: Span(t), Message: "infinite recursion", head: t}
		return nil, err
	case *failure:
		return nil, again(s.err)
	}
	return t.val, nil
}

func (t *Thunk) run(in *Interp, e *env) (Value, error) {
	if err := in.enter(); err != nil {
		in.nested--
		return nil, placed(err, t.code.span())
	}
	t.val = forcing{}
	v, err := t.code.eval(in, e)
	in.nested--
	if err != nil {
		return nil, t.failed(e, err)
	}
	t.val = v
	if _, ok := t.code.(*lazyNode); ok {
		t.code = callSlots // what the closure holds can go
	}
	return v, nil
}

// failed remembers an error, unless outside of this cycle, or with more depth left, the value may be known.
func (t *Thunk) failed(pending Value, err error) error {
	var x *Error
	if !errors.As(err, &x) || x.Kind != Recursion && x.Kind != Limit {
		t.val = &failure{err}
		return err
	}
	t.val = pending
	if x.Kind == Recursion && x.head != nil {
		if at := t.code.span(); at.Valid() && len(x.Cycle) < maxTrace {
			x.Cycle = append(x.Cycle, at)
		}
		if x.head == t {
			x.head = nil
		}
	}
	return err
}

// again is a remembered error for another one who asks: the places that led to it are others.
func again(err error) error {
	var x *Error
	if !errors.As(err, &x) {
		return err
	}
	c := *x
	c.Trace = slices.Clip(c.Trace)
	return &c
}

// evaluated reports that the thunk has its value.
func (t *Thunk) evaluated() bool {
	switch t.val.(type) {
	case *env, forcing, *failure, *lazyCall, *lazyCall1:
		return false
	}
	return true
}

// Span is the expression that a value was delayed as; the zero span when it is not known.
func Span(v Value) source.Span {
	switch v := v.(type) {
	case *Thunk:
		if at := v.code.span(); at.Valid() {
			return at
		}
		if !v.evaluated() {
			return source.Span{}
		}
		return Span(v.val)
	case *String:
		return v.Span()
	case *Set:
		return v.Home
	case *Lambda:
		return v.code.at
	case *Unknown:
		return v.Span
	}
	return source.Span{}
}

// lazyNode is Go code as an expression.
type lazyNode struct{ fn func() (Value, error) }

func (n *lazyNode) span() source.Span { return source.Span{} }
func (n *lazyNode) delay(*Interp, *env) Value {
	return &Thunk{code: n, val: (*env)(nil)}
}

func (n *lazyNode) eval(in *Interp, _ *env) (Value, error) {
	v, err := n.fn()
	if err != nil {
		return nil, err
	}
	return in.Force(v)
}

// callNode stands for the expression of a lazyCall.
type callNode struct{}

var callSlots node = callNode{}

func (callNode) span() source.Span         { return source.Span{} }
func (callNode) delay(*Interp, *env) Value { return Null{} }
func (callNode) eval(*Interp, *env) (Value, error) {
	return Null{}, nil
}

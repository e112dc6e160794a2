package eval

import (
	"errors"

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

// LazyCall is a thunk that applies fn to args when it is forced.
func LazyCall(fn Value, args ...Value) *Thunk {
	e := newEnv(nil, 1+len(args))
	e.slots[0] = fn
	copy(e.slots[1:], args)
	return &Thunk{code: callSlots, val: e}
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
func (t *Thunk) failed(e *env, err error) error {
	var x *Error
	if !errors.As(err, &x) || x.Kind != Recursion && x.Kind != Limit {
		t.val = &failure{err}
		return err
	}
	t.val = e
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
	c.Trace = c.Trace[:len(c.Trace):len(c.Trace)]
	return &c
}

// Span is the expression that a value was delayed as; the zero span when it is not known.
func Span(v Value) source.Span {
	switch v := v.(type) {
	case *Thunk:
		if at := v.code.span(); at.Valid() {
			return at
		}
		switch v.val.(type) {
		case *env, forcing, *failure:
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

// callNode applies the first slot of its frame to the others.
type callNode struct{}

var callSlots node = callNode{}

func (callNode) span() source.Span               { return source.Span{} }
func (n callNode) delay(_ *Interp, e *env) Value { return &Thunk{code: n, val: e} }
func (callNode) eval(in *Interp, e *env) (Value, error) {
	return in.Call(e.slots[0], e.slots[1:]...)
}

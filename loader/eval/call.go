package eval

import "github.com/nixlint/nixlint/loader/source"

// Call applies a function.
func (in *Interp) Call(fn Value, args ...Value) (Value, error) {
	fn, err := in.Force(fn)
	if err != nil {
		return nil, err
	}
	return in.callAll(fn, args, nowhere)
}

// call applies a function in weak head normal form to one argument.
func (in *Interp) call(fn, arg Value, at source.Span) (Value, error) {
	return in.callAll(fn, []Value{arg}, at)
}

// callAll applies a function in weak head normal form to arguments. It does not keep args.
func (in *Interp) callAll(fn Value, args []Value, at source.Span) (Value, error) {
	var err error
	for len(args) > 0 {
		taken := 1
		switch f := fn.(type) {
		case *Lambda:
			fn, taken, err = in.callLambda(f, args, at)
		case *Builtin:
			fn, taken, err = in.callBuiltin(f, args, at)
		case *Unknown:
			return f.called(args), nil
		default:
			fn, err = in.callOther(fn, args[0], at)
		}
		if err != nil {
			return nil, err
		}
		args = args[taken:]
	}
	return fn, nil
}

// callLambda binds as many arguments as there are functions right inside one another; only the innermost has a body to evaluate.
func (in *Interp) callLambda(f *Lambda, args []Value, at source.Span) (Value, int, error) {
	code, e, n := f.code, f.env, 0
	for {
		if inner := code.inner; inner != nil && len(args) > n+1 && code.formals == nil && inner.formals == nil {
			e, code, n = newEnv2(e, args[n], args[n+1]), inner, n+2
		} else {
			frame, err := in.bind(code, e, args[n], at)
			if err != nil {
				return nil, 0, wrap(err, at, "called")
			}
			e, n = frame, n+1
		}
		if code.inner == nil || len(args) == n {
			break
		}
		code = code.inner
	}
	if in.calls++; in.calls > in.limits.Depth {
		in.calls--
		return nil, 0, in.limitAt(at, "calls nested more than %d deep", in.limits.Depth)
	}
	v, err := in.body(code, e)
	in.calls--
	if err != nil {
		return nil, 0, wrap(err, at, "called")
	}
	return v, n, nil
}

func (in *Interp) body(code *lambdaNode, e *env) (Value, error) {
	err := in.enter()
	var v Value
	if err == nil {
		v, err = code.body.eval(in, e)
	}
	in.nested--
	return v, err
}

func (in *Interp) callBuiltin(f *Builtin, args []Value, at source.Span) (Value, int, error) {
	need := f.Arity - len(f.args)
	if len(args) < need {
		have := make([]Value, 0, len(f.args)+len(args))
		return &Builtin{Primitive: f.Primitive, args: append(append(have, f.args...), args...)}, len(args), nil
	}
	all := make([]Value, f.Arity)
	copy(all[copy(all, f.args):], args[:need])
	v, err := in.apply(f.Primitive, all)
	if err != nil {
		return nil, 0, wrap(err, at, "called "+f.Name)
	}
	return v, need, nil
}

func (in *Interp) callOther(fn, arg Value, at source.Span) (Value, error) {
	switch f := fn.(type) {
	case *Set:
		if self := f.Find("__functor"); self != nil {
			v, err := in.callFunctor(self.Val, f, arg)
			if err != nil {
				return nil, wrap(err, at, "called")
			}
			return v, nil
		}
		if f.Open != nil {
			return f.Open, nil
		}
	case External:
		v, err := f.Call(in, arg)
		if err != nil {
			return nil, err //nolint:wrapcheck // an evaluation error carries its own places
		}
		return in.Force(v)
	case *Choice:
		return in.spread(f, func(f Value) (Value, error) { return in.call(f, arg, at) })
	}
	return nil, fail(TypeError, at, "attempt to call something which is not a function but %s", describe(fn))
}

func (in *Interp) callFunctor(self Value, set *Set, arg Value) (Value, error) {
	if err := in.enter(); err != nil {
		in.nested--
		return nil, err
	}
	v, err := in.Call(self, set, arg)
	in.nested--
	return v, err
}

// apply calls a primitive with all its arguments.
func (in *Interp) apply(p *Primitive, args []Value) (Value, error) {
	for i := range args {
		if p.Strict&(1<<i) == 0 {
			continue
		}
		v, err := in.Force(args[i])
		if err != nil {
			return nil, err
		}
		if !p.Raw {
			switch c := v.(type) {
			case *Unknown:
				return c, nil
			case *Choice:
				return in.spread(c, func(v Value) (Value, error) {
					again := append([]Value(nil), args...)
					again[i] = v
					return in.apply(p, again)
				})
			}
		}
		args[i] = v
	}
	if err := in.enter(); err != nil {
		in.nested--
		return nil, err
	}
	v, err := p.Fn(in, args)
	if t, ok := v.(*Thunk); ok && err == nil {
		v, err = t.force(in)
	}
	in.nested--
	return v, err
}

// bind makes the frame of a call.
func (in *Interp) bind(c *lambdaNode, up *env, arg Value, at source.Span) (*env, error) {
	if c.formals == nil {
		e := newEnv(up, 1)
		e.slots[0] = arg
		return e, nil
	}
	v, err := in.Force(arg)
	if err != nil {
		return nil, err
	}
	e := newEnv(up, c.slots)
	base := 0
	if c.hasArg {
		e.slots[0] = arg
		base = 1
	}
	if u, ok := v.(*Unknown); ok {
		for i := range c.formals {
			e.slots[base+i] = u
		}
		return e, nil
	}
	set, err := in.Set(v, at)
	if err != nil {
		return nil, err
	}
	matched := 0
	for i := range c.formals {
		formal := &c.formals[i]
		a := set.Find(formal.name)
		switch {
		case a != nil && len(a.When) == 0:
			e.slots[base+i] = a.Val
			matched++
			continue
		case a == nil && formal.def == nil && set.Open == nil:
			return nil, fail(Missing, at, "function at %s is called without its argument %q", c.at, formal.name)
		}
		var def Value
		if formal.def != nil {
			def = formal.def.delay(in, e)
		} else if set.Open != nil {
			def = set.Open
		}
		switch {
		case a != nil:
			matched++
			if def == nil {
				e.slots[base+i] = a.Val
			} else {
				e.slots[base+i] = &Choice{Alts: []Alt{{a.When, a.Val}, {a.When.Negate(), def}}}
			}
		case set.Open != nil && formal.def != nil:
			c := in.conditionAt(set.Open, formal.at)
			e.slots[base+i] = &Choice{Alts: []Alt{{Conds{{c, true}}, def}, {Conds{{c, false}}, set.Open}}}
		default:
			e.slots[base+i] = def
		}
	}
	if !c.ellipsis && matched < len(set.Attrs) {
		for _, a := range set.Attrs {
			if len(a.When) == 0 && !c.takes(a.Name) {
				return nil, fail(TypeError, at, "function at %s is called with an argument it does not take, %q", c.at, a.Name)
			}
		}
	}
	return e, nil
}

// FunctionArgs are the names a function takes, and whether each has a default; false for what takes no set pattern.
func FunctionArgs(fn Value) (names []string, hasDefault []bool, ok bool) {
	f, isLambda := fn.(*Lambda)
	if !isLambda || f.code.formals == nil {
		return nil, nil, false
	}
	for _, formal := range f.code.formals {
		names = append(names, formal.name)
		hasDefault = append(hasDefault, formal.def != nil)
	}
	return names, hasDefault, true
}

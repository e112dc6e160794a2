package eval

import (
	"math"

	"github.com/nixlint/nixlint/loader/syntax"
)

// mathPrimitives: an unknown operand makes the result unknown.
func mathPrimitives() []*Primitive {
	arith := func(name string, op syntax.Op) *Primitive {
		return &Primitive{Name: name, Arity: 2, Strict: 3, Fn: func(in *Interp, args []Value) (Value, error) {
			return in.arith(op, args[0], args[1], nowhere)
		}}
	}
	bits := func(name string, f func(a, b Int) Int) *Primitive {
		return &Primitive{Name: name, Arity: 2, Strict: 3, Fn: func(in *Interp, args []Value) (Value, error) {
			a, ok := args[0].(Int)
			if !ok {
				return nil, in.typeError(args[0], "an integer", nowhere)
			}
			b, ok := args[1].(Int)
			if !ok {
				return nil, in.typeError(args[1], "an integer", nowhere)
			}
			return integer(int64(f(a, b))), nil
		}}
	}
	return []*Primitive{
		arith("add", syntax.Add), arith("sub", syntax.Sub), arith("mul", syntax.Mul), arith("div", syntax.Div),
		bits("bitAnd", func(a, b Int) Int { return a & b }),
		bits("bitOr", func(a, b Int) Int { return a | b }),
		bits("bitXor", func(a, b Int) Int { return a ^ b }),
		rounding("ceil", math.Ceil), rounding("floor", math.Floor),
		{Name: "lessThan", Arity: 2, Strict: 3, Fn: func(in *Interp, args []Value) (Value, error) {
			return in.less(args[0], args[1], false, nowhere)
		}},
	}
}

// rounding takes an integer too. One that no float holds exactly is unknown: Nix rounds it, silently or not by version.
func rounding(name string, f func(float64) float64) *Primitive {
	return &Primitive{Name: name, Arity: 1, Strict: 1, Fn: func(in *Interp, args []Value) (Value, error) {
		x, ok := number(args[0])
		if !ok {
			return nil, in.typeError(args[0], "a number", nowhere)
		}
		if i, ok := args[0].(Int); ok {
			const exact = 1 << 53
			if i < -exact || i > exact {
				return NewUnknown("builtins."+name+" of an integer beyond 53 bits differs by version", nowhere), nil
			}
			return i, nil
		}
		x = f(x)
		if !(x >= math.MinInt64 && x < -math.MinInt64) {
			return nil, fail(TypeError, nowhere, "%s of %s is no integer", name, shortFloat(x))
		}
		return integer(int64(x)), nil
	}}
}

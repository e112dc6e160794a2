// Package vm runs compiled rules. A Program is made ahead of time, by package planner beside it, from what OPA's planner makes of the rules;
// this package knows nothing of OPA, so that a start that runs built-in rules only reads what they call, and compiles nothing.
//
// The statements of a program are those of OPA's intermediate representation
// (https://www.openpolicyagent.org/docs/ir), with jumps in place of nested blocks.
package vm

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
)

// Program is a set of compiled functions. It is safe for concurrent use.
type Program struct {
	constants []Value
	functions []function
	builtins  []named
	names     map[string]int
	slots     int // how many functions without arguments there are
}

// named is a builtin that the program calls.
type named struct {
	name string
	do   builtin
}

// Machine is a program over one data document. It is safe for concurrent use.
type Machine struct {
	program *Program
	data    Value
	fixed   []atomic.Pointer[Value] // by function: the value of those that do not depend on the input

	regexps     sync.Map // by text
	expressions atomic.Int64
}

// New returns a machine. The data is frozen.
func New(p *Program, data Value) *Machine {
	return &Machine{program: p, data: Freeze(data), fixed: make([]atomic.Pointer[Value], len(p.functions))}
}

// ErrStopped is the error of a call that was stopped.
var ErrStopped = errors.New("stopped")

// Run calls functions of a machine on one input after another. It is for one goroutine.
type Run struct {
	machine *Machine
	stop    *atomic.Bool
	input   Value
	memo    memo            // of the input
	memos   map[Value]*memo // of other inputs that functions were called with
	stack   stack[Value]
	scans   stack[scan]
	rounds  int
	err     error
}

// memo is what functions have given for an input.
type memo struct {
	slots []Value
	calls map[call]Value
}

// call is a function and its arguments. Arrays, sets and objects are themselves: none is changed.
type call struct {
	function int32
	args     [MaxKept]Value
}

// MaxKept is how many arguments a function has whose values are kept.
const MaxKept = 4

// undefined is kept for a function that has given nothing.
type undefined struct{}

// Function is the number of a function by its name.
func (m *Machine) Function(name string) (int, bool) {
	i, ok := m.program.names[name]
	return i, ok
}

// Run returns a run.
func (m *Machine) Run() *Run {
	return &Run{machine: m, memos: map[Value]*memo{}, stack: stack[Value]{make([]Value, stackSize)}, scans: stack[scan]{make([]scan, stackSize>>4)}}
}

// Call calls a function without arguments on an input; nil is undefined. What was found out of an input is kept until another one is given.
// Soon after stop is set, the error is ErrStopped.
func (r *Run) Call(function int, input Value, stop *atomic.Bool) (Value, error) {
	r.stop = stop
	if r.input != input {
		r.input = input
		clear(r.memo.slots)
		r.memo.calls, r.memos = emptied(r.memo.calls), emptied(r.memos)
	}
	r.err = nil
	v := r.call(int32(function), input, nil, nil) //nolint:gosec // from Function
	if r.err != nil {
		err := r.err
		*r = *r.machine.Run() // what was cut short is kept as undefined
		return nil, fmt.Errorf("%w", err)
	}
	return v, nil
}

// emptied is an empty map: the same one, unless it was so large that to clear it costs more than a new one.
func emptied[K comparable, V any](m map[K]V) map[K]V {
	const most = 1 << 12
	if m == nil || len(m) > most {
		return map[K]V{}
	}
	clear(m)
	return m
}

// Rounds is how many times a scan has gone on to an element, in all calls: what grows with the input.
func (r *Run) Rounds() int { return r.rounds }

// of is the memo of an input.
func (r *Run) of(input Value) *memo {
	if input == r.input {
		return &r.memo
	}
	m := r.memos[input]
	if m == nil {
		m = &memo{}
		r.memos[input] = m
	}
	return m
}

// call calls a function with the arguments that operands of a frame name.
func (r *Run) call(number int32, input Value, frame []Value, args []int32) Value {
	p := r.machine.program
	f := &p.functions[number]
	body := f.body.Load()
	if body == nil {
		if body = r.read(f); body == nil {
			return nil
		}
	}
	if f.fixed {
		if v := r.machine.fixed[number].Load(); v != nil {
			return defined(*v)
		}
		v := r.run(f, body, input, frame, args)
		if r.err == nil {
			kept := Freeze(orUndefined(v))
			r.machine.fixed[number].Store(&kept)
		}
		return v
	}
	switch {
	case f.slot >= 0:
		m := r.of(input)
		if m.slots == nil {
			m.slots = make([]Value, p.slots)
		}
		if v := m.slots[f.slot]; v != nil {
			return defined(v)
		}
		v := r.run(f, body, input, frame, args)
		m.slots[f.slot] = orUndefined(v)
		return v
	case f.kept:
		key := call{function: number}
		for i, a := range args {
			key.args[i] = r.operand(frame, a)
		}
		m := r.of(input)
		if v, ok := m.calls[key]; ok {
			return defined(v)
		}
		v := r.run(f, body, input, frame, args)
		if m.calls == nil { // of another input
			m.calls = map[call]Value{}
		}
		m.calls[key] = orUndefined(v)
		return v
	}
	return r.run(f, body, input, frame, args)
}

func defined(v Value) Value {
	if _, none := v.(undefined); none {
		return nil
	}
	return v
}

func orUndefined(v Value) Value {
	if v == nil {
		return undefined{}
	}
	return v
}

func (r *Run) operand(frame []Value, o int32) Value { return at(frame, r.machine.program.constants, o) }

// at is what an operand names.
func at(frame, constants []Value, o int32) Value {
	if o >= 0 {
		return frame[o]
	}
	return constants[^o]
}

// scan is where a scan is in a collection.
type scan struct {
	keys, values []Value // keys are nil for an array, and both the same for a set
	next         int
}

// run gives a function a frame, with the arguments that operands of the caller's frame name.
func (r *Run) run(f *function, body *code, input Value, caller []Value, args []int32) Value {
	values, scans := r.stack, r.scans
	frame := r.stack.take(f.locals)
	clear(frame)
	frame[inputLocal], frame[dataLocal] = input, r.machine.data
	for i, a := range args {
		frame[f.params[i]] = r.operand(caller, a)
	}
	v := r.exec(body, frame, r.scans.take(f.scans))
	r.stack, r.scans = values, scans
	return v
}

// stack is where the frames of calls are: it is put back to what it was when a call is done.
type stack[T any] struct {
	free []T
}

// take is a piece of the stack that nobody uses, with whatever was there.
func (s *stack[T]) take(n int) []T {
	if n > len(s.free) {
		s.free = make([]T, max(stackSize, n))
	}
	piece := s.free[:n:n]
	s.free = s.free[n:]
	return piece
}

// stackSize is how much is made at a time.
const stackSize = 1 << 10

// exec runs the statements of a function. A statement that does not hold goes on where it says.
func (r *Run) exec(body *code, frame []Value, scans []scan) Value {
	constants := r.machine.program.constants
	for pc := int32(0); ; pc++ {
		in := &body.statements[pc]
		ok := true
		switch in.Op {
		case OpReturn:
			return frame[in.A]
		case OpEnd:
			return nil
		case OpJump:
			if in.To <= pc && r.stop.Load() {
				r.fail(ErrStopped)
				return nil
			}
			ok = false
		case OpMove:
			frame[in.C] = at(frame, constants, in.A)
		case OpOnce:
			v := at(frame, constants, in.A)
			if old := frame[in.C]; old != nil && !Equal(old, v) {
				r.fail(errConflict)
				return nil
			}
			frame[in.C] = v
		case OpReset:
			frame[in.C] = nil
		case OpDot:
			v := element(at(frame, constants, in.A), at(frame, constants, in.B))
			frame[in.C] = v
			ok = v != nil
		case OpCount:
			n, _ := count(at(frame, constants, in.A))
			frame[in.C] = n
		case OpScan:
			scans[in.B] = begin(at(frame, constants, in.A))
		case OpNext:
			if r.stop.Load() {
				r.fail(ErrStopped)
				return nil
			}
			r.rounds++
			s := &scans[in.B]
			if ok = s.next < len(s.values); ok {
				if s.keys == nil {
					frame[in.A] = s.next
				} else {
					frame[in.A] = s.keys[s.next]
				}
				frame[in.C] = s.values[s.next]
				s.next++
			}
		case OpEqual:
			ok = Equal(at(frame, constants, in.A), at(frame, constants, in.B))
		case OpNotEqual:
			ok = !Equal(at(frame, constants, in.A), at(frame, constants, in.B))
		case OpDefined:
			ok = frame[in.A] != nil
		case OpUndefined:
			ok = frame[in.A] == nil
		case OpIsArray:
			_, ok = at(frame, constants, in.A).(*Array)
		case OpIsObject:
			_, ok = at(frame, constants, in.A).(*Object)
		case OpIsSet:
			_, ok = at(frame, constants, in.A).(*Set)
		case OpArray:
			frame[in.C] = room(in.A)
		case OpObject:
			frame[in.C] = &Object{}
		case OpSet:
			frame[in.C] = &Set{}
		case OpAppend, OpInsert, OpInsertOnce, OpAdd:
			if !r.extend(in, frame[in.C], at(frame, constants, in.A), frame) {
				return nil
			}
		case OpCall:
			v := r.call(in.B, frame[inputLocal], frame, body.args[in.A:in.A+int32(in.N)])
			if r.err != nil {
				return nil
			}
			frame[in.C] = v
			ok = v != nil
		case OpBuiltin:
			v := r.builtin(in, body, frame)
			if r.err != nil {
				return nil
			}
			frame[in.C] = v
			ok = v != nil
		default:
			r.fail(ErrDamaged)
			return nil
		}
		if !ok {
			pc = in.To - 1
		}
	}
}

var errConflict = errors.New("a rule or function has several values, or an object several for a key")

func (r *Run) fail(err error) {
	if r.err == nil {
		r.err = err
	}
}

// extend adds to a collection: an element, or a value under a key.
func (r *Run) extend(in *Statement, to, first Value, frame []Value) bool {
	switch to := to.(type) {
	case *Array:
		to.items = append(to.items, first)
	case *Set:
		to.add(first)
	case *Object:
		v := r.operand(frame, in.B)
		if in.Op == OpInsertOnce {
			if old := to.Get(first); old != nil && !Equal(old, v) {
				r.fail(errConflict)
				return false
			}
		}
		to.Put(first, v)
	default:
		r.fail(ErrDamaged)
		return false
	}
	return true
}

// element is what a collection has at a key, nil if there is none.
func element(of, key Value) Value {
	switch of := of.(type) {
	case *Object:
		return of.Get(key)
	case *Array:
		if i, ok := key.(int); ok && i >= 0 && i < len(of.items) {
			return of.items[i]
		}
	case *Set:
		if of.has(key) {
			return key
		}
	}
	return nil
}

func begin(v Value) scan {
	switch v := v.(type) {
	case *Array:
		return scan{values: v.items}
	case *Set:
		items := v.Items()
		return scan{keys: items, values: items}
	case *Object:
		v.sort()
		return scan{keys: v.keys, values: v.values}
	}
	return scan{}
}

func count(v Value) (int, bool) {
	switch v := v.(type) {
	case *Array:
		return len(v.items), true
	case *Set:
		return len(v.items), true
	case *Object:
		return len(v.keys), true
	case string:
		return runes(v), true
	}
	return 0, false
}

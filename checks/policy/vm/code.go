package vm

import (
	"encoding/binary"
	"errors"
	"math"
	"slices"
	"strconv"
	"sync/atomic"
)

// ErrDamaged is the error of a program that is not what Encode has written.
var ErrDamaged = errors.New("the compiled rules are damaged: run go generate ./checks/policy")

// The locals that every function has.
const (
	inputLocal = iota
	dataLocal
)

// Op is what a statement does; see Statement.
type Op uint8

// The letters are the fields of a statement: operands A and B, local C, place To.
const (
	OpReturn     Op = iota // return A
	OpEnd                  // return undefined
	OpJump                 // go to To
	OpMove                 // C = A
	OpOnce                 // C = A; an error if C has another value
	OpReset                // C = undefined
	OpDot                  // C = A[B], else To
	OpCount                // C = count(A)
	OpScan                 // scan B begins with A
	OpNext                 // A, C = the next key and value of scan B, else To
	OpEqual                // A = B, else To
	OpNotEqual             // A != B, else To
	OpDefined              // A is defined, else To
	OpUndefined            // A is undefined, else To
	OpIsArray              // A is an array, else To
	OpIsObject             // A is an object, else To
	OpIsSet                // A is a set, else To
	OpArray                // C = an empty array with room for A
	OpObject               // C = an empty object
	OpSet                  // C = an empty set
	OpAppend               // C gets A
	OpInsert               // C[A] = B
	OpInsertOnce           // C[A] = B; an error if it has another value
	OpAdd                  // C gets A
	OpCall                 // C = function B of the N arguments at A, else To
	OpBuiltin              // C = builtin B of the N arguments at A, else To
	lastOp       = OpBuiltin
)

// Statement is one step. An operand is a local, or the complement of the number of a constant.
type Statement struct {
	Op          Op
	N           uint8
	A, B, C, To int32
}

// function is read when it is called first.
type function struct {
	params              []int32 // the locals of its arguments
	locals, scans, slot int
	fixed, kept         bool // its value depends on no input; its values are kept
	text                string
	body                atomic.Pointer[code]
}

type code struct {
	statements []Statement
	args       []int32
}

// operands says which fields of a statement are written, in this order.
const (
	hasN = 1 << iota
	hasA
	hasB
	hasC
	hasTo
)

var fields = [lastOp + 1]uint8{
	OpReturn: hasA, OpEnd: 0, OpJump: hasTo, OpMove: hasA | hasC, OpOnce: hasA | hasC, OpReset: hasC, OpDot: hasA | hasB | hasC | hasTo,
	OpCount: hasA | hasC, OpScan: hasA | hasB, OpNext: hasA | hasB | hasC | hasTo, OpEqual: hasA | hasB | hasTo, OpNotEqual: hasA | hasB | hasTo,
	OpDefined: hasA | hasTo, OpUndefined: hasA | hasTo, OpIsArray: hasA | hasTo, OpIsObject: hasA | hasTo, OpIsSet: hasA | hasTo,
	OpArray: hasA | hasC, OpObject: hasC, OpSet: hasC, OpAppend: hasA | hasC, OpInsert: hasA | hasB | hasC, OpInsertOnce: hasA | hasB | hasC,
	OpAdd: hasA | hasC, OpCall: hasN | hasA | hasB | hasC | hasTo, OpBuiltin: hasN | hasA | hasB | hasC | hasTo,
}

// reader reads what Encode wrote. After damage bad is set and everything read is empty.
type reader struct {
	text string
	bad  bool
}

func (d *reader) number() int {
	var n uint64
	for i := 0; i < len(d.text) && i < binary.MaxVarintLen32; i++ {
		b := d.text[i]
		n |= uint64(b&0x7f) << (7 * i)
		if b < 0x80 {
			d.text = d.text[i+1:]
			if n > math.MaxInt32 {
				break
			}
			return int(n)
		}
	}
	d.bad, d.text = true, ""
	return 0
}

// signed reads a number that may be below 0.
func (d *reader) signed() int32 {
	n := d.number()
	return int32(n>>1) ^ -int32(n&1) //nolint:gosec // at most 31 bits
}

// length is a number of things that still have to come: each takes a byte at least.
func (d *reader) length() int {
	n := d.number()
	if n > len(d.text) {
		d.bad, d.text = true, ""
		return 0
	}
	return n
}

func (d *reader) bytes(n int) string {
	s := d.text[:n]
	d.text = d.text[n:]
	return s
}

func (d *reader) byte() byte {
	if d.text == "" {
		d.bad = true
		return 0
	}
	b := d.text[0]
	d.text = d.text[1:]
	return b
}

// What a constant is.
const (
	isNull = iota
	isFalse
	isTrue
	isInt
	isFloat
	isString
	isArray
	isObject
	isSet
)

const maxDepth = 32

func (d *reader) constant(depth int) Value {
	if depth > maxDepth {
		d.bad, d.text = true, ""
	}
	switch d.byte() {
	case isFalse:
		return false
	case isTrue:
		return true
	case isInt:
		i, err := strconv.Atoi(d.bytes(d.length()))
		d.bad = d.bad || err != nil
		return i
	case isFloat:
		f, err := strconv.ParseFloat(d.bytes(d.length()), 64)
		d.bad = d.bad || err != nil
		return f
	case isString:
		return d.bytes(d.length())
	case isArray:
		items := make([]Value, d.length())
		for i := range items {
			items[i] = d.constant(depth + 1)
		}
		return NewArray(items...)
	case isObject:
		o := NewObject(d.length())
		for range cap(o.keys) {
			key := d.constant(depth + 1)
			o.Put(key, d.constant(depth+1))
		}
		return o
	case isSet:
		s := &Set{}
		for range d.length() {
			s.add(d.constant(depth + 1))
		}
		return s
	}
	return Null{}
}

// Read reads a program. The text stays in use.
func Read(text string) (*Program, error) {
	d := reader{text: text}
	p := &Program{constants: make([]Value, d.length()), names: map[string]int{}}
	for i := range p.constants {
		p.constants[i] = Freeze(d.constant(0))
	}
	p.builtins = make([]named, d.length())
	for i := range p.builtins {
		name := d.bytes(d.length())
		p.builtins[i] = named{name: name, do: builtins[name]}
		d.bad = d.bad || p.builtins[i].do == nil
	}
	p.functions = make([]function, d.length())
	for i := range p.functions {
		f := &p.functions[i]
		if name := d.bytes(d.length()); name != "" {
			p.names[name] = i
		}
		flags := d.byte()
		f.fixed, f.kept = flags&1 != 0, flags&2 != 0
		f.params = make([]int32, d.length())
		for k := range f.params {
			f.params[k] = int32(d.number()) //nolint:gosec // at most 31 bits
		}
		f.locals, f.scans = d.number(), d.number()
		f.slot = -1
		if len(f.params) == 0 && !f.fixed {
			f.slot = p.slots
			p.slots++
		}
		f.text = d.bytes(d.length())
		if f.locals > maxLocals || f.scans > maxLocals || f.locals <= dataLocal || f.kept && len(f.params) > MaxKept {
			d.bad = true
		}
	}
	if d.bad || d.text != "" {
		return nil, ErrDamaged
	}
	return p, nil
}

const maxLocals = 1 << 12

// read reads the statements of a function.
func (r *Run) read(f *function) *code {
	c := r.machine.program.code(f)
	if c == nil {
		r.fail(ErrDamaged)
		return nil
	}
	f.body.Store(c)
	return c
}

func (p *Program) code(f *function) *code {
	d := reader{text: f.text}
	c := &code{args: make([]int32, d.length())}
	for i := range c.args {
		c.args[i] = d.signed()
	}
	c.statements = make([]Statement, d.length())
	for i := range c.statements {
		s := &c.statements[i]
		if s.Op = Op(d.byte()); s.Op > lastOp {
			return nil
		}
		has := fields[s.Op]
		if has&hasN != 0 {
			s.N = d.byte()
		}
		for _, field := range []struct {
			bit uint8
			to  *int32
		}{{hasA, &s.A}, {hasB, &s.B}, {hasC, &s.C}, {hasTo, &s.To}} {
			if has&field.bit != 0 {
				*field.to = d.signed()
			}
		}
		if !p.fits(f, c, s) {
			return nil
		}
	}
	if n := len(c.statements); d.bad || d.text != "" || n == 0 || c.statements[n-1].Op != OpEnd {
		return nil
	}
	return c
}

// fits reports whether a statement names only what there is.
func (p *Program) fits(f *function, c *code, s *Statement) bool {
	local := func(i int32) bool { return i >= 0 && int(i) < f.locals }
	operand := func(i int32) bool { return local(i) || i < 0 && int(^i) < len(p.constants) }
	has := fields[s.Op]
	if has&hasTo != 0 && (s.To < 0 || int(s.To) >= len(c.statements)) || has&hasC != 0 && !local(s.C) {
		return false
	}
	switch s.Op {
	case OpArray:
		return s.A >= 0
	case OpScan:
		return operand(s.A) && s.B >= 0 && int(s.B) < f.scans
	case OpNext:
		return local(s.A) && s.B >= 0 && int(s.B) < f.scans
	case OpReturn, OpDefined, OpUndefined:
		return local(s.A)
	case OpCall, OpBuiltin:
		if s.A < 0 || s.B < 0 || int(s.A)+int(s.N) > len(c.args) {
			return false
		}
		for _, o := range c.args[s.A : int(s.A)+int(s.N)] {
			if !operand(o) {
				return false
			}
		}
		if s.Op == OpBuiltin {
			return int(s.B) < len(p.builtins)
		}
		return int(s.B) < len(p.functions) && len(p.functions[s.B].params) == int(s.N)
	default:
		return (has&hasA == 0 || operand(s.A)) && (has&hasB == 0 || operand(s.B))
	}
}

// Pure reports whether all that a statement does is to change C.
func (s *Statement) Pure() bool {
	switch s.Op {
	case OpMove, OpReset, OpCount, OpArray, OpObject, OpSet, OpAppend, OpInsert, OpAdd:
		return true
	default:
		return false
	}
}

// Makes reports whether a statement makes a new collection.
func (s *Statement) Makes() bool { return s.Op == OpArray || s.Op == OpObject || s.Op == OpSet }

// Extends reports whether a statement adds to a collection.
func (s *Statement) Extends() bool {
	return s.Op == OpAppend || s.Op == OpInsert || s.Op == OpInsertOnce || s.Op == OpAdd
}

// Jumps reports whether a statement may go on at To.
func (s *Statement) Jumps() bool { return fields[s.Op]&hasTo != 0 }

// Sets reports whether a local has nothing of its former value after a statement, wherever that goes on.
func (s *Statement) Sets(local int32) bool {
	switch s.Op {
	case OpMove, OpReset, OpCount, OpArray, OpObject, OpSet, OpDot, OpCall, OpBuiltin:
		return s.C == local
	default:
		return false
	}
}

// Next are the statements that may come after the one at i.
func (s *Statement) Next(i int32) []int32 {
	switch {
	case s.Op == OpReturn, s.Op == OpEnd:
		return nil
	case s.Op == OpJump:
		return []int32{s.To}
	case fields[s.Op]&hasTo != 0:
		return []int32{i + 1, s.To}
	}
	return []int32{i + 1}
}

// Operands are what a statement of the function works on: locals, and complements of the numbers of constants.
func (f *Function) Operands(s *Statement) []int32 {
	has := fields[s.Op]
	switch s.Op {
	case OpCall, OpBuiltin:
		return f.Args[s.A : s.A+int32(s.N)]
	case OpArray, OpNext:
		return nil
	case OpScan:
		return []int32{s.A}
	default:
	}
	var out []int32
	if has&hasA != 0 {
		out = append(out, s.A)
	}
	if has&hasB != 0 {
		out = append(out, s.B)
	}
	return out
}

// Reads are the locals that a statement of the function looks at. A call hands on the input.
func (f *Function) Reads(s *Statement) []int32 {
	out := slices.DeleteFunc(slices.Clone(f.Operands(s)), func(o int32) bool { return o < 0 })
	switch s.Op {
	case OpCall:
		out = append(out, inputLocal)
	case OpOnce, OpAppend, OpInsert, OpInsertOnce, OpAdd:
		out = append(out, s.C)
	default:
	}
	return out
}

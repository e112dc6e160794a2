package vm

import (
	"encoding/binary"
	"fmt"
	"strconv"
)

// Image is a program before it is encoded.
type Image struct {
	Constants []Value
	Builtins  []string
	Functions []Function
}

// Function is a compiled function.
type Function struct {
	Name          string  // empty when nobody but the program calls it
	Params        []int32 // the locals of its arguments, after the input and the data
	Locals, Scans int     // how many it has
	Fixed         bool    // it has no arguments, and its value does not depend on the input
	Kept          bool    // its value is worth being kept for the next call with the same arguments
	Args          []int32 // the operands of its calls
	Statements    []Statement
}

// Encode writes the image as Read reads it.
func (i *Image) Encode() ([]byte, error) {
	var w writer
	w.number(len(i.Constants))
	for _, v := range i.Constants {
		w.constant(v)
	}
	w.number(len(i.Builtins))
	for _, name := range i.Builtins {
		w.text(name)
	}
	w.number(len(i.Functions))
	for k := range i.Functions {
		w.function(&i.Functions[k])
	}
	return w.buf, w.err
}

type writer struct {
	buf []byte
	err error
}

func (w *writer) number(n int)   { w.buf = binary.AppendUvarint(w.buf, uint64(n)) }                  //nolint:gosec // lengths and indices
func (w *writer) signed(n int32) { w.buf = binary.AppendUvarint(w.buf, uint64(uint32(n<<1^n>>31))) } //nolint:gosec // zigzag
func (w *writer) byte(b byte)    { w.buf = append(w.buf, b) }

func (w *writer) text(s string) {
	w.number(len(s))
	w.buf = append(w.buf, s...)
}

func (w *writer) function(f *Function) {
	w.text(f.Name)
	var flags byte
	if f.Fixed {
		flags |= 1
	}
	if f.Kept {
		flags |= 2
	}
	w.byte(flags)
	w.number(len(f.Params))
	for _, p := range f.Params {
		w.number(int(p))
	}
	w.number(f.Locals)
	w.number(f.Scans)
	body := writer{}
	body.number(len(f.Args))
	for _, a := range f.Args {
		body.signed(a)
	}
	body.number(len(f.Statements))
	for _, s := range f.Statements {
		body.byte(byte(s.Op))
		has := fields[s.Op]
		if has&hasN != 0 {
			body.byte(s.N)
		}
		for _, field := range []struct {
			bit  uint8
			from int32
		}{{hasA, s.A}, {hasB, s.B}, {hasC, s.C}, {hasTo, s.To}} {
			if has&field.bit != 0 {
				body.signed(field.from)
			}
		}
	}
	w.text(string(body.buf))
}

func (w *writer) constant(v Value) {
	switch v := v.(type) {
	case Null:
		w.byte(isNull)
	case bool:
		w.byte(isFalse + byte(truth(v))) //nolint:gosec // 0 or 1
	case int:
		w.byte(isInt)
		w.text(strconv.Itoa(v))
	case float64:
		w.byte(isFloat)
		w.text(strconv.FormatFloat(v, 'g', -1, 64))
	case string:
		w.byte(isString)
		w.text(v)
	case *Array:
		w.byte(isArray)
		w.number(len(v.items))
		for _, x := range v.items {
			w.constant(x)
		}
	case *Set:
		w.byte(isSet)
		w.number(len(v.items))
		for _, x := range v.Items() {
			w.constant(x)
		}
	case *Object:
		w.byte(isObject)
		w.number(len(v.keys))
		v.Fields(func(k, x Value) {
			w.constant(k)
			w.constant(x)
		})
	default:
		w.err = fmt.Errorf("a constant %T has no compact form", v)
	}
}

// Package eval evaluates Nix: lazily, as Nix does, and with a third state beside value and error. What cannot be
// determined without a store, a network, the environment or a module that is not loaded is an Unknown, a value with its
// reason; what depends on an undecided condition is a Choice between values. It knows the language, not NixOS.
package eval

import (
	"sort"

	"github.com/nixlint/nixlint/loader/source"
)

// Value is a Nix value or a Thunk that will become one. In weak head normal form it is one of: Null, Bool, Int, Float,
// *String, Path, *List, *Set, *Lambda, *Builtin, External, *Choice, *Unknown.
type Value interface{ value() }

type (
	// Null is null.
	Null struct{}
	// Bool is true or false.
	Bool bool
	// Int is an integer.
	Int int64
	// Float is a floating point number.
	Float float64
	// Path is a path inside the tree, relative to its root ("." is the root itself), or an absolute one outside of it.
	Path string
)

// String is a string: its text, where its pieces were written, and which of them are not known.
type String struct {
	S      string
	Pieces []Piece       // in order; a piece reaches up to the next one
	Holes  []Hole        // unknown pieces: S holds their placeholder
	Deps   []*Derivation // what it was built from: the string context
}

// Derivation is what a string's context names: an output of a derivation, or, without Output, a path of the store.
type Derivation struct {
	Name   string
	Path   string // of the .drv, or of what was copied
	Output string
	Deep   bool // a .drv with all that it needs, the context of a drvPath

	exact bool // all that it is made from is known: another one that is exact is another store path
}

// Piece says where the text from offset At on was written. The zero span is a piece that the evaluator made.
type Piece struct {
	At   int
	Span source.Span
}

// Hole is an unknown piece of a string: the placeholder at S[At:At+Len].
type Hole struct {
	At, Len int
	Why     *Unknown

	loose bool // the whole is unknown + text: it may be a path
}

// List is a list. When Uneven, elements may be *Maybe or *Rest.
type List struct {
	Elems  []Value
	Uneven bool
}

// Maybe is an element of a list that is there only under conditions.
type Maybe struct {
	Val  Value
	When Conds
}

// Rest stands in a list for an unknown number of elements. Like is what is known of each of them; nil when that is nothing.
type Rest struct {
	Why  *Unknown
	Like Value
}

// Set is an attribute set, sorted by name.
type Set struct {
	Attrs []Attr
	Open  *Unknown    // not nil: there may be other attributes, for this reason
	Home  source.Span // the literal it was written as, if it is one
	named *naming     // of an open set: what the names of the other attributes are like; nil when that is not known
}

// Attr is one attribute. When is not empty for one that is there only under conditions.
type Attr struct {
	Name string
	Val  Value
	Site *Site
	When Conds
}

// Site is where an attribute was bound: its name and the expression bound to it.
type Site struct {
	Name, Value source.Span
	// Implied: the value is a set that attribute paths imply, and Value the first binding that does.
	Implied bool
}

// Lambda is a function written in Nix.
type Lambda struct {
	code *lambdaNode
	env  *env
}

// Builtin is a function written in Go, perhaps with some of its arguments already given.
type Builtin struct {
	*Primitive
	args []Value
}

// Primitive describes a function written in Go. Arguments that are strict are forced before Fn is called; unless Raw is
// set, an unknown one makes the result unknown and a choice is distributed over.
type Primitive struct {
	Name   string
	Arity  int
	Strict uint8 // bit i: argument i is forced
	Raw    bool  // Fn sees *Unknown and *Choice itself
	Fn     func(in *Interp, args []Value) (Value, error)
}

// External is a value that another room defines: a symbolic package, the configuration of a host.
type External interface {
	Value
	// TypeName is what builtins.typeOf says: "set", "lambda".
	TypeName() string
	// Attr looks an attribute up; false when there is none.
	Attr(in *Interp, name string) (Value, bool, error)
	// All is the whole set, for what needs it (attrNames, //); its values may be thunks.
	All(in *Interp) (*Set, error)
	// Call applies it.
	Call(in *Interp, arg Value) (Value, error)
	// Text is what it is as a string; false when it is none.
	Text() (*String, bool)
}

// Guesser is an External that has attributes it only supposes to exist.
type Guesser interface{ Guesses(name string) bool }

// Ext is to be embedded in an External for the marker method.
type Ext struct{}

func (Ext) value()      {}
func (Null) value()     {}
func (Bool) value()     {}
func (Int) value()      {}
func (Float) value()    {}
func (Path) value()     {}
func (*String) value()  {}
func (*List) value()    {}
func (*Maybe) value()   {}
func (*Rest) value()    {}
func (*Set) value()     {}
func (*Lambda) value()  {}
func (*Builtin) value() {}
func (*Choice) value()  {}
func (*Unknown) value() {}
func (*Thunk) value()   {}

// Str is a string that was not written anywhere.
func Str(s string) *String { return &String{S: s} }

// Known reports whether all of the string is known.
func (s *String) Known() bool { return len(s.Holes) == 0 }

// Locate is where the piece at offset off was written; the zero span when that is not known.
func (s *String) Locate(off int) source.Span {
	i := sort.Search(len(s.Pieces), func(i int) bool { return s.Pieces[i].At > off }) - 1
	if i < 0 {
		return source.Span{}
	}
	return s.Pieces[i].Span
}

// Span is the place of the whole string, if all its pieces come from one literal; else of its first piece.
func (s *String) Span() source.Span {
	var out source.Span
	for _, p := range s.Pieces {
		if !p.Span.Valid() {
			continue
		}
		if !out.Valid() {
			out = p.Span
		} else if p.Span.File == out.File && p.Span.End > out.End && p.Span.Start >= out.Start {
			out.End = p.Span.End
		}
	}
	return out
}

// Find looks an attribute up by name.
func (s *Set) Find(name string) *Attr {
	lo, hi := 0, len(s.Attrs)
	for hi-lo > 6 {
		mid := int(uint(lo+hi) >> 1)
		if s.Attrs[mid].Name < name {
			lo = mid + 1
		} else {
			hi = mid + 1
		}
	}
	for ; lo < hi; lo++ {
		if s.Attrs[lo].Name == name {
			return &s.Attrs[lo]
		}
	}
	return nil
}

// NewSet makes a set of attributes in any order; of two of one name the last is kept.
func NewSet(attrs ...Attr) *Set {
	sort.SliceStable(attrs, func(i, j int) bool { return attrs[i].Name < attrs[j].Name })
	out := attrs[:0]
	for _, a := range attrs {
		if n := len(out); n > 0 && out[n-1].Name == a.Name {
			out[n-1] = a
			continue
		}
		out = append(out, a)
	}
	return &Set{Attrs: out}
}

// TypeName is what builtins.typeOf says of a value in weak head normal form.
func TypeName(v Value) string {
	switch v := v.(type) {
	case Null:
		return "null"
	case Bool:
		return "bool"
	case Int:
		return "int"
	case Float:
		return "float"
	case *String:
		return "string"
	case Path:
		return "path"
	case *List:
		return "list"
	case *Set:
		return "set"
	case *Lambda, *Builtin:
		return "lambda"
	case External:
		return v.TypeName()
	case *Unknown:
		return "unknown"
	}
	return "thunk"
}

// describe names a type with its article, for messages.
func describe(v Value) string {
	switch n := TypeName(v); n {
	case "int":
		return "an integer"
	case "null":
		return "null"
	case "bool":
		return "a Boolean"
	case "lambda":
		return "a function"
	case "unknown":
		return "an unknown value"
	default:
		return "a " + n
	}
}

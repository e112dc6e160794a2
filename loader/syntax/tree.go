// Package syntax reads Nix: a scanner, a parser with recovery, and a second pass (Resolve) that merges attribute paths,
// binds variables and finds what Nix refuses at parse time. It follows the grammar of Nix 2.26. It does not evaluate.
//
// The tree is the file as written: source order, attribute paths unmerged, parentheses and string forms kept, comments in
// File.Comments, Bad nodes where the parser recovered. The text at a node's span reproduces it.
package syntax

import "github.com/nixlint/nixlint/loader/source"

// Pos is a byte offset in the file.
type Pos = source.Pos

// File is a parsed file.
type File struct {
	Source   *source.File
	Root     Expr      // never nil; a *Bad for an empty file
	Comments []Comment // in the order of the file
	Problems []source.Problem

	resolved bool
}

// Span is the place of a node of this file.
func (f *File) Span(n Node) source.Span { return f.Source.Span(n.Start(), n.End()) }

// Comment is a # line or a /* block */, with its marks.
type Comment struct{ start, end Pos }

// Node is anything that has a place in the file.
type Node interface {
	Start() Pos
	End() Pos // the offset after the last byte
}

type span struct{ start, end Pos }

func (s span) Start() Pos { return s.start }
func (s span) End() Pos   { return s.end }

// Start is where the comment's mark begins.
func (c Comment) Start() Pos { return c.start }

// End is the offset after the comment; a line end is not part of it.
func (c Comment) End() Pos { return c.end }

// Expr is an expression. Exactly these are: *Ident, *Int, *Float, *String, *Path, *SearchPath, *URI, *List, *AttrSet, *Let,
// *LetBody, *With, *Assert, *If, *Lambda, *Apply, *Select, *HasAttr, *Unary, *Binary, *Paren and *Bad.
type Expr interface {
	Node
	expr()
}

// Ident is a variable, `__curPos` included. Ref is filled by Resolve.
type Ident struct {
	span
	Name string
	Ref  Ref
}

// RefKind says how a variable is found.
type RefKind uint8

const (
	// Undefined is a variable that nothing defines: a problem, or a name in a tree that was not resolved.
	Undefined RefKind = iota
	// Local is slot Slot of the frame Depth frames up.
	Local
	// Global is a name of Nix' base environment: builtins, true, map and so on.
	Global
	// ThroughWith is looked up by name in the innermost `with` frame, Depth frames up, then in the `with` frames beyond it,
	// and last in the base environment.
	ThroughWith
	// CurPos is __curPos.
	CurPos
)

// Ref is where a variable lives. Frames are pushed by: a Lambda (slot 0 is the `@` name or the plain argument when there is
// one, then the formals as written), a Let, LetBody or rec AttrSet (slot i is Set.Attrs[i]), and a With (no slots).
type Ref struct {
	Kind  RefKind
	Depth uint16
	Slot  uint32
}

// Int is an integer.
type Int struct {
	span
	Value int64
}

// Float is a floating point number.
type Float struct {
	span
	Value float64
}

// String is a string, "…" or indented.
type String struct {
	span
	Indented bool
	Parts    []StringPart
}

// StringPart is a piece of text or an interpolation. Text is what Nix makes of the piece: escapes replaced, indentation
// removed. A text piece never joins text that is not contiguous in the file: where Text is as long as the span, byte i of
// one is byte i of the other (so an indented string has a piece a line, and an escape is a piece of its own). A lone
// carriage return, which "…" reads as a line feed, is the one exception.
type StringPart struct {
	span
	Text string
	Expr Expr // the interpolated expression, nil for text; the span includes ${ and }
}

// Path is a path literal: ./x, ../x, /x, ~/x, x/y; Parts as in a string. ~/x keeps its tilde in the first part.
type Path struct {
	span
	Parts []StringPart
}

// SearchPath is <name/…>, Name without the brackets. Ref, filled by Resolve, is where the variable __findFile lives, which
// Nix calls for it: Global unless the file defines its own.
type SearchPath struct {
	span
	Name string
	Ref  Ref
}

// URI is an unquoted URI.
type URI struct {
	span
	Value string
}

// List is [ … ].
type List struct {
	span
	Elems []Expr
}

// AttrSet is { … } or rec { … }. Set is its merged form, filled by Resolve.
type AttrSet struct {
	span
	Rec      bool
	Bindings []Binding
	Set      *Set
}

// Let is let … in body. Set is its merged form, filled by Resolve.
type Let struct {
	span
	Bindings []Binding
	Body     Expr
	Set      *Set
}

// LetBody is the old form let { …; body = x; }.
type LetBody struct {
	span
	Bindings []Binding
	Set      *Set
}

// Binding is *Attr, *Inherit or *BadBinding.
type Binding interface {
	Node
	binding()
}

// Attr is path = value; the span includes the semicolon.
type Attr struct {
	span
	Path  []AttrName
	Value Expr
}

// Inherit is inherit names; or inherit (from) names;.
type Inherit struct {
	span
	From  Expr // nil without parentheses
	Names []AttrName
	Vars  []Ref // without From: where each name is found outside, filled by Resolve
}

// BadBinding is what recovery passed over in a set.
type BadBinding struct{ span }

// AttrName is one name of an attribute path: a word, a string, or ${…}.
type AttrName struct {
	span
	Name string // of a word or of a constant string, in ${…} too: as in Nix, ${"a"} is a
	Expr Expr   // a *String with interpolation or the expression inside ${…}; nil when Name is all
}

// With is with scope; body.
type With struct {
	span
	Scope, Body Expr
}

// Assert is assert cond; body.
type Assert struct {
	span
	Cond, Body Expr
}

// If is if cond then a else b.
type If struct {
	span
	Cond, Then, Else Expr
}

// Lambda is x: body, { a, b ? c, ... }: body, or either with @.
type Lambda struct {
	span
	Arg     *Ident   // the plain argument or the @ name; may be nil
	Formals *Formals // nil for a plain argument
	Body    Expr
}

// Formals is { a, b ? c, ... }.
type Formals struct {
	span
	List     []Formal
	Ellipsis bool
}

// Formal is one named argument; Default may be nil.
type Formal struct {
	span
	Name    string
	Default Expr
}

// Apply is a function with its arguments, f a b c.
type Apply struct {
	span
	Fn   Expr
	Args []Expr
}

// Select is set.path or set.path or default.
type Select struct {
	span
	Set     Expr
	Path    []AttrName
	Default Expr // nil without `or`
}

// HasAttr is set ? path.
type HasAttr struct {
	span
	Set  Expr
	Path []AttrName
}

// Op is an operator.
type Op uint8

// The operators, in the order of Nix' manual from tight to loose.
const (
	Negate Op = iota // -x
	Concat           // ++
	Mul
	Div
	Add
	Sub
	Not    // !x
	Update // //
	Less
	LessEq
	Greater
	GreaterEq
	Equal
	NotEqual
	And
	Or
	Implies
	PipeTo   // |>, experimental
	PipeFrom // <|, experimental
)

// Unary is -x or !x.
type Unary struct {
	span
	Op Op
	X  Expr
}

// Binary is x op y; OpPos is where the operator stands.
type Binary struct {
	span
	Op    Op
	OpPos Pos
	X, Y  Expr
}

// Paren is (x).
type Paren struct {
	span
	X Expr
}

// Bad is where no expression could be read. A problem of the file says why.
type Bad struct{ span }

func (*Ident) expr()      {}
func (*Int) expr()        {}
func (*Float) expr()      {}
func (*String) expr()     {}
func (*Path) expr()       {}
func (*SearchPath) expr() {}
func (*URI) expr()        {}
func (*List) expr()       {}
func (*AttrSet) expr()    {}
func (*Let) expr()        {}
func (*LetBody) expr()    {}
func (*With) expr()       {}
func (*Assert) expr()     {}
func (*If) expr()         {}
func (*Lambda) expr()     {}
func (*Apply) expr()      {}
func (*Select) expr()     {}
func (*HasAttr) expr()    {}
func (*Unary) expr()      {}
func (*Binary) expr()     {}
func (*Paren) expr()      {}
func (*Bad) expr()        {}

func (*Attr) binding()       {}
func (*Inherit) binding()    {}
func (*BadBinding) binding() {}

// Set is the merged form of a set of bindings, as Nix 2.26 merges them: a.b = 1; a = { c = 2; }; is one a with two
// attributes.
type Set struct {
	Rec     bool
	Attrs   []SetAttr // in the order in which the names first appear; names are distinct
	Dynamic []DynamicAttr
	From    []Expr // the expressions of inherit (from), each once; in a rec set they see its frame

	index map[string]int // slots by name, once there are many
}

// SetAttr is one attribute of a merged set.
type SetAttr struct {
	Name string
	At   NameSpan // where the name first stands
	// Exactly one of these is set.
	Value    Expr // a = Value
	Set      *Set // an attribute set: implied by a path, or a literal merged with others
	Inherit  bool // inherit Name: Var says where it is found, outside this set's frame
	FromExpr bool // inherit (From[From]) Name

	Var  Ref
	From int
	Node Node // the *Attr or *Inherit that first wrote it
}

// NameSpan is the place of a name.
type NameSpan = span

// DynamicAttr is ${name} = value, in a merged set.
type DynamicAttr struct {
	Name  Expr
	Value Expr // nil when Set is not
	Set   *Set // ${name}.b = 1
	Node  Node
}

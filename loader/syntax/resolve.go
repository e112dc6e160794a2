package syntax

import (
	"strconv"
	"strings"

	"github.com/nixlint/nixlint/loader/source"
)

// Resolve merges the attribute paths of a file's sets and finds where each variable lives; it fills AttrSet.Set, Let.Set,
// LetBody.Set, Ident.Ref, SearchPath.Ref, Inherit.Vars and SetAttr.Var. What Nix refuses at parse time is added to the
// file's problems: attributes and arguments that are defined twice, undefined variables, and dynamic attributes in let and
// inherit. A second call does nothing.
func Resolve(f *File) {
	if f.resolved {
		return
	}
	f.resolved = true
	r := resolver{file: f, names: make(map[string]int, 64)}
	r.expr(f.Root)
	f.Problems = source.SortProblems(f.Problems)
}

// resolver walks the tree with the frames that are in scope. Frames are counted from the outermost, which is 1; each name
// knows the innermost frame that defines it.
type resolver struct {
	file  *File
	level uint16         // maxDepth bounds it
	slot  uint32         // the next of the frame that was pushed
	withs []uint16       // the levels of the with frames
	names map[string]int // index into heads
	heads []int          // by name: 1 + index into defs of its innermost definition
	defs  []def

	sets  slab[Set]
	attrs slab[SetAttr]
	refs  slab[Ref]
	first span // where the attribute that nested looked at is first written
}

// def says that a name is a slot of a frame.
type def struct {
	name  int
	outer int // what heads said before
	slot  uint32
	level uint16
}

// push starts a frame and returns what pop needs to end it.
func (r *resolver) push() int {
	r.level++
	r.slot = 0
	return len(r.defs)
}

func (r *resolver) pop(defs int) {
	for i := len(r.defs) - 1; i >= defs; i-- {
		r.heads[r.defs[i].name] = r.defs[i].outer
	}
	r.defs = r.defs[:defs]
	r.level--
}

// define makes a name the next slot of the frame that was pushed. It is false for a name that the frame has already.
func (r *resolver) define(name string) bool {
	slot := r.slot
	r.slot++
	id, known := r.names[name]
	if !known {
		id = len(r.heads)
		r.names[name] = id
		r.heads = append(r.heads, 0)
	}
	outer := r.heads[id]
	if outer > 0 && r.defs[outer-1].level == r.level {
		return false
	}
	r.defs = append(r.defs, def{id, outer, slot, r.level})
	r.heads[id] = len(r.defs)
	return true
}

// lookup finds a variable. A with never hides a name that is bound outside of it, not even a global one.
func (r *resolver) lookup(name string) Ref {
	if id, known := r.names[name]; known {
		if head := r.heads[id]; head > 0 {
			d := &r.defs[head-1]
			return Ref{Local, r.level - d.level, d.slot}
		}
	}
	if isGlobal(name) {
		return Ref{Kind: Global}
	}
	if n := len(r.withs); n > 0 {
		return Ref{Kind: ThroughWith, Depth: r.level - r.withs[n-1]}
	}
	return Ref{}
}

// variable looks a name up and says when nothing defines it.
func (r *resolver) variable(name string, at span) Ref {
	ref := r.lookup(name)
	if ref.Kind == Undefined {
		r.report(at, "undefined variable "+strconv.Quote(name))
	}
	return ref
}

func (r *resolver) expr(x Expr) {
	switch x := x.(type) {
	case *Ident:
		if x.Name == "__curPos" {
			x.Ref = Ref{Kind: CurPos}
			return
		}
		x.Ref = r.variable(x.Name, x.span)
	case *Int, *Float, *URI, *Bad:
	case *String:
		r.parts(x.Parts)
	case *Path:
		r.parts(x.Parts)
	case *SearchPath:
		x.Ref = r.lookup("__findFile")
	case *List:
		r.exprs(x.Elems)
	case *AttrSet:
		if x.Set == nil {
			x.Set = r.newSet(x.Rec, x.Bindings)
		}
		r.set(x.Set, nil)
	case *Let:
		x.Set = r.newSet(true, x.Bindings)
		r.dynamicInLet(x.Set)
		r.set(x.Set, x.Body)
	case *LetBody:
		x.Set = r.newSet(true, x.Bindings)
		r.set(x.Set, nil)
	case *With:
		r.with(x)
	case *Assert:
		r.expr(x.Cond)
		r.expr(x.Body)
	case *If:
		r.expr(x.Cond)
		r.expr(x.Then)
		r.expr(x.Else)
	case *Lambda:
		r.lambda(x)
	case *Apply:
		r.expr(x.Fn)
		r.exprs(x.Args)
	case *Select:
		r.expr(x.Set)
		r.path(x.Path)
		if x.Default != nil {
			r.expr(x.Default)
		}
	case *HasAttr:
		r.expr(x.Set)
		r.path(x.Path)
	case *Unary:
		r.expr(x.X)
	case *Binary:
		r.expr(x.X)
		r.expr(x.Y)
	case *Paren:
		r.expr(x.X)
	}
}

func (r *resolver) exprs(list []Expr) {
	for _, x := range list {
		r.expr(x)
	}
}

func (r *resolver) parts(parts []StringPart) {
	for i := range parts {
		if parts[i].Expr != nil {
			r.expr(parts[i].Expr)
		}
	}
}

func (r *resolver) path(path []AttrName) {
	for i := range path {
		if path[i].Expr != nil {
			r.expr(path[i].Expr)
		}
	}
}

// set resolves a merged set, and the body that sees its frame. Names inherited without (from) are looked up outside.
func (r *resolver) set(s *Set, body Expr) {
	r.inherited(s)
	if s.Rec {
		defs := r.push()
		for i := range s.Attrs {
			r.define(s.Attrs[i].Name)
		}
		defer r.pop(defs)
	}
	r.exprs(s.From)
	for i := range s.Attrs {
		switch a := &s.Attrs[i]; {
		case a.Value != nil:
			r.expr(a.Value)
		case a.Set != nil:
			r.set(a.Set, nil)
		}
	}
	for i := range s.Dynamic {
		d := &s.Dynamic[i]
		r.expr(d.Name)
		if d.Set != nil {
			r.set(d.Set, nil)
		} else {
			r.expr(d.Value)
		}
	}
	if body != nil {
		r.expr(body)
	}
}

// inherited looks up what `inherit a b;` names. The attributes of one inherit stand together, in the order of its names.
func (r *resolver) inherited(s *Set) {
	var in *Inherit
	next := 0
	for i := range s.Attrs {
		a := &s.Attrs[i]
		if !a.Inherit {
			continue
		}
		if node, ok := a.Node.(*Inherit); ok && node != in {
			in, next = node, 0
		}
		for next < len(in.Names)-1 && in.Names[next].start != a.At.start {
			next++
		}
		a.Var = r.variable(a.Name, a.At)
		in.Vars[next] = a.Var
	}
}

func (r *resolver) with(x *With) {
	r.expr(x.Scope)
	defs := r.push()
	r.withs = append(r.withs, r.level)
	r.expr(x.Body)
	r.withs = r.withs[:len(r.withs)-1]
	r.pop(defs)
}

func (r *resolver) lambda(x *Lambda) {
	defs := r.push()
	if x.Arg != nil {
		x.Arg.Ref = Ref{Kind: Local}
		r.define(x.Arg.Name)
	}
	if x.Formals != nil {
		list := x.Formals.List
		for i := range list {
			if !r.define(list[i].Name) {
				name := span{list[i].start, list[i].start + Pos(len(list[i].Name))}
				r.report(name, "argument "+strconv.Quote(list[i].Name)+" is named twice")
			}
		}
		for i := range list {
			if list[i].Default != nil {
				r.expr(list[i].Default)
			}
		}
	}
	r.expr(x.Body)
	r.pop(defs)
}

// dynamicInLet says where a let has ${name} = value.
func (r *resolver) dynamicInLet(s *Set) {
	for i := range s.Dynamic {
		at := s.Dynamic[i].Node
		if a, ok := at.(*Attr); ok {
			at = &a.Path[0]
		}
		r.report(span{at.Start(), at.End()}, "found an interpolated name, expected a plain one; let takes no dynamic attributes")
	}
}

// twice says that the attribute at the end of a path is defined already.
func (r *resolver) twice(path []AttrName, first span) {
	var b strings.Builder
	for i := range path {
		if i > 0 {
			b.WriteByte('.')
		}
		if path[i].Expr == nil {
			b.WriteString(path[i].Name)
		} else {
			b.WriteString(r.file.Source.Text[path[i].start:path[i].end])
		}
	}
	at := span{path[0].start, path[len(path)-1].end}
	r.report(at, "attribute "+strconv.Quote(b.String())+" is defined twice", source.Note{
		Span: r.file.Source.Span(first.start, first.end), Message: "first here",
	})
}

func (r *resolver) report(at span, message string, notes ...source.Note) {
	if len(r.file.Problems) < maxProblems {
		r.file.Problems = append(r.file.Problems, source.Problem{
			Span: r.file.Source.Span(at.start, at.end), Message: message, Notes: notes,
		})
	}
}

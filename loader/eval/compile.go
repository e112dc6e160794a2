package eval

import (
	"path"
	"sort"
	"strings"

	"github.com/nixlint/nixlint/loader/source"
	"github.com/nixlint/nixlint/loader/syntax"
)

// node is an expression ready to be evaluated. Variables are resolved to frames and slots, constants are values, attribute
// sets are merged and sorted.
type node interface {
	eval(in *Interp, e *env) (Value, error)
	// delay is the expression's value, evaluated later if that is any work.
	delay(in *Interp, e *env) Value
	span() source.Span
}

// compiler turns a resolved tree into nodes.
type compiler struct {
	src *source.File
	dir string // of the file, for relative paths
}

func compile(f *syntax.File) node {
	c := &compiler{src: f.Source, dir: path.Dir(f.Source.Path)}
	return c.expr(f.Root)
}

func (c *compiler) at(n syntax.Node) source.Span { return c.src.Span(n.Start(), n.End()) }

func (c *compiler) expr(x syntax.Expr) node {
	at := c.at(x)
	switch x := x.(type) {
	case *syntax.Ident:
		return c.variable(x.Name, x.Ref, at)
	case *syntax.Int:
		return &constNode{at, Int(x.Value)}
	case *syntax.Float:
		return &constNode{at, Float(x.Value)}
	case *syntax.String:
		return c.text(x.Parts, at)
	case *syntax.URI:
		return &constNode{at, &String{S: x.Value, Pieces: []Piece{{Span: at}}}}
	case *syntax.Path:
		return c.path(x, at)
	case *syntax.SearchPath:
		return &searchNode{at, x.Name}
	case *syntax.List:
		l := &listNode{at: at, elems: make([]node, len(x.Elems))}
		for i, el := range x.Elems {
			l.elems[i] = c.expr(el)
		}
		return l
	case *syntax.AttrSet:
		return c.set(x.Set, at)
	case *syntax.Let:
		set := c.set(x.Set, at)
		set.rec = true
		return &letNode{at, set, c.expr(x.Body)}
	case *syntax.LetBody:
		set := c.set(x.Set, at)
		set.rec = true
		return &selectNode{at: at, set: set, path: []nameNode{{name: "body"}}}
	case *syntax.With:
		return &withNode{at, c.expr(x.Scope), c.expr(x.Body)}
	case *syntax.Assert:
		return &assertNode{at, c.expr(x.Cond), c.expr(x.Body)}
	case *syntax.If:
		return &ifNode{at, c.expr(x.Cond), c.expr(x.Then), c.expr(x.Else)}
	case *syntax.Lambda:
		return c.lambda(x, at)
	case *syntax.Apply:
		a := &applyNode{at: at, fn: c.expr(x.Fn), args: make([]node, len(x.Args))}
		for i, arg := range x.Args {
			a.args[i] = c.expr(arg)
		}
		return a
	case *syntax.Select:
		s := &selectNode{at: at, set: c.expr(x.Set), path: c.names(x.Path)}
		if x.Default != nil {
			s.def = c.expr(x.Default)
		}
		return s
	case *syntax.HasAttr:
		return &hasNode{at, c.expr(x.Set), c.names(x.Path)}
	case *syntax.Unary:
		return &unaryNode{at, x.Op, c.expr(x.X)}
	case *syntax.Binary:
		return c.binary(x, at)
	case *syntax.Paren:
		return c.expr(x.X)
	}
	return &constNode{at, NewUnknown("it does not parse", at)}
}

func (c *compiler) variable(name string, ref syntax.Ref, at source.Span) node {
	switch ref.Kind {
	case syntax.Local:
		return &localNode{at, int(ref.Depth), int(ref.Slot)}
	case syntax.Global:
		return &globalNode{at, name}
	case syntax.ThroughWith:
		return &throughWithNode{at, int(ref.Depth), name}
	case syntax.CurPos:
		p := c.src.Position(at.Start)
		return &constNode{at, NewSet(
			Attr{Name: "file", Val: Path(c.src.Path)}, Attr{Name: "line", Val: Int(p.Line)}, Attr{Name: "column", Val: Int(p.Column)})}
	case syntax.Undefined:
	}
	return &undefinedNode{at, name}
}

// text compiles a string: a constant when nothing is interpolated.
func (c *compiler) text(parts []syntax.StringPart, at source.Span) node {
	s := &stringNode{at: at}
	for _, p := range parts {
		part := stringPart{}
		if p.Expr != nil {
			part.expr = c.expr(p.Expr)
		} else {
			part.text = p.Text
		}
		part.at = c.src.Span(p.Start(), p.End())
		s.parts = append(s.parts, part)
		s.dynamic = s.dynamic || p.Expr != nil
	}
	if s.dynamic {
		return s
	}
	var b builder
	for _, p := range s.parts {
		b.text(p.text, p.at)
	}
	out := b.string()
	if len(out.Pieces) == 0 {
		out.Pieces = []Piece{{Span: at}}
	}
	return &constNode{at, out}
}

func (c *compiler) path(x *syntax.Path, at source.Span) node {
	if len(x.Parts) == 1 && x.Parts[0].Expr == nil {
		return &constNode{at, c.absolute(x.Parts[0].Text, at)}
	}
	s := &pathNode{at: at, c: c}
	for _, p := range x.Parts {
		part := stringPart{text: p.Text, at: c.src.Span(p.Start(), p.End())}
		if p.Expr != nil {
			part.expr = c.expr(p.Expr)
		}
		s.parts = append(s.parts, part)
	}
	return s
}

// absolute resolves a path as written in the file: relative to the file's folder.
func (c *compiler) absolute(text string, at source.Span) Value {
	switch {
	case strings.HasPrefix(text, "~"):
		return NewUnknown("it is in a home directory", at)
	case strings.HasPrefix(text, "/"):
		return Path(path.Clean(text))
	}
	p := path.Join(c.dir, text)
	if p == ".." || strings.HasPrefix(p, "../") {
		return NewUnknown("it is "+text+", outside of the root", at)
	}
	return Path(p)
}

func (c *compiler) names(path []syntax.AttrName) []nameNode {
	out := make([]nameNode, len(path))
	for i, n := range path {
		out[i] = nameNode{name: n.Name, at: c.src.Span(n.Start(), n.End())}
		if n.Expr != nil {
			out[i].expr = c.expr(n.Expr)
		}
	}
	return out
}

// set compiles a merged set. Attributes are sorted by name; slots keep the resolver's numbers.
func (c *compiler) set(s *syntax.Set, at source.Span) *setNode {
	n := &setNode{at: at, rec: s.Rec, attrs: make([]attrNode, len(s.Attrs))}
	for _, from := range s.From {
		n.from = append(n.from, c.expr(from))
	}
	for i := range s.Attrs {
		a := &s.Attrs[i]
		out := attrNode{name: a.Name, slot: i, from: -1}
		out.site.Name = c.src.Span(a.At.Start(), a.At.End())
		switch {
		case a.Inherit:
			out.value, out.outer = c.variable(a.Name, a.Var, out.site.Name), true
			out.site.Value = out.site.Name
		case a.FromExpr:
			out.from = a.From
			out.site.Value = out.site.Name
		case a.Set != nil:
			where := at
			if a.Node != nil {
				where = c.at(a.Node)
			}
			set := c.set(a.Set, where)
			set.implied = true
			out.value = set
			out.site.Value, out.site.Implied = where, true
		default:
			out.value = c.expr(a.Value)
			out.site.Value = c.at(a.Value)
		}
		n.attrs[i] = out
	}
	sort.SliceStable(n.attrs, func(i, j int) bool { return n.attrs[i].name < n.attrs[j].name })
	for _, d := range s.Dynamic {
		out := dynNode{name: c.expr(d.Name)}
		if d.Set != nil {
			where := at
			if d.Node != nil {
				where = c.at(d.Node)
			}
			out.value = c.set(d.Set, where)
		} else {
			out.value = c.expr(d.Value)
		}
		out.site.Name, out.site.Value = c.at(d.Name), out.value.span()
		n.dynamic = append(n.dynamic, out)
	}
	return n
}

func (c *compiler) lambda(x *syntax.Lambda, at source.Span) node {
	n := &lambdaNode{at: at, hasArg: x.Arg != nil}
	if x.Formals == nil {
		n.body = c.expr(x.Body)
		return n
	}
	n.ellipsis = x.Formals.Ellipsis
	n.formals = make([]formalNode, 0, len(x.Formals.List))
	for _, f := range x.Formals.List {
		formal := formalNode{name: f.Name, at: c.src.Span(f.Start(), f.End())}
		if f.Default != nil {
			formal.def = c.expr(f.Default)
		}
		n.formals = append(n.formals, formal)
	}
	n.slots = len(n.formals)
	if n.hasArg {
		n.slots++
	}
	n.body = c.expr(x.Body)
	return n
}

func (c *compiler) binary(x *syntax.Binary, at source.Span) node {
	a, b := c.expr(x.X), c.expr(x.Y)
	switch x.Op {
	case syntax.And, syntax.Or, syntax.Implies:
		return &logicNode{at, x.Op, a, b}
	case syntax.PipeTo:
		return &applyNode{at: at, fn: b, args: []node{a}}
	case syntax.PipeFrom:
		return &applyNode{at: at, fn: a, args: []node{b}}
	default:
		return &binaryNode{at, x.Op, a, b}
	}
}

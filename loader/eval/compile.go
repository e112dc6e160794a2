package eval

import (
	"fmt"
	"path"
	"slices"
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

	level  int    // frames in scope
	withs  []int  // the levels of the with frames
	nested int    // expressions inside one another
	paths  []slot // where __nixPath is defined, innermost last
	scoped bool   // scopedImport: what nothing defines may be in the given scope, one frame above all
}

// slot is a variable's place, counted from the outermost frame.
type slot struct{ level, slot int }

// nixPath is the variable __nixPath, which <name> is looked up in.
func (c *compiler) nixPath(at source.Span) node {
	if n := len(c.paths); n > 0 {
		return &localNode{at, c.level - c.paths[n-1].level, c.paths[n-1].slot}
	}
	return c.variable("__nixPath", syntax.Ref{Kind: syntax.Global}, at)
}

// push starts a frame, and returns what ends it. Find says which slot a name has, or -1.
func (c *compiler) push(find func(name string) int) (pop func()) {
	c.level++
	n := len(c.paths)
	if at := find("__nixPath"); at >= 0 {
		c.paths = append(c.paths, slot{c.level, at})
	}
	return func() {
		c.level--
		c.paths = c.paths[:n]
	}
}

// maxNested bounds how deep expressions nest. The parser has a bound of its own; chains of operators nest without it.
const maxNested = 20_000

func newCompiler(f *syntax.File) *compiler {
	return &compiler{src: f.Source, dir: path.Dir(f.Source.Path)}
}

func compile(f *syntax.File) node { return newCompiler(f).expr(f.Root) }

func (c *compiler) at(n syntax.Node) source.Span { return c.src.Span(n.Start(), n.End()) }

func (c *compiler) expr(x syntax.Expr) node {
	at := c.at(x)
	if c.nested >= maxNested {
		return &constNode{at, NewUnknown(fmt.Sprintf("limit reached: expressions nested more than %d deep", maxNested), at)}
	}
	c.nested++
	defer func() { c.nested-- }()
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
		if x.Ref.Kind == syntax.Local || x.Ref.Kind == syntax.ThroughWith {
			find := c.variable("__findFile", x.Ref, at)
			return &applyNode{at: at, fn: find, args: []node{c.nixPath(at), &constNode{at, Str(x.Name)}}}
		}
		if len(c.paths) > 0 {
			find := c.variable("__findFile", syntax.Ref{Kind: syntax.Global}, at)
			return &applyNode{at: at, fn: find, args: []node{c.nixPath(at), &constNode{at, Str(x.Name)}}}
		}
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
		defer c.push(x.Set.Find)()
		return &letNode{at, set, c.expr(x.Body)}
	case *syntax.LetBody:
		set := c.set(x.Set, at)
		return &selectNode{at: at, set: set, path: []nameNode{{name: "body"}}}
	case *syntax.With:
		return c.with(x, at)
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
		return c.inScope(name, &globalNode{at, name}, at)
	case syntax.ThroughWith:
		return c.inScope(name, &throughWithNode{at, name, c.scopes()}, at)
	case syntax.CurPos:
		return &curPosNode{at}
	case syntax.Undefined:
	}
	return c.inScope(name, &undefinedNode{at, name}, at)
}

// inScope is a variable that the scope of a scopedImport comes before.
func (c *compiler) inScope(name string, otherwise node, at source.Span) node {
	if !c.scoped {
		return otherwise
	}
	return &scopedNode{at, name, c.level, otherwise}
}

func (c *compiler) with(x *syntax.With, at source.Span) node {
	scope := c.expr(x.Scope)
	c.level++
	c.withs = append(c.withs, c.level)
	body := c.expr(x.Body)
	c.withs = c.withs[:len(c.withs)-1]
	c.level--
	return &withNode{at, scope, body}
}

// scopes says how many frames up each with is.
func (c *compiler) scopes() []int {
	out := make([]int, len(c.withs))
	for i, level := range c.withs {
		out[len(out)-1-i] = c.level - level
	}
	return out
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
	mount, dir := source.SplitMount(c.dir)
	p := path.Join(dir, text)
	if p == ".." || strings.HasPrefix(p, "../") {
		return NewUnknown("it is "+text+", outside of the root", at)
	}
	return Path(path.Join(mount, p))
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
	for i := range s.Attrs {
		a := &s.Attrs[i]
		out := &n.attrs[i]
		out.name, out.slot = a.Name, i
		out.site.Name = c.src.Span(a.At.Start(), a.At.End())
		if a.Inherit {
			out.value, out.outer = c.variable(a.Name, a.Var, out.site.Name), true
			out.site.Value = out.site.Name
		}
		n.overrides = n.overrides || a.Name == "__overrides"
	}
	if s.Rec {
		defer c.push(s.Find)()
	}
	for _, from := range s.From {
		n.from = append(n.from, c.expr(from))
	}
	for i := range s.Attrs {
		if !s.Attrs[i].Inherit {
			c.attr(&s.Attrs[i], &n.attrs[i], at)
		}
	}
	slices.SortStableFunc(n.attrs, func(a, b attrNode) int { return strings.Compare(a.name, b.name) })
	for i := range s.Dynamic {
		n.dynamic = append(n.dynamic, c.dynamic(&s.Dynamic[i], at))
	}
	return n
}

func (c *compiler) attr(a *syntax.SetAttr, out *attrNode, at source.Span) {
	switch {
	case a.FromExpr:
		from := &localNode{at: out.site.Name, slot: a.From}
		out.value, out.from = &selectNode{at: out.site.Name, set: from, path: []nameNode{{name: a.Name}}, inherit: true}, true
		out.site.Value = out.site.Name
	case a.Set != nil:
		where := at
		if a.Node != nil {
			where = c.at(a.Node)
		}
		set := c.set(a.Set, where)
		set.implied = true
		out.site.Implied = true
		out.value = set
		out.site.Value = where
	default:
		out.value = c.expr(a.Value)
		out.site.Value = c.at(a.Value)
	}
}

func (c *compiler) dynamic(d *syntax.DynamicAttr, at source.Span) dynNode {
	out := dynNode{name: c.expr(d.Name)}
	if d.Set != nil {
		if d.Node != nil {
			at = c.at(d.Node)
		}
		out.value = c.set(d.Set, at)
	} else {
		out.value = c.expr(d.Value)
	}
	out.site.Name, out.site.Value = c.at(d.Name), out.value.span()
	return out
}

func (c *compiler) lambda(x *syntax.Lambda, at source.Span) node {
	n := &lambdaNode{at: at, hasArg: x.Arg != nil}
	if x.Arg != nil {
		n.arg = x.Arg.Name
	}
	defer c.push(func(name string) int { return parameter(x, name) })()
	if x.Formals == nil {
		n.body = c.expr(x.Body)
		n.inner, _ = n.body.(*lambdaNode)
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
	n.inner, _ = n.body.(*lambdaNode)
	return n
}

// parameter is the slot of a function's parameter, or -1.
func parameter(x *syntax.Lambda, name string) int {
	first := 0
	if x.Arg != nil {
		if x.Arg.Name == name {
			return 0
		}
		first = 1
	}
	if x.Formals != nil {
		for i := range x.Formals.List {
			if x.Formals.List[i].Name == name {
				return first + i
			}
		}
	}
	return -1
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

package syntax

// Children calls f with the nodes directly below n, in the order of the file: expressions, bindings, and the expressions
// inside of names, strings and patterns.
func Children(n Node, f func(Node)) {
	expr := func(x Expr) {
		if x != nil {
			f(x)
		}
	}
	bindings := func(bs []Binding) {
		for _, b := range bs {
			f(b)
		}
	}
	parts := func(ps []StringPart) {
		for _, p := range ps {
			expr(p.Expr)
		}
	}
	names := func(ns []AttrName) {
		for _, a := range ns {
			expr(a.Expr)
		}
	}
	switch n := n.(type) {
	case *String:
		parts(n.Parts)
	case *Path:
		parts(n.Parts)
	case *List:
		for _, el := range n.Elems {
			f(el)
		}
	case *AttrSet:
		bindings(n.Bindings)
	case *Let:
		bindings(n.Bindings)
		expr(n.Body)
	case *LetBody:
		bindings(n.Bindings)
	case *Attr:
		names(n.Path)
		expr(n.Value)
	case *Inherit:
		expr(n.From)
		names(n.Names)
	case *With:
		expr(n.Scope)
		expr(n.Body)
	case *Assert:
		expr(n.Cond)
		expr(n.Body)
	case *If:
		expr(n.Cond)
		expr(n.Then)
		expr(n.Else)
	case *Lambda:
		if n.Formals != nil {
			for _, formal := range n.Formals.List {
				expr(formal.Default)
			}
		}
		expr(n.Body)
	case *Apply:
		expr(n.Fn)
		for _, arg := range n.Args {
			f(arg)
		}
	case *Select:
		expr(n.Set)
		names(n.Path)
		expr(n.Default)
	case *HasAttr:
		expr(n.Set)
		names(n.Path)
	case *Unary:
		expr(n.X)
	case *Binary:
		expr(n.X)
		expr(n.Y)
	case *Paren:
		expr(n.X)
	}
}

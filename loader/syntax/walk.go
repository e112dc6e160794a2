package syntax

// Walk visits a node and, while visit says true, what is in it, in the order of the file. Bindings are visited as they are
// written; merged sets are not entered.
func Walk(n Node, visit func(Node) bool) {
	if !visit(n) {
		return
	}
	switch n := n.(type) {
	case *String:
		walkParts(n.Parts, visit)
	case *Path:
		walkParts(n.Parts, visit)
	case *List:
		walkExprs(n.Elems, visit)
	case *AttrSet:
		walkBindings(n.Bindings, visit)
	case *Let:
		walkBindings(n.Bindings, visit)
		Walk(n.Body, visit)
	case *LetBody:
		walkBindings(n.Bindings, visit)
	case *Attr:
		walkNames(n.Path, visit)
		Walk(n.Value, visit)
	case *Inherit:
		walkExprs([]Expr{n.From}, visit)
		walkNames(n.Names, visit)
	case *With:
		Walk(n.Scope, visit)
		Walk(n.Body, visit)
	case *Assert:
		Walk(n.Cond, visit)
		Walk(n.Body, visit)
	case *If:
		walkExprs([]Expr{n.Cond, n.Then, n.Else}, visit)
	case *Lambda:
		walkLambda(n, visit)
	case *Apply:
		Walk(n.Fn, visit)
		walkExprs(n.Args, visit)
	case *Select:
		Walk(n.Set, visit)
		walkNames(n.Path, visit)
		walkExprs([]Expr{n.Default}, visit)
	case *HasAttr:
		Walk(n.Set, visit)
		walkNames(n.Path, visit)
	case *Unary:
		Walk(n.X, visit)
	case *Binary:
		Walk(n.X, visit)
		Walk(n.Y, visit)
	case *Paren:
		Walk(n.X, visit)
	case *StringPart:
		walkExprs([]Expr{n.Expr}, visit)
	case *AttrName:
		walkExprs([]Expr{n.Expr}, visit)
	case *Formal:
		walkExprs([]Expr{n.Default}, visit)
	}
}

func walkLambda(n *Lambda, visit func(Node) bool) {
	argFirst := n.Arg != nil && (n.Formals == nil || n.Arg.start < n.Formals.start)
	if argFirst {
		Walk(n.Arg, visit)
	}
	if n.Formals != nil && visit(n.Formals) {
		for i := range n.Formals.List {
			Walk(&n.Formals.List[i], visit)
		}
	}
	if n.Arg != nil && !argFirst {
		Walk(n.Arg, visit)
	}
	Walk(n.Body, visit)
}

func walkExprs(list []Expr, visit func(Node) bool) {
	for _, x := range list {
		if x != nil {
			Walk(x, visit)
		}
	}
}

func walkBindings(list []Binding, visit func(Node) bool) {
	for _, b := range list {
		Walk(b, visit)
	}
}

func walkNames(list []AttrName, visit func(Node) bool) {
	for i := range list {
		Walk(&list[i], visit)
	}
}

func walkParts(list []StringPart, visit func(Node) bool) {
	for i := range list {
		Walk(&list[i], visit)
	}
}

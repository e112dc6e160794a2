package syntax

import (
	"cmp"
	"path"
	"slices"
	"strconv"
	"strings"
)

// Print writes a file that Resolve has seen in the form of `nix-instantiate --parse`, Nix 2.26: on one line, sets merged,
// attributes and arguments sorted by name, operators in parentheses or as calls of their functions. Relative paths start
// at dir, an absolute folder; ~ is home.
func Print(f *File, dir, home string) string {
	p := printer{file: f, dir: dir, home: home}
	p.expr(f.Root)
	return p.out.String()
}

type printer struct {
	out       strings.Builder
	file      *File
	dir, home string
}

func (p *printer) puts(parts ...string) {
	for _, s := range parts {
		p.out.WriteString(s)
	}
}

func (p *printer) expr(x Expr) {
	switch x := x.(type) {
	case *Ident:
		p.name(x.Name)
	case *Int:
		p.puts(strconv.FormatInt(x.Value, 10))
	case *Float:
		p.puts(formatFloat(x.Value))
	case *URI:
		p.literal(x.Value)
	case *String:
		p.str(x)
	case *Path:
		p.path(x)
	case *List:
		p.puts("[ ")
		for _, e := range x.Elems {
			p.puts("(")
			p.expr(e)
			p.puts(") ")
		}
		p.puts("]")
	case *AttrSet:
		p.set(x.Set)
	case *Let:
		p.puts("(let ")
		p.bindings(x.Set)
		p.puts("in ")
		p.expr(x.Body)
		p.puts(")")
	case *LetBody:
		p.puts("(")
		p.set(x.Set)
		p.puts(").body")
	case *With:
		p.puts("(with ")
		p.expr(x.Scope)
		p.puts("; ")
		p.expr(x.Body)
		p.puts(")")
	case *Assert:
		p.puts("assert ")
		p.expr(x.Cond)
		p.puts("; ")
		p.expr(x.Body)
	case *If:
		p.puts("(if ")
		p.expr(x.Cond)
		p.puts(" then ")
		p.expr(x.Then)
		p.puts(" else ")
		p.expr(x.Else)
		p.puts(")")
	case *Lambda:
		p.lambda(x)
	case *Select:
		p.puts("(")
		p.expr(x.Set)
		p.puts(").")
		p.attrPath(x.Path)
		if x.Default != nil {
			p.puts(" or (")
			p.expr(x.Default)
			p.puts(")")
		}
	case *HasAttr:
		p.puts("((")
		p.expr(x.Set)
		p.puts(") ? ")
		p.attrPath(x.Path)
		p.puts(")")
	case *Paren:
		p.expr(x.X)
	case *Apply, *SearchPath, *Unary, *Binary:
		p.operation(x)
	case *Bad:
		p.puts("«bad»")
	}
}

// operation prints what has operands: as a call where Nix makes one of it, else with its operator.
func (p *printer) operation(x Expr) {
	if isCall(x) {
		p.puts("(")
		p.call(x)
		p.puts(")")
		return
	}
	switch x := x.(type) {
	case *Unary:
		p.puts("(! ")
		p.expr(x.X)
		p.puts(")")
	case *Binary:
		switch x.Op {
		case LessEq:
			p.puts("(! (__lessThan ")
			p.two(x.Y, " ", x.X)
			p.puts("))")
		case GreaterEq:
			p.puts("(! (__lessThan ")
			p.two(x.X, " ", x.Y)
			p.puts("))")
		default:
			p.puts("(")
			p.two(x.X, " "+x.Op.String()+" ", x.Y)
			p.puts(")")
		}
	}
}

func (p *printer) two(x Expr, between string, y Expr) {
	p.expr(x)
	p.puts(between)
	p.expr(y)
}

// callOf names the functions that Nix calls for operators.
var callOf = map[Op]string{Mul: "__mul", Div: "__div", Sub: "__sub", Less: "__lessThan"}

// isCall reports whether Nix' parser makes a call of an expression.
func isCall(x Expr) bool {
	switch x := x.(type) {
	case *Apply, *SearchPath:
		return true
	case *Unary:
		return x.Op == Negate
	case *Binary:
		return callOf[x.Op] != "" || x.Op == Greater || x.Op == PipeTo || x.Op == PipeFrom
	case *Paren:
		return isCall(x.X)
	default:
		return false
	}
}

// call prints the function and the arguments of a call. The function of a call that is a call itself, in parentheses or
// not, gets the arguments added, as in Nix.
func (p *printer) call(x Expr) {
	switch x := x.(type) {
	case *Paren:
		p.call(x.X)
	case *Apply:
		p.function(x.Fn)
		for _, a := range x.Args {
			p.puts(" ")
			p.expr(a)
		}
	case *SearchPath:
		p.puts("__findFile __nixPath ")
		p.literal(x.Name)
	case *Unary:
		p.puts("__sub 0 ")
		p.expr(x.X)
	case *Binary:
		switch x.Op {
		case PipeTo:
			p.function(x.Y)
			p.puts(" ")
			p.expr(x.X)
		case PipeFrom:
			p.function(x.X)
			p.puts(" ")
			p.expr(x.Y)
		case Greater:
			p.puts("__lessThan ")
			p.two(x.Y, " ", x.X)
		default:
			p.puts(callOf[x.Op], " ")
			p.two(x.X, " ", x.Y)
		}
	}
}

func (p *printer) function(x Expr) {
	if isCall(x) {
		p.call(x)
		return
	}
	p.expr(x)
}

func (p *printer) set(s *Set) {
	if s.Rec {
		p.puts("rec ")
	}
	p.puts("{ ")
	p.bindings(s)
	p.puts("}")
}

func (p *printer) bindings(s *Set) {
	sorted := make([]*SetAttr, 0, len(s.Attrs))
	for i := range s.Attrs {
		sorted = append(sorted, &s.Attrs[i])
	}
	slices.SortFunc(sorted, func(a, b *SetAttr) int { return cmp.Compare(a.Name, b.Name) })
	p.inherits(sorted)
	p.inheritsFrom(s, sorted)
	for _, a := range sorted {
		if a.Inherit || a.FromExpr {
			continue
		}
		p.name(a.Name)
		p.puts(" = ")
		p.value(a.Value, a.Set)
	}
	for _, d := range s.Dynamic {
		p.puts(`"${`)
		p.expr(d.Name)
		p.puts(`}" = `)
		p.value(d.Value, d.Set)
	}
}

func (p *printer) value(x Expr, s *Set) {
	if s != nil {
		p.set(s)
	} else {
		p.expr(x)
	}
	p.puts("; ")
}

func (p *printer) inherits(sorted []*SetAttr) {
	before := "inherit "
	for _, a := range sorted {
		if a.Inherit {
			p.puts(before)
			p.name(a.Name)
			before = " "
		}
	}
	if before == " " {
		p.puts("; ")
	}
}

// inheritsFrom prints an inherit for each expression that something is inherited from, in their order.
func (p *printer) inheritsFrom(s *Set, sorted []*SetAttr) {
	names := make([][]string, len(s.From))
	for _, a := range sorted {
		if a.FromExpr {
			names[a.From] = append(names[a.From], a.Name)
		}
	}
	for i, list := range names {
		if len(list) == 0 {
			continue
		}
		p.puts("inherit (")
		p.expr(s.From[i])
		p.puts(")")
		for _, name := range list {
			p.puts(" ")
			p.name(name)
		}
		p.puts("; ")
	}
}

func (p *printer) lambda(x *Lambda) {
	p.puts("(")
	if x.Formals != nil {
		p.formals(x.Formals)
		if x.Arg != nil {
			p.puts(" @ ")
		}
	}
	if x.Arg != nil {
		p.name(x.Arg.Name)
	}
	p.puts(": ")
	p.expr(x.Body)
	p.puts(")")
}

func (p *printer) formals(f *Formals) {
	list := slices.Clone(f.List)
	slices.SortFunc(list, func(a, b Formal) int { return cmp.Compare(a.Name, b.Name) })
	p.puts("{ ")
	for i, a := range list {
		if i > 0 {
			p.puts(", ")
		}
		p.name(a.Name)
		if a.Default != nil {
			p.puts(" ? ")
			p.expr(a.Default)
		}
	}
	if f.Ellipsis {
		if len(list) > 0 {
			p.puts(", ")
		}
		p.puts("...")
	}
	p.puts(" }")
}

func (p *printer) attrPath(names []AttrName) {
	for i := range names {
		if i > 0 {
			p.puts(".")
		}
		if names[i].Expr == nil {
			p.name(names[i].Name)
			continue
		}
		p.puts(`"${`)
		p.expr(names[i].Expr)
		p.puts(`}"`)
	}
}

// str prints a string: the constant that it is, or the sum of its pieces.
func (p *printer) str(x *String) {
	if text, ok := constant(p.file.Source.Text, x); ok {
		p.literal(text)
		return
	}
	p.puts("(")
	p.parts(x.Parts, func(i int) int {
		if x.Indented {
			return tokenEnd(p.file.Source.Text, x.Parts, i)
		}
		for i < len(x.Parts) && x.Parts[i].Expr == nil {
			i++
		}
		return i
	})
	p.puts(")")
}

// parts prints pieces with + between them. end tells how far the pieces from i on are one token for Nix.
func (p *printer) parts(parts []StringPart, end func(i int) int) {
	for i := 0; i < len(parts); {
		if i > 0 {
			p.puts(" + ")
		}
		if parts[i].Expr != nil {
			p.expr(parts[i].Expr)
			i++
			continue
		}
		j := end(i)
		text, _ := plainText(parts[i:j])
		p.literal(text)
		i = j
	}
}

// path prints a path made absolute, or the sum of its pieces.
func (p *printer) path(x *Path) {
	first := x.Parts[0].Text
	switch {
	case strings.HasPrefix(first, "~"):
		first = p.home + first[1:]
	default:
		slash := len(first) > 1 && strings.HasSuffix(first, "/")
		if !strings.HasPrefix(first, "/") {
			first = p.dir + "/" + first
		}
		first = path.Clean(first)
		if slash {
			first += "/"
		}
	}
	if len(x.Parts) == 1 {
		p.puts(first)
		return
	}
	p.puts("(", first, " + ")
	p.parts(x.Parts[1:], func(i int) int { return i + 1 })
	p.puts(")")
}

// name prints a name, in quotes where it is no word.
func (p *printer) name(s string) {
	if s == "" || classes[s[0]]&classLetter == 0 || skipClass(s, 1, classWord) != len(s) {
		p.literal(s)
		return
	}
	if tok := keyword(s); tok != tokIdent && tok != tokOrWord {
		p.puts(`"`, s, `"`)
		return
	}
	p.puts(s)
}

// literal prints a string.
func (p *printer) literal(s string) {
	p.out.WriteByte('"')
	for i := range len(s) {
		switch c := s[i]; {
		case c == '"' || c == '\\' || c == '$' && strings.HasPrefix(s[i+1:], "{"):
			p.out.WriteByte('\\')
			p.out.WriteByte(c)
		case c == '\n':
			p.puts(`\n`)
		case c == '\r':
			p.puts(`\r`)
		case c == '\t':
			p.puts(`\t`)
		default:
			p.out.WriteByte(c)
		}
	}
	p.out.WriteByte('"')
}

// formatFloat writes a number as C++ streams do: with six digits, an exponent only where it is needed.
func formatFloat(v float64) string {
	const digits = 6
	s := strconv.FormatFloat(v, 'e', digits-1, 64)
	mantissa, exponent, _ := strings.Cut(s, "e")
	e, _ := strconv.Atoi(exponent)
	if e < -4 || e >= digits {
		return trimZeros(mantissa) + "e" + exponent
	}
	return trimZeros(strconv.FormatFloat(v, 'f', digits-1-e, 64))
}

func trimZeros(s string) string {
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return s
}

// String is the operator as it is written.
func (op Op) String() string { return opText[op] }

var opText = [...]string{
	Negate: "-", Concat: "++", Mul: "*", Div: "/", Add: "+", Sub: "-", Not: "!", Update: "//", Less: "<", LessEq: "<=",
	Greater: ">", GreaterEq: ">=", Equal: "==", NotEqual: "!=", And: "&&", Or: "||", Implies: "->", PipeTo: "|>", PipeFrom: "<|",
}

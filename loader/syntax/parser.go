package syntax

import (
	"errors"
	"math"
	"strconv"
	"strings"

	"github.com/nixlint/nixlint/loader/source"
)

// maxDepth bounds how deep expressions nest. Nix itself ends between 1,600 and 10,000 levels, by what is nested.
const maxDepth = 5000

// Parse reads a file. It always returns a tree: where the file is wrong there are Bad nodes and problems that say why.
// Variables are not looked up and attribute paths not merged; Resolve does that. A binary file (ciphertext) is one notice.
func Parse(src *source.File) *File {
	f := &File{Source: src}
	if src.Binary() {
		f.Root = &Bad{}
		f.Problems = []source.Problem{{
			Severity: source.Notice, Span: src.Span(0, 0), Message: "found binary data or ciphertext, expected Nix; the file is left out",
		}}
		return f
	}
	if len(src.Text) > math.MaxInt32 {
		f.Root = &Bad{}
		f.Problems = []source.Problem{{Span: src.Span(0, 0), Message: "file is larger than 2 GiB"}}
		return f
	}
	p := &parser{scanner: scanner{src: src.Text}, file: src}
	p.next()
	f.Root = p.expr()
	if p.tok != tokEOF || p.openComment {
		p.rest()
	}
	f.Comments, f.Problems = p.comments, p.problems
	return f
}

// rest says that something stands after the file's expression. A brace that is closed once too often ends that early: what
// follows is read as bindings, for its problems.
func (p *parser) rest() {
	p.unexpected("end of file")
	p.afterEnd = true
	for p.tok == tokCloseBrace || p.tok == tokSemicolon {
		p.next()
		p.readBindings(tokCloseBrace, nil)
	}
}

// parser is a recursive descent over the grammar of Nix' parser.y, with precedence climbing for operators. Each method
// starts at the first token of what it is named after and ends at the token that follows.
type parser struct {
	scanner
	file     *source.File
	problems []source.Problem
	last     Pos  // one past where the last problem is
	stopped  bool // the file is read no further, and what is missing no problem
	depth    int

	afterEnd bool // the file's expression has ended

	opened []span // the brackets that are open
	// pending counts the closing brackets and words that are waited for: recovery stops at them.
	pending [tokens]int32

	exprs    stack[Expr]
	bindings stack[Binding]
	names    stack[AttrName]
	parts    stack[StringPart]
	formals  stack[Formal]
	indented []indentedPart

	nodes nodes
}

// nodes holds a slab for each type of node.
type nodes struct {
	ident   slab[Ident]
	integer slab[Int]
	float   slab[Float]
	str     slab[String]
	path    slab[Path]
	search  slab[SearchPath]
	uri     slab[URI]
	list    slab[List]
	attrSet slab[AttrSet]
	let     slab[Let]
	letBody slab[LetBody]
	attr    slab[Attr]
	inherit slab[Inherit]
	with    slab[With]
	assert  slab[Assert]
	cond    slab[If]
	lambda  slab[Lambda]
	formals slab[Formals]
	apply   slab[Apply]
	selects slab[Select]
	hasAttr slab[HasAttr]
	unary   slab[Unary]
	binary  slab[Binary]
	paren   slab[Paren]
}

// enter goes one level deeper; leave goes back.
func (p *parser) enter() bool {
	p.depth++
	return p.depth <= maxDepth || p.tooDeep()
}

func (p *parser) leave() { p.depth-- }

// expr reads a whole expression: a function, a let, an if, … or operators.
func (p *parser) expr() Expr {
	if !p.enter() {
		p.leave()
		return p.bad()
	}
	x := p.anyExpr()
	p.leave()
	return x
}

func (p *parser) anyExpr() Expr {
	start := p.start
	switch p.tok {
	case tokIdent:
		id := p.ident()
		switch p.tok {
		case tokColon:
			return p.lambda(start, id, nil)
		case tokAt:
			return p.lambdaAt(start, id)
		default:
			return p.operators(id)
		}
	case tokBrace:
		set, formals := p.braces(false)
		if formals != nil {
			return p.lambdaFormals(start, formals)
		}
		return p.operators(set)
	case tokLet:
		p.next()
		if p.tok == tokBrace {
			return p.operators(p.letBody(start))
		}
		return p.let(start)
	case tokWith:
		return p.with(start)
	case tokAssert:
		return p.assert(start)
	case tokIf:
		return p.cond(start)
	default:
		return p.operation(p.unary(), precPipe)
	}
}

// operators reads on after the first operand has been read.
func (p *parser) operators(first Expr) Expr {
	return p.operation(p.application(p.selection(first)), precPipe)
}

// operation reads the operators after x that bind at least as tight as min, with their right sides.
func (p *parser) operation(x Expr, least precedence) Expr {
	depth := p.depth
	for {
		o := operators[p.tok]
		if o.prec == 0 || o.prec < least {
			break
		}
		if !p.enter() { // a long chain is a deep tree as well
			break
		}
		x = p.binary(x, o)
		if next := operators[p.tok]; next.prec == o.prec {
			p.checkChain(o, next)
		}
	}
	p.depth = depth
	return x
}

// binary reads one operator and its right side.
func (p *parser) binary(x Expr, o operator) Expr {
	at, tok := p.start, p.tok
	p.next()
	if tok == tokQuestion {
		n := p.nodes.hasAttr.alloc()
		*n = HasAttr{Set: x, Path: p.attrPath()}
		n.span = span{x.Start(), p.prev}
		return n
	}
	if o.prec == precPipe {
		p.pipe(at, tok)
	}
	least := o.prec + 1
	if o.assoc == right {
		least = o.prec
	}
	y := p.operation(p.unary(), least)
	n := p.nodes.binary.alloc()
	*n = Binary{span{x.Start(), p.prev}, o.op, at, x, y}
	return n
}

// unary reads -x, !x, or an application.
func (p *parser) unary() Expr {
	start, tok := p.start, p.tok
	if tok != tokNot && tok != tokMinus {
		return p.application(p.selection(nil))
	}
	if !p.enter() {
		p.leave()
		return p.bad()
	}
	p.next()
	n := p.nodes.unary.alloc()
	if tok == tokNot {
		*n = Unary{Op: Not, X: p.operation(p.unary(), precNot+1)}
	} else {
		*n = Unary{Op: Negate, X: p.unary()}
	}
	n.span = span{start, p.prev}
	p.leave()
	return n
}

// application reads the arguments after fn.
func (p *parser) application(fn Expr) Expr {
	if !p.atOperand() && !p.atKeyword() {
		return fn
	}
	n := len(p.exprs.items)
	if a, ok := fn.(*Apply); ok { // `f or x` is f applied to or and x
		fn = a.Fn
		p.exprs.items = append(p.exprs.items, a.Args...)
	}
	for p.atOperand() || p.atKeyword() {
		p.exprs.push(p.selection(nil))
	}
	a := p.nodes.apply.alloc()
	*a = Apply{span{fn.Start(), p.prev}, fn, p.exprs.cut(n)}
	return a
}

// atOperand reports whether an argument or an element of a list starts here. `let` does where a { follows.
func (p *parser) atOperand() bool {
	if p.tok != tokLet {
		return startsOperand[p.tok]
	}
	start, end, prev := p.start, p.end, p.prev
	p.next()
	old := p.tok == tokBrace
	p.back(end)
	p.tok, p.start, p.prev = tokLet, start, prev
	return old
}

// atKeyword reports whether an expression starts here that needs parentheses to be an operand. operand says so.
func (p *parser) atKeyword() bool {
	return p.tok == tokLet || p.tok == tokIf || p.tok == tokWith || p.tok == tokAssert
}

// selection reads an operand with .path, .path or default, or the word `or`. The operand is x if it has been read.
func (p *parser) selection(x Expr) Expr {
	if x == nil {
		x = p.operand()
	}
	switch p.tok {
	case tokDot:
		p.next()
		n := p.nodes.selects.alloc()
		*n = Select{Set: x, Path: p.attrPath()}
		if p.tok == tokOrWord {
			n.Default = p.selectDefault()
		}
		n.span = span{x.Start(), p.prev}
		return n
	case tokOrWord:
		// Nix takes `f or` as f applied to a variable called or, before any other argument.
		n := len(p.exprs.items)
		p.exprs.push(p.ident())
		a := p.nodes.apply.alloc()
		*a = Apply{span{x.Start(), p.prev}, x, p.exprs.cut(n)}
		return a
	default:
		return x
	}
}

func (p *parser) selectDefault() Expr {
	p.next()
	if !p.enter() {
		p.leave()
		return p.bad()
	}
	x := p.selection(nil)
	p.leave()
	return x
}

// operand reads what needs no parentheses to be an argument.
func (p *parser) operand() Expr {
	start := p.start
	switch p.tok {
	case tokIdent:
		return p.ident()
	case tokInt:
		return p.integer()
	case tokFloat:
		return p.float()
	case tokQuote, tokIndented:
		return p.str()
	case tokPath, tokHomePath:
		return p.path()
	case tokSearchPath:
		n := p.nodes.search.alloc()
		*n = SearchPath{span: span{start, p.end}, Name: p.src[start+1 : p.end-1]}
		p.next()
		return n
	case tokURI:
		n := p.nodes.uri.alloc()
		*n = URI{span{start, p.end}, p.text()}
		p.next()
		return n
	case tokParen:
		return p.paren()
	case tokBracket:
		return p.list()
	case tokBrace:
		set, formals := p.braces(true)
		if formals != nil {
			return p.strayFunction(start, formals)
		}
		return set
	case tokRec:
		p.next()
		return p.rec(start)
	case tokLet:
		p.next()
		if p.tok == tokBrace {
			return p.letBody(start)
		}
		p.reportAt(span{start, p.prev}, `found "let", expected an operand; a let needs parentheses here`)
		return p.let(start)
	case tokIf, tokWith, tokAssert:
		p.unexpected("an operand; this needs parentheses here")
		return p.expr()
	default:
		p.unexpected("an expression")
		return p.bad()
	}
}

// bad stands where nothing could be read.
func (p *parser) bad() Expr { return &Bad{span{p.prev, p.prev}} }

// ident takes the token as a variable.
func (p *parser) ident() *Ident {
	n := p.nodes.ident.alloc()
	*n = Ident{span: span{p.start, p.end}, Name: p.text()}
	p.next()
	return n
}

func (p *parser) integer() Expr {
	v, err := strconv.ParseInt(p.text(), 10, 64)
	if err != nil {
		p.report("integer " + p.text() + " is larger than 9223372036854775807")
	}
	n := p.nodes.integer.alloc()
	*n = Int{span{p.start, p.end}, v}
	p.next()
	return n
}

// float reads a number with a point. Nix refuses those that are too large, or too small to be kept with full precision.
func (p *parser) float() Expr {
	const smallest = 0x1p-1022
	text := p.text()
	v, err := strconv.ParseFloat(text, 64)
	mantissa, _, _ := strings.Cut(strings.ToLower(text), "e")
	if errors.Is(err, strconv.ErrRange) || v < smallest && strings.Trim(mantissa, "0.") != "" {
		p.report("number " + text + " is out of range")
	}
	n := p.nodes.float.alloc()
	*n = Float{span{p.start, p.end}, v}
	p.next()
	return n
}

func (p *parser) paren() Expr {
	start := p.start
	p.open(tokCloseParen)
	n := p.nodes.paren.alloc()
	*n = Paren{X: p.expr()}
	p.close(tokCloseParen)
	n.span = span{start, p.prev}
	return n
}

func (p *parser) list() Expr {
	start, n := p.start, len(p.exprs.items)
	if !p.enter() {
		p.leave()
		return p.bad()
	}
	p.open(tokCloseBracket)
	for p.listGoesOn() {
		p.exprs.push(p.selection(nil))
	}
	p.close(tokCloseBracket)
	p.leave()
	list := p.nodes.list.alloc()
	*list = List{span{start, p.prev}, p.exprs.cut(n)}
	return list
}

// listGoesOn reports whether an element follows. It passes over what can be none.
func (p *parser) listGoesOn() bool {
	for !p.atOperand() && !p.atKeyword() {
		if p.tok == tokCloseBracket || p.tok == tokSemicolon || p.tok == tokEOF || p.closes() {
			return false
		}
		p.unexpected(`an element of the list or "]"`)
		p.next()
	}
	return true
}

// open takes an opening bracket; until close, recovery stops at the closing one.
func (p *parser) open(closing token) {
	p.pending[closing]++
	p.opened = append(p.opened, span{p.start, p.end})
	p.next()
}

// closed forgets the last opening bracket.
func (p *parser) closed(closing token) span {
	last := len(p.opened) - 1
	at := p.opened[last]
	p.opened = p.opened[:last]
	p.pending[closing]--
	return at
}

// close takes the closing bracket, or says that the open one has none.
func (p *parser) close(closing token) {
	opened := p.closed(closing)
	if p.tok == closing {
		p.next()
		return
	}
	p.unclosed(closing, opened)
	if p.skipTo(closing) {
		p.next()
	}
}

// rec reads { … } after rec.
func (p *parser) rec(start Pos) Expr {
	if p.tok != tokBrace {
		p.unexpected(`"{"`)
		return p.bad()
	}
	n := p.nodes.attrSet.alloc()
	*n = AttrSet{Rec: true, Bindings: p.bracedBindings()}
	n.span = span{start, p.prev}
	return n
}

// letBody reads { … } after let.
func (p *parser) letBody(start Pos) Expr {
	n := p.nodes.letBody.alloc()
	*n = LetBody{Bindings: p.bracedBindings()}
	n.span = span{start, p.prev}
	return n
}

func (p *parser) bracedBindings() []Binding {
	p.open(tokCloseBrace)
	return p.setBindings(nil)
}

// let reads the bindings and the body after let.
func (p *parser) let(start Pos) Expr {
	opened := span{start, p.prev}
	p.pending[tokIn]++
	n := p.nodes.let.alloc()
	*n = Let{Bindings: p.readBindings(tokIn, nil)}
	p.pending[tokIn]--
	if p.tok == tokIn {
		p.next()
		n.Body = p.expr()
	} else {
		p.unclosed(tokIn, opened)
		n.Body = p.bad()
	}
	n.span = span{start, p.prev}
	return n
}

func (p *parser) with(start Pos) Expr {
	opened := span{start, p.end}
	p.next()
	n := p.nodes.with.alloc()
	*n = With{Scope: p.expr()}
	n.Body = p.body(opened)
	n.span = span{start, p.prev}
	return n
}

func (p *parser) assert(start Pos) Expr {
	opened := span{start, p.end}
	p.next()
	n := p.nodes.assert.alloc()
	*n = Assert{Cond: p.expr()}
	n.Body = p.body(opened)
	n.span = span{start, p.prev}
	return n
}

// body reads `; expression` after with or assert.
func (p *parser) body(opened span) Expr {
	if p.tok != tokSemicolon {
		p.unexpected(`";"`, p.note(opened, openedHere))
		if !p.skipTo(tokSemicolon) {
			return p.bad()
		}
	}
	p.next()
	return p.expr()
}

func (p *parser) cond(start Pos) Expr {
	opened := span{start, p.end}
	p.pending[tokThen]++
	p.pending[tokElse]++
	p.next()
	n := p.nodes.cond.alloc()
	*n = If{Cond: p.expr()}
	p.pending[tokThen]--
	n.Then = p.branch(tokThen, opened)
	p.pending[tokElse]--
	n.Else = p.branch(tokElse, opened)
	n.span = span{start, p.prev}
	return n
}

// branch reads then or else, and what follows.
func (p *parser) branch(word token, opened span) Expr {
	if p.tok != word {
		p.unclosed(word, opened)
		if !p.skipTo(word) {
			return p.bad()
		}
	}
	p.next()
	return p.expr()
}

// lambda reads `: body` after a function's arguments.
func (p *parser) lambda(start Pos, arg *Ident, formals *Formals) Expr {
	n := p.nodes.lambda.alloc()
	*n = Lambda{Arg: arg, Formals: formals}
	if p.tok == tokColon {
		p.next()
		n.Body = p.expr()
	} else {
		p.unexpected(`":" and the function's body`)
		n.Body = p.bad()
	}
	n.span = span{start, p.prev}
	return n
}

// lambdaAt reads on after name, at the @.
func (p *parser) lambdaAt(start Pos, name *Ident) Expr {
	p.next()
	if p.tok != tokBrace {
		p.unexpected(`"{" and the function's arguments`)
		return p.lambda(start, name, nil)
	}
	open := p.start
	set, formals := p.braces(false)
	if formals == nil {
		if s, ok := set.(*AttrSet); ok && len(s.Bindings) == 0 {
			formals = p.nodes.formals.alloc()
			formals.span = s.span
		} else {
			p.reportAt(span{open, open + 1}, "found an attribute set, expected the function's arguments")
		}
	}
	return p.lambda(start, name, formals)
}

// lambdaFormals reads on after { a, b ? c }.
func (p *parser) lambdaFormals(start Pos, formals *Formals) Expr {
	var arg *Ident
	if p.tok == tokAt {
		p.next()
		if p.tok != tokIdent {
			p.unexpected("a name for the arguments")
		} else {
			arg = p.ident()
		}
	}
	return p.lambda(start, arg, formals)
}

// strayFunction reads a function where Nix wants it in parentheses.
func (p *parser) strayFunction(start Pos, formals *Formals) Expr {
	p.reportAt(formals.span, "found a function's arguments, expected an operand; a function needs parentheses here")
	if p.tok == tokColon || p.tok == tokAt {
		return p.lambdaFormals(start, formals)
	}
	return p.lambda(start, nil, formals)
}

// braces reads what starts with {: an attribute set, or a function's arguments. Where an operand is wanted, {} is a set
// whatever follows.
func (p *parser) braces(operand bool) (Expr, *Formals) {
	start := p.start
	if !p.enter() {
		p.leave()
		return p.bad(), nil
	}
	defer p.leave()
	p.open(tokCloseBrace)
	var first *AttrName
	switch p.tok {
	case tokEllipsis, tokComma:
		return nil, p.formalSet(start, nil)
	case tokIdent:
		first = &AttrName{span: span{p.start, p.end}, Name: p.text()}
		p.next()
		if p.tok == tokComma || p.tok == tokQuestion || p.tok == tokCloseBrace {
			return nil, p.formalSet(start, first)
		}
	case tokCloseBrace:
		p.closed(tokCloseBrace)
		p.next()
		if !operand && (p.tok == tokColon || p.tok == tokAt) {
			f := p.nodes.formals.alloc()
			f.span = span{start, p.prev}
			return nil, f
		}
		n := p.nodes.attrSet.alloc()
		n.span = span{start, p.prev}
		return n, nil
	default:
	}
	n := p.nodes.attrSet.alloc()
	*n = AttrSet{Bindings: p.setBindings(first)}
	n.span = span{start, p.prev}
	return n, nil
}

// formalSet reads a function's arguments after {, or after their first name.
func (p *parser) formalSet(start Pos, first *AttrName) *Formals {
	n := len(p.formals.items)
	f := p.nodes.formals.alloc()
	if first != nil {
		p.formal(first.Name, first.span)
	}
	for more := first == nil || p.comma(); more; more = p.comma() {
		switch p.tok {
		case tokIdent:
			at, name := span{p.start, p.end}, p.text()
			p.next()
			p.formal(name, at)
		case tokEllipsis:
			f.Ellipsis = true
			if p.next(); p.tok == tokComma {
				p.unexpected(`"}" after "..."`)
			}
		case tokCloseBrace: // Nix allows a comma before it
		default:
			p.unexpected(`an argument's name, "..." or "}"`)
		}
	}
	if p.tok != tokCloseBrace {
		p.unexpected(`"," or "}"`, p.note(span{start, start + 1}, openedHere))
	}
	p.close(tokCloseBrace)
	f.List = p.formals.cut(n)
	f.span = span{start, p.prev}
	return f
}

// comma takes a comma if there is one.
func (p *parser) comma() bool {
	if p.tok != tokComma {
		return false
	}
	p.next()
	return true
}

// formal reads on after an argument's name.
func (p *parser) formal(name string, at span) {
	f := Formal{span: at, Name: name}
	if p.tok == tokQuestion {
		p.next()
		f.Default = p.expr()
		f.end = p.prev
	}
	p.formals.push(f)
}

// setBindings reads the bindings of a set up to its }. The name of the first may have been read.
func (p *parser) setBindings(first *AttrName) []Binding {
	list := p.readBindings(tokCloseBrace, first)
	p.close(tokCloseBrace)
	return list
}

// readBindings reads bindings until closing, or until the end of what is around.
func (p *parser) readBindings(closing token, first *AttrName) []Binding {
	n := len(p.bindings.items)
	if first != nil {
		p.bindings.push(p.attr(first))
	}
	for p.tok != closing && p.tok != tokEOF {
		switch {
		case p.atName():
			p.bindings.push(p.attr(nil))
		case p.tok == tokInherit:
			p.bindings.push(p.inherit())
		case p.closes():
			return p.bindings.cut(n)
		default:
			p.bindings.push(p.badBinding(closing))
		}
	}
	return p.bindings.cut(n)
}

// badBinding passes over what can be no binding.
func (p *parser) badBinding(closing token) Binding {
	start := p.start
	if !p.afterEnd {
		p.unexpected(`an attribute name, "inherit" or ` + words[closing])
	}
	if p.skipTo(tokSemicolon) {
		p.next()
	}
	return &BadBinding{span{start, p.prev}}
}

// attr reads path = value; whose first name may have been read.
func (p *parser) attr(first *AttrName) Binding {
	a := p.nodes.attr.alloc()
	n := len(p.names.items)
	if first == nil {
		a.start = p.start
		p.names.push(p.attrName())
	} else {
		a.start = first.start
		p.names.push(*first)
	}
	a.Path = p.restOfPath(n)
	if p.tok != tokAssign {
		p.unexpected(`"=" or "."`)
		a.Value = p.bad()
	} else {
		p.next()
		a.Value = p.expr()
	}
	if p.tok == tokAssign {
		if value := p.withoutNextName(a.Value); value != nil {
			a.Value = value
			a.end = value.End()
			p.missingSemicolon(a.end)
			return a
		}
	}
	p.semicolon()
	a.end = p.prev
	return a
}

// semicolon takes the end of a binding. Where it is missing and no binding starts on the next line, what stands before the
// next semicolon is passed over.
func (p *parser) semicolon() {
	if p.tok != tokSemicolon {
		p.unexpected(`";"`)
		if (p.tok == tokIdent || p.tok == tokInherit) && p.newLine(p.prev, p.start) || !p.skipTo(tokSemicolon) {
			return
		}
	}
	p.next()
}

// inherit reads inherit names; or inherit (from) names;.
func (p *parser) inherit() Binding {
	in := p.nodes.inherit.alloc()
	in.start = p.start
	p.next()
	if p.tok == tokParen {
		p.open(tokCloseParen)
		in.From = p.expr()
		p.close(tokCloseParen)
	}
	n := len(p.names.items)
	for p.atName() {
		p.names.push(p.attrName())
	}
	if last := len(p.names.items) - 1; last > n && (p.tok == tokAssign || p.tok == tokDot) {
		// Without a semicolon, the name of the next line's binding seems to be inherited.
		if end := p.names.items[last-1].end; p.newLine(end, p.names.items[last].start) {
			p.names.items = p.names.items[:last]
			in.Names = p.names.cut(n)
			in.end = end
			p.missingSemicolon(end)
			return in
		}
	}
	in.Names = p.names.cut(n)
	if p.tok != tokSemicolon {
		p.unexpected(`a name or ";"`)
	}
	p.semicolon()
	in.end = p.prev
	return in
}

// attrPath reads a.b."c".${d}.
func (p *parser) attrPath() []AttrName {
	n := len(p.names.items)
	if !p.atName() {
		p.unexpected("an attribute name")
		return nil
	}
	p.names.push(p.attrName())
	return p.restOfPath(n)
}

// restOfPath reads .b.c; the names since n belong to the path.
func (p *parser) restOfPath(n int) []AttrName {
	for p.tok == tokDot {
		p.next()
		if !p.atName() {
			p.unexpected("an attribute name")
			break
		}
		p.names.push(p.attrName())
	}
	return p.names.cut(n)
}

func (p *parser) atName() bool {
	return p.tok == tokIdent || p.tok == tokOrWord || p.tok == tokQuote || p.tok == tokInterpolation
}

// attrName reads one name of a path; the token is one that atName takes.
func (p *parser) attrName() AttrName {
	switch p.tok {
	case tokQuote:
		return p.quotedName()
	case tokInterpolation:
		return p.interpolatedName()
	default:
		name := AttrName{span: span{p.start, p.end}, Name: p.text()}
		p.next()
		return name
	}
}

// interpolatedName reads ${…}. Nix takes a constant string in it as a plain name.
func (p *parser) interpolatedName() AttrName {
	start := p.start
	p.open(tokCloseBrace)
	x := p.expr()
	p.close(tokCloseBrace)
	name := AttrName{span: span{start, p.prev}, Expr: x}
	if text, ok := constant(p.src, x); ok {
		name.Name, name.Expr = text, nil
	}
	return name
}

// constant returns the text of an expression that is a constant string for Nix' parser: one token, whatever parentheses
// are around it, or an indented string that is nothing but such an expression.
func constant(src string, x Expr) (string, bool) {
	switch x := x.(type) {
	case *Paren:
		return constant(src, x.X)
	case *URI:
		return x.Value, true
	case *String:
		if x.Indented && len(x.Parts) == 1 && x.Parts[0].Expr != nil {
			return constant(src, x.Parts[0].Expr)
		}
		if x.Indented && tokenEnd(src, x.Parts, 0) < len(x.Parts) {
			return "", false
		}
		return plainText(x.Parts)
	default:
		return "", false
	}
}

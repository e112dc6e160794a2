package syntax

import (
	"strconv"
	"strings"

	"github.com/nixlint/nixlint/loader/source"
)

// maxProblems is how many problems of one file are kept.
const maxProblems = 100

const openedHere = "opened here"

// words names the tokens that problems expect.
var words = [tokens]string{
	tokCloseParen: `")"`, tokCloseBracket: `"]"`, tokCloseBrace: `"}"`, tokSemicolon: `";"`,
	tokIn: `"in"`, tokThen: `"then"`, tokElse: `"else"`,
}

// unexpected says that something else was expected at the token. Only the first problem at a token is kept: what follows
// from it is no news.
func (p *parser) unexpected(expected string, notes ...source.Note) {
	if p.last == p.start+1 {
		return
	}
	p.last = p.start + 1
	if p.tok == tokEOF && p.openComment {
		c := p.comments[len(p.comments)-1]
		expected, notes = `"*/"`, []source.Note{p.note(span{c.start, c.start + 2}, openedHere)}
	}
	if n := len(p.opened); p.tok == tokEOF && len(notes) == 0 && n > 0 {
		at := p.opened[n-1]
		notes = append(notes, p.note(at, p.src[at.start:at.end]+" "+openedHere))
	}
	p.reportAt(span{p.start, p.end}, "found "+p.found()+", expected "+expected, notes...)
}

// unclosed says that what was opened is not closed.
func (p *parser) unclosed(closing token, opened span) {
	p.unexpected(words[closing], p.note(opened, openedHere))
}

// report says something of the token.
func (p *parser) report(message string) { p.reportAt(span{p.start, p.end}, message) }

func (p *parser) reportAt(at span, message string, notes ...source.Note) {
	if p.stopped || len(p.problems) >= maxProblems {
		return
	}
	p.problems = append(p.problems, source.Problem{Span: p.file.Span(at.start, at.end), Message: message, Notes: notes})
}

func (p *parser) note(at span, message string) source.Note {
	return source.Note{Span: p.file.Span(at.start, at.end), Message: message}
}

// found describes the token.
func (p *parser) found() string {
	switch p.tok {
	case tokEOF:
		return "end of file"
	case tokQuote, tokIndented:
		return "a string"
	case tokStray:
		if strings.HasPrefix(p.text(), "\ufeff") {
			return "a byte order mark"
		}
	default:
	}
	const most = 40
	text := p.text()
	if len(text) > most {
		text = strings.ToValidUTF8(text[:most], "") + "…"
	}
	return strconv.Quote(text)
}

// tooDeep ends the reading of a file whose expressions nest too deep. It is false, for enter.
func (p *parser) tooDeep() bool {
	p.report("expressions nest deeper than " + strconv.Itoa(maxDepth) + " levels; the rest of the file is not read")
	p.stopped = true
	p.start, p.end, p.tok = Pos(len(p.src)), Pos(len(p.src)), tokEOF
	return false
}

// pipe says that |> and <| are not part of the language yet.
func (p *parser) pipe(at Pos, tok token) {
	p.reportAt(span{at, at + 2}, p.src[at:at+2]+" is the experimental feature pipe-operators, which Nix refuses unless it is enabled")
	if n := len(p.problems); n > 0 && !p.stopped {
		p.problems[n-1].Severity = source.Notice
	}
	if (tok == tokPipeTo && p.tok == tokPipeFrom) || (tok == tokPipeFrom && p.tok == tokPipeTo) {
		p.unexpected("an operand")
	}
}

// checkChain says that a == b == c and a |> b <| c need parentheses. The token is the second operator.
func (p *parser) checkChain(before, next operator) {
	switch {
	case before.assoc == none:
		p.unexpected("no second comparison; parentheses say which is meant")
	case before.assoc != next.assoc:
		p.unexpected("one kind of pipe; parentheses say which is meant")
	}
}

// closes reports whether the token closes something that is open.
func (p *parser) closes() bool { return p.pending[p.tok] > 0 }

// skipTo passes over tokens up to want, and reports whether it stands there. It stops as well at a semicolon, at what
// closes something that is open, and at the end; what is inside brackets and strings is passed over as a whole.
func (p *parser) skipTo(want token) bool {
	for depth := 0; ; p.next() {
		switch {
		case p.tok == tokEOF:
			return false
		case p.tok == tokQuote || p.tok == tokIndented:
			p.skipStrings()
			if depth == 0 && p.stops(want) {
				return p.tok == want
			}
		case depth == 0 && p.stops(want):
			return p.tok == want
		}
		switch p.tok {
		case tokParen, tokBracket, tokBrace, tokInterpolation:
			depth++
		case tokCloseParen, tokCloseBracket, tokCloseBrace:
			depth = max(depth-1, 0)
		default:
		}
	}
}

func (p *parser) stops(want token) bool {
	return p.tok == want || p.tok == tokSemicolon || p.tok == tokEOF || p.closes()
}

// skipStrings reads strings for nothing.
func (p *parser) skipStrings() {
	for p.tok == tokQuote || p.tok == tokIndented {
		p.operand()
	}
}

// missingSemicolon says that the binding that ends at end has no semicolon, and reads on behind it.
func (p *parser) missingSemicolon(end Pos) {
	p.back(end)
	p.next()
	p.unexpected(`";"`, p.note(span{end, end}, "missing here"))
}

// withoutNextName takes the name of the next binding back out of a value that, for want of a semicolon, took it as its
// last argument: the name stands on a line of its own. It is nil for a value that did not.
func (p *parser) withoutNextName(x Expr) Expr {
	switch x := x.(type) {
	case *Apply:
		return p.withoutLastArg(x)
	case *Binary:
		if y := p.withoutNextName(x.Y); y != nil {
			x.Y, x.end = y, y.End()
			return x
		}
	case *Lambda:
		if y := p.withoutNextName(x.Body); y != nil {
			x.Body, x.end = y, y.End()
			return x
		}
	case *With:
		if y := p.withoutNextName(x.Body); y != nil {
			x.Body, x.end = y, y.End()
			return x
		}
	case *If:
		if y := p.withoutNextName(x.Else); y != nil {
			x.Else, x.end = y, y.End()
			return x
		}
	}
	return nil
}

func (p *parser) withoutLastArg(x *Apply) Expr {
	last := len(x.Args) - 1
	switch arg := x.Args[last].(type) {
	case *Ident:
	case *Select:
		if _, ok := arg.Set.(*Ident); !ok || arg.Default != nil {
			return nil
		}
	default:
		return nil
	}
	before := x.Fn
	if last > 0 {
		before = x.Args[last-1]
	}
	if !p.newLine(before.End(), x.Args[last].Start()) {
		return nil
	}
	if last == 0 {
		return x.Fn
	}
	x.Args, x.end = x.Args[:last], before.End()
	return x
}

// newLine reports whether a line ends between two places.
func (p *parser) newLine(from, to Pos) bool { return strings.Contains(p.src[from:to], "\n") }

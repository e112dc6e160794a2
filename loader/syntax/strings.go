package syntax

import "strings"

// quotedStops and indentedStops hold the bytes that are more than text in a string.
var (
	quotedStops   = [256]bool{'"': true, '\\': true, '$': true, '\r': true, 0: true}
	indentedStops = [256]bool{'\'': true, '$': true, '\n': true, 0: true}
)

// str reads a string of either form.
func (p *parser) str() Expr {
	start, indented, n := p.start, p.tok == tokIndented, len(p.parts.items)
	if indented {
		p.indentedParts()
	} else {
		p.quotedParts()
	}
	s := p.nodes.str.alloc()
	*s = String{span{start, p.prev}, indented, p.parts.cut(n)}
	return s
}

// quotedName reads "…" as an attribute's name.
func (p *parser) quotedName() AttrName {
	start, n := p.start, len(p.parts.items)
	p.quotedParts()
	name := AttrName{span: span{start, p.prev}}
	if text, ok := plainText(p.parts.items[n:]); ok {
		name.Name = text
		p.parts.items = p.parts.items[:n]
		return name
	}
	s := p.nodes.str.alloc()
	*s = String{span{start, p.prev}, false, p.parts.cut(n)}
	name.Expr = s
	return name
}

// quotedParts reads the pieces of "…" and leaves them on the stack.
func (p *parser) quotedParts() {
	src, opened := p.src, span{p.start, p.end}
	from := int(p.end) // start of the text that is being read
	for i := from; ; {
		for i < len(src) && !quotedStops[src[i]] {
			i++
		}
		if i == len(src) {
			p.textPart(from, i)
			p.openString(opened, `"\""`)
			return
		}
		switch src[i] {
		case '"':
			p.textPart(from, i)
			p.endString(i + 1)
			return
		case '$':
			switch {
			case strings.HasPrefix(src[i+1:], "{"):
				p.textPart(from, i)
				i = p.interpolation(i)
				from = i
			case strings.HasPrefix(src[i+1:], "$"): // $${ is text
				i += 2
			default:
				i++
			}
		case '\\':
			p.textPart(from, i)
			i = p.escape(i, i+1)
			from = i
		case '\r': // Nix reads CR LF and a lone CR as a line feed
			p.textPart(from, i)
			from = i
			if i++; i < len(src) && src[i] == '\n' {
				i++
			}
			p.parts.push(StringPart{span: span{Pos(from), Pos(i)}, Text: "\n"})
			from = i
		default:
			p.nul(i)
			i++
		}
	}
}

// textPart adds the text from i to j as it stands.
func (p *parser) textPart(i, j int) {
	if i < j {
		p.parts.push(StringPart{span: span{Pos(i), Pos(j)}, Text: p.src[i:j]})
	}
}

// escape adds what the escape at i stands for, whose character after the backslash is at j, and returns where it ends.
func (p *parser) escape(i, j int) int {
	text, end := unescape(p.src, j)
	p.parts.push(StringPart{span: span{Pos(i), Pos(end)}, Text: text})
	return end
}

// unescape returns what a backslash makes of the character at j, and where that ends.
func unescape(src string, j int) (string, int) {
	if j >= len(src) {
		return "", len(src)
	}
	switch src[j] {
	case 'n':
		return "\n", j + 1
	case 'r':
		return "\r", j + 1
	case 't':
		return "\t", j + 1
	}
	end := j + runeLen(src[j:])
	return src[j:end], end
}

// interpolation reads the ${…} at i, adds it and returns where it ends.
func (p *parser) interpolation(i int) int {
	opened := span{Pos(i), Pos(i + 2)}
	p.end = opened.start
	p.next()
	p.open(tokCloseBrace)
	x := p.expr()
	p.closed(tokCloseBrace)
	if p.tok != tokCloseBrace {
		p.unclosed(tokCloseBrace, opened)
		p.skipTo(tokCloseBrace)
	}
	end := p.start // where no } was found, the rest is text
	if p.tok == tokCloseBrace {
		end = p.end
	}
	p.parts.push(StringPart{span: span{opened.start, end}, Expr: x})
	return int(end)
}

// endString moves to the token after a string that ends at i.
func (p *parser) endString(i int) {
	p.end = Pos(i)
	p.next()
}

// openString ends a string that the file ends in.
func (p *parser) openString(opened span, closing string) {
	p.endString(len(p.src))
	p.unexpected(closing, p.note(opened, openedHere))
}

// nul says that a string holds a NUL byte.
func (p *parser) nul(i int) {
	p.reportAt(span{Pos(i), Pos(i + 1)}, "found a NUL byte, which no string can hold")
}

// indentedPart is a piece of an indented string before its indentation is removed. Text that is raw stands in the file as
// it is, a line at a time; other text is an escape.
type indentedPart struct {
	StringPart
	raw bool
}

// indentedParts reads the pieces of an indented string and leaves them on the stack, without their common indentation.
func (p *parser) indentedParts() {
	n := len(p.indented)
	least := p.indentedPieces()
	p.dedent(p.indented[n:], least)
	p.indented = p.indented[:n]
}

// indentedPieces reads the pieces as they stand and returns the indentation that all lines have. A line of spaces alone
// does not count.
func (p *parser) indentedPieces() (least int) {
	src, opened := p.src, span{p.start, p.end}
	from := skipFirstLine(src, int(p.end))
	least = len(src)
	lineStart := true
	for i := from; ; {
		if lineStart {
			indent := i
			for i < len(src) && src[i] == ' ' {
				i++
			}
			if indent = i - indent; !p.atLineEnd(i) {
				lineStart = false
				least = min(least, indent)
			}
		}
		for i < len(src) && !indentedStops[src[i]] {
			i++
		}
		if i == len(src) {
			p.rawPart(from, i)
			p.openString(opened, `"''"`)
			return least
		}
		switch src[i] {
		case '\n':
			i++
			p.rawPart(from, i)
			from, lineStart = i, true
		case 0:
			p.nul(i)
			i++
		default:
			end, kind := indentedMark(src, i)
			if kind == markText {
				i = end
				continue
			}
			p.rawPart(from, i)
			if kind == markClose {
				p.endString(end)
				return least
			}
			i = p.indentedMarkPart(i, end, kind)
			from = i
		}
	}
}

// skipFirstLine skips spaces and a line end after the opening mark.
func skipFirstLine(src string, i int) int {
	for j := i; j < len(src); j++ {
		if src[j] == '\n' {
			return j + 1
		}
		if src[j] != ' ' {
			break
		}
	}
	return i
}

// atLineEnd reports whether nothing but the line's or the string's end follows.
func (p *parser) atLineEnd(i int) bool {
	if i == len(p.src) || p.src[i] == '\n' {
		return true
	}
	if p.src[i] != '\'' {
		return false
	}
	_, kind := indentedMark(p.src, i)
	return kind == markClose
}

// mark kinds of an indented string.
const (
	markText        = iota // no mark
	markClose              // ''
	markLone               // a $ or ' before a mark, which is a piece of its own
	markDollar             // ''$
	markQuotes             // '''
	markEscape             // ''\x
	markInterpolate        // ${
)

// indentedMark tells what the $ or ' at i starts, and where that ends.
func indentedMark(src string, i int) (end, kind int) {
	rest := src[i:]
	switch {
	case strings.HasPrefix(rest, "${"):
		return i + 2, markInterpolate
	case strings.HasPrefix(rest, "''$"):
		return i + 3, markDollar
	case strings.HasPrefix(rest, "'''"):
		return i + 3, markQuotes
	case strings.HasPrefix(rest, `''\`):
		_, end := unescape(src, i+3)
		return end, markEscape
	case strings.HasPrefix(rest, "''"):
		return i + 2, markClose
	case len(rest) == 1, rest[0] == '$' && rest[1] == '\'', rest[0] == '\'' && rest[1] == '$':
		return i + 1, markLone
	case strings.HasPrefix(rest, "$$"):
		return i + 2, markText
	}
	return i + 1, markText
}

// indentedMarkPart adds what the mark from i to end stands for and returns where reading goes on.
func (p *parser) indentedMarkPart(i, end, kind int) int {
	var text string
	switch kind {
	case markInterpolate:
		end = p.interpolation(i)
		last := len(p.parts.items) - 1
		p.indented = append(p.indented, indentedPart{StringPart: p.parts.items[last]})
		p.parts.items = p.parts.items[:last]
		return end
	case markLone:
		text = p.src[i:end]
	case markDollar:
		text = "$"
	case markQuotes:
		text = "''"
	case markEscape:
		text, end = unescape(p.src, i+3)
	}
	p.indented = append(p.indented, indentedPart{StringPart: StringPart{span: span{Pos(i), Pos(end)}, Text: text}})
	return end
}

func (p *parser) rawPart(i, j int) {
	if i < j {
		p.indented = append(p.indented, indentedPart{StringPart{span: span{Pos(i), Pos(j)}, Text: p.src[i:j]}, true})
	}
}

// dedent removes up to least spaces at the start of each line, and the last line if it holds only spaces. As in Nix, an
// escaped line feed starts a line here, although its indentation was not counted, and an escaped space is removed as any.
func (p *parser) dedent(pieces []indentedPart, least int) {
	lineStart, dropped := true, 0
	for i := range pieces {
		piece := pieces[i].StringPart
		if piece.Expr != nil {
			lineStart, dropped = false, 0
			p.parts.push(piece)
			continue
		}
		if lineStart {
			n := len(piece.Text)
			for piece.Text != "" && piece.Text[0] == ' ' && dropped < least {
				piece.Text = piece.Text[1:]
				dropped++
			}
			if pieces[i].raw {
				piece.start += Pos(n - len(piece.Text))
			}
			if !onlySpaces(piece.Text) {
				lineStart, dropped = false, 0
			}
		}
		if strings.HasSuffix(piece.Text, "\n") {
			lineStart = true
		}
		if piece.Text == "" || i == len(pieces)-1 && isLastLine(pieces) && onlySpaces(piece.Text) {
			continue
		}
		p.parts.push(piece)
	}
}

// isLastLine reports whether the last piece is a line without an end, after another line.
func isLastLine(pieces []indentedPart) bool {
	if len(pieces) < 2 {
		return false
	}
	a, b := &pieces[len(pieces)-2], &pieces[len(pieces)-1]
	return a.raw && b.raw && a.end == b.start && strings.HasSuffix(a.Text, "\n")
}

func onlySpaces(s string) bool {
	for i := range len(s) {
		if s[i] != ' ' {
			return false
		}
	}
	return true
}

// plainText joins pieces of text; it is false when one is an interpolation.
func plainText(parts []StringPart) (string, bool) {
	if len(parts) == 1 {
		return parts[0].Text, parts[0].Expr == nil
	}
	var b strings.Builder
	for i := range parts {
		if parts[i].Expr != nil {
			return "", false
		}
		b.WriteString(parts[i].Text)
	}
	return b.String(), true
}

// tokenEnd returns how far the pieces of an indented string from i on are one token for Nix: lines are, while an escape is
// a token of its own.
func tokenEnd(src string, parts []StringPart, i int) int {
	for i++; i < len(parts); i++ {
		a, b := &parts[i-1], &parts[i]
		if !isRaw(a) || !isRaw(b) || !strings.HasSuffix(a.Text, "\n") || !onlySpaces(src[a.end:b.start]) {
			break
		}
	}
	return i
}

// isRaw reports whether a piece is text as it stands, and no $ or ' that is a token of its own.
func isRaw(a *StringPart) bool {
	return a.Expr == nil && len(a.Text) == int(a.end-a.start) && a.Text != "$" && a.Text != "'"
}

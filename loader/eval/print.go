package eval

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/nixlint/nixlint/loader/source"
)

// Print is a value as nix-instantiate --eval prints it; strict forces all of it, otherwise what is not evaluated is <CODE>.
// What is not known stands as its placeholder, and open is the first reason.
func (in *Interp) Print(v Value, strict bool) (text string, open *Unknown, err error) {
	p := printer{in: in, strict: strict, seen: map[any]bool{}}
	if v, err = in.Force(v); err != nil {
		return "", nil, err
	}
	err = p.value(v)
	return p.b.String(), p.open, err
}

type printer struct {
	in     *Interp
	b      strings.Builder
	strict bool
	seen   map[any]bool
	open   *Unknown
}

func (p *printer) unknown(u *Unknown) {
	if p.open == nil {
		p.open = u
	}
	p.b.WriteString(u.Placeholder())
}

func (p *printer) value(v Value) error {
	if t, ok := v.(*Thunk); ok {
		if !p.strict && !t.evaluated() {
			p.b.WriteString("<CODE>")
			return nil
		}
	}
	if err := p.in.descend(); err != nil {
		p.in.ascend()
		return err
	}
	cell := v
	v, err := p.in.Force(v)
	if err == nil {
		err = p.forced(v, cell)
	}
	p.in.ascend()
	if err == nil && p.b.Len() > p.in.limits.Output {
		return p.in.limit("more than %d MiB of output", p.in.limits.Output>>20)
	}
	return err
}

func (p *printer) forced(v, cell Value) error {
	switch v := v.(type) {
	case *String:
		if p.open == nil {
			p.open = opaque(v)
		}
		p.b.WriteString(quote(v.S))
	case *List:
		return p.list(v, cell)
	case *Set:
		return p.set(v)
	case Path:
		p.b.WriteString(p.in.pathText(v).S)
	case *Lambda:
		p.b.WriteString("<LAMBDA>")
	case *Builtin:
		if len(v.args) > 0 {
			p.b.WriteString("<PRIMOP-APP>")
		} else {
			p.b.WriteString("<PRIMOP>")
		}
	case External:
		p.external(v)
	case *Unknown:
		p.unknown(v)
	case *Choice:
		p.unknown(whyUndecided(v))
	default:
		p.b.WriteString(scalar(v))
	}
	return nil
}

// scalar is null, a Boolean or a number as Nix prints it.
func scalar(v Value) string {
	switch v := v.(type) {
	case Bool:
		return strconv.FormatBool(bool(v))
	case Int:
		return strconv.FormatInt(int64(v), 10)
	case Float:
		return shortFloat(float64(v))
	}
	return "null"
}

func (p *printer) external(v External) {
	if s, ok := v.Text(); ok {
		p.unknown(NewUnknown("what is in "+strings.Trim(s.S, "<>")+" depends on a module or package that is not loaded", nowhere))
		return
	}
	p.unknown(NewUnknown("its value depends on what is not loaded", nowhere))
}

// repeated says and remembers that a list or set was printed before.
func (p *printer) repeated(key any) bool {
	if p.seen[key] {
		p.b.WriteString("«repeated»")
		return true
	}
	p.seen[key] = true
	return false
}

// list prints a list. Nix keeps the elements of a short one where the value is, so that only the same thunk is the same list.
func (p *printer) list(l *List, cell Value) error {
	if t, ok := cell.(*Thunk); ok && len(l.Elems) <= 2 {
		if len(l.Elems) > 0 && p.repeated(t) {
			return nil
		}
	} else if len(l.Elems) > 0 && p.repeated(&l.Elems[0]) {
		return nil
	}
	p.b.WriteString("[ ")
	for _, el := range l.Elems {
		switch m := el.(type) {
		case *Maybe:
			p.unknown(NewUnknown("a list element depends on "+m.When.text(), m.When.span()))
		case *Rest:
			p.unknown(m.Why)
		default:
			if err := p.value(el); err != nil {
				return err
			}
		}
		p.b.WriteByte(' ')
	}
	p.b.WriteByte(']')
	return nil
}

func (p *printer) set(s *Set) error {
	if len(s.Attrs) > 0 && p.repeated(s) {
		return nil
	}
	if p.strict && s.derivation() {
		return p.derivation(s.Find("drvPath"))
	}
	p.b.WriteString("{ ")
	for i := range s.Attrs {
		a := &s.Attrs[i]
		if len(a.When) > 0 && p.open == nil {
			p.open = NewUnknown("attribute "+a.Name+" depends on "+a.When.text(), a.When.span())
		}
		p.b.WriteString(attrName(a.Name))
		p.b.WriteString(" = ")
		if err := p.value(a.Val); err != nil {
			return err
		}
		p.b.WriteString("; ")
	}
	if s.Open != nil {
		p.unknown(s.Open)
		p.b.WriteByte(' ')
	}
	p.b.WriteByte('}')
	return nil
}

func (p *printer) derivation(drvPath *Attr) error {
	text := &String{}
	if drvPath != nil {
		var err error
		if text, err = p.in.coerce(drvPath.Val, nowhere, false, false); err != nil {
			return err
		}
	}
	if p.open == nil {
		p.open = opaque(text)
	}
	p.b.WriteString("«derivation " + text.S + "»")
	return nil
}

// derivation reports whether the set says that it is one. It forces nothing: Nix prints what is forced.
func (s *Set) derivation() bool {
	a := s.Find("type")
	if a == nil {
		return false
	}
	v := a.Val
	if t, ok := v.(*Thunk); ok {
		v = t.val
	}
	str, ok := v.(*String)
	return ok && str.S == "derivation"
}

var keywords = map[string]bool{
	"if": true, "then": true, "else": true, "assert": true, "with": true, "let": true, "in": true, "rec": true, "inherit": true,
}

// attrName is a name as it stands in a set: in quotes when it is no identifier.
func attrName(name string) string {
	if name == "" || keywords[name] {
		return quote(name)
	}
	for i := range len(name) {
		c := name[i]
		if !letter(c) && (i == 0 || !digit(c) && c != '\'' && c != '-') {
			return quote(name)
		}
	}
	return name
}

func letter(c byte) bool { return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_' }

// quote is a string as a literal.
func quote(s string) string {
	var b strings.Builder
	b.Grow(len(s) + 2)
	b.WriteByte('"')
	for i := range len(s) {
		switch c := s[i]; c {
		case '"', '\\':
			b.WriteByte('\\')
			b.WriteByte(c)
		case '\n':
			b.WriteString(`\n`)
		case '\r':
			b.WriteString(`\r`)
		case '\t':
			b.WriteString(`\t`)
		case '$':
			if i+1 < len(s) && s[i+1] == '{' {
				b.WriteByte('\\')
			}
			b.WriteByte(c)
		default:
			b.WriteByte(c)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// shortFloat is a float as C++ streams print it: %g with six digits.
func shortFloat(f float64) string {
	s := strconv.FormatFloat(f, 'g', 6, 64)
	switch s {
	case "+Inf":
		return "inf"
	case "-Inf":
		return "-inf"
	case "NaN":
		return "nan"
	}
	mantissa, exp, has := strings.Cut(s, "e")
	if strings.Contains(mantissa, ".") {
		mantissa = strings.TrimRight(strings.TrimRight(mantissa, "0"), ".")
	}
	if !has {
		// Go leaves the exponential form for 21 digits, C++ for the precision.
		return mantissa
	}
	return mantissa + "e" + exp
}

// whyUndecided is why a choice is none of its alternatives.
func whyUndecided(c *Choice) *Unknown {
	when := c.Alts[0].When
	if len(when) == 0 {
		return NewUnknown("it depends on an undecided condition", nowhere)
	}
	return NewUnknown("it depends on "+when.text(), when.span())
}

func (cs Conds) span() source.Span {
	if len(cs) == 0 {
		return nowhere
	}
	return cs[0].Span
}

func validText(s string) bool { return utf8.ValidString(s) }

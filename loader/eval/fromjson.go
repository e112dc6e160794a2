package eval

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// jsonReader reads JSON strictly, as Nix' library does.
type jsonReader struct {
	in *Interp
	s  string
	at int
}

// fromJSON: text that is not wholly known makes the result unknown; a symbolic store path in a string stays one.
func fromJSON(in *Interp, args []Value) (Value, error) {
	s, u, err := in.plain(args[0])
	if s == nil || err != nil {
		return orUnknown(u), err
	}
	if u := hole(s); u != nil {
		return u, nil
	}
	r := jsonReader{in: in, s: s.S}
	v, err := r.value()
	if err != nil {
		return nil, err
	}
	r.space()
	if r.at < len(r.s) {
		return nil, r.fail("the end")
	}
	return v, nil
}

func (r *jsonReader) fail(want string) error {
	found := "the end"
	if r.at < len(r.s) {
		c, _ := utf8.DecodeRuneInString(r.s[r.at:])
		found = strconv.QuoteRune(c)
	}
	return fail(TypeError, nowhere, "not JSON: found %s at byte %d, expected %s", found, r.at+1, want)
}

func (r *jsonReader) space() {
	for r.at < len(r.s) && strings.IndexByte(" \t\r\n", r.s[r.at]) >= 0 {
		r.at++
	}
}

// take reads a punctuation mark, if it comes next.
func (r *jsonReader) take(c byte) bool {
	r.space()
	if r.at < len(r.s) && r.s[r.at] == c {
		r.at++
		return true
	}
	return false
}

func (r *jsonReader) value() (Value, error) {
	if err := r.in.enter(); err != nil {
		r.in.nested--
		return nil, err
	}
	defer func() { r.in.nested-- }()
	r.space()
	if r.at >= len(r.s) {
		return nil, r.fail("a value")
	}
	switch c := r.s[r.at]; {
	case c == '{':
		return r.object()
	case c == '[':
		return r.array()
	case c == '"':
		s, err := r.text()
		if err != nil {
			return nil, err
		}
		return nulText(s), nil
	case c == '-' || digit(c):
		return r.number()
	}
	for word, v := range map[string]Value{"null": Null{}, "true": Bool(true), "false": Bool(false)} {
		if strings.HasPrefix(r.s[r.at:], word) {
			r.at += len(word)
			return v, nil
		}
	}
	return nil, r.fail("a value")
}

// nulText is a string, unknown when it holds a NUL byte: Nix cut it there, and refuses it now.
func nulText(s string) Value {
	if strings.IndexByte(s, 0) >= 0 {
		return NewUnknown("a string holds a NUL byte, which versions of Nix take in different ways", nowhere)
	}
	return Str(s)
}

func (r *jsonReader) array() (Value, error) {
	r.at++
	out := &List{}
	if r.take(']') {
		return out, nil
	}
	for {
		v, err := r.value()
		if err != nil {
			return nil, err
		}
		out.Elems = append(out.Elems, v)
		if r.take(']') {
			return out, nil
		}
		if !r.take(',') {
			return nil, r.fail(", or ]")
		}
	}
}

func (r *jsonReader) object() (Value, error) {
	r.at++
	var attrs []Attr
	if r.take('}') {
		return NewSet(), nil
	}
	for {
		r.space()
		if r.at >= len(r.s) || r.s[r.at] != '"' {
			return nil, r.fail("a name in quotes")
		}
		name, err := r.text()
		if err != nil {
			return nil, err
		}
		if u, ok := nulText(name).(*Unknown); ok {
			return u, nil
		}
		if !r.take(':') {
			return nil, r.fail(":")
		}
		v, err := r.value()
		if err != nil {
			return nil, err
		}
		attrs = append(attrs, Attr{Name: name, Val: v})
		if r.take('}') {
			return NewSet(attrs...), nil
		}
		if !r.take(',') {
			return nil, r.fail(", or }")
		}
	}
}

func (r *jsonReader) digits() bool {
	from := r.at
	for r.at < len(r.s) && digit(r.s[r.at]) {
		r.at++
	}
	return r.at > from
}

func (r *jsonReader) number() (Value, error) {
	from := r.at
	if r.s[r.at] == '-' {
		r.at++
	}
	zero := r.at
	if !r.digits() || r.s[zero] == '0' && r.at > zero+1 {
		return nil, r.fail("a number")
	}
	whole := true
	if r.at < len(r.s) && r.s[r.at] == '.' {
		r.at++
		whole = false
		if !r.digits() {
			return nil, r.fail("a digit")
		}
	}
	if r.at < len(r.s) && (r.s[r.at] == 'e' || r.s[r.at] == 'E') {
		r.at++
		whole = false
		if r.at < len(r.s) && (r.s[r.at] == '+' || r.s[r.at] == '-') {
			r.at++
		}
		if !r.digits() {
			return nil, r.fail("a digit")
		}
	}
	text := r.s[from:r.at]
	if whole {
		if i, err := strconv.ParseInt(text, 10, 64); err == nil {
			return integer(i), nil
		}
		if _, err := strconv.ParseUint(text, 10, 64); err == nil {
			return nil, fail(TypeError, nowhere, "number %s is too large for an integer", text)
		}
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsInf(f, 0) {
		return nil, fail(TypeError, nowhere, "number %s is too large", text)
	}
	return Float(f), nil
}

func (r *jsonReader) text() (string, error) {
	r.at++
	var b strings.Builder
	for r.at < len(r.s) {
		c := r.s[r.at]
		switch {
		case c == '"':
			r.at++
			return b.String(), nil
		case c == '\\':
			if err := r.escape(&b); err != nil {
				return "", err
			}
		case c < ' ':
			return "", r.fail("a string without control characters")
		case c < utf8.RuneSelf:
			b.WriteByte(c)
			r.at++
		default:
			letter, n := utf8.DecodeRuneInString(r.s[r.at:])
			if letter == utf8.RuneError && n == 1 {
				return "", r.fail("UTF-8")
			}
			b.WriteString(r.s[r.at : r.at+n])
			r.at += n
		}
	}
	return "", r.fail(`"`)
}

func (r *jsonReader) escape(b *strings.Builder) error {
	if r.at+1 >= len(r.s) {
		return r.fail("an escape")
	}
	c := r.s[r.at+1]
	if i := strings.IndexByte(`"\/bfnrt`, c); i >= 0 {
		b.WriteByte("\"\\/\b\f\n\r\t"[i])
		r.at += 2
		return nil
	}
	letter, ok := r.unit()
	if !ok {
		return r.fail("an escape")
	}
	if utf16.IsSurrogate(letter) {
		low, ok := r.unit()
		if !ok {
			return r.fail("the second half of a letter")
		}
		if letter = utf16.DecodeRune(letter, low); letter == utf8.RuneError {
			return r.fail("the second half of a letter")
		}
	}
	b.WriteRune(letter)
	return nil
}

// unit reads \uXXXX.
func (r *jsonReader) unit() (rune, bool) {
	if !strings.HasPrefix(r.s[r.at:], `\u`) || r.at+6 > len(r.s) {
		return 0, false
	}
	n, err := strconv.ParseUint(r.s[r.at+2:r.at+6], 16, 16)
	if err != nil {
		return 0, false
	}
	r.at += 6
	return rune(n), true
}

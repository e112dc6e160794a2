package eval

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// tomlReader reads TOML 1.0. Tables are kept as they are while it reads, since later headers add to them.
type tomlReader struct {
	in *Interp
	s  string
	at int
}

// table is a TOML table and how it came to be, which decides what may be added to it.
type table struct {
	names  []string
	fields map[string]any // *table, *tables or Value
	kind   tableKind
}

type tables struct{ list []*table } // [[name]]

type tableKind uint8

const (
	implied tableKind = iota // by the header of one inside of it
	header                   // by its own header
	dotted                   // by a dotted key
	inline                   // { … }, complete
)

func newTable(kind tableKind) *table { return &table{fields: map[string]any{}, kind: kind} }

func (t *table) put(name string, v any) {
	t.names = append(t.names, name)
	t.fields[name] = v
}

// fromTOML: text that is not wholly known makes the result unknown; a symbolic store path in a string stays one.
func fromTOML(in *Interp, args []Value) (Value, error) {
	s, u, err := in.plain(args[0])
	if s == nil || err != nil {
		return orUnknown(u), err
	}
	if u := hole(s); u != nil {
		return u, nil
	}
	r := tomlReader{in: in, s: strings.ReplaceAll(s.S, "\r\n", "\n")}
	if !utf8.ValidString(r.s) {
		return nil, r.fail("UTF-8")
	}
	root := newTable(header)
	if err := r.document(root); err != nil {
		return nil, err
	}
	return root.set(), nil
}

func (t *table) set() *Set {
	attrs := make([]Attr, 0, len(t.names))
	for _, name := range t.names {
		var v Value
		switch f := t.fields[name].(type) {
		case *table:
			v = f.set()
		case *tables:
			list := &List{}
			for _, el := range f.list {
				list.Elems = append(list.Elems, el.set())
			}
			v = list
		case Value:
			v = f
		}
		attrs = append(attrs, Attr{Name: name, Val: v})
	}
	return NewSet(attrs...)
}

func (r *tomlReader) fail(want string) error {
	line := strings.Count(r.s[:min(r.at, len(r.s))], "\n") + 1
	found := "the end"
	if r.at < len(r.s) {
		c, _ := utf8.DecodeRuneInString(r.s[r.at:])
		found = strconv.QuoteRune(c)
	}
	return fail(TypeError, nowhere, "not TOML: found %s in line %d, expected %s", found, line, want)
}

func (r *tomlReader) peek() byte {
	if r.at < len(r.s) {
		return r.s[r.at]
	}
	return 0
}

func (r *tomlReader) has(prefix string) bool { return strings.HasPrefix(r.s[r.at:], prefix) }

func (r *tomlReader) take(prefix string) bool {
	if !r.has(prefix) {
		return false
	}
	r.at += len(prefix)
	return true
}

func (r *tomlReader) blank() {
	for r.peek() == ' ' || r.peek() == '\t' {
		r.at++
	}
}

// comment skips one, which holds no control characters.
func (r *tomlReader) comment() error {
	if r.peek() != '#' {
		return nil
	}
	for r.at < len(r.s) && r.s[r.at] != '\n' {
		if c := r.s[r.at]; c < ' ' && c != '\t' || c == 0x7f {
			return r.fail("a comment without control characters")
		}
		r.at++
	}
	return nil
}

// lines skips blanks, comments and line ends.
func (r *tomlReader) lines() error {
	for {
		r.blank()
		if err := r.comment(); err != nil {
			return err
		}
		if r.peek() != '\n' || r.at >= len(r.s) {
			return nil
		}
		r.at++
	}
}

func (r *tomlReader) endOfLine() error {
	r.blank()
	if err := r.comment(); err != nil {
		return err
	}
	if r.at < len(r.s) && !r.take("\n") {
		return r.fail("the end of the line")
	}
	return nil
}

func (r *tomlReader) document(root *table) error {
	here := root
	for {
		if err := r.lines(); err != nil {
			return err
		}
		if r.at >= len(r.s) {
			return nil
		}
		var err error
		switch {
		case r.take("[["):
			here, err = r.header(root, true)
		case r.take("["):
			here, err = r.header(root, false)
		default:
			err = r.pair(here)
		}
		if err == nil {
			err = r.endOfLine()
		}
		if err == nil {
			err = r.in.step()
		}
		if err != nil {
			return err
		}
	}
}

func (r *tomlReader) header(root *table, many bool) (*table, error) {
	path, err := r.key()
	if err != nil {
		return nil, err
	}
	end := "]"
	if many {
		end = "]]"
	}
	if !r.take(end) {
		return nil, r.fail(end)
	}
	t := root
	for _, name := range path[:len(path)-1] {
		if t = t.within(name); t == nil {
			return nil, r.fail("a name that is not a value already, like " + strconv.Quote(name))
		}
	}
	name := path[len(path)-1]
	old, found := t.fields[name]
	next := newTable(header)
	switch old := old.(type) {
	case *tables:
		if many {
			old.list = append(old.list, next)
			return next, nil
		}
	case *table:
		if !many && old.kind == implied {
			old.kind = header
			return old, nil
		}
	}
	if found {
		return nil, r.fail("a name that is not defined already, like " + strconv.Quote(name))
	}
	if many {
		t.put(name, &tables{[]*table{next}})
	} else {
		t.put(name, next)
	}
	return next, nil
}

// within is the table of a name, made if there is none; nil when the name is something else.
func (t *table) within(name string) *table {
	switch f := t.fields[name].(type) {
	case nil:
		next := newTable(implied)
		t.put(name, next)
		return next
	case *table:
		if f.kind != inline {
			return f
		}
	case *tables:
		return f.list[len(f.list)-1]
	}
	return nil
}

func (r *tomlReader) pair(t *table) error {
	path, err := r.key()
	if err != nil {
		return err
	}
	if !r.take("=") {
		return r.fail("=")
	}
	r.blank()
	v, err := r.value()
	if err != nil {
		return err
	}
	for _, name := range path[:len(path)-1] {
		switch f := t.fields[name].(type) {
		case nil:
			next := newTable(dotted)
			t.put(name, next)
			t = next
			continue
		case *table:
			if f.kind == dotted || f.kind == implied {
				t = f
				continue
			}
		}
		return r.fail("a name that is not defined already, like " + strconv.Quote(name))
	}
	name := path[len(path)-1]
	if _, found := t.fields[name]; found {
		return r.fail("a name that is not defined already, like " + strconv.Quote(name))
	}
	t.put(name, v)
	return nil
}

func bareKey(c byte) bool { return asciiLetter(c) || digit(c) || c == '-' || c == '_' }

// key reads a.b."c" with the blanks around it.
func (r *tomlReader) key() ([]string, error) {
	var path []string
	for {
		r.blank()
		var name string
		var err error
		switch c := r.peek(); {
		case c == '"' && !r.has(`"""`):
			name, err = r.basic()
		case c == '\'' && !r.has(`'''`):
			name, err = r.literal()
		default:
			from := r.at
			for bareKey(r.peek()) {
				r.at++
			}
			if name = r.s[from:r.at]; name == "" {
				err = r.fail("a name")
			}
		}
		if err != nil {
			return nil, err
		}
		if strings.IndexByte(name, 0) >= 0 {
			return nil, fail(Limit, nowhere, "a name holds a NUL byte, which versions of Nix take in different ways")
		}
		path = append(path, name)
		r.blank()
		if !r.take(".") {
			return path, nil
		}
	}
}

// value reads a Value, or a *table for an inline one.
func (r *tomlReader) value() (any, error) {
	if err := r.in.enter(); err != nil {
		r.in.nested--
		return nil, err
	}
	defer func() { r.in.nested-- }()
	text := func(s string, err error) (any, error) {
		if err != nil {
			return nil, err
		}
		return nulText(s), nil
	}
	switch c := r.peek(); {
	case r.has(`"""`):
		return text(r.longBasic())
	case r.has(`'''`):
		return text(r.longLiteral())
	case c == '"':
		return text(r.basic())
	case c == '\'':
		return text(r.literal())
	case c == '[':
		return r.array()
	case c == '{':
		return r.inline()
	case r.take("true"):
		return Bool(true), nil
	case r.take("false"):
		return Bool(false), nil
	}
	return r.number()
}

func (r *tomlReader) array() (any, error) {
	r.at++
	out := &List{}
	for {
		if err := r.lines(); err != nil {
			return nil, err
		}
		if r.take("]") {
			return out, nil
		}
		v, err := r.value()
		if err != nil {
			return nil, err
		}
		switch v := v.(type) {
		case *table:
			out.Elems = append(out.Elems, v.set())
		case Value:
			out.Elems = append(out.Elems, v)
		}
		if err := r.lines(); err != nil {
			return nil, err
		}
		if r.take("]") {
			return out, nil
		}
		if !r.take(",") {
			return nil, r.fail(", or ]")
		}
	}
}

func (r *tomlReader) inline() (any, error) {
	r.at++
	t := newTable(dotted)
	r.blank()
	if r.take("}") {
		t.kind = inline
		return t, nil
	}
	for {
		if err := r.pair(t); err != nil {
			return nil, err
		}
		r.blank()
		if r.take("}") {
			t.kind = inline
			return t, nil
		}
		if !r.take(",") {
			return nil, r.fail(", or }")
		}
	}
}

func (r *tomlReader) literal() (string, error) {
	r.at++
	end := strings.IndexAny(r.s[r.at:], "'\n")
	if end < 0 || r.s[r.at+end] == '\n' {
		return "", r.fail("a quote that ends the string")
	}
	s := r.s[r.at : r.at+end]
	r.at += end + 1
	return s, r.clean(s, false)
}

// clean refuses control characters.
func (r *tomlReader) clean(s string, lines bool) error {
	for i := range len(s) {
		if c := s[i]; c < ' ' && c != '\t' && (c != '\n' || !lines) || c == 0x7f {
			return r.fail("a string without control characters")
		}
	}
	return nil
}

func (r *tomlReader) longLiteral() (string, error) {
	r.at += 3
	r.take("\n")
	end := strings.Index(r.s[r.at:], "'''")
	if end < 0 {
		return "", r.fail("quotes that end the string")
	}
	// One or two quotes may stand right before those that end it.
	for range 2 {
		if strings.HasPrefix(r.s[r.at+end+1:], "'''") {
			end++
		}
	}
	s := r.s[r.at : r.at+end]
	r.at += end + 3
	return s, r.clean(s, true)
}

func (r *tomlReader) basic() (string, error) {
	r.at++
	var b strings.Builder
	for r.at < len(r.s) {
		switch c := r.s[r.at]; {
		case c == '"':
			r.at++
			return b.String(), nil
		case c == '\\':
			if err := r.escape(&b); err != nil {
				return "", err
			}
		case c < ' ' && c != '\t' || c == 0x7f:
			return "", r.fail("a string without control characters")
		default:
			b.WriteByte(c)
			r.at++
		}
	}
	return "", r.fail("a quote that ends the string")
}

func (r *tomlReader) longBasic() (string, error) {
	r.at += 3
	r.take("\n")
	var b strings.Builder
	for r.at < len(r.s) {
		c := r.s[r.at]
		switch {
		case r.has(`"""`):
			r.at += 3
			for range 2 {
				if r.take(`"`) {
					b.WriteByte('"')
				}
			}
			return b.String(), nil
		case c == '\\':
			if r.continued() {
				continue
			}
			if err := r.escape(&b); err != nil {
				return "", err
			}
		case c < ' ' && c != '\t' && c != '\n' || c == 0x7f:
			return "", r.fail("a string without control characters")
		default:
			b.WriteByte(c)
			r.at++
		}
	}
	return "", r.fail("quotes that end the string")
}

// continued skips a backslash at the end of a line and the white space after it.
func (r *tomlReader) continued() bool {
	rest := strings.TrimLeft(r.s[r.at+1:], " \t")
	if !strings.HasPrefix(rest, "\n") {
		return false
	}
	r.at = len(r.s) - len(strings.TrimLeft(rest, " \t\n"))
	return true
}

func (r *tomlReader) escape(b *strings.Builder) error {
	if r.at+1 >= len(r.s) {
		return r.fail("an escape")
	}
	c := r.s[r.at+1]
	if i := strings.IndexByte(`btnfr"\`, c); i >= 0 {
		b.WriteByte("\b\t\n\f\r\"\\"[i])
		r.at += 2
		return nil
	}
	size := map[byte]int{'u': 4, 'U': 8}[c]
	if size == 0 || r.at+2+size > len(r.s) {
		return r.fail("an escape")
	}
	n, err := strconv.ParseUint(r.s[r.at+2:r.at+2+size], 16, 32)
	if err != nil || !utf8.ValidRune(rune(n)) { //nolint:gosec // 32 bits were asked for
		return r.fail("the number of a letter")
	}
	b.WriteRune(rune(n)) //nolint:gosec // likewise
	r.at += 2 + size
	return nil
}

// number reads an integer, a float, a date or a time.
func (r *tomlReader) number() (any, error) {
	if v, ok := r.time(); ok {
		return v, nil
	}
	from := r.at
	for r.at < len(r.s) && (bareKey(r.s[r.at]) || strings.IndexByte("+.:", r.s[r.at]) >= 0) {
		r.at++
	}
	text := r.s[from:r.at]
	switch text {
	case "inf", "+inf":
		return Float(math.Inf(1)), nil
	case "-inf":
		return Float(math.Inf(-1)), nil
	case "nan", "+nan", "-nan":
		return Float(math.NaN()), nil
	}
	if v, ok := tomlInt(text); ok {
		return v, nil
	}
	if f, ok := tomlFloat(text); ok {
		return f, nil
	}
	r.at = from
	return nil, r.fail("a value")
}

// underscored removes the underscores that stand between digits; false for one that does not.
func underscored(s string) (string, bool) {
	if !strings.Contains(s, "_") {
		return s, true
	}
	for i := range len(s) {
		if s[i] == '_' && (i == 0 || i+1 == len(s) || !hexDigit(s[i-1]) || !hexDigit(s[i+1])) {
			return "", false
		}
	}
	return strings.ReplaceAll(s, "_", ""), true
}

func hexDigit(c byte) bool { return digit(c) || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F' }

func tomlInt(s string) (Value, bool) {
	for prefix, base := range map[string]int{"0x": 16, "0o": 8, "0b": 2} {
		if digits, ok := strings.CutPrefix(s, prefix); ok {
			digits, ok = underscored(digits)
			n, err := strconv.ParseInt(digits, base, 64)
			return integer(n), ok && err == nil && digits[0] != '-' && digits[0] != '+'
		}
	}
	digits, ok := underscored(s)
	if !ok || leadingZero(digits) {
		return nil, false
	}
	n, err := strconv.ParseInt(digits, 10, 64)
	return integer(n), err == nil
}

func leadingZero(s string) bool {
	s = strings.TrimLeft(s, "+-")
	return len(s) > 1 && s[0] == '0' && digit(s[1])
}

func tomlFloat(s string) (Value, bool) {
	digits, ok := underscored(s)
	if !ok || leadingZero(digits) || digits == "" {
		return nil, false
	}
	mantissa, exponent, hasExponent := strings.Cut(strings.ToLower(digits), "e")
	whole, fraction, hasFraction := strings.Cut(mantissa, ".")
	number := func(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }
	sign := func(s string) string {
		if s != "" && (s[0] == '+' || s[0] == '-') {
			return s[1:]
		}
		return s
	}
	if !number(sign(whole)) || hasFraction && !number(fraction) || hasExponent && !number(sign(exponent)) || !hasFraction && !hasExponent {
		return nil, false
	}
	f, err := strconv.ParseFloat(digits, 64)
	return Float(f), err == nil
}

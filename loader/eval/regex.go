package eval

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// Nix' regular expressions are POSIX extended ones as libstdc++ reads and matches them: byte by byte, and of the longest matches
// the one that backtracking finds first. Go's leftmost-longest mode finds the same one. Where the two may differ (a repeated
// group that matches nothing, names of collating elements) the expression is refused and its result unknown.

type pattern struct {
	first *regexp.Regexp // at the start of the text
	later *regexp.Regexp // after it, where ^ never matches
	whole *regexp.Regexp
}

// badPattern is an expression that Nix refuses, unlike one that only we do.
type badPattern struct{ why string }

func (b *badPattern) Error() string { return b.why }

// unsupported is an expression that Nix takes, but may match in another way.
type unsupported struct{ why string }

func (u *unsupported) Error() string { return u.why }

const nothing = `[^\x00-\x{10FFFF}]`

func compilePattern(src string) (*pattern, error) {
	t := translator{src: src}
	tree, err := t.alternatives()
	if err == nil && t.at < len(src) {
		err = &badPattern{"unexpected " + strconv.Quote(src[t.at:t.at+1])}
	}
	if err != nil {
		return nil, err
	}
	p := &pattern{}
	for _, form := range []struct {
		re   **regexp.Regexp
		text string
	}{
		{&p.first, "(?s)" + tree},
		{&p.later, "(?s)" + strings.ReplaceAll(tree, begin, nothing)},
		{&p.whole, `(?s)\A(?:` + tree + `)\z`},
	} {
		re, err := regexp.Compile(strings.ReplaceAll(form.text, begin, `\A`))
		if err != nil {
			return nil, &unsupported{err.Error()}
		}
		re.Longest()
		*form.re = re
	}
	return p, nil
}

// begin stands for ^ while it is not decided whether it can match. It is in no translated text.
const begin = "\x00^"

// translator reads a POSIX extended expression and writes it in Go's syntax.
type translator struct {
	src    string
	at     int
	depth  int
	groups bool // the last atom holds a group
	empty  bool // the last alternatives can match nothing
}

func (t *translator) peek() byte {
	if t.at < len(t.src) {
		return t.src[t.at]
	}
	return 0
}

func (t *translator) more() bool { return t.at < len(t.src) }

func (t *translator) alternatives() (string, error) {
	if t.depth++; t.depth > 200 {
		return "", &unsupported{"it nests too deep"}
	}
	defer func() { t.depth-- }()
	var b strings.Builder
	anyEmpty, anyGroups := false, false
	for {
		empty, groups := true, false
		for t.more() && t.peek() != '|' && t.peek() != ')' {
			term, err := t.term()
			if err != nil {
				return "", err
			}
			b.WriteString(term)
			empty, groups = empty && t.empty, groups || t.groups
		}
		anyEmpty, anyGroups = anyEmpty || empty, anyGroups || groups
		if t.peek() != '|' || !t.more() {
			break
		}
		t.at++
		b.WriteByte('|')
	}
	t.empty, t.groups = anyEmpty, anyGroups
	return b.String(), nil
}

func (t *translator) term() (string, error) {
	c := t.peek()
	switch c {
	case '^':
		t.at++
		t.empty, t.groups = true, false
		return begin, nil
	case '$':
		t.at++
		t.empty, t.groups = true, false
		return `\z`, nil
	}
	atom, err := t.atom(c)
	if err != nil {
		return "", err
	}
	return t.repeated(atom)
}

func (t *translator) atom(c byte) (string, error) {
	t.at++
	t.empty, t.groups = false, false
	switch c {
	case '(':
		inner, err := t.alternatives()
		if err != nil {
			return "", err
		}
		if t.peek() != ')' || !t.more() {
			return "", &badPattern{"a parenthesis is not closed"}
		}
		t.at++
		t.groups = true
		return "(" + inner + ")", nil
	case '.':
		return "[^\\x00]", nil
	case '[':
		return t.bracket()
	case '*', '+', '?', '{':
		return "", &badPattern{"nothing to repeat before " + strconv.Quote(string(c))}
	case '\\':
		if !t.more() {
			return "", &badPattern{"it ends in a backslash"}
		}
		e := t.peek()
		t.at++
		if strings.IndexByte(`.[\()*+?{|^$]}`, e) < 0 {
			return "", &badPattern{"unexpected escape \\" + string(e)}
		}
		return regexp.QuoteMeta(string(e)), nil
	}
	return literal(c), nil
}

// literal is a byte as Go's syntax has it: bytes beyond ASCII are matched as the letters of Latin-1, see bytewise.
func literal(c byte) string {
	if c == 0 {
		return `\x00`
	}
	return regexp.QuoteMeta(string(rune(c)))
}

// repeated adds the *, +, ? and {} after an atom. As in POSIX, a second one repeats the first.
func (t *translator) repeated(atom string) (string, error) {
	for t.more() {
		var mark string
		switch t.peek() {
		case '*', '+', '?':
			mark = string(t.peek())
			t.at++
		case '{':
			var err error
			if mark, err = t.interval(); err != nil {
				return "", err
			}
		default:
			return atom, nil
		}
		if t.empty && t.groups {
			return "", &unsupported{"a group that can match nothing is repeated"}
		}
		atom = "(?:" + atom + ")" + mark
		t.empty = t.empty || mark == "*" || mark == "?" || strings.HasPrefix(mark, "{0")
	}
	return atom, nil
}

func (t *translator) interval() (string, error) {
	end := strings.IndexByte(t.src[t.at:], '}')
	if end < 0 {
		return "", &badPattern{"a brace is not closed"}
	}
	text := t.src[t.at+1 : t.at+end]
	t.at += end + 1
	least, most, two := strings.Cut(text, ",")
	n, err := strconv.ParseUint(least, 10, 16)
	if err != nil {
		return "", &badPattern{"{" + text + "} is no interval"}
	}
	m := n
	if two && most != "" {
		if m, err = strconv.ParseUint(most, 10, 16); err != nil || m < n {
			return "", &badPattern{"{" + text + "} is no interval"}
		}
	}
	switch {
	case n > 1000 || m > 1000:
		return "", &unsupported{"it repeats more than 1000 times"}
	case two && most == "":
		return fmt.Sprintf("{%d,}", n), nil
	}
	return fmt.Sprintf("{%d,%d}", n, m), nil
}

var posixClasses = map[string]bool{
	"alnum": true, "alpha": true, "blank": true, "cntrl": true, "digit": true, "graph": true, "lower": true, "print": true, "punct": true,
	"space": true, "upper": true, "xdigit": true,
}

// bracket reads a bracket expression; its opening bracket is read. A backslash in it is itself.
func (t *translator) bracket() (string, error) {
	var b strings.Builder
	b.WriteByte('[')
	if t.peek() == '^' {
		t.at++
		b.WriteByte('^')
	}
	for first := true; ; first = false {
		if !t.more() {
			return "", &badPattern{"a bracket is not closed"}
		}
		c := t.peek()
		if c == ']' && !first {
			t.at++
			b.WriteByte(']')
			return b.String(), nil
		}
		if c == '[' && t.at+1 < len(t.src) && strings.IndexByte(".=:", t.src[t.at+1]) >= 0 {
			class, err := t.class()
			if err != nil {
				return "", err
			}
			b.WriteString(class)
			continue
		}
		if c >= 0x80 {
			return "", &unsupported{"a letter beyond ASCII stands in brackets"}
		}
		t.at++
		b.WriteString(inClass(c))
		if t.peek() != '-' || t.at+1 >= len(t.src) || t.src[t.at+1] == ']' {
			continue
		}
		hi := t.src[t.at+1]
		if hi == '[' || hi >= 0x80 || c == '-' {
			return "", &unsupported{"a range with a name or a dash as its end"}
		}
		if hi < c {
			return "", &badPattern{"a range ends before it starts"}
		}
		t.at += 2
		b.WriteString("-" + inClass(hi))
	}
}

func inClass(c byte) string { return fmt.Sprintf(`\x%02x`, c) }

func (t *translator) class() (string, error) {
	if t.src[t.at+1] != ':' {
		return "", &unsupported{"it names a collating element"}
	}
	end := strings.Index(t.src[t.at+2:], ":]")
	if end < 0 {
		return "", &badPattern{"a bracket is not closed"}
	}
	name := t.src[t.at+2 : t.at+2+end]
	t.at += end + 4
	if posixClasses[name] {
		return "[:" + name + ":]", nil
	}
	// libstdc++ takes names in any case, and those of its other grammars.
	return "", &unsupported{"it names the class " + strconv.Quote(name)}
}

// subject is a text to match. Go matches letters, Nix bytes: when there are letters of several bytes, each byte is made a letter.
type subject struct {
	text string
	at   []int // offset in the original of each offset in text; nil when they are the same
}

func bytewise(s string) subject {
	ascii := true
	for i := range len(s) {
		if s[i] >= 0x80 {
			ascii = false
			break
		}
	}
	if ascii {
		return subject{text: s}
	}
	var b strings.Builder
	at := make([]int, 0, 2*len(s)+1)
	for i := range len(s) {
		b.WriteRune(rune(s[i]))
		for len(at) < b.Len() {
			at = append(at, i)
		}
	}
	return subject{b.String(), append(at, len(s))}
}

// place is an offset of text in the original.
func (s subject) place(i int) int {
	if s.at == nil || i < 0 {
		return i
	}
	return s.at[i]
}

// next is the offset of the letter after the one at i.
func (s subject) next(i int) int {
	if s.at != nil && s.text[i] >= 0x80 {
		return i + 2
	}
	return i + 1
}

// split finds the matches one after another, as std::regex_iterator does: each gives the offsets of its groups.
func (p *pattern) split(s subject) [][]int {
	var out [][]int
	for pos := 0; pos <= len(s.text); {
		re := p.later
		if pos == 0 {
			re = p.first
		}
		m := re.FindStringSubmatchIndex(s.text[pos:])
		if m == nil {
			break
		}
		for i := range m {
			if m[i] >= 0 {
				m[i] += pos
			}
		}
		out = append(out, m)
		switch {
		case m[1] > m[0]:
			pos = m[1]
		case m[1] == len(s.text):
			return out
		default:
			pos = s.next(m[1])
		}
	}
	return out
}

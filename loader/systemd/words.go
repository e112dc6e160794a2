package systemd

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

const blanks = " \t\n\r"

// quoting is what a backslash means in a value.
type quoting uint8

const (
	literal quoting = iota // the next character as it is
	escaped                // an escape of C; another one is an error
	relaxed                // an escape of C; another one stays as it is
	bare                   // the next character as it is, and quotes are characters like others
	kept                   // the backslash and the next character as they are
)

// Split splits a value into words as systemd does for a directive: it takes quotes off, except for some. What follows an
// unbalanced quote or a lone backslash is left out, and it is then not ok.
func Split(kind Kind, text string) (words []string, ok bool) {
	q := literal
	if kind == Syscalls || kind == Namespaces {
		q = bare
	}
	for {
		text = strings.TrimLeft(text, blanks)
		if text == "" {
			return words, true
		}
		word, rest, ok := firstWord(text, q)
		if !ok {
			return words, false
		}
		words, text = append(words, word), rest
	}
}

// splitWords splits a value into words as systemd does: single and double quotes join, anywhere in a word, and <unknown: …> is
// never split. What follows an unbalanced quote or a bad escape is left out.
func splitWords(text string, q quoting) (words []string) {
	for {
		text = strings.TrimLeft(text, blanks)
		if text == "" {
			return words
		}
		word, rest, ok := firstWord(text, q)
		if !ok {
			return words
		}
		words, text = append(words, word), rest
	}
}

// firstWord takes the word that text starts with.
func firstWord(text string, q quoting) (word, rest string, ok bool) {
	var b strings.Builder
	quote := byte(0)
	for i := 0; i < len(text); {
		c := text[i]
		switch {
		case c == '<' && placeholder(text[i:]) > 0:
			n := placeholder(text[i:])
			b.WriteString(text[i : i+n])
			i += n
		case c == '\\':
			n := escape(&b, text[i:], q)
			if n == 0 {
				return "", "", false
			}
			i += n
		case quote != 0 && c == quote:
			quote = 0
			i++
		case quote == 0 && q != bare && (c == '"' || c == '\''):
			quote = c
			i++
		case quote == 0 && strings.IndexByte(blanks, c) >= 0:
			return b.String(), text[i:], true
		default:
			b.WriteByte(c)
			i++
		}
	}
	return b.String(), "", quote == 0
}

// placeholder returns how long the <unknown: …> is that text starts with, 0 if it starts with none.
func placeholder(text string) int {
	if !strings.HasPrefix(text, "<unknown") {
		return 0
	}
	depth := 0
	for i := range len(text) {
		switch text[i] {
		case '<':
			depth++
		case '>':
			depth--
		}
		if depth == 0 {
			return i + 1
		}
	}
	return 0
}

var escapes = map[byte]byte{
	'a': '\a', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t', 'v': '\v', 's': ' ', '\\': '\\', '"': '"', '\'': '\'',
}

// escape writes what the backslash that text starts with means and returns how many bytes of text that took, 0 if it
// means nothing.
func escape(b *strings.Builder, text string, q quoting) int {
	if len(text) < 2 {
		return 0
	}
	_, size := utf8.DecodeRuneInString(text[1:])
	switch q {
	case literal, bare:
		b.WriteString(text[1 : 1+size])
		return 1 + size
	case kept:
		b.WriteString(text[:1+size])
		return 1 + size
	case escaped, relaxed:
	}
	n := cEscape(b, text)
	if n == 0 && q == relaxed {
		b.WriteString(text[:1+size])
		return 1 + size
	}
	return n
}

func cEscape(b *strings.Builder, text string) int {
	if c, ok := escapes[text[1]]; ok {
		b.WriteByte(c)
		return 2
	}
	switch text[1] {
	case 'x':
		return number(b, text, 2, 2, 16, false)
	case 'u':
		return number(b, text, 2, 4, 16, true)
	case 'U':
		return number(b, text, 2, 8, 16, true)
	}
	return number(b, text, 1, 3, 8, false)
}

// number writes the byte or the character whose digits stand in text from start.
func number(b *strings.Builder, text string, start, digits, base int, char bool) int {
	end := start + digits
	if len(text) < end {
		return 0
	}
	n, err := strconv.ParseUint(text[start:end], base, 32)
	switch {
	case err != nil || n == 0:
		return 0
	case char && n <= utf8.MaxRune:
		b.WriteRune(rune(n))
	case !char && n <= 0xff:
		b.WriteByte(byte(n))
	default:
		return 0
	}
	return end
}

// LogicalLine returns the value as systemd reads it when it stands behind "Key=": lines that end in a backslash continue,
// comments between them vanish, blanks around it too. More tells that a line is left that systemd reads as a line of its own.
func LogicalLine(value string) (line string, more bool) {
	if !strings.Contains(value, "\n") {
		return strings.Trim(value, blanks), false
	}
	var b strings.Builder
	lines := strings.Split(value, "\n")
	for i, l := range lines {
		if i > 0 {
			l = strings.TrimLeft(l, blanks)
			if strings.HasPrefix(l, "#") || strings.HasPrefix(l, ";") {
				continue
			}
		}
		l = strings.TrimSuffix(l, "\r")
		if cut, ok := continued(l); ok && i < len(lines)-1 {
			b.WriteString(cut + " ")
			continue
		}
		b.WriteString(l)
		return strings.Trim(b.String(), blanks), hasLine(lines[i+1:])
	}
	return strings.Trim(b.String(), blanks), false
}

// continued reports whether a line ends in a backslash that is not itself escaped.
func continued(line string) (cut string, ok bool) {
	n := len(line) - len(strings.TrimRight(line, `\`))
	return strings.TrimSuffix(line, `\`), n%2 == 1
}

// hasLine reports whether one of the lines is neither blank nor a comment.
func hasLine(lines []string) bool {
	for _, l := range lines {
		l = strings.Trim(l, blanks)
		if l != "" && l[0] != '#' && l[0] != ';' {
			return true
		}
	}
	return false
}

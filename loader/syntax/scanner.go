package syntax

import "strings"

// scanner finds one token at a time. Strings and paths with interpolation are read by the parser, which calls the scanner
// again at each ${.
type scanner struct {
	src      string
	comments []Comment

	openComment bool // the last comment does not end

	tok   token
	start Pos // of the token
	end   Pos // of the token; what follows has not been looked at
	prev  Pos // end of the token before

	// A run of bytes that a path can hold, like a.b.c, is measured once: it ends at run, and a URI's scheme can start in it
	// from scheme on. The line that is read ends at line.
	run, scheme, line int
}

// next moves to the next token.
func (s *scanner) next() {
	s.prev = s.end
	src, i := s.src, int(s.end)
	for i < len(src) {
		c := src[i]
		if classes[c]&classSpace != 0 {
			i++
			continue
		}
		if c == '#' || c == '/' && i+1 < len(src) && src[i+1] == '*' {
			i = s.comment(i)
			continue
		}
		s.start = Pos(i)
		if classes[c]&classLetter != 0 {
			s.word(i)
		} else {
			s.symbol(i)
		}
		return
	}
	s.start, s.end, s.tok = Pos(i), Pos(i), tokEOF
}

// comment reads the comment at i and returns where it ends.
func (s *scanner) comment(i int) int {
	end := len(s.src)
	if s.src[i] == '#' {
		end = s.lineEnd(i)
	} else if n := strings.Index(s.src[i+2:], "*/"); n >= 0 {
		end = i + n + 4
	} else {
		s.openComment = true
	}
	s.comments = append(s.comments, Comment{start: Pos(i), end: Pos(end)})
	return end
}

// lineEnd is the offset of the line's end; a lone carriage return ends a line too.
func (s *scanner) lineEnd(i int) int {
	if s.line <= i {
		s.line = len(s.src)
		if n := strings.IndexByte(s.src[i:], '\n'); n >= 0 {
			s.line = i + n
		}
	}
	if n := strings.IndexByte(s.src[i:s.line], '\r'); n >= 0 {
		return i + n
	}
	return s.line
}

// word reads what starts with a letter: a name, a keyword, a path (a/b) or a URI (a:b).
func (s *scanner) word(i int) {
	src, j := s.src, i+1
	for j < len(src) && classes[src[j]]&classWord != 0 {
		j++
	}
	if j < len(src) && classes[src[j]]&classAfterWord != 0 && s.pathOrURI(i, j) {
		return
	}
	s.end = Pos(j)
	s.tok = keyword(src[i:j])
}

// pathOrURI reads the path or the URI that starts at i, if there is one; the bytes from i to j are a word.
func (s *scanner) pathOrURI(i, j int) bool {
	if strings.IndexByte(s.src[i:j], '\'') >= 0 {
		return false
	}
	j = s.runEnd(i)
	if j == len(s.src) {
		return false
	}
	return s.src[j] == '/' && s.path(i, j) || s.src[j] == ':' && s.uri(i, j)
}

// runEnd is where the bytes from i on cease to be those of a path.
func (s *scanner) runEnd(i int) int {
	if i >= s.run {
		s.run = skipClass(s.src, i, classPath)
		s.scheme = strings.LastIndexByte(s.src[i:s.run], '_') + i + 1
	}
	return s.run
}

// uri reads the URI at i whose scheme would end at the colon at j.
func (s *scanner) uri(i, j int) bool {
	if i < s.scheme || j+1 == len(s.src) || classes[s.src[j+1]]&classURI == 0 {
		return false
	}
	s.end = Pos(skipClass(s.src, j+1, classURI))
	s.tok = tokURI
	return true
}

// path reads the literal start of the path at i, whose first slash is at j, up to an interpolation or the path's end.
func (s *scanner) path(i, j int) bool {
	src, end := s.src, pathSegments(s.src, j)
	switch {
	case end > j:
		if end < len(src) && src[end] == '/' {
			end++
		}
	case strings.HasPrefix(src[j+1:], "${"):
		end = j + 1
	default:
		return false
	}
	s.end, s.tok = Pos(end), tokPath
	if src[i] == '~' {
		s.tok = tokHomePath
	}
	return true
}

// pathSegments skips (/x)+ and returns where it ends.
func pathSegments(src string, j int) int {
	for j+1 < len(src) && src[j] == '/' && classes[src[j+1]]&classPath != 0 {
		j = skipClass(src, j+2, classPath)
	}
	return j
}

func skipClass(src string, i int, class uint8) int {
	for i < len(src) && classes[src[i]]&class != 0 {
		i++
	}
	return i
}

// symbol reads a token that does not start with a letter.
func (s *scanner) symbol(i int) {
	src, c := s.src, s.src[i]
	if tok := single[c]; tok != tokEOF {
		s.end, s.tok = Pos(i+1), tok
		return
	}
	if classes[c]&classPath != 0 || c == '/' {
		if j := s.runEnd(i); j < len(src) && src[j] == '/' && s.path(i, j) {
			return
		}
	}
	var d byte // the byte after
	if i+1 < len(src) {
		d = src[i+1]
	}
	switch c {
	case '.':
		s.dot(i, d)
	case '=':
		s.either(i, d, '=', tokEqual, tokAssign)
	case '!':
		s.either(i, d, '=', tokNotEqual, tokNot)
	case '&':
		s.either(i, d, '&', tokAnd, tokStray)
	case '/':
		s.either(i, d, '/', tokUpdate, tokDiv)
	case '+':
		s.either(i, d, '+', tokConcat, tokPlus)
	case '-':
		s.either(i, d, '>', tokImplies, tokMinus)
	case '>':
		s.either(i, d, '=', tokGreaterEq, tokGreater)
	case '$':
		s.either(i, d, '{', tokInterpolation, tokStray)
	case '|':
		if d == '>' {
			s.either(i, d, '>', tokPipeTo, tokStray)
			return
		}
		s.either(i, d, '|', tokOr, tokStray)
	case '<':
		s.less(i, d)
	case '\'':
		s.either(i, d, '\'', tokIndented, tokStray)
	case '~':
		if d != '/' || !s.path(i, i+1) {
			s.end, s.tok = Pos(i+1), tokStray
		}
	default:
		if isDigit(c) {
			s.number(i)
			return
		}
		s.end, s.tok = Pos(i+runeLen(src[i:])), tokStray
	}
}

// either takes two bytes as tok two when the second is want, else one byte as tok one.
func (s *scanner) either(i int, second, want byte, two, one token) {
	if second == want {
		s.end, s.tok = Pos(i+2), two
		return
	}
	s.end, s.tok = Pos(i+1), one
}

func (s *scanner) dot(i int, d byte) {
	switch {
	case strings.HasPrefix(s.src[i:], "..."):
		s.end, s.tok = Pos(i+3), tokEllipsis
	case isDigit(d):
		s.end, s.tok = Pos(s.exponent(digits(s.src, i+1))), tokFloat
	default:
		s.end, s.tok = Pos(i+1), tokDot
	}
}

// less reads <name/…>, <=, <| or <.
func (s *scanner) less(i int, d byte) {
	src := s.src
	if j := skipClass(src, i+1, classPath); j > i+1 {
		if j = pathSegments(src, j); j < len(src) && src[j] == '>' {
			s.end, s.tok = Pos(j+1), tokSearchPath
			return
		}
	}
	if d == '|' {
		s.end, s.tok = Pos(i+2), tokPipeFrom
		return
	}
	s.either(i, d, '=', tokLessEq, tokLess)
}

// number reads an integer or a floating point number. 1. and .5 are numbers, 00.5 is two.
func (s *scanner) number(i int) {
	src := s.src
	j := digits(src, i)
	s.end, s.tok = Pos(j), tokInt
	if j == len(src) || src[j] != '.' {
		return
	}
	fraction := j+1 < len(src) && isDigit(src[j+1])
	if src[i] != '0' || j == i+1 && fraction {
		s.end, s.tok = Pos(s.exponent(digits(src, j+1))), tokFloat
	}
}

// exponent skips e+5 at i.
func (s *scanner) exponent(i int) int {
	src, j := s.src, i
	if j < len(src) && src[j]|0x20 == 'e' {
		if j++; j < len(src) && (src[j] == '+' || src[j] == '-') {
			j++
		}
		if end := digits(src, j); end > j {
			return end
		}
	}
	return i
}

func digits(src string, i int) int {
	for i < len(src) && isDigit(src[i]) {
		i++
	}
	return i
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// text is what stands at the token.
func (s *scanner) text() string { return s.src[s.start:s.end] }

// back makes the scanner read on at end again.
func (s *scanner) back(end Pos) {
	n := len(s.comments)
	for n > 0 && s.comments[n-1].start >= end {
		n--
	}
	s.comments = s.comments[:n]
	s.end, s.run, s.line = end, 0, 0
}

package report

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/nixlint/nixlint/loader/inventory"
	"github.com/nixlint/nixlint/loader/source"
)

// Of a longer line, what stands around the place is shown.
const (
	snippetWidth = 140
	snippetLead  = 30
)

// snippet is one line of a file with the columns of a place to underline.
type snippet struct {
	number     string
	text       string
	start, end int // columns of the terminal, from 0
	more       string
}

// cut takes the line where a place starts. ok is false when the file has no such line.
func cut(f *source.File, at inventory.Location) (s snippet, ok bool) {
	if f == nil || at.Line < 1 || at.Line > f.Lines() || f.Binary() {
		return snippet{}, false
	}
	line := f.Line(at.Line)
	from, to := at.Column-1, at.EndColumn-1
	if at.EndLine > at.Line {
		to = wordEnd(line, from)
		s.more = "up to line " + strconv.Itoa(at.EndLine)
	}
	s.number = strconv.Itoa(at.Line)
	line, skipped, rest := near(line, from)
	from, to = from-skipped, to-skipped
	shown := cells(line)
	first, last := window(shown, from)
	if i := commentAfter(line, to); i >= 0 && skipped == 0 && last-first < len(shown) {
		shown, rest = cells(line[:i]+"# ..."), false
		first, last = window(shown, from)
	}
	var text strings.Builder
	if first > 0 || skipped > 0 {
		text.WriteString("...")
	}
	column := text.Len()
	s.start, s.end = -1, column
	for _, c := range shown[first:last] {
		if c.at >= from && s.start < 0 {
			s.start = column
		}
		text.WriteString(c.text)
		column += c.width
		if c.at < to {
			s.end = column
		}
	}
	if s.start < 0 {
		s.start = column
	}
	s.end = max(s.end, s.start+1)
	if last < len(shown) || rest {
		text.WriteString("...")
	}
	s.text = strings.TrimRight(text.String(), " ")
	return s, true
}

// commentAfter is where a comment begins behind the code that ends at a byte offset; -1 when there is none. When a line does not fit,
// that is what it can do without.
func commentAfter(line string, to int) int {
	text := false
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case c == '\\':
			i++
		case c == '"':
			text = !text
		case c == '#' && !text && i >= max(to, 1) && (line[i-1] == ' ' || line[i-1] == '\t') && strings.TrimSpace(line[:i]) != "":
			return i
		}
	}
	return -1
}

// reach is how many bytes around a place are looked at: a line of a megabyte has a finding every few bytes.
const reach = 1024

// near is the part of a long line around a byte offset, what was skipped before it, and whether there is more.
func near(line string, from int) (part string, skipped int, rest bool) {
	if len(line) <= 4*reach {
		return line, 0, false
	}
	from = min(max(from, 0), len(line))
	lo, hi := max(from-reach, 0), min(from+2*reach, len(line))
	for lo > 0 && !utf8.RuneStart(line[lo]) {
		lo--
	}
	for hi < len(line) && !utf8.RuneStart(line[hi]) {
		hi++
	}
	return line[lo:hi], lo, hi < len(line)
}

// wordEnd is where the word at a byte offset ends: of a place that goes on below, its start is marked and not what happens
// to share its first line. A bracket is a word of its own.
func wordEnd(line string, from int) int {
	rest := line[min(from, len(line)):]
	if rest == "" || strings.ContainsRune("{[(", rune(rest[0])) {
		return from + 1
	}
	if end := strings.IndexAny(rest, " \t"); end >= 0 {
		return from + end
	}
	return len(line)
}

// window chooses which cells of a line are shown: all of them, or those around the byte offset from.
func window(line []cell, from int) (first, last int) {
	total, lead := 0, 0
	for _, c := range line {
		total += c.width
		if c.at < from {
			lead += c.width
		}
	}
	if total <= snippetWidth {
		return 0, len(line)
	}
	skip := 0
	if lead > snippetWidth-snippetLead {
		skip = min(lead-snippetLead, total-snippetWidth)
	}
	for first < len(line) && skip > 0 {
		skip -= line[first].width
		first++
	}
	last = first
	for used := 0; last < len(line) && used+line[last].width <= snippetWidth; last++ {
		used += line[last].width
	}
	return first, last
}

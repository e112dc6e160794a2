// Package unit reads unit files and drop-ins as systemd does, with the place of each setting, and merges the files of a unit. It knows
// lines, sections and where files stand; what a value means is for package systemd.
package unit

import (
	"strings"
	"unicode/utf8"

	"github.com/nixlint/nixlint/loader/source"
)

// File is a unit file or a drop-in, read.
type File struct {
	Source   *source.File
	Settings []Setting // in order
	// Refused means that systemd reads no further than what is in Settings. It then does not load the unit, but a drop-in counts as
	// far as it was read.
	Refused bool
	headers []source.Pos // where a section starts
}

// Setting is an assignment. Its value is the logical line: continuations joined, comments between them left out, and no blanks
// around it.
type Setting struct {
	Section, Name, Value string
	Span                 source.Span // from the name to the end of the value
}

// maxLine is how long a logical line may be, in bytes.
const maxLine = 1 << 20

const (
	blanks   = " \t\n\r"
	comments = "#;"
)

// Parse reads a file. Lines that systemd ignores are notices, what makes it refuse the unit is a failure.
func Parse(src *source.File) (*File, []source.Problem) {
	p := parser{src: src, file: &File{Source: src, Settings: make([]Setting, 0, strings.Count(src.Text, "\n"))}}
	p.run()
	return p.file, p.problems
}

type parser struct {
	src      *source.File
	file     *File
	problems []source.Problem
	at       int  // the start of the next line
	marked   bool // a byte order mark was seen: one counts as such, wherever a line starts with it

	section string // empty before the first header
	ignored bool   // the section is none that systemd reads
}

func (p *parser) run() {
	for p.at < len(p.src.Text) && !p.file.Refused {
		text, span, ok := p.logicalLine()
		switch {
		case !ok:
			p.refuse(span, "the line is longer than 1 MiB")
		default:
			p.line(text, span)
		}
	}
}

// logicalLine takes the next line with those that continue it. The span ends where its last line does.
func (p *parser) logicalLine() (text string, span source.Span, ok bool) {
	start, end := p.at, p.at
	var joined strings.Builder
	continuing := false
	for p.at < len(p.src.Text) {
		lineStart := p.at
		l := p.physicalLine()
		if trimmed := strings.TrimLeft(l, blanks); trimmed != "" && strings.IndexByte(comments, trimmed[0]) >= 0 {
			if !continuing {
				start, end = p.at, p.at
			}
			continue
		}
		end = lineStart + len(l)
		if rest, ok := strings.CutPrefix(l, "\ufeff"); ok && !p.marked {
			p.marked, l = true, rest
		}
		if joined.Len()+len(l) > maxLine {
			return "", p.span(start, end), false
		}
		cut, more := continued(l)
		if !more && !continuing {
			return l, p.span(end-len(l), end), true
		}
		joined.WriteString(cut)
		if !more {
			break
		}
		joined.WriteByte(' ')
		continuing = true
	}
	return joined.String(), p.span(start, end), true
}

// physicalLine takes the next line, without its end: \n, \r, NUL, or several different ones of them.
func (p *parser) physicalLine() string {
	text := p.src.Text
	start := p.at
	n := strings.IndexAny(text[start:], "\n\r\x00")
	if n < 0 {
		p.at = len(text)
		return text[start:]
	}
	end := start + n
	for p.at = end; p.at < len(text) && strings.IndexByte("\n\r\x00", text[p.at]) >= 0; p.at++ {
		if strings.IndexByte(text[end:p.at], text[p.at]) >= 0 || p.at > end && text[p.at-1] == 0 {
			break
		}
	}
	return text[start:end]
}

// continued reports whether a line ends in a backslash that is not itself escaped.
func continued(line string) (cut string, ok bool) {
	n := len(line) - len(strings.TrimRight(line, `\`))
	if n%2 == 0 {
		return line, false
	}
	return line[:len(line)-1], true
}

func (p *parser) line(text string, span source.Span) {
	text = strings.Trim(text, blanks)
	switch {
	case text == "":
	case !utf8.ValidString(text):
		p.refuse(span, "the line is not UTF-8")
	case text[0] == '[':
		p.header(text, span)
	case p.section == "" && !p.ignored:
		p.ignore(span, "the assignment stands before any section")
	case p.section == "":
	default:
		p.assignment(text, span)
	}
}

func (p *parser) header(text string, span source.Span) {
	if len(text) < 2 || text[len(text)-1] != ']' {
		p.refuse(span, "the section header has no closing bracket")
		return
	}
	p.file.headers = append(p.file.headers, span.Start)
	name := text[1 : len(text)-1]
	if strings.ContainsAny(name, "\"'\\") || strings.ContainsFunc(name, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		p.refuse(span, "the name of the section has quotes, a backslash or a control character")
		return
	}
	p.section, p.ignored = name, false
	if !known(name) {
		p.section, p.ignored = "", true
		if !strings.HasPrefix(name, "X-") {
			p.ignore(span, "systemd knows no section "+name+" in unit files")
		}
	}
}

// known reports whether unit files have this section.
func known(section string) bool {
	switch section {
	case "Unit", "Install", "Service", "Socket", "Timer", "Path", "Mount", "Automount", "Swap", "Slice", "Scope":
		return true
	}
	return false
}

func (p *parser) assignment(text string, span source.Span) {
	name, value, ok := strings.Cut(text, "=")
	name, value = strings.Trim(name, blanks), strings.Trim(value, blanks)
	switch {
	case !ok:
		p.ignore(span, "the line has no equals sign")
	case name == "":
		p.ignore(span, "there is no name before the equals sign")
	default:
		p.file.Settings = append(p.file.Settings, Setting{Section: p.section, Name: name, Value: value, Span: span})
	}
}

// span is what stands between two offsets, without blanks around it.
func (p *parser) span(start, end int) source.Span {
	text := p.src.Text[start:end]
	start += len(text) - len(strings.TrimLeft(text, blanks))
	end -= len(text) - len(strings.TrimRight(text, blanks))
	return p.src.Span(source.Pos(start), source.Pos(max(start, end))) //nolint:gosec // source.MaxFile
}

func (p *parser) ignore(span source.Span, why string) {
	p.problems = append(p.problems, source.Problem{Severity: source.Notice, Span: span, Message: "systemd ignores this: " + why})
}

func (p *parser) refuse(span source.Span, why string) {
	p.file.Refused = true
	p.problems = append(p.problems, source.Problem{Severity: source.Failure, Span: span, Message: "systemd reads no further: " + why})
}

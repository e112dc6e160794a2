// Package source knows files, positions in them, and what is said about them: spans, problems and edits, and the tree
// that nothing can be read outside of. It is a leaf: it does not know Nix, units or policies.
package source

import (
	"sort"
	"sync"
	"unicode/utf8"
)

// Pos is a byte offset in a file, from 0.
type Pos int32

// File is one file as it was read: its path relative to the root with forward slashes, and its bytes.
type File struct {
	Path string
	Text string
	// Internal marks a file that is part of nixlint: its places are never shown.
	Internal bool

	once  sync.Once
	lines []Pos // offset at which each line starts
}

// NewFile returns a file of the given name and content.
func NewFile(path, text string) *File { return &File{Path: path, Text: text} }

// Span returns the span of bytes start to end of the file.
func (f *File) Span(start, end Pos) Span { return Span{File: f, Start: start, End: end} }

// Position turns an offset into a line and a column, both from 1, the column in bytes. Offsets outside the file
// are moved to its nearest end.
func (f *File) Position(p Pos) Position {
	starts := f.lineStarts()
	p = min(max(p, 0), Pos(len(f.Text)))
	i := sort.Search(len(starts), func(i int) bool { return starts[i] > p }) - 1
	return Position{Line: i + 1, Column: int(p-starts[i]) + 1}
}

// Offset is the inverse of Position. A place past the end of a line is the end of that line.
func (f *File) Offset(line, column int) Pos {
	starts := f.lineStarts()
	if line < 1 {
		return 0
	}
	if line > len(starts) {
		return Pos(len(f.Text))
	}
	end := Pos(len(f.Text))
	if line < len(starts) {
		end = starts[line] - 1
	}
	return min(starts[line-1]+Pos(max(column, 1)-1), end)
}

// Line returns the text of a line, from 1, without its line end. It is empty for a line that does not exist.
func (f *File) Line(n int) string {
	starts := f.lineStarts()
	if n < 1 || n > len(starts) {
		return ""
	}
	end := len(f.Text)
	if n < len(starts) {
		end = int(starts[n]) - 1
	}
	line := f.Text[starts[n-1]:end]
	if len(line) > 0 && line[len(line)-1] == '\r' {
		line = line[:len(line)-1]
	}
	return line
}

// Lines is how many lines the file has; a trailing line end does not start another.
func (f *File) Lines() int {
	n := len(f.lineStarts())
	if n > 1 && int(f.lines[n-1]) == len(f.Text) {
		n--
	}
	return n
}

// Binary reports whether the file is no text: it holds a NUL byte or is not UTF-8 in its first 8,000 bytes. Ciphertext
// (git-crypt starts with a NUL) is binary.
func (f *File) Binary() bool {
	head := f.Text[:min(len(f.Text), 8000)]
	bad := 0
	for i := 0; i < len(head); {
		r, n := utf8.DecodeRuneInString(head[i:])
		if head[i] == 0 {
			return true
		}
		if r == utf8.RuneError && n == 1 && len(head)-i >= utf8.UTFMax {
			bad++
		}
		i += n
	}
	return bad > len(head)/10
}

func (f *File) lineStarts() []Pos {
	f.once.Do(func() {
		f.lines = append(f.lines, 0)
		for i := range len(f.Text) {
			if f.Text[i] == '\n' {
				f.lines = append(f.lines, Pos(i+1))
			}
		}
	})
	return f.lines
}

// Position is a line and a column, from 1; the column counts bytes.
type Position struct{ Line, Column int }

// Span is a piece of a file: the bytes from Start up to, not including, End. The zero Span is no place.
type Span struct {
	File       *File
	Start, End Pos
}

// Valid reports whether the span is a place in a file.
func (s Span) Valid() bool { return s.File != nil }

// Text is what stands at the span.
func (s Span) Text() string {
	if s.File == nil || s.Start < 0 || int(s.End) > len(s.File.Text) || s.Start > s.End {
		return ""
	}
	return s.File.Text[s.Start:s.End]
}

// Contains reports whether o lies inside s; a span contains itself.
func (s Span) Contains(o Span) bool {
	return s.File == o.File && s.Start <= o.Start && o.End <= s.End
}

// String is "path:line:column", the place where the span starts.
func (s Span) String() string {
	if s.File == nil {
		return "-"
	}
	p := s.File.Position(s.Start)
	return s.File.Path + ":" + itoa(p.Line) + ":" + itoa(p.Column)
}

// Edit replaces what stands at a span.
type Edit struct {
	Span Span
	New  string
}

package unit

import (
	"strings"

	"github.com/nixlint/nixlint/loader/inventory"
	"github.com/nixlint/nixlint/loader/source"
)

// Directives are the comments of the file that are addressed to nixlint, "# nixlint: ignore RULE -- reason", and what they cover: the
// assignment below, or the one whose continuation they stand in; the section whose header is below; the whole file when they stand before
// all of that.
func (f *File) Directives() []inventory.Directive {
	return directives(f.Source, func(at source.Pos) source.Span {
		for _, s := range f.Settings {
			if s.Span.End > at {
				if h := f.headerAfter(at); h >= 0 && f.headers[h] < s.Span.Start {
					break
				}
				return s.Span
			}
		}
		h := f.headerAfter(at)
		switch {
		case h < 0:
			return source.Span{}
		case h == 0:
			return f.Source.Span(0, f.end())
		case h+1 < len(f.headers):
			return f.Source.Span(f.headers[h], f.headers[h+1]-1)
		}
		return f.Source.Span(f.headers[h], f.end())
	})
}

// headerAfter is the first section header behind a place, or -1.
func (f *File) headerAfter(at source.Pos) int {
	for i, h := range f.headers {
		if h >= at {
			return i
		}
	}
	return -1
}

func (f *File) end() source.Pos { return source.Pos(len(f.Source.Text)) } //nolint:gosec // source.MaxFile

// directives finds the comments of a file of lines; covers says what one that ends at a place is about, the zero span when nothing
// follows.
func directives(f *source.File, covers func(at source.Pos) source.Span) []inventory.Directive {
	if !strings.Contains(f.Text, "nixlint:") {
		return nil
	}
	var out []inventory.Directive
	for n := 1; n <= f.Lines(); n++ {
		line := f.Line(n)
		comment := strings.TrimLeft(line, blanks)
		if comment == "" || strings.IndexByte(comments, comment[0]) < 0 {
			continue
		}
		text, ok := strings.CutPrefix(strings.TrimLeft(comment, comments+blanks), "nixlint:")
		if !ok {
			continue
		}
		start, end := f.Offset(n, len(line)-len(comment)+1), f.Offset(n, len(line)+1)
		at := f.Span(start, end)
		covered := covers(end)
		if !covered.Valid() {
			covered = at
		}
		out = append(out, inventory.Directive{Text: strings.TrimSpace(text), At: *inventory.At(at), Covers: *inventory.At(covered)})
	}
	return out
}

package nixos

import (
	"strings"

	"github.com/nixlint/nixlint/loader/inventory"
	"github.com/nixlint/nixlint/loader/source"
	"github.com/nixlint/nixlint/loader/syntax"
)

// directives are the comments of a file that are addressed to nixlint, with what they cover: their line when code stands
// before them, else the next binding or list element as a whole, else the next line.
func directives(f *syntax.File) []inventory.Directive {
	var out []inventory.Directive
	for _, c := range f.Comments {
		text := strings.TrimLeft(f.Source.Text[c.Start():c.End()], "#/* \t")
		text, ok := strings.CutPrefix(strings.TrimSpace(strings.TrimSuffix(text, "*/")), "nixlint:")
		if !ok {
			continue
		}
		at := f.Source.Span(c.Start(), c.End())
		out = append(out, inventory.Directive{Text: strings.TrimSpace(text), At: *inventory.At(at), Covers: covers(f, c)})
	}
	return out
}

func covers(f *syntax.File, c syntax.Comment) inventory.Location {
	pos := f.Source.Position(c.Start())
	if line := f.Source.Line(pos.Line); strings.TrimSpace(line[:pos.Column-1]) != "" {
		return wholeLine(f.Source, pos.Line)
	}
	next := afterComments(f, c)
	if n := nodeAt(f, next); n != nil {
		return *inventory.At(f.Span(n))
	}
	return wholeLine(f.Source, f.Source.Position(next).Line)
}

func wholeLine(f *source.File, line int) inventory.Location {
	return inventory.Location{File: f.Path, Line: line, Column: 1, EndLine: line, EndColumn: len(f.Line(line)) + 1}
}

// afterComments is where the code after a comment starts.
func afterComments(f *syntax.File, c syntax.Comment) source.Pos {
	text := f.Source.Text
	end := c.End()
	for {
		for int(end) < len(text) && strings.IndexByte(" \t\r\n", text[end]) >= 0 {
			end++
		}
		moved := false
		for _, o := range f.Comments {
			if o.Start() == end && o.End() > end {
				end, moved = o.End(), true
			}
		}
		if !moved {
			return end
		}
	}
}

// nodeAt is the outermost binding or list element that starts at a position.
func nodeAt(f *syntax.File, at source.Pos) syntax.Node {
	var out syntax.Node
	syntax.Walk(f.Root, func(n syntax.Node) bool {
		if out != nil || n.End() <= at || n.Start() > at {
			return false
		}
		if _, binding := n.(syntax.Binding); binding && n.Start() == at {
			out = n
			return false
		}
		if list, ok := n.(*syntax.List); ok {
			for _, el := range list.Elems {
				if el.Start() == at {
					out = el
					return false
				}
			}
		}
		return true
	})
	return out
}

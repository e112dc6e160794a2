package inventory

import "github.com/nixlint/nixlint/loader/source"

// Outside reports whether a place is in a source outside of the root, one of Inventory.Inputs.
func (l *Location) Outside() bool {
	mount, _ := source.SplitMount(l.File)
	return mount != ""
}

// At turns a span into a location; nil for no place of the user's.
func At(s source.Span) *Location {
	if !s.Valid() || s.File.Internal {
		return nil
	}
	from, to := s.File.Position(s.Start), s.File.Position(s.End)
	return &Location{File: s.File.Path, Line: from.Line, Column: from.Column, EndLine: to.Line, EndColumn: to.Column}
}

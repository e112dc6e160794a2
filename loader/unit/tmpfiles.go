package unit

import (
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/nixlint/nixlint/loader/inventory"
	"github.com/nixlint/nixlint/loader/source"
)

// ParseTmpfiles reads a file of tmpfiles.d(5): a rule a line, blank lines and comments left out. What a rule means is for package
// systemd; a line that is no text is a failure.
func ParseTmpfiles(src *source.File) ([]inventory.TmpfilesRule, []inventory.Directive, []source.Problem) {
	var rules []inventory.TmpfilesRule
	var problems []source.Problem
	name := path.Base(src.Path)
	for n := 1; n <= src.Lines(); n++ {
		line := src.Line(n)
		text := strings.Trim(line, blanks)
		if text == "" || text[0] == '#' {
			continue
		}
		start := src.Offset(n, strings.Index(line, text)+1)
		span := src.Span(start, start+source.Pos(len(text))) //nolint:gosec // source.MaxFile
		if !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
			problems = append(problems, source.Problem{Severity: source.Failure, Span: span, Message: "systemd-tmpfiles cannot read this: the line is no text"})
			continue
		}
		rules = append(rules, inventory.TmpfilesRule{File: name, Line: inventory.Setting{
			Alternatives: []inventory.Alternative{{Value: text, Known: true, At: inventory.At(span)}},
		}})
	}
	said := directives(src, func(at source.Pos) source.Span {
		for n := src.Position(at).Line + 1; n <= src.Lines(); n++ {
			if text := strings.Trim(src.Line(n), blanks); text != "" && text[0] != '#' {
				return src.Span(src.Offset(n, 1), src.Offset(n, len(src.Line(n))+1))
			}
		}
		return source.Span{}
	})
	return rules, said, problems
}

// tmpfiles reads the files of the folders in the order of their names, those of the first folder winning; one that leads to the null
// device, or is empty, masks those of its name.
func (l *loader) tmpfiles(dirs, only []string) ([]inventory.TmpfilesRule, []inventory.File) {
	var all []dropin
	seen := map[string]bool{}
	for _, dir := range dirs {
		real, entries := l.entries(dir)
		for _, e := range entries {
			if name := e.Name(); strings.HasSuffix(name, ".conf") && !seen[name] && !e.IsDir() && (only == nil || slices.Contains(only, name)) {
				if file, masked, ok := l.follow(path.Join(real, name), e); ok {
					seen[name] = true
					all = append(all, dropin{name, file, masked})
				}
			}
		}
	}
	slices.SortFunc(all, func(a, b dropin) int { return strings.Compare(a.name, b.name) })
	rules, files := []inventory.TmpfilesRule{}, []inventory.File{}
	for _, f := range all {
		if f.masked {
			continue
		}
		src, err := l.tree.File(f.file)
		if err != nil {
			l.cannot(f.file, err)
			continue
		}
		lines, said, problems := ParseTmpfiles(src)
		for i := range lines {
			lines[i].File = f.name
		}
		rules, files = append(rules, lines...), append(files, inventory.File{Path: src.Path, Directives: said})
		l.problems = append(l.problems, problems...)
	}
	return rules, files
}

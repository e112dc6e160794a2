package nixos

import (
	"regexp"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/loader/inventory"
	"github.com/nixlint/nixlint/loader/source"
	"github.com/nixlint/nixlint/loader/syntax"
)

// commentedUnit is the start of a unit in commented-out code, with what it is.
var commentedUnit = regexp.MustCompile(`^\s*systemd\.(user\.)?(services|timers|sockets|paths)\.(?:"([^"$]+)"|([A-Za-z_][\w'-]*))[\w.]*\s*=`)

// commented are the units in the commented-out code of a file: bindings that parse once their comment marks are taken off.
func commented(f *syntax.File) []inventory.Unit {
	var out []inventory.Unit
	for _, run := range commentRuns(f) {
		for i := 0; i < len(run); i++ {
			m := commentedUnit.FindStringSubmatch(run[i].text)
			if m == nil {
				continue
			}
			n := bindingLines(run[i:])
			if n == 0 {
				continue
			}
			out = append(out, commentedOf(f, m, run[i], run[i+n-1]))
			i += n - 1
		}
	}
	return out
}

func commentedOf(f *syntax.File, m []string, first, last commentLine) inventory.Unit {
	scope := inventory.System
	if m[1] != "" {
		scope = inventory.User
	}
	suffix := ""
	for _, k := range unitKinds {
		if k.option == m[2] {
			suffix = k.suffix
		}
	}
	return inventory.Unit{
		Name: m[3] + m[4] + "." + suffix, Kind: suffix, Scope: scope, Status: inventory.Commented, Completeness: inventory.Partial,
		Definitions: []inventory.Location{*inventory.At(f.Source.Span(first.start, last.end))},
		Sections:    map[string]map[string][]inventory.Setting{},
	}
}

// commentLine is a line of a comment without its mark.
type commentLine struct {
	text       string
	start, end source.Pos
}

// commentRuns are comments on lines of their own that follow each other.
func commentRuns(f *syntax.File) [][]commentLine {
	var out [][]commentLine
	next := -1
	for _, c := range f.Comments {
		pos := f.Source.Position(c.Start())
		if strings.TrimSpace(f.Source.Line(pos.Line)[:pos.Column-1]) != "" {
			continue
		}
		lines := commentLines(f.Source, c)
		if pos.Line != next {
			out = append(out, nil)
		}
		last := len(out) - 1
		out[last] = append(out[last], lines...)
		next = pos.Line + len(lines)
	}
	return out
}

func commentLines(src *source.File, c syntax.Comment) []commentLine {
	text := src.Text[c.Start():c.End()]
	if after, ok := strings.CutPrefix(text, "#"); ok {
		return []commentLine{{after, c.Start(), c.End()}}
	}
	text = strings.TrimSuffix(strings.Replace(text, "/*", "  ", 1), "*/")
	var out []commentLine
	at := c.Start()
	for line := range strings.SplitSeq(text, "\n") {
		end := min(at+source.Pos(len(line)), c.End()) //nolint:gosec // files are at most source.MaxFile long
		out = append(out, commentLine{line, at, end})
		at = end + 1
	}
	return out
}

// maxCommented bounds how many lines one commented-out unit may have.
const maxCommented = 400

// bindingLines is how many lines the binding takes that starts at the first one; 0 when they are no Nix.
func bindingLines(lines []commentLine) int {
	var b strings.Builder
	for i, line := range lines[:min(len(lines), maxCommented)] {
		b.WriteString(line.text + "\n")
		if !strings.Contains(line.text, ";") {
			continue
		}
		f := syntax.Parse(source.NewFile("comment", "{\n"+b.String()+"\n}"))
		if !slices.ContainsFunc(f.Problems, func(p source.Problem) bool { return p.Severity == source.Failure }) {
			return i + 1
		}
	}
	return 0
}

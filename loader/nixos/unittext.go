package nixos

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/nixlint/nixlint/loader/eval"
	"github.com/nixlint/nixlint/loader/inventory"
	"github.com/nixlint/nixlint/loader/source"
)

// raw reads the text of a unit file or a drop-in, of which several definitions are one text: lines, sections and comments are those of
// systemd.syntax(7). What systemd ignores is a notice.
func (b *unitBuilder) raw(defs []def) {
	r := rawReader{b: b}
	for _, d := range defs {
		switch v := d.val.(type) {
		case *eval.String:
			r.text(d, v)
		case *eval.Choice:
			r.choice(d, v)
		case *eval.Unknown:
			b.opened("the text of the unit is not known: " + v.Why)
		default:
			b.opened("the text of the unit is not known: it is " + eval.TypeName(d.val))
		}
	}
}

// rawReader is in a section of a text.
type rawReader struct {
	b       *unitBuilder
	section string // empty before the first header
	ignored bool   // the section is none that systemd reads
	refused bool   // systemd reads no further
}

// choice reads a text that is one of several. What all of them assign is no matter of which it is.
func (r *rawReader) choice(d def, c *eval.Choice) {
	outer := r.b.unit.Sections
	var arms []arm
	before := *r
	for _, alt := range c.Alts {
		text, isText := alt.Val.(*eval.String)
		when, possible := d.when.And(alt.When)
		if possible {
			when, possible = without(when, r.b.guards)
		}
		switch {
		case !possible:
			continue
		case !isText:
			r.b.opened("the text of the unit is not decided")
			continue
		}
		r.b.unit.Sections = map[string]map[string][]inventory.Setting{}
		e := d
		e.when = nil
		*r = before
		r.text(e, text)
		arms = append(arms, arm{r.b.undecided(when), r.b.unit.Sections})
	}
	r.b.unit.Sections = outer
	names := map[[2]string]int{} // by section and directive, how often it is assigned at most
	for _, a := range arms {
		for section, directives := range a.sections {
			for name, list := range directives {
				at := [2]string{section, name}
				names[at] = max(names[at], len(list))
			}
		}
	}
	for at, n := range names {
		for i := range n {
			r.b.add(at[0], at[1], oneOf(arms, at, i))
		}
	}
}

// arm is what is assigned under conditions.
type arm struct {
	when     []inventory.Condition
	sections map[string]map[string][]inventory.Setting
}

// oneOf is an assignment by its place among those of its directive.
func oneOf(arms []arm, at [2]string, i int) inventory.Setting {
	var out inventory.Setting
	for _, a := range arms {
		list := a.sections[at[0]][at[1]]
		if i >= len(list) {
			out.Alternatives = append(out.Alternatives, inventory.Alternative{Absent: true, Known: true, Conditions: a.when})
			continue
		}
		for _, alt := range list[i].Alternatives {
			alt.Conditions = append(slices.Clip(a.when), alt.Conditions...)
			out.Alternatives = append(out.Alternatives, alt)
		}
	}
	return bounded(same(out))
}

func (r *rawReader) text(d def, text *eval.String) {
	for off := 0; off < len(text.S) && !r.refused; {
		var line *eval.String
		line, off = logicalLine(text, off)
		if line != nil {
			r.line(d, line)
		}
	}
}

// logicalLine takes the line at an offset with those that continue it, comments between them left out; nil for a comment or an empty
// one.
func logicalLine(text *eval.String, off int) (line *eval.String, next int) {
	var parts []*eval.String
	for off < len(text.S) {
		end := len(text.S)
		if n := strings.IndexAny(text.S[off:], ends); n >= 0 {
			end = off + n
		}
		next = lineEnd(text.S, end)
		physical := text.S[off:end]
		start := off
		off = next
		if t := strings.TrimSpace(physical); t != "" && (t[0] == '#' || t[0] == ';') {
			if parts == nil {
				return nil, next
			}
			continue
		}
		if slashes := len(physical) - len(strings.TrimRight(physical, `\`)); slashes%2 == 0 {
			parts = append(parts, text.Slice(start, end))
			break
		}
		parts = append(parts, text.Slice(start, end-1), eval.Str(" "))
	}
	if len(parts) == 0 {
		return nil, next
	}
	line = parts[0]
	if len(parts) > 1 {
		line = eval.Concat(parts...)
	}
	from := len(line.S) - len(strings.TrimLeft(line.S, " \t\r"))
	to := len(strings.TrimRight(line.S, " \t\r"))
	if from >= to {
		return nil, next
	}
	return line.Slice(from, to), next
}

// ends are what ends a line: one of them, or several different ones.
const ends = "\n\r\x00"

// lineEnd is where the next line starts behind one that ends at an offset.
func lineEnd(text string, end int) int {
	at := end
	for at < len(text) && strings.IndexByte(ends, text[at]) >= 0 {
		if strings.IndexByte(text[end:at], text[at]) >= 0 || at > end && text[at-1] == 0 {
			break
		}
		at++
	}
	return at
}

// sections are those of unit files (systemd.unit(5) and the pages of each kind).
var sections = []string{"Unit", "Install", "Service", "Socket", "Timer", "Path", "Mount", "Automount", "Swap", "Slice", "Scope"}

func (r *rawReader) line(d def, line *eval.String) {
	equals := -1
	for i := range len(line.S) {
		if line.S[i] == '=' && !inHole(line, i) {
			equals = i
			break
		}
	}
	head := line
	if equals >= 0 && line.S[0] != '[' {
		head = line.Slice(0, equals)
	}
	switch {
	case !utf8.ValidString(line.S):
		r.refuse(line, "the line is not UTF-8")
	case !head.Known():
		r.b.opened("a line of the unit's text is not known: " + head.Holes[0].Why.Why)
	case line.S[0] == '[' && line.S[len(line.S)-1] == ']':
		r.header(line)
	case line.S[0] == '[':
		r.refuse(line, "the section header has no closing bracket")
	case r.section == "" && !r.ignored:
		r.ignores(line, "the assignment stands before any section")
	case r.section == "":
	case equals < 0:
		r.ignores(line, "the line has no equals sign")
	case strings.TrimSpace(head.S) == "":
		r.ignores(line, "there is no name before the equals sign")
	default:
		r.assign(d, strings.TrimSpace(head.S), line, equals+1)
	}
}

func (r *rawReader) header(line *eval.String) {
	r.section, r.ignored = line.S[1:len(line.S)-1], false
	if strings.ContainsAny(r.section, "\"'\\") || strings.ContainsFunc(r.section, func(c rune) bool { return c < ' ' || c == 0x7f }) {
		r.refuse(line, "the name of the section has quotes, a backslash or a control character")
		return
	}
	if !slices.Contains(sections, r.section) {
		if !strings.HasPrefix(r.section, "X-") {
			r.ignores(line, "systemd knows no section "+r.section+" in unit files")
		}
		r.section, r.ignored = "", true
	}
}

func (r *rawReader) assign(d def, name string, line *eval.String, at int) {
	for at < len(line.S) && (line.S[at] == ' ' || line.S[at] == '\t') {
		at++
	}
	d.val, d.expr = line.Slice(at, len(line.S)), line.Span()
	if inTree(d.expr) && len(d.trail) > 0 && d.trail[len(d.trail)-1].File != d.expr.File {
		d.trail, d.base = nil, 0 // it stands in a file of its own
	}
	r.b.add(r.section, name, r.b.settings([]def{d}, nil, name)...)
	r.b.ran(name, []def{d})
}

func (r *rawReader) refuse(line *eval.String, why string) {
	r.refused = true
	r.b.s.problem(r.at(line), "systemd reads no further: %s", why)
}

func (r *rawReader) ignores(line *eval.String, why string) {
	r.b.s.r.notice(r.at(line), "systemd ignores this: %s", why)
}

func (*rawReader) at(line *eval.String) source.Span {
	if at := line.Span(); inTree(at) {
		return at
	}
	return source.Span{}
}

// inside are settled definitions inside of what exists only under the unit's guards.
func (b *unitBuilder) inside(defs []def) []def {
	var out []def
	for _, d := range defs {
		if when, possible := without(d.when, b.guards); possible {
			d.when, d.conds = when, nil
			out = append(out, d)
		}
	}
	return out
}

// textUnit is the builder of a unit whose text is given.
func (s *system) textUnit(scope, name string) *unitBuilder {
	_, suffix, _ := cutKind(name)
	b := &unitBuilder{s: s, kind: unitKind{option: "units", suffix: suffix}, name: name, made: map[string][]def{}}
	b.unit = inventory.Unit{
		Name: name, Kind: suffix, Scope: scope, Status: inventory.Active, Completeness: inventory.Own,
		Sections: map[string]map[string][]inventory.Setting{}, Scripts: map[string]inventory.Setting{},
	}
	return b
}

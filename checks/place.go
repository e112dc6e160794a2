package checks

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/nixlint/nixlint/loader/inventory"
)

// place is where a judgement stands, what explains it, and the value that was judged.
type place struct {
	at    *inventory.Location
	notes []Note
	value string
}

// locate finds the place of a judgement: that of the value its path names, for an absence the unit's definition. Where the base of
// an override had a part in it, a note says as of what.
func locate(host *inventory.Host, unit *inventory.Unit, j Judgement) place {
	p := placeOfJudgement(host, unit, j)
	if unit != nil && leansOnBase(unit, j.Path) {
		p.notes = append(p.notes, Note{Message: "judged on its base as of " + unit.Base})
	}
	return p
}

// leansOnBase reports that what a path names is said, or left unsaid, by the base of an override.
func leansOnBase(unit *inventory.Unit, path []any) bool {
	if unit.Base == "" || len(path) < 2 || path[0] != "sections" {
		return false
	}
	section, _ := path[1].(string)
	if len(path) < 3 {
		return true
	}
	name, _ := path[2].(string)
	return len(unit.BaseSections[section][name]) > 0 || len(unit.Sections[section][name]) == 0 && slices.Contains(unit.BaseClosed, section)
}

func placeOfJudgement(host *inventory.Host, unit *inventory.Unit, j Judgement) place {
	if j.At != nil {
		return place{at: j.At, notes: []Note{}, value: j.Match}
	}
	if s := settingOf(host, unit, j); s != nil {
		if p := placeOf(s, j.Match); p.at != nil {
			if at := ancestor(host, unit); p.at.Outside() && at != nil && !at.Outside() {
				p.notes = append(p.notes, Note{Message: "the value stands here", At: p.at})
				p.at = at // what can be changed is what the repository adds
			}
			return p
		}
	}
	if unit == nil && host != nil && len(j.Path) > 1 && j.Path[0] == "facts" {
		if f, _ := factOf(&host.Facts, j.Path[1:]); f != nil && f.At != nil {
			return place{at: f.At, notes: []Note{}}
		}
	}
	return place{at: ancestor(host, unit), notes: []Note{}}
}

func ancestor(host *inventory.Host, unit *inventory.Unit) *inventory.Location {
	if unit != nil {
		return definitionOf(unit)
	}
	if host != nil {
		return host.At
	}
	return nil
}

// definitionOf is where a unit is defined: of several places the one that says what it runs, else the first.
func definitionOf(unit *inventory.Unit) *inventory.Location {
	if len(unit.Definitions) == 0 {
		return nil
	}
	if runs := commandOf(unit); runs != nil {
		for i := range unit.Definitions {
			if d := &unit.Definitions[i]; !d.Outside() && d.File == runs.File && d.Line <= runs.Line && runs.Line <= d.EndLine {
				return d
			}
		}
	}
	for i := range unit.Definitions {
		if !unit.Definitions[i].Outside() {
			return &unit.Definitions[i]
		}
	}
	return &unit.Definitions[0]
}

// commandOf is the place of what a service runs; nil when it is not known or made from a script.
func commandOf(unit *inventory.Unit) *inventory.Location {
	commands := unit.Sections["Service"]["ExecStart"]
	if len(commands) == 0 {
		return nil
	}
	return placeOf(&commands[len(commands)-1], "").at
}

// settingOf is the setting that a path names; nil for an absence.
func settingOf(host *inventory.Host, unit *inventory.Unit, j Judgement) *inventory.Setting {
	switch {
	case host == nil:
		return nil
	case j.Line >= 0 && j.Line < len(host.Tmpfiles):
		return &host.Tmpfiles[j.Line].Line
	case unit != nil:
		return settingOfUnit(unit, j.Path)
	case len(j.Path) > 1 && j.Path[0] == "facts":
		return settingOfFacts(&host.Facts, j.Path[1:])
	case len(j.Path) == 2 && j.Path[0] == "settings":
		for i := range host.Settings {
			if host.Settings[i].Path == j.Path[1] {
				return &host.Settings[i].Setting
			}
		}
	}
	return nil
}

// factOf is the fact that a path names, such as accounts, 3 or openssh, and the rest of the path; nil for none.
func factOf(facts *inventory.Facts, path []any) (*inventory.Fact, []any) {
	kind, _ := path[0].(string)
	if f := facts.Singles()[kind]; f != nil {
		return f, path[1:]
	}
	all := facts.Kinds()[kind]
	if len(path) < 2 {
		return nil, nil
	}
	if i, ok := path[1].(int); ok && i >= 0 && i < len(all) {
		return &all[i], path[2:]
	}
	return nil, nil
}

// settingOfFacts is the setting that a path names: of a field, with or without "fields" before it, the first or the one of an index.
func settingOfFacts(facts *inventory.Facts, path []any) *inventory.Setting {
	if len(path) == 2 && path[0] == "packages" {
		return nth(facts.Packages, path[1:])
	}
	f, rest := factOf(facts, path)
	if f == nil {
		return nil
	}
	if len(rest) > 0 && rest[0] == "fields" {
		rest = rest[1:]
	}
	if len(rest) == 0 {
		return nil
	}
	option, _ := rest[0].(string)
	return nth(f.Fields[option], rest[1:])
}

// nth is the setting of the index that a path begins with, the first for none.
func nth(settings []inventory.Setting, path []any) *inventory.Setting {
	i := 0
	if len(path) > 0 {
		i, _ = path[0].(int)
	}
	if i < 0 || i >= len(settings) {
		return nil
	}
	return &settings[i]
}

func settingOfUnit(unit *inventory.Unit, path []any) *inventory.Setting {
	if len(path) < 2 {
		return nil
	}
	switch path[0] {
	case "sections":
		section, _ := path[1].(string)
		if len(path) < 3 {
			return nil
		}
		name, _ := path[2].(string)
		settings := unit.Sections[section][name]
		i := len(settings) - 1
		if len(path) > 3 {
			i, _ = path[3].(int)
		}
		if i >= 0 && i < len(settings) {
			return &settings[i]
		}
	case "scripts":
		name, _ := path[1].(string)
		if s, ok := unit.Scripts[name]; ok {
			return &s
		}
	case "links":
		if i, ok := path[1].(int); ok && i < len(unit.Links) {
			return &unit.Links[i].Target
		}
	}
	return nil
}

// placeOf is the place of the alternative that holds what is meant, or else of the first that stands somewhere.
func placeOf(s *inventory.Setting, match string) place {
	best := -1
	for i := range s.Alternatives {
		a := &s.Alternatives[i]
		if a.Absent || a.Place() == nil {
			continue
		}
		if best < 0 {
			best = i
		}
		if match != "" && strings.Contains(a.Value, match) {
			best = i
			break
		}
	}
	if best < 0 {
		return place{}
	}
	a := &s.Alternatives[best]
	p := place{at: a.Place(), notes: []Note{}, value: a.Value}
	line := lineOf(a, match)
	switch {
	case line == nil:
	case len(a.Via) == 0:
		p.at = line
	default:
		p.notes = append(p.notes, Note{Message: "it stands here", At: line})
	}
	if match != "" {
		p.value = match
	}
	p.explain(s, a, line != nil)
	return p
}

// explain adds the other places of a value: what it came through, what it depends on and what it overrides.
func (p *place) explain(s *inventory.Setting, a *inventory.Alternative, lined bool) {
	for i := 1; i < len(a.Via); i++ {
		p.notes = append(p.notes, Note{Message: "it comes through here", At: &a.Via[i]})
	}
	if len(a.Via) > 0 && a.At != nil && !lined && *a.At != *p.at {
		p.notes = append(p.notes, Note{Message: "the value stands here", At: a.At})
	}
	for i := range a.Conditions {
		if c := &a.Conditions[i]; c.Verdict == "unknown" {
			p.notes = append(p.notes, Note{Message: "only if " + c.Text, At: c.At})
		}
	}
	for i := range s.Overrides {
		o := &s.Overrides[i]
		p.notes = append(p.notes, Note{Message: fmt.Sprintf("it overrides %s (priority %d)", oneLine(o.Value), o.Priority), At: o.Place()})
	}
}

// lineOf is the place of the line of a text that holds the match, narrowed to it where the line stands as it is.
func lineOf(a *inventory.Alternative, match string) *inventory.Location {
	if match == "" || len(a.Lines) == 0 {
		return nil
	}
	for i, text := range strings.Split(a.Value, "\n") {
		column := strings.Index(text, match)
		if column < 0 || i >= len(a.Lines) || a.Lines[i].File == "" {
			continue
		}
		at := a.Lines[i]
		if at.Line == at.EndLine && at.EndColumn-at.Column == len(text) {
			at.Column += column
			at.EndColumn = at.Column + len(match)
		}
		return &at
	}
	return nil
}

func oneLine(text string) string {
	first, _, more := strings.Cut(text, "\n")
	if more {
		return first + " …"
	}
	return first
}

// pathText writes a path for people: Service.DeviceAllow[1], scripts.start, links[0].
func pathText(path []any) string {
	var b strings.Builder
	for i, step := range path {
		switch v := step.(type) {
		case int:
			b.WriteString("[" + strconv.Itoa(v) + "]")
		case string:
			if i == 0 && v == "sections" {
				continue
			}
			if b.Len() > 0 {
				b.WriteByte('.')
			}
			b.WriteString(v)
		}
	}
	return b.String()
}

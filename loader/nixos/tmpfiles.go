package nixos

import (
	"strings"

	"github.com/nixlint/nixlint/loader/eval"
	"github.com/nixlint/nixlint/loader/inventory"
)

// tmpfiles adds systemd.tmpfiles.rules (00-nixos.conf) and systemd.tmpfiles.settings (a file a name) to the host.
func (s *system) tmpfiles(n *node) {
	s.openSet(n)
	b := &unitBuilder{s: s, name: "tmpfiles", kind: unitKind{option: "tmpfiles"}}
	won, lost := s.settle(n.child("rules").defs())
	for i := range won {
		won[i].base = len(won[i].trail)
	}
	s.ruleLines(b, "00-nixos.conf", won, lost)
	settings := n.child("settings")
	for _, file := range s.defined(settings) {
		s.tmpfilesFile(b, file, settings.child(file))
	}
}

// ruleLines adds lines, with what is undecided about one as guards of it: in the loose view those are assumed.
func (s *system) ruleLines(b *unitBuilder, file string, won, lost []def) {
	for _, d := range won {
		guards := s.conditions(d, "")
		inner := d
		if s.loose {
			inner.when = nil
		}
		for _, line := range b.elements([]def{inner}, lost) {
			lost = nil
			s.host.Tmpfiles = append(s.host.Tmpfiles, inventory.TmpfilesRule{File: file, Line: line, Guards: guards})
		}
	}
}

// tmpfilesFile is tmpfiles.settings.FILE: by path, by type, the fields of a line.
func (s *system) tmpfilesFile(b *unitBuilder, file string, n *node) {
	for _, path := range s.defined(n) {
		for _, typ := range s.defined(n.child(path)) {
			at := n.child(path).child(typ)
			won, _ := s.settle(at.defs())
			if len(won) == 0 {
				continue
			}
			fields := []*eval.String{eval.Str(typ), eval.Str(quoteField(path))}
			for _, name := range []string{"mode", "user", "group", "age", "argument"} {
				fields = append(fields, s.field(at, name))
			}
			if last := len(fields) - 1; fields[last].S == "-" {
				fields[last] = eval.Str("")
			}
			parts := make([]*eval.String, 0, 2*len(fields))
			for i, f := range fields {
				if i > 0 {
					parts = append(parts, eval.Str(" "))
				}
				parts = append(parts, f)
			}
			line := eval.Concat(parts...)
			line.S = strings.TrimRight(line.S, " ")
			d := won[0]
			d.val, d.base = line, max(len(d.trail)-1, 0)
			if s.loose {
				d.when = nil
			}
			a := b.alternative(d)
			if where := inventory.At(won[0].place()); where != nil {
				a.At, a.Via = where, nil
			}
			s.host.Tmpfiles = append(s.host.Tmpfiles, inventory.TmpfilesRule{
				File: file + ".conf", Line: inventory.Setting{Alternatives: []inventory.Alternative{a}}, Guards: s.conditions(won[0], ""),
			})
		}
	}
}

// field is one field of tmpfiles.settings, "-" when it is not set.
func (s *system) field(n *node, name string) *eval.String {
	won, _ := s.settle(n.child(name).defs())
	if len(won) == 0 {
		return eval.Str("-")
	}
	v, err := s.merge(nil, won, n.String()+"."+name)
	if err != nil {
		return eval.HoleString(eval.NewUnknown(firstLine(err), won[0].place()))
	}
	if c, ok := v.(*eval.Choice); ok {
		return eval.HoleString(eval.NewUnknown("it depends on an undecided condition", c.Alts[0].When[0].Span))
	}
	text, problem := directiveText(s.in, v)
	if problem != "" {
		if u, ok := v.(*eval.Unknown); ok {
			return eval.HoleString(u)
		}
		return eval.HoleString(eval.NewUnknown(problem, won[0].place()))
	}
	return text
}

func quoteField(path string) string {
	if strings.ContainsAny(path, " \t") {
		return `"` + path + `"`
	}
	return path
}

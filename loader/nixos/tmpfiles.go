package nixos

import (
	"strings"

	"github.com/nixlint/nixlint/loader/eval"
	"github.com/nixlint/nixlint/loader/inventory"
)

// tmpfiles adds the lines of tmpfiles.d to the host: of the system, of all users, of one, and of the initrd.
func (s *system) tmpfiles() {
	systemd := s.root.child("systemd")
	user := systemd.child("user").child("tmpfiles")
	for _, at := range []struct {
		scope string
		node  *node
	}{{"", systemd.child("tmpfiles")}, {inventory.User, user}, {inventory.Initrd, s.root.child("boot").child("initrd").child("systemd").child("tmpfiles")}} {
		s.openSet(at.node)
		b := s.tmpfilesBuilder()
		s.ruleLines(at.scope, "00-nixos.conf", at.node.child("rules"))
		settings := at.node.child("settings")
		s.openSet(settings)
		for _, file := range s.names(settings) {
			s.tmpfilesFile(b, at.scope, file, settings.child(file))
		}
	}
	s.openSet(user.child("users"))
	for _, name := range s.names(user.child("users")) {
		s.ruleLines(inventory.User, "00-nixos-"+name+".conf", user.child("users").child(name).child("rules"))
	}
}

func (s *system) tmpfilesBuilder() *unitBuilder {
	return &unitBuilder{s: s, name: "tmpfiles", kind: unitKind{option: "tmpfiles"}}
}

// ruleLines adds the lines of a list, with what is undecided about one as guards of it: in the loose view those are assumed.
func (s *system) ruleLines(scope, file string, n *node) {
	b := s.tmpfilesBuilder()
	won, lost := s.standing(n)
	for _, d := range won {
		d.base = len(d.trail)
		guards := s.conditions(d)
		inner := d
		if s.loose {
			inner.when = nil
		}
		s.assuming([]def{d}, func() {
			for _, line := range b.elements([]def{inner}, lost) {
				lost = nil
				s.host.Tmpfiles = append(s.host.Tmpfiles, inventory.TmpfilesRule{File: file, Scope: scope, Line: line, Guards: guards})
			}
		})
	}
}

// tmpfilesFile is tmpfiles.settings.FILE: by path, by type, the fields of a line.
func (s *system) tmpfilesFile(b *unitBuilder, scope, file string, n *node) {
	for _, path := range s.names(n) {
		for _, typ := range s.names(n.child(path)) {
			at := n.child(path).child(typ)
			_, won := s.whole(at.defs())
			if len(won) == 0 {
				continue
			}
			line := s.settingsLine(at, path, typ)
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
				File: file + ".conf", Scope: scope, Line: inventory.Setting{Alternatives: []inventory.Alternative{a}}, Guards: s.conditions(won[0]),
			})
		}
	}
}

// settingsLine is the line that NixOS writes: all fields but the argument quoted, blanks and backslashes of the argument escaped.
func (s *system) settingsLine(at *node, path, typ string) *eval.String {
	quote := eval.Str("'")
	var parts []*eval.String
	field := func(text *eval.String) { parts = append(parts, quote, text, quote, eval.Str(" ")) }
	field(s.field(at, "type", typ))
	field(eval.Str(path))
	for _, name := range []string{"mode", "user", "group", "age"} {
		field(s.field(at, name, "-"))
	}
	argument := s.field(at, "argument", "")
	start := 0
	for i := range len(argument.S) {
		if c := argument.S[i]; strings.IndexByte(" \t\n\r\\", c) >= 0 && !inHole(argument, i) {
			parts = append(parts, argument.Slice(start, i), eval.Str(hexEscape(c)))
			start = i + 1
		}
	}
	return eval.Concat(append(parts, argument.Slice(start, len(argument.S)))...)
}

// field is one field of tmpfiles.settings.
func (s *system) field(n *node, name, usual string) *eval.String {
	_, won := s.whole(n.child(name).defs())
	if len(won) == 0 {
		return eval.Str(usual)
	}
	v, err := s.merge(&optionType{name: "str"}, won, n.String()+"."+name)
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

// inHole reports that a byte of a text is of a piece that is not known.
func inHole(s *eval.String, i int) bool {
	for _, h := range s.Holes {
		if i >= h.At && i < h.At+h.Len {
			return true
		}
	}
	return false
}

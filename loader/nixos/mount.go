package nixos

import (
	"slices"
	"strings"

	"github.com/nixlint/nixlint/loader/eval"
)

// mounts adds the units of a list: systemd.mounts and systemd.automounts.
func (s *system) mounts(k unitKind, scope string, n *node) {
	won, _ := s.standing(n)
	for _, d := range won {
		list, err := s.in.List(d.val, d.place())
		if err != nil {
			s.report(err, d.place())
			continue
		}
		if u, ok := d.val.(*eval.Unknown); ok {
			s.miss("config."+n.String(), u.Why, d.place())
			continue
		}
		for _, el := range list.Elems {
			e := d
			switch m := el.(type) {
			case *eval.Rest:
				s.miss("config."+n.String(), m.Why.Why, d.place())
				continue
			case *eval.Maybe:
				when, ok := d.when.And(m.When)
				if !ok {
					continue
				}
				el, e.when = m.Val, when
			}
			e.val, e.site = el, nil
			if at := eval.Span(el); inTree(at) {
				e.trail = append(slices.Clip(e.trail), at)
			}
			s.mount(k, scope, n, s.expand(e))
		}
	}
}

func (s *system) mount(k unitKind, scope string, n *node, defs []def) {
	var where []def
	for _, d := range defs {
		where = append(where, s.part(d, "where")...)
	}
	_, won := s.whole(where)
	if len(won) == 0 {
		return
	}
	at, ok := won[0].val.(*eval.String)
	if !ok || !literal(at) {
		s.miss("config."+n.String(), "where a unit mounts is not known", won[0].place())
		return
	}
	s.unit(k, scope, escapePath(at.S), defs)
}

// escapePath is a path as it stands in the name of a unit: without what does not change where it leads, and with \xNN for what a
// name cannot hold (systemd-escape(1), --path).
func escapePath(path string) string {
	var parts []string
	for part := range strings.SplitSeq(path, "/") {
		if part != "" && part != "." {
			parts = append(parts, part)
		}
	}
	path = strings.Join(parts, "/")
	if path == "" {
		return "-"
	}
	var out strings.Builder
	for i := range len(path) {
		switch c := path[i]; {
		case c == '/':
			out.WriteByte('-')
		case 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == ':' || c == '_' || c == '.' && i > 0:
			out.WriteByte(c)
		default:
			out.WriteString(hexEscape(c))
		}
	}
	return out.String()
}

// hexEscape is a byte as \xNN.
func hexEscape(c byte) string {
	const hex = "0123456789abcdef"
	return `\x` + string(hex[c>>4]) + string(hex[c&15])
}

// rawUnits adds units whose text is given: systemd.units."foo.service".text.
func (s *system) rawUnits(scope string, n *node) {
	s.openSet(n)
	for _, name := range s.names(n) {
		if _, _, ok := cutKind(name); !ok {
			continue
		}
		all, won := s.whole(n.child(name).defs())
		s.assuming(won, func() { s.rawUnit(s.textUnit(scope, name), n.child(name), all, won) })
	}
}

func (s *system) rawUnit(b *unitBuilder, at *node, all, won []def) {
	_, text := s.whole(at.child("text").defs())
	if len(text) == 0 {
		return
	}
	b.guard(all, won)
	for _, d := range b.defs {
		b.unit.Definitions = append(b.unit.Definitions, location(b.place(d)))
	}
	b.raw(b.inside(text))
	for _, l := range links {
		b.link(l.option, l.kind)
	}
	b.enabled()
	b.done()
}

// cutKind parts the name of a unit or a folder at its last dot.
func cutKind(name string) (base, kind string, ok bool) {
	i := strings.LastIndexByte(name, '.')
	if i < 0 {
		return name, "", false
	}
	return name[:i], name[i+1:], true
}

// literal reports that the text of a string is that of real Nix: no piece is unknown, none a symbolic package.
func literal(s *eval.String) bool { return s.Known() && !strings.Contains(s.S, "<pkgs.") }

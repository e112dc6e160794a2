package nixos

import (
	"github.com/nixlint/nixlint/loader/eval"
	"github.com/nixlint/nixlint/loader/source"
)

// removed is an option that mkRemovedOptionModule says is no more.
type removed struct {
	path    []string
	message *eval.Attr
}

// refused reports definitions of options that are removed: NixOS does not build with one.
func (s *system) refused() {
	for _, r := range s.removed {
		n := s.at(r.path)
		for _, d := range s.decide(n.defs()) {
			if len(d.when) == 0 {
				s.problem(d.place(), "option %s is removed: %s", n, s.words(r.message))
			}
		}
	}
}

// assertions reports what a host asserts and is not so, with which NixOS does not build, and what it warns of. What is not decided
// is not said: it is no matter of units.
func (s *system) assertions() {
	s.each("assertions", func(el eval.Value, at source.Span) {
		set, ok := el.(*eval.Set)
		if !ok || set.Find("assertion") == nil {
			return
		}
		if v, err := s.in.Force(set.Find("assertion").Val); err == nil && v == eval.Bool(false) {
			s.problem(at, "the assertion fails: %s", s.words(set.Find("message")))
		}
	})
	s.each("warnings", func(el eval.Value, at source.Span) {
		if text, ok := el.(*eval.String); ok {
			s.r.notice(at, "the configuration warns: %s", oneLine(text.S))
		}
	})
}

// each visits the elements of a list option that are there for sure.
func (s *system) each(option string, visit func(el eval.Value, at source.Span)) {
	won, _ := s.settle(s.root.child(option).defs())
	for _, d := range won {
		if _, known := d.val.(*eval.List); !known || len(d.when) > 0 {
			continue
		}
		list, err := s.in.List(d.val, d.place())
		if err != nil {
			continue
		}
		for _, el := range list.Elems {
			at := eval.Span(el)
			if set, ok := el.(*eval.Set); ok {
				at = set.Home
			}
			if !inTree(at) {
				at = d.place()
			}
			for _, e := range s.undone(el, d) {
				if v, err := s.in.Force(e); err == nil {
					visit(v, at)
				}
			}
		}
	}
}

// words are the text of a message on one line.
func (s *system) words(message *eval.Attr) string {
	if message == nil {
		return "no reason is given"
	}
	v, err := s.in.ToString(message.Val, source.Span{})
	if err != nil {
		return "its message does not evaluate"
	}
	return oneLine(v.S)
}

package nixos

import (
	"errors"

	"github.com/nixlint/nixlint/loader/eval"
	"github.com/nixlint/nixlint/loader/source"
)

// removed is an option that mkRemovedOptionModule says is no more.
type removed struct {
	path    []string
	message *eval.Attr
}

// verdicts are what NixOS says when it builds a system, beside the errors of evaluation.
func (s *system) verdicts() {
	s.refused()
	s.outdated()
	s.assertions()
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

// outdated reports definitions by the old name of an option that was renamed: NixOS takes them, and warns.
func (s *system) outdated() {
	for _, a := range s.aliases {
		if !a.warns {
			continue
		}
		for _, d := range s.decide(s.at(a.from).defs()) {
			if len(d.when) == 0 {
				s.r.notice(d.place(), "option %s is renamed to %s", s.at(a.from), s.at(a.to))
			}
		}
	}
}

// assertions reports what a host, a user of home-manager or a container asserts and is not so, with which NixOS does not build, and
// what it warns of. Of a loose module, which is judged with all enabled that it declares, no host need have what fails: it is a notice.
// An assertion that is not decided is silent by design: most ask for options of NixOS that are not in the tree, and it is no matter of
// units. One that does not evaluate is a notice.
func (s *system) assertions() {
	s.each("assertions", func(el eval.Value, at source.Span) {
		set, ok := el.(*eval.Set)
		if !ok || set.Find("assertion") == nil {
			return
		}
		var v eval.Value
		var err error
		reads := s.trace(func() { v, err = s.in.Force(set.Find("assertion").Val) })
		if err != nil {
			s.unevaluated(err, at)
		} else if v == eval.Bool(false) {
			s.problem(at, "the assertion fails%s: %s", s.assumed(), s.words(set.Find("message")))
			s.unset = append(s.unset, nulls(reads)...)
		}
	})
	s.each("warnings", func(el eval.Value, at source.Span) {
		if text, ok := el.(*eval.String); ok {
			s.r.notice(at, "the configuration warns%s: %s", s.assumed(), oneLine(text.S))
		}
	})
}

// assumed says under which assumption a loose module is judged.
func (s *system) assumed() string {
	if s.loose {
		return " if all that the module declares is enabled"
	}
	return ""
}

// unevaluated reports an assertion that does not evaluate, unless why was said where it was found.
func (s *system) unevaluated(err error, at source.Span) {
	var said source.Problem
	var e *eval.Error
	switch {
	case errors.As(err, &said):
	case errors.As(err, &e):
		s.r.notice(at, "the assertion does not evaluate: %s", oneLine(e.Message))
	default:
		s.r.notice(at, "the assertion does not evaluate: %s", oneLine(err.Error()))
	}
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

package nixos

import (
	"slices"

	"github.com/nixlint/nixlint/loader/eval"
	"github.com/nixlint/nixlint/loader/source"
)

// The loose view: a condition around a whole unit, or around lines of tmpfiles, is assumed, for some host may set what it asks for. Such a
// unit is read with the options unknown that made the condition false: their defaults are not what such a host has.

// whole settles the definitions of a whole unit, which it returns with those that count. In the loose view, where none counts with the
// defaults of the module's options, those do that count with other values of them.
func (s *system) whole(defs []def) (all, won []def) {
	won, _ = s.settle(defs)
	if len(won) > 0 || !s.loose {
		return defs, won
	}
	all = s.assume(defs)
	won, _ = s.settle(all)
	return all, won
}

// names are the names that definitions at a node have; in the loose view those too whose conditions are assumed.
func (s *system) names(n *node) []string {
	names := s.defined(n)
	if s.loose {
		names = append(names, s.off(n, names)...)
		slices.Sort(names)
	}
	return names
}

// standing settles the definitions of a list, each element of which stands by itself. In the loose view conditions around them are assumed.
func (s *system) standing(n *node) (won, lost []def) {
	if s.loose {
		return s.settle(s.assume(n.defs()))
	}
	return s.settle(n.defs())
}

// assumption stands for a condition that does not hold with the defaults of a module's options.
var assumption = eval.NewUnknown("it is assumed: with the defaults of the module's options it does not hold", source.Span{})

// assume makes the conditions of definitions that do not hold undecided, but a constant false. Those with the same words are one.
func (s *system) assume(defs []def) []def {
	out := slices.Clone(defs)
	type wording struct {
		file *source.File
		text string
	}
	first := map[wording]source.Span{}
	for i := range out {
		out[i].conds = slices.Clone(out[i].conds)
		for j, g := range out[i].conds {
			if g.cond == eval.Value(eval.Bool(false)) {
				continue
			}
			if verdict, err := s.in.Decide(g.cond, g.at); err == nil && verdict.Never {
				words := wording{g.at.File, oneLine(g.at.Text())}
				if _, ok := first[words]; !ok {
					first[words] = g.at
				}
				out[i].conds[j] = guard{cond: assumption, at: first[words], falsified: s.falsified[g.cond]}
			}
		}
	}
	return out
}

func assumed(d def) bool {
	return slices.ContainsFunc(d.conds, func(g guard) bool { return g.cond == eval.Value(assumption) })
}

// assuming reads what is defined under assumptions: with the options unknown that the conditions read, and without a report of what
// does not evaluate, for it may need what the condition asks for.
func (s *system) assuming(defs []def, read func()) {
	if !slices.ContainsFunc(defs, assumed) {
		read()
		return
	}
	before := map[*node]*eval.Thunk{}
	for _, d := range defs {
		for _, g := range d.conds {
			for _, n := range g.falsified {
				if _, seen := before[n]; !seen {
					before[n] = n.value
					n.value = eval.Lazy(func() (eval.Value, error) {
						return eval.NewUnknown("option "+s.where(n)+" is not what it is by default: the unit's condition asks for another value", g.at), nil
					})
				}
			}
		}
	}
	s.quiet++
	read()
	s.quiet--
	for n, value := range before {
		n.value = value
	}
}

// judge decides a condition. In the loose view it keeps which options those read that do not hold.
func (s *system) judge(g guard) (eval.Decision, error) {
	if !s.loose {
		return s.in.Decide(g.cond, g.at)
	}
	var verdict eval.Decision
	var err error
	reads := s.trace(func() { verdict, err = s.in.Decide(g.cond, g.at) })
	if err == nil && verdict.Never && len(reads) > 0 {
		if s.falsified == nil {
			s.falsified = map[eval.Value][]*node{}
		}
		s.falsified[g.cond] = suspects(reads)
	}
	return verdict, err
}

// trace are the options that are read. They are to be looked at before others are.
func (s *system) trace(read func()) []*node {
	start := len(s.reads)
	s.tracing++
	read()
	s.tracing--
	reads := slices.Clip(s.reads[start:])
	if s.tracing == 0 {
		s.reads = s.reads[:0]
	}
	return reads
}

// nulls are the options, of those that an assertion read which does not hold, that have no value: whoever uses the module gives one of them
// one.
func nulls(reads []*node) (out []*node) {
	for _, n := range reads {
		if v, err := n.read(); err == nil && v == eval.Value(eval.Null{}) && len(n.defs()) == 0 && !slices.Contains(out, n) {
			out = append(out, n)
		}
	}
	return out
}

// expect makes options unknown that have no value, as nodes of another evaluation of the same module say.
func (s *system) expect(unset []*node) {
	for _, of := range unset {
		n := s.root
		for _, name := range of.path() {
			n = n.child(name)
		}
		n.value = eval.Lazy(func() (eval.Value, error) {
			return eval.NewUnknown("option "+s.where(n)+" has no value, and an assertion asks for one", source.Span{}), nil
		})
	}
}

// suspects are the options that a condition which does not hold read, without those that are true, as all are that are named enable, unless
// there is no other.
func suspects(reads []*node) []*node {
	out := slices.DeleteFunc(slices.Clone(reads), func(n *node) bool {
		v, err := n.read()
		return err == nil && v == eval.Value(eval.Bool(true))
	})
	if len(out) == 0 {
		return slices.Clone(reads)
	}
	return out
}

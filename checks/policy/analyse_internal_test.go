package policy

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/nixlint/nixlint/policies"
)

// profiled checks what analyse says of a rule against an input: where the guard does not hold the rule reports nothing, and of an input
// that has only what the rule reads it reports the same.
func profiled(t *testing.T, p profile, id string, input *ast.Term, reported []string, ask func(*ast.Term) []string) {
	t.Helper()
	o, ok := input.Value.(ast.Object)
	if !ok || !p.hasReads() || o.Get(ast.StringTerm("completeness")) == nil {
		return
	}
	if len(reported) > 0 && !holdsOf(t, p.guard, input) {
		t.Errorf("%s is not asked, but reports %s on %s", id, reported, input)
	}
	if again := ask(restricted(t, p, input)); !slices.Equal(again, reported) {
		t.Errorf("%s reports %s of what it reads, and %s of %s", id, again, reported, input)
	}
}

func (p profile) hasReads() bool { return len(p.reads) > 0 }

// restricted is an input with what the rule reads of it.
func restricted(t *testing.T, p profile, input *ast.Term) *ast.Term {
	t.Helper()
	out := ast.NewObject()
	// The deep ones first: what is read whole replaces what was read of it.
	reads := slices.Clone(p.reads)
	slices.SortStableFunc(reads, func(a, b read) int { return len(b.what.path) - len(a.what.path) })
	for _, r := range reads {
		if !holdsOf(t, r.when, input) {
			continue
		}
		path := r.what.path
		if len(path) == 0 {
			return input
		}
		if path[0] == lowerText {
			path = []string{"text"}
		}
		if v := at(input, path); v != nil {
			insert(out, path, v)
		}
	}
	return ast.NewTerm(out)
}

func insert(o ast.Object, path []string, v *ast.Term) {
	key := ast.StringTerm(path[0])
	if len(path) == 1 {
		o.Insert(key, v) // whole, whatever part of it was read on its own
		return
	}
	in := ast.NewObject()
	if old := o.Get(key); old != nil {
		in, _ = old.Value.(ast.Object)
		in, _ = in.Map(func(k, v *ast.Term) (*ast.Term, *ast.Term, error) { return k, v, nil })
	}
	insert(in, path[1:], v)
	o.Insert(key, ast.NewTerm(in))
}

func at(input *ast.Term, path []string) *ast.Term {
	for _, step := range path {
		o, ok := input.Value.(ast.Object)
		if !ok || o.Get(ast.StringTerm(step)) == nil {
			return nil
		}
		input = o.Get(ast.StringTerm(step))
	}
	return input
}

// holdsOf answers a guard from the projection, where a view answers it from the unit.
func holdsOf(t *testing.T, g guard, input *ast.Term) bool {
	t.Helper()
	switch g.op {
	case always:
		return true
	case never:
		return false
	case ifClue:
		return answerOf(t, g.clue, input)
	case unlessClue:
		return !answerOf(t, g.clue, input)
	case ifAll:
		return !slices.ContainsFunc(g.parts, func(p guard) bool { return !holdsOf(t, p, input) })
	default:
		return slices.ContainsFunc(g.parts, func(p guard) bool { return holdsOf(t, p, input) })
	}
}

func answerOf(t *testing.T, c clue, input *ast.Term) bool {
	t.Helper()
	path := c.path
	if path[0] == lowerText {
		path = []string{"text"}
	}
	found := at(input, path)
	field := text(found)
	if c.path[0] == lowerText {
		field = strings.ToLower(field)
	}
	switch c.kind {
	case clueHas:
		return found != nil
	case clueSome:
		if found == nil {
			return false
		}
		n := 0
		elements(found.Value, func(_, _ *ast.Term) { n++ })
		return n > 0
	case clueIs:
		return field == c.text
	case clueContains:
		return strings.Contains(field, c.text)
	case clueStartsWith:
		return strings.HasPrefix(field, c.text)
	case clueEndsWith:
		return strings.HasSuffix(field, c.text)
	case clueMatches:
		return regexp.MustCompile(c.text).MatchString(field)
	case clueValue:
	case clueKey, clueMember:
		site, err := valueOfJSON(policies.Site())
		if err != nil {
			t.Fatal(err)
		}
		return newScreen(site).members(c)[field]
	}
	t.Fatalf("the clue %s is asked", c)
	return false
}

package policy

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/nixlint/nixlint/checks"
)

// verdict is what a rule reports.
type verdict struct {
	rule    string
	verdict checks.Verdict
	path    []any
	message string
	match   string
	minor   bool
}

// readVerdicts reads the set of [rule, finding] that a rule set reports, in the order of OPA's sets. A finding that the
// library did not build is an error: it would otherwise be lost.
func readVerdicts(t *ast.Term) ([]verdict, error) {
	set, ok := t.Value.(ast.Set)
	if !ok {
		return nil, fmt.Errorf("the rules report %s, want a set", t)
	}
	var out []verdict
	return out, set.Iter(func(t *ast.Term) error {
		pair, ok := t.Value.(*ast.Array)
		if !ok || pair.Len() != 2 {
			return fmt.Errorf("the rules report %s, want [rule, finding]", t)
		}
		v := verdict{rule: text(pair.Elem(0))}
		found, ok := pair.Elem(1).Value.(ast.Object)
		if !ok {
			return fmt.Errorf("rule %s reports %s, want what lib.finding builds", v.rule, pair.Elem(1))
		}
		v.verdict = checks.Verdict(text(found.Get(verdictKey)))
		v.message = text(found.Get(messageKey))
		v.match = text(found.Get(matchKey))
		v.minor = found.Get(minorKey) != nil
		var err error
		if v.path, err = readPath(found.Get(pathKey)); err != nil || v.message == "" || v.verdict != checks.Fail && v.verdict != checks.Unknown {
			return fmt.Errorf("rule %s reports %s, want what lib.finding builds", v.rule, found)
		}
		out = append(out, v)
		return nil
	})
}

func readPath(t *ast.Term) ([]any, error) {
	if t == nil {
		return nil, errors.New("no path")
	}
	array, ok := t.Value.(*ast.Array)
	if !ok {
		return nil, fmt.Errorf("path %s is no array", t)
	}
	path := make([]any, 0, array.Len())
	var err error
	array.Foreach(func(t *ast.Term) {
		switch v := t.Value.(type) {
		case ast.String:
			path = append(path, string(v))
		case ast.Number:
			n, e := json.Number(v).Int64()
			if e != nil {
				err = fmt.Errorf("path has %s: %w", v, e)
			}
			path = append(path, int(n))
		default:
			err = fmt.Errorf("path has %s", t)
		}
	})
	return path, err
}

func text(t *ast.Term) string {
	if t == nil {
		return ""
	}
	s, _ := t.Value.(ast.String)
	return string(s)
}

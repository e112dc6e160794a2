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

// readVerdicts reads the set of findings that a rule reports, in the order of OPA's sets. A finding that the library did not build is an
// error: it would otherwise be lost.
func readVerdicts(rule string, t *ast.Term) ([]verdict, error) {
	set, ok := t.Value.(ast.Set)
	if !ok {
		return nil, fmt.Errorf("rule %s reports %s, want a set of findings: report contains …", rule, t)
	}
	var out []verdict
	return out, set.Iter(func(t *ast.Term) error {
		found, ok := t.Value.(ast.Object)
		if !ok {
			return fmt.Errorf("rule %s reports %s, want what lib.finding builds", rule, t)
		}
		v := verdict{
			rule: rule, verdict: checks.Verdict(text(found.Get(verdictKey))), message: text(found.Get(messageKey)), match: text(found.Get(matchKey)),
			minor: found.Get(minorKey) != nil,
		}
		var err error
		if v.path, err = readPath(found.Get(pathKey)); err != nil || v.message == "" || v.verdict != checks.Fail && v.verdict != checks.Unknown {
			return fmt.Errorf("rule %s reports %s, want what lib.finding builds", rule, found)
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

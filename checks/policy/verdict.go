package policy

import (
	"fmt"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/nixlint/nixlint/checks"
	"github.com/nixlint/nixlint/checks/policy/vm"
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

// readVerdicts reads the set of findings that a rule reports, in the order of sets. A finding that the library did not build is an error:
// it would otherwise be lost.
func readVerdicts(rule string, reported vm.Value) ([]verdict, error) {
	set, ok := reported.(*vm.Set)
	if !ok {
		return nil, fmt.Errorf("rule %s reports %s, want a set of findings: report contains …", rule, vm.Text(reported))
	}
	var out []verdict
	for _, item := range set.Items() {
		v, ok := readVerdict(item)
		if !ok {
			return nil, fmt.Errorf("rule %s reports %s, want what lib.finding builds", rule, vm.Text(item))
		}
		v.rule = rule
		out = append(out, v)
	}
	return out, nil
}

func readVerdict(item vm.Value) (verdict, bool) {
	found, ok := item.(*vm.Object)
	if !ok {
		return verdict{}, false
	}
	text := func(key string) string { s, _ := found.Get(key).(string); return s }
	v := verdict{verdict: checks.Verdict(text("verdict")), message: text("msg"), match: text("match"), minor: found.Get("minor") != nil}
	path, ok := found.Get("path").(*vm.Array)
	if !ok || v.message == "" || v.verdict != checks.Fail && v.verdict != checks.Unknown {
		return verdict{}, false
	}
	for _, step := range path.Items() {
		switch step.(type) {
		case string, int:
			v.path = append(v.path, step)
		default:
			return verdict{}, false
		}
	}
	return v, true
}

func text(t *ast.Term) string {
	if t == nil {
		return ""
	}
	s, _ := t.Value.(ast.String)
	return string(s)
}

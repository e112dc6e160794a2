package policy

import (
	"context"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/checks"
	"github.com/nixlint/nixlint/checks/policy/vm"
)

// pack are rules that were compiled together: those that nixlint brings along, or those of a user.
type pack struct {
	rules []checks.Rule // by ID
	compiled
}

// compiled are rules that can be asked. It is safe for concurrent use.
type compiled interface {
	// profile is that of a rule of units. It may say less of the rule when there are few units to ask about.
	profile(rule string, units int) (profile, error)
	// ask returns what each of some rules of a kind reports of an input. An error names the rule.
	ask(ctx context.Context, r *run, rules []string, input vm.Value) ([][]verdict, error)
}

// of are those of the names that are rules of the pack.
func (p *pack) of(names []string) []string {
	var out []string
	for _, name := range names {
		if _, ok := slices.BinarySearchFunc(p.rules, name, func(r checks.Rule, name string) int { return strings.Compare(r.ID, name) }); ok {
			out = append(out, name)
		}
	}
	return out
}

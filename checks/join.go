package checks

import (
	"context"
	"slices"
	"strings"
	"sync"

	"github.com/nixlint/nixlint/loader/inventory"
)

// Join is a judge that asks several, all at the same time. No two of them may know a rule of the same name.
func Join(judges ...Judge) Judge { return joined(judges) }

type joined []Judge

func (all joined) Rules() []Rule {
	var rules []Rule
	for _, j := range all {
		rules = append(rules, j.Rules()...)
	}
	slices.SortFunc(rules, func(a, b Rule) int { return strings.Compare(a.ID, b.ID) })
	return rules
}

// Judge gives the judgements of each in the order of the judges, and the error of the first that has one.
func (all joined) Judge(ctx context.Context, inv *inventory.Inventory, enabled []string) ([]Judgement, error) {
	answers, errs := make([][]Judgement, len(all)), make([]error, len(all))
	var wg sync.WaitGroup
	for i, j := range all {
		var own []string
		for _, r := range j.Rules() {
			if slices.Contains(enabled, r.ID) {
				own = append(own, r.ID)
			}
		}
		if len(own) > 0 {
			wg.Go(func() { answers[i], errs[i] = j.Judge(ctx, inv, own) })
		}
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return slices.Concat(answers...), nil
}

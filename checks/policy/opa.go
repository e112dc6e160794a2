package policy

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/storage"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
	"github.com/open-policy-agent/opa/v1/topdown"

	"github.com/nixlint/nixlint/checks/policy/vm"
)

// ruleSet are compiled rules that OPA runs.
type ruleSet struct {
	compiler *ast.Compiler
	reports  map[string]*ast.Term // by rule: where what it reports is
}

// query asks what each of the rules reports; answer names the variable of a rule's place in the list.
func (s *ruleSet) query(rules []string) ast.Body {
	exprs := make([]*ast.Expr, len(rules))
	for i, id := range rules {
		exprs[i] = ast.Equality.Expr(s.reports[id], ast.NewTerm(answer(i)))
	}
	return ast.NewBody(exprs...)
}

func answer(i int) ast.Var { return ast.Var("answer" + strconv.Itoa(i)) }

func (u *users) ask(ctx context.Context, r *run, rules []string, input vm.Value) ([][]verdict, error) {
	c, err := u.compiled()
	if err != nil {
		return nil, err
	}
	term := termOf(input)
	outs, err := r.eval(ctx, c.rules, rules, term)
	if err != nil && ctx.Err() == nil {
		err = r.blame(ctx, c.rules, rules, term, err)
	}
	return outs, err
}

// newStore makes the data document of rules that OPA runs.
func newStore(site vm.Value) storage.Store {
	return inmem.NewFromASTObject(ast.NewObject(ast.Item(ast.StringTerm("site"), termOf(site))))
}

func (r *run) eval(ctx context.Context, set *ruleSet, rules []string, input *ast.Term) ([][]verdict, error) {
	store := r.store()
	txn, err := store.NewTransaction(ctx)
	if err != nil {
		return nil, fmt.Errorf("rules: %w", err)
	}
	defer store.Abort(ctx, txn)
	q := topdown.NewQuery(set.query(rules)).WithCompiler(set.compiler).WithStore(store).WithTransaction(txn).WithInput(input).
		WithCancel(r.cancel).WithStrictBuiltinErrors(true)
	defer r.busy.begin(rules...)()
	outs := make([][]verdict, len(rules))
	answered := false
	err = q.Iter(ctx, func(result topdown.QueryResult) error {
		answered = true
		for i, rule := range rules {
			reported, err := valueOf(result[answer(i)].Value)
			if err != nil {
				return err
			}
			if outs[i], err = readVerdicts(rule, reported); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("%w", err)
	}
	if !answered {
		return nil, errors.New("a rule reports nothing that is defined: want report contains …")
	}
	return outs, nil
}

// blame finds the rule that failed, by asking each alone: an error inside the library does not say who called.
func (r *run) blame(ctx context.Context, set *ruleSet, rules []string, input *ast.Term, all error) error {
	for _, name := range rules {
		if _, err := r.eval(ctx, set, []string{name}, input); err != nil {
			return fmt.Errorf("rule %s: %w", name, plain(err))
		}
	}
	return fmt.Errorf("rules: %w", plain(all))
}

// plain says where in a user's rule an error is.
func plain(err error) error {
	e, ok := errors.AsType[*topdown.Error](err)
	switch {
	case !ok:
		return err
	case e.Location != nil && e.Location.Row > 0:
		return fmt.Errorf("%s: %s", e.Location, e.Message)
	}
	return errors.New(e.Message)
}

// Package policy judges an inventory with rules in Rego. It is the only importer of OPA. It gives verdicts with paths into
// what a rule saw; it adds no places, levels or suppressions: package checks does.
//
// The built-in rules are compiled ahead of time (see Link): a start reads the modules of the kinds that are needed and
// leaves out every check. A unit is judged without its place and its host, so units that are equal are judged once.
package policy

//go:generate go run generate.go

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/storage"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
	"github.com/open-policy-agent/opa/v1/topdown"

	"github.com/nixlint/nixlint/checks"
	"github.com/nixlint/nixlint/loader/inventory"
	"github.com/nixlint/nixlint/policies"
)

// DefaultLimit is how long all rules together may take.
const DefaultLimit = 60 * time.Second

// Options of a judge; the zero value is what the command uses.
type Options struct {
	Limit   time.Duration // DefaultLimit when 0
	Workers int           // how many units are judged at a time, one a processor when 0
	Site    []byte        // the facts that rules read as data.site, in JSON; policies.Site when nil
	// Warm are rules that will be asked: their kinds are made ready in the background, while something else is loaded.
	Warm []string
}

// Judge runs the built-in rules. It is safe for concurrent use.
type Judge struct {
	options Options
	linked  func(kind string) []byte
	rules   []checks.Rule

	site  func() (ast.Value, error)
	mu    sync.Mutex
	ready map[string]*pending
}

var _ checks.Judge = (*Judge)(nil)

// New returns a judge of the built-in rules.
func New(o Options) (*Judge, error) {
	site := o.Site
	if site == nil {
		site = policies.Site()
	}
	return newJudge(o, Rules(), builtinModules, site)
}

// Rules are the built-in rules, by ID, sorted.
func Rules() []checks.Rule { return slices.Clone(builtinRules) }

func newJudge(o Options, rules []checks.Rule, linked func(string) []byte, site []byte) (*Judge, error) {
	if o.Limit == 0 {
		o.Limit = DefaultLimit
	}
	if o.Workers == 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	j := &Judge{options: o, linked: linked, rules: rules, ready: map[string]*pending{}}
	j.site = sync.OnceValues(func() (ast.Value, error) {
		v, err := ast.ValueFromReader(bytes.NewReader(site))
		if err != nil {
			return nil, fmt.Errorf("site facts: %w", err)
		}
		return v, nil
	})
	if len(o.Warm) > 0 {
		enabled, err := j.enabled(o.Warm)
		if err != nil {
			return nil, err
		}
		for _, kind := range kinds {
			if len(enabled[kind]) > 0 {
				p := j.prepare(kind, enabled[kind])
				go func() { _, _ = p.get() }() // Judge asks again, and gets the error
			}
		}
	}
	return j, nil
}

// Rules are the rules the judge knows, by ID, sorted.
func (j *Judge) Rules() []checks.Rule { return slices.Clone(j.rules) }

// enabled sorts rule names by kind; an unknown one is an error.
func (j *Judge) enabled(names []string) (map[string][]string, error) {
	byKind := map[string][]string{}
	for _, name := range names {
		i := slices.IndexFunc(j.rules, func(r checks.Rule) bool { return r.ID == name })
		if i < 0 {
			return nil, fmt.Errorf("unknown rule %q", name)
		}
		kind := j.rules[i].Kind
		if !slices.Contains(byKind[kind], name) {
			byKind[kind] = append(byKind[kind], name)
		}
	}
	for _, names := range byKind {
		slices.Sort(names)
	}
	return byKind, nil
}

// Judge evaluates the enabled rules over the inventory. Findings come in the order of hosts and units, the host's and the
// repository's last. The error of a rule names the rule; that of a run that was stopped is the context's.
func (j *Judge) Judge(ctx context.Context, inv *inventory.Inventory, enabled []string) ([]checks.Judgement, error) {
	byKind, err := j.enabled(enabled)
	if err != nil {
		return nil, err
	}
	site, err := j.site()
	if err != nil {
		return nil, err
	}
	store := inmem.NewFromASTObject(ast.NewObject([2]*ast.Term{ast.StringTerm("site"), ast.NewTerm(site)}))
	txn, err := store.NewTransaction(ctx)
	if err != nil {
		return nil, fmt.Errorf("rules: %w", err)
	}
	defer store.Abort(ctx, txn)
	ctx, stop := context.WithTimeoutCause(ctx, j.options.Limit, fmt.Errorf("the rules took longer than %s", j.options.Limit))
	defer stop()
	r := run{judge: j, store: store, txn: txn, cancel: topdown.NewCancel(), byKind: byKind}
	// The evaluator looks at its own flag only.
	defer context.AfterFunc(ctx, r.cancel.Cancel)()
	return r.inventory(ctx, inv)
}

// run is one call of Judge.
type run struct {
	judge  *Judge
	store  storage.Store
	txn    storage.Transaction
	cancel topdown.Cancel
	byKind map[string][]string
}

// task is one evaluation: an input that one or more things of the inventory share.
type task struct {
	kind  string
	input func() *ast.Term
	out   []verdict
	err   error
}

func (r *run) inventory(ctx context.Context, inv *inventory.Inventory) ([]checks.Judgement, error) {
	plan := newPlan(r.byKind)
	plan.add(inv)
	if err := r.evaluate(ctx, plan.tasks); err != nil {
		return nil, err
	}
	return plan.judgements(inv), nil
}

// evaluate runs the tasks, several at a time. The error is that of the first task that has one.
func (r *run) evaluate(ctx context.Context, tasks []*task) error {
	var wg sync.WaitGroup
	next := make(chan *task)
	for range min(r.judge.options.Workers, len(tasks)) {
		wg.Go(func() {
			for t := range next {
				t.out, t.err = r.task(ctx, t)
			}
		})
	}
	for _, t := range tasks {
		if ctx.Err() != nil {
			break
		}
		next <- t
	}
	close(next)
	wg.Wait()
	if ctx.Err() != nil {
		return fmt.Errorf("rules: %w", context.Cause(ctx))
	}
	for _, t := range tasks {
		if t.err != nil {
			return t.err
		}
	}
	return nil
}

func (r *run) task(ctx context.Context, t *task) ([]verdict, error) {
	set, err := r.judge.prepare(t.kind, r.byKind[t.kind]).get()
	if err != nil {
		return nil, err
	}
	input := t.input()
	out, err := r.eval(ctx, set, input)
	if err == nil || ctx.Err() != nil {
		return out, err
	}
	return nil, r.blame(ctx, t.kind, input, err)
}

func (r *run) eval(ctx context.Context, set *ruleSet, input *ast.Term) ([]verdict, error) {
	q := topdown.NewQuery(set.query).WithCompiler(set.compiler).WithStore(r.store).WithTransaction(r.txn).WithInput(input).
		WithCancel(r.cancel).WithStrictBuiltinErrors(true)
	var out []verdict
	err := q.Iter(ctx, func(result topdown.QueryResult) error {
		var err error
		out, err = readVerdicts(result[answer])
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("%w", err)
	}
	return out, nil
}

// blame finds the rule that failed, by asking each alone: an error inside the library does not say who called.
func (r *run) blame(ctx context.Context, kind string, input *ast.Term, all error) error {
	for _, name := range r.byKind[kind] {
		set, err := load(kind, r.judge.linked(kind), []string{name})
		if err != nil {
			return err
		}
		if _, err := r.eval(ctx, set, input); err != nil {
			return fmt.Errorf("rule %s: %w", name, plain(err))
		}
	}
	return fmt.Errorf("rules: %w", plain(all))
}

// plain takes the place inside the compiled rules off an error: nobody can look it up.
func plain(err error) error {
	if e, ok := errors.AsType[*topdown.Error](err); ok {
		return errors.New(e.Message)
	}
	return err
}

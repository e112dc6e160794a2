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
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/storage"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
	"github.com/open-policy-agent/opa/v1/topdown"

	"github.com/nixlint/nixlint/checks"
	"github.com/nixlint/nixlint/loader/inventory"
	"github.com/nixlint/nixlint/policies"
)

// DefaultLimit is how long all rules together may take, DefaultMemory how much memory.
const (
	DefaultLimit  = 60 * time.Second
	DefaultMemory = 1 << 30
)

// Options of a judge; the zero value is what the command uses.
type Options struct {
	Limit   time.Duration // DefaultLimit when 0
	Workers int           // how many units are judged at a time, one a processor when 0
	Site    []byte        // the facts that rules read as data.site, in JSON; policies.Site when nil
	Memory  uint64        // how much all rules together may take, DefaultMemory when 0
	Sets    []*Set        // the users' own rules, beside the built-in ones
	// Exposure assesses a service for the rules that read input.exposure; nil leaves it out, and they cannot tell.
	Exposure func(*inventory.Unit) Exposure
	// Warm are rules that will be asked: their kinds are made ready in the background, while something else is loaded.
	Warm []string
}

// Exposure is what the assessment of a service lies between, in tenths, and what would lessen it, most first.
type Exposure struct {
	Min, Max int
	Gains    []string
}

// Judge runs rules. It is safe for concurrent use.
type Judge struct {
	options Options
	packs   []*pack
	rules   []checks.Rule    // of all packs, by ID
	pack    map[string]*pack // by rule
	site    func() (ast.Value, error)
}

var _ checks.Judge = (*Judge)(nil)

// New returns a judge of the built-in rules.
func New(o Options) (*Judge, error) {
	site := o.Site
	if site == nil {
		site = policies.Site()
	}
	packs := []*pack{{rules: Rules(), compiled: newLinked(builtinModules)}}
	for _, s := range o.Sets {
		for _, p := range packs {
			for _, r := range s.pack.rules {
				if len(p.of([]string{r.ID})) > 0 {
					return nil, fmt.Errorf("%s: there is a rule %s already: give this one another name", s.name, r.ID)
				}
			}
		}
		packs = append(packs, s.pack)
	}
	return newJudge(o, site, packs...)
}

// Rules are the built-in rules, by ID, sorted.
func Rules() []checks.Rule { return slices.Clone(builtinRules) }

func newJudge(o Options, site []byte, packs ...*pack) (*Judge, error) {
	if o.Limit == 0 {
		o.Limit = DefaultLimit
	}
	if o.Memory == 0 {
		o.Memory = DefaultMemory
	}
	if o.Workers == 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	j := &Judge{options: o, packs: packs, pack: map[string]*pack{}}
	for _, p := range packs {
		for _, r := range p.rules {
			j.rules, j.pack[r.ID] = append(j.rules, r), p
		}
	}
	slices.SortFunc(j.rules, func(a, b checks.Rule) int { return strings.Compare(a.ID, b.ID) })
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
			for _, p := range packs {
				// Which rules of units are needed is known when the units are.
				if rules := p.of(enabled[kind]); kind != kindUnit && len(rules) > 0 {
					go func() { _, _ = p.set(kind, rules) }() // Judge asks again, and gets the error
				}
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
	ctx, stop := limited(ctx, j.options.Limit, j.options.Memory)
	defer stop()
	r := run{judge: j, store: store, txn: txn, site: site, cancel: topdown.NewCancel(), byKind: byKind}
	// The evaluator looks at its own flag only. Who is at work is asked before it is stopped.
	slowest := sync.OnceValue(r.busy.oldest)
	defer context.AfterFunc(ctx, func() { slowest(); r.cancel.Cancel() })()
	out, err := patiently(ctx, func() ([]checks.Judgement, error) { return r.inventory(ctx, inv) })
	if limit, ok := errors.AsType[*LimitError](err); ok {
		return nil, fmt.Errorf("rules: %w", limit.during(slowest()))
	}
	return out, err
}

// run is one call of Judge.
type run struct {
	judge  *Judge
	store  storage.Store
	txn    storage.Transaction
	site   ast.Value
	cancel topdown.Cancel
	byKind map[string][]string
	busy   atWork
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
	plan.projector.exposure = r.judge.options.Exposure
	err := plan.add(inv, func(n int, do func(int)) error { return r.each(ctx, n, do) })
	if err == nil {
		err = r.units(ctx, plan)
	}
	if err != nil {
		return nil, err
	}
	err = r.each(ctx, len(plan.tasks), func(i int) { r.task(ctx, plan.tasks[i]) })
	if err != nil {
		return nil, err
	}
	for _, t := range plan.tasks {
		if t.err != nil {
			return nil, t.err
		}
	}
	return plan.judgements(inv), nil
}

// each does n things, several at a time. Its error is that the run was stopped.
func (r *run) each(ctx context.Context, n int, do func(int)) error {
	var wg sync.WaitGroup
	var next atomic.Int64
	for range min(r.judge.options.Workers, n) {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < n && ctx.Err() == nil; i = int(next.Add(1)) - 1 {
				do(i)
			}
		})
	}
	wg.Wait()
	if ctx.Err() != nil {
		return fmt.Errorf("rules: %w", context.Cause(ctx))
	}
	return nil
}

func (r *run) task(ctx context.Context, t *task) {
	input := t.input()
	outs, err := r.ask(ctx, t.kind, r.byKind[t.kind], input)
	t.out, t.err = slices.Concat(outs...), err
}

// ask evaluates rules of a kind on an input and returns what each of them reports. An error names the rule.
func (r *run) ask(ctx context.Context, kind string, rules []string, input *ast.Term) ([][]verdict, error) {
	outs := make([][]verdict, len(rules))
	for _, p := range r.judge.packs {
		own := p.of(rules)
		if len(own) == 0 {
			continue
		}
		set, err := p.set(kind, own)
		if err != nil {
			return nil, err
		}
		got, err := r.eval(ctx, set, own, input)
		if err != nil && ctx.Err() == nil {
			err = r.blame(ctx, p, kind, own, input, err)
		}
		if err != nil {
			return nil, err
		}
		for i, rule := range own {
			outs[slices.Index(rules, rule)] = got[i]
		}
	}
	return outs, nil
}

func (r *run) eval(ctx context.Context, set *ruleSet, rules []string, input *ast.Term) ([][]verdict, error) {
	q := topdown.NewQuery(set.query(rules)).WithCompiler(set.compiler).WithStore(r.store).WithTransaction(r.txn).WithInput(input).
		WithCancel(r.cancel).WithStrictBuiltinErrors(true)
	defer r.busy.begin(rules)()
	outs := make([][]verdict, len(rules))
	answered := false
	err := q.Iter(ctx, func(result topdown.QueryResult) error {
		answered = true
		for i, rule := range rules {
			var err error
			if outs[i], err = readVerdicts(rule, result[answer(i)]); err != nil {
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
func (r *run) blame(ctx context.Context, p *pack, kind string, rules []string, input *ast.Term, all error) error {
	for _, name := range rules {
		set, err := p.set(kind, []string{name})
		if err != nil {
			return err
		}
		if _, err := r.eval(ctx, set, []string{name}, input); err != nil {
			return fmt.Errorf("rule %s: %w", name, plain(err))
		}
	}
	return fmt.Errorf("rules: %w", plain(all))
}

// plain takes the place inside the built-in rules, which are compiled, off an error: nobody can look it up. A user's rule keeps its line.
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

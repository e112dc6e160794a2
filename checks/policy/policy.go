// Package policy judges an inventory with rules in Rego. It is the only importer of OPA. It gives verdicts with paths into
// what a rule saw; it adds no places, levels or suppressions: package checks does.
//
// The built-in rules are compiled ahead of time (see Link): package vm runs them, and a start compiles nothing. Those of users are compiled
// when they are read, and OPA runs them. A unit is judged without its place and its host, so units that are equal are judged once.
package policy

//go:generate go run generate.go

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/open-policy-agent/opa/v1/storage"
	"github.com/open-policy-agent/opa/v1/topdown"

	"github.com/nixlint/nixlint/checks"
	"github.com/nixlint/nixlint/checks/policy/vm"
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
	site    func() (vm.Value, error)
}

var _ checks.Judge = (*Judge)(nil)

// New returns a judge of the built-in rules.
func New(o Options) (*Judge, error) {
	site := o.Site
	if site == nil {
		site = policies.Site()
	}
	packs := []*pack{{rules: Rules(), compiled: &linked{program: builtinProgram, profiles: builtinProfiles}}}
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
	j.site = sync.OnceValues(func() (vm.Value, error) { return readSite(site) })
	return j, nil
}

// readSite reads the facts that rules read as data.site.
func readSite(site []byte) (vm.Value, error) {
	v, err := valueOfJSON(site)
	if err != nil {
		return nil, fmt.Errorf("site facts: %w", err)
	}
	return vm.Freeze(v), nil
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
	ctx, stop := limited(ctx, j.options.Limit, j.options.Memory)
	defer stop()
	r := newRun(j, site, byKind)
	// The evaluators look at their own flags only. Who is at work is asked before they are stopped.
	slowest := sync.OnceValue(r.busy.oldest)
	defer context.AfterFunc(ctx, func() { slowest(); r.stop.Store(true); r.cancel.Cancel() })()
	out, err := patiently(ctx, func() ([]checks.Judgement, error) { return r.inventory(ctx, inv) })
	if limit, ok := errors.AsType[*LimitError](err); ok {
		return nil, fmt.Errorf("rules: %w", limit.during(slowest()))
	}
	return out, err
}

// run is one call of Judge.
type run struct {
	judge  *Judge
	site   vm.Value
	stop   atomic.Bool    // of package vm
	cancel topdown.Cancel // of OPA
	store  func() storage.Store
	byKind map[string][]string
	busy   atWork
}

func newRun(j *Judge, site vm.Value, byKind map[string][]string) *run {
	return &run{
		judge: j, site: site, byKind: byKind, cancel: topdown.NewCancel(),
		store: sync.OnceValue(func() storage.Store { return newStore(site) }),
	}
}

// task is one evaluation: an input that one or more things of the inventory share.
type task struct {
	kind  string
	input func() vm.Value
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
	outs, err := r.ask(ctx, r.byKind[t.kind], input)
	t.out, t.err = slices.Concat(outs...), err
}

// ask evaluates rules of a kind on an input and returns what each of them reports. An error names the rule.
func (r *run) ask(ctx context.Context, rules []string, input vm.Value) ([][]verdict, error) {
	outs := make([][]verdict, len(rules))
	for _, p := range r.judge.packs {
		own := p.of(rules)
		if len(own) == 0 {
			continue
		}
		got, err := p.ask(ctx, r, own, input)
		if err != nil {
			return nil, err //nolint:wrapcheck // it names the rule
		}
		for i, rule := range own {
			outs[slices.Index(rules, rule)] = got[i]
		}
	}
	return outs, nil
}

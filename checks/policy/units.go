package policy

import (
	"context"

	"github.com/nixlint/nixlint/checks/policy/vm"
	"github.com/nixlint/nixlint/loader/inventory"
)

// subject is a unit that is judged, for all units that are equal.
type subject struct {
	unit     *inventory.Unit
	id       key
	outcomes []*outcome // of the rules that may have something to say, by rule
}

// verdicts is how many there are of the unit.
func (s *subject) verdicts() int {
	n := 0
	for _, o := range s.outcomes {
		n += len(o.out)
	}
	return n
}

// outcome is what a rule reports of a unit, and of every other one that is the same to it.
type outcome struct {
	rule string
	out  []verdict
}

// batch is how many units are judged together. What is worked out of a unit is kept no longer than its batch.
const batch = 256

// bench is a place for one unit of a batch.
type bench struct {
	view    view
	asked   []asked
	missing []*outcome // those that this unit has to find out
	err     error
}

type asked struct {
	rule string
	key  key
}

// units judges the units of a plan. For each unit the screen leaves the rules that may have something to say, and of those only what no
// unit before it has found out is evaluated.
func (r *run) units(ctx context.Context, p *plan) error {
	rules := r.byKind[kindUnit]
	if len(rules) == 0 || len(p.subjects) == 0 {
		return nil
	}
	s, err := r.screen(rules, len(p.subjects))
	if err != nil {
		return err
	}
	memo := map[key]*outcome{}
	benches := make([]bench, min(batch, len(p.subjects)))
	for first := 0; first < len(p.subjects); first += batch {
		subjects := p.subjects[first:min(first+batch, len(p.subjects))]
		if err := r.each(ctx, len(subjects), func(i int) { benches[i].look(s, p, subjects[i], rules) }); err != nil {
			return err
		}
		share(benches[:len(subjects)], subjects, memo)
		if err := r.each(ctx, len(subjects), func(i int) { r.work(ctx, p, &benches[i], subjects[i]) }); err != nil {
			return err
		}
		for i := range subjects {
			if err := benches[i].err; err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *run) screen(rules []string, units int) (*screen, error) {
	s := newScreen(r.site)
	for _, pack := range r.judge.packs {
		for _, rule := range pack.of(rules) {
			p, err := pack.profile(rule, units)
			if err != nil {
				return nil, err
			}
			s.add(rule, p)
		}
	}
	return s, nil
}

// look finds which rules may have something to say of a unit, and what it looks like to each of them.
func (b *bench) look(s *screen, p *plan, u *subject, rules []string) {
	b.view.reset(s, p, u)
	b.asked = b.asked[:0]
	for _, rule := range rules {
		if r := s.rules[rule]; b.view.holds(&r.guard) {
			b.asked = append(b.asked, asked{rule: rule, key: b.view.key(r)})
		}
	}
}

// share gives each unit the outcomes it shares with others, and the first one that needs an outcome the task to find it out.
func share(benches []bench, subjects []*subject, memo map[key]*outcome) {
	for i, u := range subjects {
		b := &benches[i]
		b.missing, b.err = b.missing[:0], nil
		for _, a := range b.asked {
			o := memo[a.key]
			if o == nil {
				o = &outcome{rule: a.rule}
				memo[a.key] = o
				b.missing = append(b.missing, o)
			}
			u.outcomes = append(u.outcomes, o)
		}
	}
}

// work finds out what a unit was given to find out.
func (r *run) work(ctx context.Context, p *plan, b *bench, u *subject) {
	if len(b.missing) == 0 {
		return
	}
	rules := make([]string, len(b.missing))
	for i, o := range b.missing {
		rules[i] = o.rule
	}
	input := p.project(u.id, u.unit, func() derived { return b.view.derived })
	outs, err := r.ask(ctx, rules, input)
	if err != nil {
		b.err = err
		return
	}
	for i, o := range b.missing {
		o.out = outs[i]
	}
}

func (v *view) reset(s *screen, p *plan, u *subject) {
	if v.screen != s {
		v.screen, v.hash, v.projector = s, p.hash.another(), &p.projector
		v.answers, v.digests, v.digested = make([]int8, len(s.clues)), make([]key, len(s.clues)), make([]bool, len(s.clues))
	}
	clear(v.answers)
	clear(v.digested)
	v.unit, v.whole, v.texts = u.unit, u.id, [2]string{}
	v.derived = p.projector.derive(u.unit)
}

// project is the projection of a unit. Those of the first units are kept for the rules of hosts.
func (p *plan) project(k key, u *inventory.Unit, worked func() derived) vm.Value {
	if t, ok := p.projections.Load(k); ok {
		return t
	}
	t := p.projector.unit(u, worked())
	if p.on(kindHost) && p.projected.Add(1) <= maxProjections {
		p.projections.Store(k, t)
	}
	return t
}

// maxProjections is how many projections are kept; one takes 20 to 50 KiB.
const maxProjections = 4096

package policy

import (
	"slices"
	"strings"
	"sync"

	"github.com/nixlint/nixlint/checks"
)

// pack are rules that were linked together: those that nixlint brings along, or those of a user.
type pack struct {
	rules  []checks.Rule
	linked func(kind string) []byte
	mu     sync.Mutex
	kinds  map[string]*loaded
}

// loaded is what was read of the rules of a kind.
type loaded struct {
	mu      sync.Mutex
	archive *archive
	set     *ruleSet // the largest so far
}

func newPack(rules []checks.Rule, linked func(string) []byte) *pack {
	return &pack{rules: rules, linked: linked, kinds: map[string]*loaded{}}
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

func (p *pack) kind(kind string) *loaded {
	p.mu.Lock()
	defer p.mu.Unlock()
	l := p.kinds[kind]
	if l == nil {
		l = &loaded{}
		p.kinds[kind] = l
	}
	return l
}

// archive opens the rules of a kind, once.
func (p *pack) archive(kind string) (*archive, error) {
	l := p.kind(kind)
	l.mu.Lock()
	defer l.mu.Unlock()
	return p.opened(l, kind)
}

func (p *pack) opened(l *loaded, kind string) (*archive, error) {
	if l.archive == nil {
		a, err := open(kind, p.linked(kind))
		if err != nil {
			return nil, err
		}
		l.archive = a
	}
	return l.archive, nil
}

// set returns a rule set that has the rules, and perhaps more. What was asked for before stays in it, so that a run makes few.
func (p *pack) set(kind string, rules []string) (*ruleSet, error) {
	l := p.kind(kind)
	l.mu.Lock()
	defer l.mu.Unlock()
	wanted := map[string]bool{}
	if l.set != nil {
		if !slices.ContainsFunc(rules, func(r string) bool { return !l.set.rules[r] }) {
			return l.set, nil
		}
		for r := range l.set.rules {
			wanted[r] = true
		}
	}
	for _, r := range rules {
		wanted[r] = true
	}
	a, err := p.opened(l, kind)
	if err != nil {
		return nil, err
	}
	set, err := load(a, sortedKeys(wanted))
	if err != nil {
		return nil, err
	}
	l.set = set
	return set, nil
}

package policy

import (
	"slices"
	"strings"
	"sync"

	"github.com/nixlint/nixlint/checks"
)

// pack are rules that were compiled together: those that nixlint brings along, or those of a user.
type pack struct {
	rules []checks.Rule // by ID
	compiled
}

// compiled is where the compiled rules of a pack come from. It is safe for concurrent use.
type compiled interface {
	// profile is that of a rule of units. It may say less of the rule when there are few units to ask about.
	profile(rule string, units int) (profile, error)
	// set is a rule set that has the rules of a kind, and perhaps more.
	set(kind string, rules []string) (*ruleSet, error)
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

// linkedRules are rules that Link has compiled, in their compact form.
type linkedRules struct {
	linked func(kind string) []byte
	mu     sync.Mutex
	kinds  map[string]*loaded
}

// loaded is what was read of the rules of a kind.
type loaded struct {
	mu      sync.Mutex
	archive *archive
	largest *ruleSet // so far
}

func newLinked(linked func(kind string) []byte) *linkedRules {
	return &linkedRules{linked: linked, kinds: map[string]*loaded{}}
}

func (l *linkedRules) kind(kind string) *loaded {
	l.mu.Lock()
	defer l.mu.Unlock()
	k := l.kinds[kind]
	if k == nil {
		k = &loaded{}
		l.kinds[kind] = k
	}
	return k
}

func (l *linkedRules) profile(rule string, _ int) (profile, error) {
	k := l.kind(kindUnit)
	k.mu.Lock()
	defer k.mu.Unlock()
	a, err := l.opened(k, kindUnit)
	if err != nil {
		return profile{}, err
	}
	return a.entries[rule].profile, nil
}

// opened opens the rules of a kind, once.
func (l *linkedRules) opened(k *loaded, kind string) (*archive, error) {
	if k.archive == nil {
		a, err := open(kind, l.linked(kind))
		if err != nil {
			return nil, err
		}
		k.archive = a
	}
	return k.archive, nil
}

// set keeps what was asked for before, so that a run makes few.
func (l *linkedRules) set(kind string, rules []string) (*ruleSet, error) {
	k := l.kind(kind)
	k.mu.Lock()
	defer k.mu.Unlock()
	wanted := map[string]bool{}
	if k.largest != nil {
		if !slices.ContainsFunc(rules, func(r string) bool { return k.largest.reports[r] == nil }) {
			return k.largest, nil
		}
		for r := range k.largest.reports {
			wanted[r] = true
		}
	}
	for _, r := range rules {
		wanted[r] = true
	}
	a, err := l.opened(k, kind)
	if err != nil {
		return nil, err
	}
	set, err := load(a, sortedKeys(wanted))
	if err != nil {
		return nil, err
	}
	k.largest = set
	return set, nil
}

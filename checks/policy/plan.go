package policy

import (
	"slices"
	"sync"
	"sync/atomic"

	"github.com/nixlint/nixlint/checks"
	"github.com/nixlint/nixlint/checks/policy/vm"
	"github.com/nixlint/nixlint/loader/inventory"
)

// plan is what has to be evaluated for an inventory: each distinct projection once, and who it stands for.
type plan struct {
	byKind      map[string][]string
	hash        *hasher
	subjects    []*subject
	distinct    map[key]*subject
	tasks       []*task
	memo        map[key]*task
	projections sync.Map // by key of a unit: the rules of a unit and of its host share them
	projected   atomic.Int64
	units       [][]*subject // by host and unit; nil where nothing is judged
	lines       [][]*task
	hosts       []*task // of hosts that are equal, the same one
	hostUnits   [][]int // by host: the units that the host's rules see, as indices
	repository  *task
	definitions []definition
	definers    [][]definer        // of each of the definitions
	defined     map[definition]int // where in definitions
	projector   projector
}

func newPlan(byKind map[string][]string) *plan {
	return &plan{byKind: byKind, hash: newHasher(), distinct: map[key]*subject{}, memo: map[key]*task{}, defined: map[definition]int{}}
}

func (p *plan) on(kind string) bool { return len(p.byKind[kind]) > 0 }

// add plans an inventory. In parallel does n things, several at a time.
func (p *plan) add(inv *inventory.Inventory, inParallel func(n int, do func(int)) error) error {
	keys := make([][]key, len(inv.Hosts)) // of the units that are in force; the hash of a unit is most of what a plan costs
	err := inParallel(len(inv.Hosts), func(i int) { keys[i] = keysOf(p.hash.another(), &inv.Hosts[i]) })
	if err != nil {
		return err
	}
	for i := range inv.Hosts {
		p.host(i, &inv.Hosts[i], keys[i])
	}
	if p.on(kindRepository) {
		p.repository = &task{kind: kindRepository, input: func() vm.Value { return projectRepository(inv, p.definitions) }}
		p.tasks = append(p.tasks, p.repository)
	}
	return nil
}

// inForce: the unit is there when the host runs.
func inForce(u *inventory.Unit) bool {
	return u.Status != inventory.Commented && u.Status != inventory.Disabled
}

func keysOf(h *hasher, host *inventory.Host) []key {
	keys := make([]key, 0, len(host.Units))
	for k := range host.Units {
		if u := &host.Units[k]; inForce(u) {
			keys = append(keys, h.unit(u))
		}
	}
	return keys
}

// host plans a host whose units in force have these keys.
func (p *plan) host(i int, host *inventory.Host, keys []key) {
	units, lines := make([]*subject, len(host.Units)), make([]*task, len(host.Tmpfiles))
	seen := make([]int, 0, len(keys))
	for k := range host.Units {
		u := &host.Units[k]
		if !inForce(u) {
			continue
		}
		id := keys[len(seen)]
		seen = append(seen, k)
		if !checks.Judged(u) {
			continue
		}
		if host.Source != "units" { // a built system has no say in where Nix files stand
			p.define(i, k, u)
		}
		units[k] = p.subject(id, u)
	}
	for k := range host.Tmpfiles {
		if line := &host.Tmpfiles[k]; p.on(kindTmpfiles) {
			lines[k] = p.once(p.hash.line(line), kindTmpfiles, func() vm.Value { return projectTmpfiles(line) })
		}
	}
	p.units, p.lines, p.hostUnits = append(p.units, units), append(p.lines, lines), append(p.hostUnits, seen)
	if p.on(kindHost) {
		p.hosts = append(p.hosts, p.once(p.hash.host(host, keys), kindHost, func() vm.Value {
			terms := make([]vm.Value, len(seen))
			for n, k := range seen {
				u := &host.Units[k]
				terms[n] = p.project(keys[n], u, func() derived { return p.projector.derive(u) })
			}
			return projectHost(host, terms)
		}))
	}
}

func (p *plan) subject(id key, u *inventory.Unit) *subject {
	s := p.distinct[id]
	if s == nil {
		s = &subject{unit: u, id: id}
		p.distinct[id] = s
		p.subjects = append(p.subjects, s)
	}
	return s
}

func (p *plan) once(k key, kind string, input func() vm.Value) *task {
	t := p.memo[k]
	if t == nil {
		t = &task{kind: kind, input: input}
		p.memo[k] = t
		p.tasks = append(p.tasks, t)
	}
	return t
}

// define adds the files that define a unit, each once. What is equal on several hosts is judged once.
func (p *plan) define(host, unit int, u *inventory.Unit) {
	runs := runsIn(u)
	for i := range u.Definitions {
		at := &u.Definitions[i]
		if at.Outside() {
			continue // where an input keeps its modules is its own affair
		}
		if slices.ContainsFunc(u.Definitions[:i], func(l inventory.Location) bool { return l.File == at.File }) {
			continue
		}
		d := definition{unit: u.Name, scope: u.Scope, status: u.Status, file: at.File, main: runs == at.File}
		k, ok := p.defined[d]
		if !ok {
			k = len(p.definitions)
			p.defined[d] = k
			p.definitions = append(p.definitions, d)
			p.definers = append(p.definers, nil)
		}
		p.definers[k] = append(p.definers[k], definer{host: host, unit: unit, at: at})
	}
}

// runsIn is the file that says what a service of the tree's own runs; empty when none does.
func runsIn(u *inventory.Unit) string {
	if u.Completeness != inventory.Own {
		return ""
	}
	said := u.Sections["Service"]["ExecStart"]
	if script, ok := u.Scripts["start"]; ok {
		said = []inventory.Setting{script}
	}
	for i := range said {
		for k := range said[i].Alternatives {
			if at := said[i].Alternatives[k].Place(); at != nil {
				return at.File
			}
		}
	}
	return ""
}

// judgements gives every verdict to what it is about.
func (p *plan) judgements(inv *inventory.Inventory) []checks.Judgement {
	out := make([]checks.Judgement, 0, p.count(inv))
	for h := range inv.Hosts {
		for u, s := range p.units[h] {
			if s == nil {
				continue
			}
			for _, o := range s.outcomes {
				for _, v := range o.out {
					out = append(out, v.judgement(h, u, -1))
				}
			}
		}
		for l, t := range p.lines[h] {
			out = give(out, t, func(v verdict) checks.Judgement { return v.judgement(h, -1, l) })
		}
		if p.on(kindHost) {
			out = give(out, p.hosts[h], func(v verdict) checks.Judgement { return p.ofHost(h, v) })
		}
	}
	return p.ofRepository(inv, out)
}

// count is how many judgements there will be: of a fleet the list is long, and to let it grow would take twice its memory.
func (p *plan) count(inv *inventory.Inventory) int {
	n := 0
	tell := func(t *task) {
		if t != nil {
			n += len(t.out)
		}
	}
	for h := range inv.Hosts {
		for _, s := range p.units[h] {
			if s != nil {
				n += s.verdicts()
			}
		}
		for _, t := range p.lines[h] {
			tell(t)
		}
		if p.on(kindHost) {
			tell(p.hosts[h])
		}
	}
	tell(p.repository)
	for _, d := range p.definers {
		n += len(d)
	}
	return n
}

func give(out []checks.Judgement, t *task, as func(verdict) checks.Judgement) []checks.Judgement {
	if t == nil {
		return out
	}
	for _, v := range t.out {
		out = append(out, as(v))
	}
	return out
}

func (v verdict) judgement(host, unit, line int) checks.Judgement {
	return checks.Judgement{
		Rule: v.rule, Verdict: v.verdict, Message: v.message, Host: host, Unit: unit, Line: line, Path: v.path, Match: v.match, Minor: v.minor,
	}
}

// ofHost takes the index of the unit or the line off a path of a host's rule.
func (p *plan) ofHost(host int, v verdict) checks.Judgement {
	if len(v.path) >= 2 {
		i, ok := v.path[1].(int)
		switch {
		case ok && v.path[0] == "units" && i < len(p.hostUnits[host]):
			v.path = v.path[2:]
			return v.judgement(host, p.hostUnits[host][i], -1)
		case ok && v.path[0] == "tmpfiles":
			v.path = []any{"line"}
			return v.judgement(host, -1, i)
		}
	}
	return v.judgement(host, -1, -1)
}

// ofRepository gives a verdict on a definition to all units that are so defined, and one on an option its place.
func (p *plan) ofRepository(inv *inventory.Inventory, out []checks.Judgement) []checks.Judgement {
	if p.repository == nil {
		return out
	}
	for _, v := range p.repository.out {
		i := -1
		if len(v.path) == 2 {
			i, _ = v.path[1].(int)
		}
		if len(v.path) != 2 || v.path[0] != "definitions" || i < 0 || i >= len(p.definers) {
			j := v.judgement(-1, -1, -1)
			if len(v.path) == 2 && v.path[0] == "options" && i >= 0 && i < len(inv.Options) {
				j.At, j.Path = inv.Options[i].At, []any{"options", inv.Options[i].Path}
			}
			out = append(out, j)
			continue
		}
		v.path = nil
		for _, d := range p.definers[i] {
			j := v.judgement(d.host, d.unit, -1)
			j.At = d.at
			out = append(out, j)
		}
	}
	return out
}

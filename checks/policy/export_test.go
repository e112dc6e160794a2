package policy

import (
	"sync/atomic"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/nixlint/nixlint/loader/inventory"
	"github.com/nixlint/nixlint/policies"
)

// Input is what rules see of a unit.
func Input(u *inventory.Unit) ast.Value {
	p := &newPlan(nil).projector
	return termOf(p.unit(u, p.derive(u))).Value
}

// Rounds is how many rounds the scans of a built-in rule about hosts take over a host.
func Rounds(rule string, host *inventory.Host) (int, error) {
	p := newPlan(map[string][]string{kindHost: {rule}})
	inv := &inventory.Inventory{Hosts: []inventory.Host{*host}}
	if err := p.add(inv, func(_ int, do func(int)) error { do(0); return nil }); err != nil {
		return 0, err
	}
	site, err := valueOfJSON(policies.Site())
	if err != nil {
		return 0, err
	}
	l := linked{program: builtinProgram}
	if err := l.open(site); err != nil {
		return 0, err
	}
	function, _ := l.machine.Function(rule)
	r := l.machine.Run()
	_, err = r.Call(function, p.hosts[0].input(), new(atomic.Bool))
	return r.Rounds(), err
}

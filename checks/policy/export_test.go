package policy

import (
	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/nixlint/nixlint/loader/inventory"
)

// Input is what rules see of a unit.
func Input(u *inventory.Unit) ast.Value {
	p := &newPlan(nil).projector
	return termOf(p.unit(u, p.derive(u))).Value
}

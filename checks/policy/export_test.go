package policy

import (
	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/nixlint/nixlint/loader/inventory"
	"github.com/nixlint/nixlint/loader/systemd"
)

// Input is what rules see of a unit.
func Input(u *inventory.Unit) ast.Value {
	return termOf(newPlan(nil).projector.unit(u, systemd.EffectiveOf(u, systemd.Newest))).Value
}

package store

import (
	"fmt"
	"path/filepath"

	"github.com/nixlint/nixlint/loader/inventory"
	"github.com/nixlint/nixlint/loader/source"
	"github.com/nixlint/nixlint/loader/unit"
)

// Inventory reads the machines of the system. What the system cannot show makes their units open.
func (s *System) Inventory() (*inventory.Inventory, error) {
	inv, err := unit.Inventory(s.Tree, s.Machines...)
	if err != nil {
		return nil, fmt.Errorf("%w", err)
	}
	inv.Root = filepath.ToSlash(s.Root)
	for i := range inv.Hosts {
		for k := range inv.Hosts[i].Units {
			inv.Hosts[i].Units[k].Open = s.Open
		}
	}
	for _, p := range source.SortProblems(s.Problems) {
		inv.Problems = append(inv.Problems, inventory.Problem{Severity: p.Severity.String(), Message: p.Message, At: inventory.At(p.Span)})
	}
	if s.Open != "" {
		inv.Problems = append(inv.Problems, inventory.Problem{Severity: source.Notice.String(), Message: "the units are not whole: each " + s.Open})
	}
	return inv, nil
}

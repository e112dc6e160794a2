package analyze

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/nixlint/nixlint/loader/inventory"
)

// Assessment is what "systemd-analyze security" makes of a unit.
type Assessment struct {
	Unit     string
	Exposure int // in tenths: 96 is shown as 9.6
	Rows     []Row
}

// Row is one thing that is assessed.
type Row struct {
	Field       string `json:"json_field"`
	Description string `json:"description"`
	Good        *bool  `json:"set"` // nil when it does not apply
	Weight      uint64 `json:"weight"`
	Badness     uint64 `json:"badness"` // up to Range; NotApplicable when it does not count
	Range       uint64 `json:"range"`
}

// NotApplicable is the badness of a row that does not count.
const NotApplicable = ^uint64(0)

// Security assesses every system service of the root that is not partial, without a running manager. Units that systemd cannot
// load have no assessment: Verify says why.
func Security(ctx context.Context, program Program, root *Root) ([]Assessment, error) {
	var services []Unit
	for _, u := range root.inScope(inventory.System) {
		if !u.Partial && strings.HasSuffix(u.Name, ".service") {
			services = append(services, u)
		}
	}
	if len(services) == 0 {
		return nil, nil
	}
	all, err := root.assess(ctx, program, services)
	if err != nil || len(all) == len(services) {
		return all, err
	}
	// The answer names no unit: if one is missing, it does not say which.
	all = nil
	for _, u := range services {
		one, err := root.assess(ctx, program, []Unit{u})
		if err != nil {
			return nil, err
		}
		all = append(all, one...)
	}
	return all, nil
}

func (r *Root) assess(ctx context.Context, program Program, units []Unit) ([]Assessment, error) {
	args := []string{"security", "--offline=true", "--no-pager", "--json=short", "--security-policy=" + r.path(policyFile)}
	for _, u := range units {
		args = append(args, r.path(u.File))
	}
	env := append(r.scopeRun(inventory.System), "SYSTEMD_ANALYZE_DEBUG=1")
	out, err := program.run(ctx, env, args...)
	if err != nil {
		return nil, err
	}
	var all []Assessment
	for d := json.NewDecoder(strings.NewReader(out.stdout)); ; {
		var rows []Row
		err := d.Decode(&rows)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("%s security: %w", program, err)
		}
		all = append(all, Assessment{Exposure: exposure(rows), Rows: rows})
	}
	if len(all) == len(units) {
		for i, u := range units {
			all[i].Unit = u.Name
		}
	}
	return all, nil
}

// exposure is the sum of the badness of the rows that count, in tenths.
func exposure(rows []Row) int {
	var bad, weight uint64
	for _, r := range rows {
		if r.Badness == NotApplicable || r.Range == 0 || r.Weight == NotApplicable {
			continue
		}
		bad += (r.Badness*r.Weight + r.Range - 1) / r.Range
		weight += r.Weight
	}
	if weight == 0 {
		return 0
	}
	return int((bad*100 + weight - 1) / weight) //nolint:gosec // at most 100
}

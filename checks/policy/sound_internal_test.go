package policy

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/nixlint/nixlint/checks"
	"github.com/nixlint/nixlint/loader"
	"github.com/nixlint/nixlint/policies"
)

// Guards and shared outcomes save work and change nothing: every unit gets the verdicts that all rules give it when it is asked for
// alone. With NIXLINT_CORPUS, of the repositories there too.
func TestGuardsAndSharingChangeNoVerdict(t *testing.T) {
	roots, err := filepath.Glob("../../fixtures/*/flake.nix")
	if err != nil {
		t.Fatal(err)
	}
	if corpus := os.Getenv("NIXLINT_CORPUS"); corpus != "" {
		more, err := filepath.Glob(filepath.Join(corpus, "*", "flake.nix"))
		if err != nil {
			t.Fatal(err)
		}
		roots = append(roots, more...)
	}
	units, verdicts := 0, 0
	for _, flake := range roots {
		u, v := compare(t, filepath.Dir(flake))
		units, verdicts = units+u, verdicts+v
	}
	t.Logf("%d units of %d repositories, %d verdicts", units, len(roots), verdicts)
	if units < 200 || verdicts < 300 {
		t.Errorf("%d units and %d verdicts prove too little", units, verdicts)
	}
}

// compare judges the units of a repository in both ways, and returns how many units and verdicts there were.
func compare(t *testing.T, root string) (units, verdicts int) {
	t.Helper()
	inv, err := loader.Load(t.Context(), loader.Options{Root: root, Paths: []string{root}})
	if err != nil {
		t.Fatal(err)
	}
	j, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	var rules []string
	for _, rule := range j.Rules() {
		if rule.Kind == kindUnit {
			rules = append(rules, rule.ID)
		}
	}
	judgements, err := j.Judge(t.Context(), inv, rules)
	if err != nil {
		t.Fatal(err)
	}
	got := map[[2]int][]string{}
	for i := range judgements {
		g := &judgements[i]
		got[[2]int{g.Host, g.Unit}] = append(got[[2]int{g.Host, g.Unit}], fmt.Sprint(g.Rule, g.Verdict, g.Message, g.Path, g.Match, g.Minor))
	}
	r := plainRun(t, j)
	alone := map[key][]string{} // of units that are equal in every respect
	p := newPlan(nil)
	for h := range inv.Hosts {
		for n := range inv.Hosts[h].Units {
			u := &inv.Hosts[h].Units[n]
			if !checks.Judged(u) {
				continue
			}
			id := p.hash.unit(u)
			want, ok := alone[id]
			if !ok {
				outs, err := r.ask(t.Context(), rules, p.projector.unit(u, p.projector.derive(u)))
				if err != nil {
					t.Fatal(err)
				}
				for _, v := range slices.Concat(outs...) {
					want = append(want, fmt.Sprint(v.rule, v.verdict, v.message, v.path, v.match, v.minor))
				}
				slices.Sort(want)
				alone[id] = want
				units, verdicts = units+1, verdicts+len(want)
			}
			shared := got[[2]int{h, n}]
			slices.Sort(shared)
			if !slices.Equal(shared, want) {
				t.Errorf("%s: %s of %s:\n%q\nalone:\n%q", root, u.Name, inv.Hosts[h].Name, shared, want)
			}
		}
	}
	return units, verdicts
}

// plainRun is a run that asks what it is told to.
func plainRun(t *testing.T, j *Judge) *run {
	t.Helper()
	site, err := valueOfJSON(policies.Site())
	if err != nil {
		t.Fatal(err)
	}
	return newRun(j, site, nil)
}

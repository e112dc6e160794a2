package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/checks"
)

// reasonKinds are what settings depend on that are not known, by the words of a reason; the first that fits. What fits none is named.
var reasonKinds = []struct {
	on    string
	words []string
}{
	{"options without a value", []string{"has no value"}},
	{"packages", []string{"pkgs.", "the main program of", "the store", "derivation"}},
	{"modules or inputs not in the tree", []string{"not declared in the tree", "not in the tree", "not on disk", "nixpkgs' definition", "input "}},
}

// dependsOn groups reasons: "7 depend on packages, 2 on options without a value". A reason that stands alone is said as it is.
func dependsOn(reasons []checks.Reason) string {
	if len(reasons) == 1 {
		return oneLine(reasons[0].Why)
	}
	type group struct {
		on string
		n  int
	}
	groups := make([]group, len(reasonKinds))
	var others []checks.Reason
	left := 0
	for _, r := range reasons {
		i := reasonKind(r.Why)
		if i < 0 {
			others, left = append(others, r), left+r.Count
			continue
		}
		groups[i].on, groups[i].n = reasonKinds[i].on, groups[i].n+r.Count
	}
	groups = slices.DeleteFunc(groups, func(g group) bool { return g.n == 0 })
	slices.SortStableFunc(groups, func(a, b group) int { return b.n - a.n })
	var parts []string
	for i, g := range groups {
		verb := ""
		if i == 0 {
			verb = "depend "
			if g.n == 1 {
				verb = "depends "
			}
		}
		parts = append(parts, fmt.Sprintf("%d %son %s", g.n, verb, g.on))
	}
	if left > 0 {
		part := fmt.Sprintf("%d for ", left)
		if len(others) == 1 {
			part += "another reason: "
		} else {
			part += count(len(others), "other reason") + ", most often: "
		}
		parts = append(parts, part+oneLine(others[0].Why))
	}
	return strings.Join(parts, ", ")
}

func reasonKind(why string) int {
	for i, k := range reasonKinds {
		if slices.ContainsFunc(k.words, func(w string) bool { return strings.Contains(why, w) }) {
			return i
		}
	}
	return -1
}

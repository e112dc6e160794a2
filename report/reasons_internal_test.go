package report

import (
	"testing"

	"github.com/nixlint/nixlint/checks"
)

func TestReasonsAreGrouped(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		reasons []checks.Reason
		want    string
	}{
		{[]checks.Reason{{Why: "it depends on cfg.enable", Count: 3}}, "it depends on cfg.enable"},
		{
			[]checks.Reason{{Why: "the main program of pkgs.a", Count: 4}, {Why: "the main program of pkgs.b", Count: 3}, {Why: "option a.b is not declared in the tree", Count: 2}},
			"7 depend on packages, 2 on modules or inputs not in the tree",
		},
		{
			[]checks.Reason{
				{Why: "it depends on the system that is built for\nmore", Count: 5},
				{Why: "option a.b has no value here", Count: 1},
				{Why: "it depends on cfg.enable", Count: 1},
			},
			"1 depends on options without a value, 6 for 2 other reasons, most often: it depends on the system that is built for ...",
		},
		{
			[]checks.Reason{{Why: "nixpkgs' definition of the unit may add to path", Count: 2}, {Why: "x\x1b[0m", Count: 1}},
			"2 depend on modules or inputs not in the tree, 1 for another reason: " + Visible("x\x1b[0m"),
		},
	} {
		if got := dependsOn(c.reasons); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}

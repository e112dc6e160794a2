package analyze_test

import (
	"fmt"
	"testing"

	"github.com/nixlint/nixlint/checks/analyze"
	"github.com/nixlint/nixlint/fixtures/oracle"
	"github.com/nixlint/nixlint/loader/inventory"
)

// BenchmarkAsk asks the real tool for both of its answers on 100 units: with their staging, and on a root that is staged already. The
// ratio of the two is what staging costs.
func BenchmarkAsk(b *testing.B) {
	program := analyze.Program(oracle.Systemd(b))
	units := make([]inventory.Unit, 100)
	for i := range units {
		units[i] = unit(fmt.Sprintf("a%d.service", i), start, "PrivateTmp=yes", "ProtectSystem=strict", "Unit.After=network.target")
	}
	ask := func(root *analyze.Root) {
		if _, err := analyze.Verify(b.Context(), program, root); err != nil {
			b.Fatal(err)
		}
		if all, err := analyze.Security(b.Context(), program, root); err != nil || len(all) != len(units) {
			b.Fatalf("%d assessments: %v", len(all), err)
		}
	}
	staged := func() *analyze.Root {
		root, err := analyze.Stage(b.TempDir(), units)
		if err != nil {
			b.Fatal(err)
		}
		return root
	}
	b.Run("tool", func(b *testing.B) {
		root := staged()
		for b.Loop() {
			ask(root)
		}
	})
	b.Run("staging and tool", func(b *testing.B) {
		for b.Loop() {
			ask(staged())
		}
	})
}

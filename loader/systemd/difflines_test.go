package systemd_test

import (
	"slices"
	"testing"

	"github.com/nixlint/nixlint/loader/inventory"
	"github.com/nixlint/nixlint/loader/systemd"
)

func laying(lines ...string) *inventory.Inventory {
	h := inventory.Host{Name: "web"}
	for _, l := range lines {
		h.Tmpfiles = append(h.Tmpfiles, inventory.TmpfilesRule{Line: inventory.Setting{Alternatives: []inventory.Alternative{{Value: l, Known: l[0] != '?'}}}})
	}
	return &inventory.Inventory{Hosts: []inventory.Host{h}}
}

func TestDiffTmpfilesSaysWhatIsLaidOutDifferently(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		before, after *inventory.Inventory
		kind          string // of the one change
		unseen        int
	}{
		{laying("d /a 0755 root root -"), laying("d /a 0755 root root -"), "", 0},
		{laying("d /a 0755 root root -"), laying(`d  "/a" 755 root root`), "", 0},
		{laying("d /a 0755 root root -"), laying("d /a 0777 root root -"), inventory.Changed, 0},
		{laying("d /a - - - -", "d /b - - - -"), laying("d /b - - - -", "d /a - - - -"), "", 0},
		{laying("d /a - - - -"), laying("d /a - - - -", "Z /a - - - -"), inventory.Added, 0},
		{laying("d /a - - - -", "d /a - - - -"), laying("d /a - - - -"), inventory.Removed, 0},
		{laying("d /a - - - -"), laying("d /a - - - 1d"), inventory.Changed, 0},
		{laying("? no line"), laying("? no line"), "", 1},
	} {
		changes, unseen := systemd.DiffTmpfiles(c.before, c.after)
		var want []string
		if c.kind != "" {
			want = []string{c.kind}
		}
		var got []string
		for _, change := range changes {
			got = append(got, change.Kind)
		}
		if !slices.Equal(got, want) || len(unseen) != c.unseen {
			t.Errorf("%+v: %d unseen, want %q and %d", changes, len(unseen), want, c.unseen)
		}
	}
}

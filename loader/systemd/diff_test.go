package systemd_test

import (
	"testing"

	"github.com/nixlint/nixlint/loader/inventory"
	"github.com/nixlint/nixlint/loader/systemd"
)

// running is a machine with one unit that makes assignments of one directive of [Service].
func running(name string, values ...string) *inventory.Inventory {
	settings := make([]inventory.Setting, len(values))
	for i, v := range values {
		settings[i] = inventory.Setting{Alternatives: []inventory.Alternative{{Value: v, Known: v != "?"}}}
	}
	return &inventory.Inventory{Hosts: []inventory.Host{{Name: "web", Units: []inventory.Unit{{
		Name: "a.service", Scope: inventory.System, Status: inventory.Active, Completeness: inventory.Own,
		Sections: map[string]map[string][]inventory.Setting{"Service": {name: settings}},
	}}}}}
}

func TestDiffSaysWhatSystemdWouldNotice(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name          string
		before, after []string
		differs       bool
	}{
		{"PrivateTmp", []string{"yes"}, []string{"true"}, false},
		{"PrivateTmp", []string{"yes"}, []string{"no", "1"}, false},
		{"PrivateTmp", []string{"yes"}, []string{"no"}, true},
		{"PrivateTmp", []string{"yes"}, nil, true},
		{"SupplementaryGroups", []string{"a b"}, []string{"a", "b"}, false},
		{"SupplementaryGroups", []string{"a"}, []string{"x", "", "a"}, false},
		{"SupplementaryGroups", []string{"a"}, []string{"a", ""}, true},
		{"CapabilityBoundingSet", nil, []string{""}, true},                 // no capability is not all of them
		{"ExecStart", []string{"?"}, []string{"/bin/a"}, true},             // it is known now
		{"BlockIOWeight", []string{"10"}, []string{"20"}, true},            // only the newest systemd ignores it
		{"NoSuchDirective", []string{"10"}, []string{"20"}, true},          // nobody knows what it does
		{"ExecStartPre", []string{"/a", "/b"}, []string{"/b", "/a"}, true}, // order matters
	} {
		got := systemd.Diff(running(c.name, c.before...), running(c.name, c.after...))
		if (len(got) > 0) != c.differs {
			t.Errorf("%s: %q and %q differ: %v, want %v", c.name, c.before, c.after, len(got) > 0, c.differs)
		}
	}
}

func TestDiffSaysWhatTheBaseStatesInstead(t *testing.T) {
	t.Parallel()
	before, after := running("PrivateTmp", "no"), running("Nice", "5")
	for _, inv := range []*inventory.Inventory{before, after} {
		u := &inv.Hosts[0].Units[0]
		u.Completeness, u.Base = inventory.Partial, "nixpkgs"
		u.BaseSections = map[string]map[string][]inventory.Setting{
			"Service": {"PrivateTmp": {{Alternatives: []inventory.Alternative{{Value: "yes", Known: true}}}}},
		}
	}
	changes := systemd.Diff(before, after)
	if len(changes) != 1 || len(changes[0].Directives) != 2 {
		t.Fatalf("%+v", changes)
	}
	if d := changes[0].Directives[1]; d.Name != "PrivateTmp" || d.Kind() != inventory.Changed || d.After[0] != "yes" {
		t.Errorf("%+v", d)
	}
}

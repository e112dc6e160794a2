package exposure_test

import (
	"testing"

	"github.com/nixlint/nixlint/checks/exposure"
	"github.com/nixlint/nixlint/loader/inventory"
)

func TestWeakerIsWhatProtectsLess(t *testing.T) {
	unit := func(name, value string) *inventory.Unit {
		return &inventory.Unit{
			Name: "x.service", Kind: "service", Status: inventory.Active, Completeness: inventory.Own,
			Sections: map[string]map[string][]inventory.Setting{"Service": {name: {{Alternatives: []inventory.Alternative{{Value: value, Known: true}}}}}},
		}
	}
	s, err := exposure.NewScorer(exposure.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, was, is string
		weaker, known bool
	}{
		{"ProtectSystem", "full", "strict", false, true},
		{"ProtectSystem", "strict", "full", true, true},
		{"ProtectHome", "read-only", "true", false, true},
		{"PrivateTmp", "true", "no", true, true},
		{"PrivateTmp", "true", "yes", false, true},
		{"UMask", "0077", "0022", true, true},
		{"NoNewPrivileges", "false", "true", false, true},
		{"SystemCallFilter", "@system-service", "@basic-io", false, false},
		{"User", "a", "b", false, false},
		{"Nice", "1", "2", false, false},
	} {
		if weaker, known := s.Weaker(unit(c.name, c.was), unit(c.name, c.is), c.name); weaker != c.weaker || known != c.known {
			t.Errorf("%s=%s, now %s: %v %v, want %v %v", c.name, c.was, c.is, weaker, known, c.weaker, c.known)
		}
	}
}

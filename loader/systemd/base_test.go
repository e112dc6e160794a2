package systemd_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/nixlint/nixlint/loader/inventory"
	"github.com/nixlint/nixlint/loader/systemd"
)

func made(priority int, values ...string) []inventory.Setting {
	var out []inventory.Setting
	for _, v := range values {
		out = append(out, inventory.Setting{Alternatives: []inventory.Alternative{{Value: v, Known: true, Priority: priority}}})
	}
	return out
}

// perhaps is a setting that is made only under a condition.
func perhaps(priority int, value string) []inventory.Setting {
	return []inventory.Setting{{Alternatives: []inventory.Alternative{
		{Value: value, Known: true, Priority: priority, Conditions: []inventory.Condition{{Text: "c", Verdict: "unknown"}}},
		{Absent: true, Known: true, Conditions: []inventory.Condition{{Text: "!c", Verdict: "unknown"}}},
	}}}
}

// amounts writes what a directive may be: values with "(base)" behind those of the base.
func amounts(all []systemd.Possible) string {
	var out []string
	for _, p := range all {
		var values []string
		for _, v := range p.Values {
			text := v.Text
			if v.Index == systemd.Implied {
				text += "(base)"
			}
			values = append(values, text)
		}
		text := strings.Join(values, " ")
		if !p.Known {
			text += " ?"
		}
		if p.Absent {
			text = "absent"
		}
		out = append(out, text)
	}
	slices.Sort(out)
	return strings.Join(out, " | ")
}

func TestOverrideAndBaseMergeAsNixOSMergesThem(t *testing.T) {
	const doubt = "<unknown: whether the override or its base holds is not decided>(base) ?"
	for name, c := range map[string]struct {
		directive string
		base, own []inventory.Setting
		want      string
	}{
		"only the base says it":               {"PrivateTmp", made(100, "yes"), nil, "yes(base)"},
		"only the override says it":           {"PrivateTmp", nil, made(100, "no"), "no"},
		"a list has both":                     {"DeviceAllow", made(100, "char-drm", "char-fb"), made(100, "/dev/a"), "char-drm(base) char-fb(base) /dev/a"},
		"mkForce drops the base's list":       {"DeviceAllow", made(100, "char-drm"), made(50, "/dev/a"), "/dev/a"},
		"mkForce drops the base's value":      {"PrivateTmp", made(100, "yes"), made(50, "no"), "no"},
		"mkDefault does not win":              {"PrivateTmp", made(100, "yes"), made(1000, "no"), "yes(base)"},
		"nor does a list of it":               {"DeviceAllow", made(100, "char-drm"), made(1000, "/dev/a"), "char-drm(base)"},
		"a plain value wins over mkDefault":   {"ProtectHome", made(1000, "yes"), made(100, "no"), "no"},
		"mkForce under a condition":           {"PrivateTmp", made(100, "yes"), perhaps(50, "no"), "no | yes(base)"},
		"a list forced under a condition":     {"DeviceAllow", made(100, "char-drm"), perhaps(50, "/dev/a"), doubt},
		"a plain value under a condition":     {"DeviceAllow", made(100, "char-drm"), perhaps(100, "/dev/a"), "char-drm(base) | char-drm(base) /dev/a"},
		"a base under a condition":            {"PrivateTmp", perhaps(100, "yes"), nil, "absent | yes(base)"},
		"a default over a base with a choice": {"PrivateTmp", perhaps(100, "yes"), made(1000, "no"), doubt},
	} {
		u := &inventory.Unit{
			Name: "a.service", Kind: "service", Completeness: inventory.Partial, Base: "nixpkgs x",
			Sections:     map[string]map[string][]inventory.Setting{"Service": {}},
			BaseSections: map[string]map[string][]inventory.Setting{"Service": {}},
		}
		if c.own != nil {
			u.Sections["Service"][c.directive] = c.own
		}
		if c.base != nil {
			u.BaseSections["Service"][c.directive] = c.base
		}
		if got := amounts(systemd.EffectiveOf(u, 0)["Service"][c.directive]); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
		if len(u.Sections["Service"][c.directive]) != len(c.own) {
			t.Errorf("%s: the unit's own settings were changed", name)
		}
	}
}

func TestOpen(t *testing.T) {
	u := &inventory.Unit{Completeness: inventory.Partial, BaseClosed: []string{"Service"}}
	if systemd.Open(u, "Service") || !systemd.Open(u, "Unit") {
		t.Error("a section whose base is known whole is open, or another is not")
	}
	u.Open = "a module may add to it"
	if !systemd.Open(u, "Service") {
		t.Error("a unit that a module may add to is closed")
	}
	if systemd.Open(&inventory.Unit{Completeness: inventory.Own}, "Service") {
		t.Error("the tree's own unit is open")
	}
}

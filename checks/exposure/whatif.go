package exposure

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/loader/inventory"
	"github.com/nixlint/nixlint/loader/systemd"
)

// WhatIf is the unit with further assignments, such as "PrivateTmp=yes", behind all that it has.
func WhatIf(u *inventory.Unit, assignments ...string) (*inventory.Unit, error) {
	changed := *u
	changed.Sections = maps.Clone(u.Sections)
	if changed.Sections == nil {
		changed.Sections = map[string]map[string][]inventory.Setting{}
	}
	for _, a := range assignments {
		name, value, ok := strings.Cut(a, "=")
		if !ok || name == "" {
			return nil, fmt.Errorf("%q is not of the form KEY=VALUE", a)
		}
		section, ok := sectionOf(name)
		if !ok {
			return nil, fmt.Errorf("services have no directive %s=%s", name, suggestion(name))
		}
		settings := maps.Clone(changed.Sections[section])
		if settings == nil {
			settings = map[string][]inventory.Setting{}
		}
		settings[name] = append(slices.Clip(settings[name]), inventory.Setting{
			Alternatives: []inventory.Alternative{{Value: strings.TrimSpace(value), Known: true}},
		})
		changed.Sections[section] = settings
	}
	return &changed, nil
}

// sectionOf is the section of a service that a directive stands in.
func sectionOf(name string) (string, bool) {
	for _, section := range []string{"Service", "Unit"} {
		if _, ok := systemd.Directive(section, name); ok {
			return section, true
		}
	}
	return "", false
}

func suggestion(name string) string {
	if near := systemd.Nearest("service", name); near != "" {
		return ": did you mean " + near + "=?"
	}
	return ""
}

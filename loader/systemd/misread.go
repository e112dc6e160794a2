package systemd

import (
	"slices"
	"strings"
)

// Belongs lists the sections of a unit of a kind ("service") that have the directive.
func Belongs(kind, name string) []string {
	var out []string
	for _, section := range []string{"Unit", kind, "Install"} {
		if _, ok := find(section, name); ok {
			if i := slices.IndexFunc(sectionNames[:], func(s string) bool { return strings.EqualFold(s, section) }); i >= 0 {
				section = sectionNames[i]
			}
			out = append(out, section)
		}
	}
	return out
}

// HasSection reports whether a unit of a kind has the section, and whether the kind is one that the table knows.
func HasSection(kind, section string) (has, known bool) {
	if kind == "target" {
		return section == "Unit" || section == "Install", true
	}
	i := slices.IndexFunc(sectionNames[:], func(s string) bool { return strings.EqualFold(s, kind) })
	if i < 0 {
		return true, false
	}
	return section == "Unit" || section == "Install" || section == sectionNames[i], true
}

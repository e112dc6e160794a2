package nixos

import (
	"slices"

	"github.com/nixlint/nixlint/loader/eval"
	"github.com/nixlint/nixlint/loader/inventory"
)

// homeSections are the sections by which home-manager writes units: systemd.user.services.x = { Unit = …; Service = …; }.
var homeSections = []string{"Unit", "Service", "Timer", "Socket", "Path", "Slice", "Install"}

// homeLinks are the directives of [Install] that make links.
var homeLinks = []struct{ directive, kind string }{{"WantedBy", "wants"}, {"RequiredBy", "requires"}, {"UpheldBy", "upholds"}, {"Alias", "alias"}}

// homeManager reads a unit in home-manager's shape; false when it is not in it.
func (b *unitBuilder) homeManager() bool {
	is := false
	for _, d := range b.defs {
		if set, ok := d.val.(*eval.Set); ok {
			for _, name := range homeSections {
				is = is || set.Find(name) != nil
			}
		}
	}
	if !is {
		return false
	}
	for _, name := range homeSections {
		b.section(name, name)
		for directive, settings := range b.unit.Sections[name] {
			for i := range settings {
				settings[i].Option = name
			}
			b.unit.Sections[name][directive] = slices.DeleteFunc(settings, func(s inventory.Setting) bool {
				return len(s.Alternatives) == 1 && s.Alternatives[0].Absent
			})
			if len(b.unit.Sections[name][directive]) == 0 {
				delete(b.unit.Sections[name], directive)
			}
		}
	}
	for _, l := range homeLinks {
		for _, setting := range b.unit.Sections["Install"][l.directive] {
			b.unit.Links = append(b.unit.Links, inventory.Link{Type: l.kind, Target: setting})
		}
	}
	return true
}

package loader

import (
	"maps"
	"path"
	"slices"

	"github.com/nixlint/nixlint/loader/inventory"
	"github.com/nixlint/nixlint/loader/source"
	"github.com/nixlint/nixlint/loader/unit"
)

// addTexts adds the files that are no Nix but that settings of units stand in, such as the source of a unit file: for what their comments
// say to nixlint.
func addTexts(inv *inventory.Inventory, tree *source.Tree) {
	hosts := map[string][]string{} // by file
	for i := range inv.Hosts {
		h := &inv.Hosts[i]
		for j := range h.Units {
			for _, file := range texts(&h.Units[j]) {
				if _, ok := hosts[file]; !ok {
					hosts[file] = nil
				}
				if h.Source != "loose" && !slices.Contains(hosts[file], h.Name) {
					hosts[file] = append(hosts[file], h.Name)
				}
			}
		}
	}
	for _, file := range slices.Sorted(maps.Keys(hosts)) {
		src, err := tree.File(file)
		if err != nil {
			continue
		}
		f, _ := unit.Parse(src) // what is wrong in it is said with the unit
		inv.Files = append(inv.Files, inventory.File{Path: file, Hosts: hosts[file], Directives: f.Directives()})
	}
}

// texts are the files of a unit's settings that are no Nix.
func texts(u *inventory.Unit) []string {
	var out []string
	for _, directives := range u.Sections {
		for _, settings := range directives {
			for _, s := range settings {
				for _, a := range s.Alternatives {
					if a.At != nil && path.Ext(a.At.File) != ".nix" && !a.At.Outside() && !slices.Contains(out, a.At.File) {
						out = append(out, a.At.File)
					}
				}
			}
		}
	}
	return out
}

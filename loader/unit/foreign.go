package unit

import (
	"strings"

	"github.com/nixlint/nixlint/loader/inventory"
	"github.com/nixlint/nixlint/loader/source"
)

// isNixOS reports whether a built system has the marks of NixOS, or lies in the store. Beside them one unit that names the store is sign
// enough: NixOS gives each service a search path there. A folder of several services of which none does is of another system; a lone
// service may be anybody's.
func isNixOS(tree *source.Tree) bool {
	if strings.HasPrefix(tree.Dir(), "/"+store) {
		return true
	}
	for _, mark := range []string{"etc/NIXOS", "NIXOS", "nixos-version"} {
		if _, err := tree.Stat(mark); err == nil {
			return true
		}
	}
	return false
}

func namesStore(u *inventory.Unit) bool {
	for _, directives := range u.Sections {
		for _, settings := range directives {
			for i := range settings {
				for k := range settings[i].Alternatives {
					if strings.Contains(settings[i].Alternatives[k].Value, store) {
						return true
					}
				}
			}
		}
	}
	return false
}

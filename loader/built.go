package loader

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/loader/inventory"
	"github.com/nixlint/nixlint/loader/source"
	"github.com/nixlint/nixlint/loader/store"
	"github.com/nixlint/nixlint/loader/unit"
)

// ErrMixed is the error of Nix files and built systems in one list of paths.
var ErrMixed = errors.New("Nix files and built systems are judged in runs of their own")

// findUnits recognises the paths as those of built systems. Without paths it is the working directory, unless that is part of a
// repository. Some that are and some that are not is ErrMixed.
func findUnits(opts Options) ([]unit.Units, error) {
	paths := opts.Paths
	if len(paths) == 0 {
		root, err := FindRoot(opts)
		here, _ := absolute(".")
		if err != nil || opts.Root != "" || root != here || marked(root) {
			return nil, nil //nolint:nilerr // who reads Nix says what is wrong with it
		}
		paths = []string{"."}
	}
	var all []unit.Units
	other := ""
	for _, p := range paths {
		u, ok := unit.Find(p, opts.Root)
		switch {
		case !ok:
			other = p
		case len(u.Only) > 0 && slices.ContainsFunc(all, func(o unit.Units) bool { return sameFolder(o, u) }):
			i := slices.IndexFunc(all, func(o unit.Units) bool { return sameFolder(o, u) })
			all[i].Only = append(all[i].Only, u.Only...)
		default:
			all = append(all, u)
		}
	}
	if len(all) > 0 && other != "" {
		if _, err := os.Stat(other); err != nil {
			return nil, missingError(other)
		}
		return nil, fmt.Errorf("%w: %s holds no units; check --built PATH joins the two", ErrMixed, other)
	}
	return oneRoot(all), nil
}

// sameFolder reports whether two are about files of one folder.
func sameFolder(a, b unit.Units) bool {
	return len(a.Only) > 0 && a.Root == b.Root && slices.Equal(a.System, b.System) && slices.Equal(a.User, b.User) && slices.Equal(a.Tmpfiles, b.Tmpfiles)
}

// oneRoot gives several machines the folder around all of them as root; each reads what it read before.
func oneRoot(all []unit.Units) []unit.Units {
	if len(all) < 2 {
		return all
	}
	root := all[0].Root
	for _, u := range all[1:] {
		for rel, err := filepath.Rel(root, u.Root); err != nil || rel == ".." || strings.HasPrefix(rel, "../"); rel, err = filepath.Rel(root, u.Root) {
			root = filepath.Dir(root)
		}
	}
	for i, u := range all {
		all[i] = u.Under(root)
	}
	return all
}

// loadStore reads what is built but does not lie open: an archive, a binary cache, a derivation, or with "-" what Nix prints. Nil when the
// paths are none of these.
func loadStore(opts Options) (*inventory.Inventory, *source.Tree, error) {
	stored := slices.IndexFunc(opts.Paths, func(p string) bool { return p == "-" || store.Kind(p) != "" })
	if stored < 0 {
		return nil, nil, nil
	}
	name := opts.Paths[stored]
	if len(opts.Paths) > 1 {
		return nil, nil, fmt.Errorf("%w: %s is judged by itself", ErrMixed, name)
	}
	var s *store.System
	var err error
	if name == "-" {
		if opts.Stdin == nil {
			return nil, nil, errors.New("standard input is not read here")
		}
		s, err = store.Read(opts.Stdin)
	} else {
		s, err = store.Open(name)
	}
	if errors.Is(err, store.ErrNoUnits) {
		return nil, nil, fmt.Errorf("%w: %w", ErrNothing, err)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("load %w", err)
	}
	inv, err := s.Inventory()
	if err != nil {
		s.Close() //nolint:errcheck // read only
		return nil, nil, fmt.Errorf("load %s: %w", name, err)
	}
	s.Tree.OnClose(s)
	return inv, s.Tree, nil
}

// loadUnits reads built systems.
func loadUnits(machines []unit.Units) (*inventory.Inventory, *source.Tree, error) {
	tree, err := source.OpenTree(machines[0].Root)
	if err != nil {
		return nil, nil, fmt.Errorf("load %s: %w", machines[0].Root, err)
	}
	inv, err := unit.Inventory(tree, machines...)
	if err != nil {
		tree.Close() //nolint:errcheck // read only
		return nil, nil, fmt.Errorf("load %s: %w", machines[0].Root, err)
	}
	return inv, tree, nil
}

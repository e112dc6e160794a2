// Package loader turns what a repository or a built system says into an inventory. It recognises what a path is and hands it to
// the room that knows: Nix files to package nixos, unit files to package unit, archives and derivations to package store.
package loader

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/loader/inventory"
	"github.com/nixlint/nixlint/loader/nixos"
	"github.com/nixlint/nixlint/loader/source"
	"github.com/nixlint/nixlint/loader/unit"
)

// ErrNothing is the error of paths that hold nothing to judge.
var ErrNothing = errors.New("nothing to judge")

// Options say what is loaded.
type Options struct {
	Root  string   // the folder that nothing is read outside of; found from Paths when empty
	Paths []string // files and folders to judge; the root when empty
	// Tree is what is read instead of the folder on disk: the folder in a revision. The caller closes it.
	Tree *source.Tree

	Inputs   map[string]string // sources that are not in the root: by the name of a flake input, or of an entry of the search path, a folder
	UseStore bool              // read the inputs that flake.lock names from the Nix store
	Store    string            // the folder that the store is in; /nix/store when empty
	// Stdin is what the path "-" stands for: what Nix printed of a configuration.
	Stdin io.Reader
}

// Load makes the inventory of what lies under the paths. A path that does not exist is an error that wraps fs.ErrNotExist; paths
// without anything to judge, ErrNothing. What is wrong in the user's files is in the inventory's problems.
func Load(ctx context.Context, opts Options) (*inventory.Inventory, error) {
	inv, tree, err := Open(ctx, opts)
	opts.letGo(tree)
	return inv, err
}

// Open is Load, and returns the tree that the places of the inventory are in. The caller closes it; it is nil with an error.
func Open(ctx context.Context, opts Options) (*inventory.Inventory, *source.Tree, error) {
	var machines []unit.Units
	var inv *inventory.Inventory
	var tree *source.Tree
	var err error
	if opts.Tree == nil {
		if inv, tree, err = loadStore(opts); err == nil && inv == nil {
			machines, err = findUnits(opts)
		}
	}
	if err != nil {
		return nil, nil, err
	}
	switch {
	case inv != nil:
	case len(machines) > 0:
		inv, tree, err = loadUnits(machines)
	default:
		inv, tree, err = loadNix(ctx, opts)
	}
	if err == nil && empty(inv) {
		if len(opts.Paths) == 0 {
			opts.Paths = []string{"."}
		}
		err = fmt.Errorf("%s: %w: no host, no NixOS module and no unit was found", strings.Join(opts.Paths, ", "), ErrNothing)
	}
	if err != nil {
		opts.letGo(tree)
		tree = nil
	}
	return inv, tree, err
}

// letGo closes a tree, unless it is the caller's own.
func (o Options) letGo(tree *source.Tree) {
	if tree != nil && tree != o.Tree {
		tree.Close() //nolint:errcheck // read only
	}
}

// loadNix reads a repository.
func loadNix(ctx context.Context, opts Options) (*inventory.Inventory, *source.Tree, error) {
	root, err := FindRoot(opts)
	if err != nil {
		return nil, nil, err
	}
	paths, err := relative(root, opts.Paths)
	if err != nil {
		return nil, nil, err
	}
	tree := opts.Tree
	if tree == nil {
		if tree, err = source.OpenTree(root); err != nil {
			return nil, nil, fmt.Errorf("load %s: %w", root, err)
		}
	}
	in, err := openInputs(opts)
	if err != nil {
		opts.letGo(tree)
		return nil, nil, err
	}
	inv, _, err := nixos.Load(ctx, tree, paths, in.nixos())
	if err != nil {
		opts.letGo(tree)
		return nil, nil, fmt.Errorf("load %s: %w", root, err)
	}
	addTexts(inv, tree)
	inv.Root = filepath.ToSlash(root)
	if len(paths) != 1 || paths[0] != "." {
		inv.Paths = paths
	}
	return inv, tree, nil
}

// empty reports that there is nothing of which anything could be said.
func empty(inv *inventory.Inventory) bool {
	for i := range inv.Hosts {
		if h := &inv.Hosts[i]; h.Source != "units" || len(h.Units)+len(h.Tmpfiles) > 0 {
			return false
		}
	}
	for _, p := range inv.Problems {
		if p.Severity == source.Failure.String() {
			return false
		}
	}
	return true
}

// FindRoot is the folder that opts are about: Root, else the nearest ancestor of the first path that holds flake.nix or .git, else
// that path's own folder.
func FindRoot(opts Options) (string, error) {
	if opts.Root != "" {
		return absolute(opts.Root)
	}
	first := "."
	if len(opts.Paths) > 0 && opts.Paths[0] != "-" {
		first = opts.Paths[0]
	}
	at, err := absolute(first)
	if err != nil {
		return "", err
	}
	if info, err := os.Stat(at); err == nil && !info.IsDir() {
		at = filepath.Dir(at)
	}
	for dir := at; ; dir = filepath.Dir(dir) {
		if marked(dir) {
			return dir, nil
		}
		if dir == filepath.Dir(dir) {
			return at, nil
		}
	}
}

// marked reports whether a folder is the top of a repository.
func marked(dir string) bool {
	return slices.ContainsFunc([]string{"flake.nix", ".git"}, func(mark string) bool {
		_, err := os.Stat(filepath.Join(dir, mark))
		return err == nil
	})
}

func absolute(path string) (string, error) {
	abs, err := filepath.Abs(path)
	if err == nil {
		abs, err = filepath.EvalSymlinks(abs)
	}
	if errors.Is(err, fs.ErrNotExist) {
		return "", missingError(path)
	}
	if err != nil {
		return "", fmt.Errorf("%s: %w", path, err)
	}
	return abs, nil
}

// missingError is the error of a path that does not exist.
type missingError string

func (e missingError) Error() string { return string(e) + " does not exist" }

func (missingError) Unwrap() error { return fs.ErrNotExist }

// relative are the paths relative to the root, with forward slashes; "." when there are none.
func relative(root string, paths []string) ([]string, error) {
	if len(paths) == 0 {
		return []string{"."}, nil
	}
	out := make([]string, 0, len(paths))
	for _, p := range paths {
		abs, err := absolute(p)
		if err != nil {
			return nil, err
		}
		rel, err := filepath.Rel(root, abs)
		if err != nil || rel == ".." || strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
			return nil, fmt.Errorf("%s is %w %s", p, source.ErrOutside, root)
		}
		out = append(out, filepath.ToSlash(rel))
	}
	return out, nil
}

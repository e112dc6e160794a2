package nixos

import (
	"slices"
	"strings"
	"sync"

	"github.com/nixlint/nixlint/loader/inventory"
	"github.com/nixlint/nixlint/loader/source"
)

// Inputs are sources of a repository that are not in its tree.
type Inputs struct {
	// Given are trees by the name of the flake input, or of the entry of the search path, that they are.
	Given map[string]*source.Tree
	// Store finds a locked input by the hash of its lock entry (sha256-… in base 64); nil for one that is not at hand. A nil Store has
	// none.
	Store func(narHash string) *source.Tree
}

// givenInputs are the trees that were mounted. It is safe for concurrent use.
type givenInputs struct {
	tree  *source.Tree
	store func(narHash string) *source.Tree

	mu      sync.Mutex
	dirs    map[string]string // by name or by hash: the folder, empty for one that the store has not
	used    map[string]string // by name of the mount: where the tree lies
	nixpkgs []string          // folders that are nixpkgs
}

func mountInputs(tree *source.Tree, inputs Inputs) *givenInputs {
	g := &givenInputs{tree: tree, store: inputs.Store, dirs: map[string]string{}, used: map[string]string{}}
	for _, name := range sortedKeys(inputs.Given) {
		g.dirs[name] = g.mount(name, inputs.Given[name])
	}
	return g
}

// mount makes a tree readable; its folder.
func (g *givenInputs) mount(name string, other *source.Tree) string {
	g.tree.Mount(name, other)
	dir := "<" + name + ">"
	g.used[name] = other.Dir()
	if _, err := other.Stat(moduleList); err == nil {
		g.nixpkgs = append(g.nixpkgs, dir)
		slices.Sort(g.nixpkgs)
	}
	return dir
}

// input is the folder of a flake's input: given by name, or found in the store; empty for one that is not at hand.
func (g *givenInputs) input(name string, ref reference) string {
	g.mu.Lock()
	defer g.mu.Unlock()
	if dir := g.dirs[name]; dir != "" {
		return dir
	}
	if g.store == nil || ref.narHash == "" {
		return ""
	}
	dir, looked := g.dirs[ref.narHash]
	if looked {
		return dir
	}
	if other := g.store(ref.narHash); other != nil {
		mount := ref.node
		if _, taken := g.used[mount]; taken || strings.ContainsAny(mount, "<>/") {
			mount = name + "-" + strings.NewReplacer("/", "_", "<", "_", ">", "_").Replace(ref.narHash)
		}
		dir = g.mount(mount, other)
	}
	g.dirs[ref.narHash] = dir
	return dir
}

// nixpkgsDirs are the folders that are nixpkgs.
func (g *givenInputs) nixpkgsDirs() []string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return slices.Clone(g.nixpkgs)
}

// list says what was mounted.
func (g *givenInputs) list() []inventory.Input {
	var out []inventory.Input
	for _, name := range sortedKeys(g.used) {
		out = append(out, inventory.Input{Name: name, Path: g.used[name]})
	}
	return out
}

// search is the folder that a name of the search path stands for; empty for one that was not given.
func (r *repository) search(name string) string { return r.given.input(name, reference{}) }

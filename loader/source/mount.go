package source

import (
	"path"
	"strings"
)

// Mount makes another tree readable as the folder <name> of this one: what is read there stays inside of that tree, as what is read
// elsewhere stays inside of this one. A name is mounted once, and closed with this tree. Its files are named <name>/PATH.
func (t *Tree) Mount(name string, other *Tree) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.mounts == nil {
		t.mounts = map[string]*Tree{}
	}
	t.mounts["<"+name+">"] = other
}

// Mounted reports whether there is a mounted tree of a name.
func (t *Tree) Mounted(name string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.mounts["<"+name+">"] != nil
}

// mount is the mounted tree that a clean path leads into, and the path there; nil for a path of the tree itself.
func (t *Tree) mount(name string) (*Tree, string) {
	at, rest := SplitMount(name)
	if at == "" {
		return nil, name
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.mounts[at], path.Clean("./" + rest)
}

// SplitMount parts the folder of a mounted tree, "<nixpkgs>", from the path behind it. The first is empty for a path of the tree
// itself.
func SplitMount(name string) (mount, rest string) {
	if !strings.HasPrefix(name, "<") {
		return "", name
	}
	first, rest, _ := strings.Cut(name, "/")
	if !strings.HasSuffix(first, ">") {
		return "", name
	}
	return first, rest
}

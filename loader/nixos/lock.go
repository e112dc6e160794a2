package nixos

import (
	"encoding/json"
	"path"
	"strings"

	"github.com/nixlint/nixlint/loader/eval"
)

// reference is where an input of a flake comes from.
type reference struct {
	url     string // "github:NixOS/nixpkgs", "path:./sub"; empty when it is not said
	narHash string // of the locked source: sha256-… in base 64
	node    string // in the lock file; empty when it is not there
	source  bool   // flake = false: only its files count
}

// lock is a flake.lock.
type lock struct {
	Root  string              `json:"root"`
	Nodes map[string]lockNode `json:"nodes"`
}

type lockNode struct {
	// Inputs: by name, the key of a node, or, for one that follows another, the path of names to it from the root.
	Inputs map[string]any `json:"inputs"`
	Locked struct {
		Type    string `json:"type"`
		Owner   string `json:"owner"`
		Repo    string `json:"repo"`
		URL     string `json:"url"`
		Path    string `json:"path"`
		NarHash string `json:"narHash"`
	} `json:"locked"`
	Flake *bool `json:"flake"`
}

// readLock is the lock file in a folder; one that is missing or unreadable has no nodes.
func (r *repository) readLock(dir string) *lock {
	l := &lock{}
	f, err := r.program.Tree.File(path.Join(dir, "flake.lock"))
	if err != nil {
		return l
	}
	if err := json.Unmarshal([]byte(f.Text), l); err != nil {
		at := f.Span(0, 0)
		r.notice(at, "this is no lock file of a flake, inputs are told by flake.nix alone: %v", err)
		return &lock{}
	}
	return l
}

// maxFollows bounds how many inputs follow each other.
const maxFollows = 20

// input is the node of an input of a node.
func (l *lock) input(node, name string, depth int) (string, bool) {
	if depth > maxFollows {
		return "", false
	}
	switch target := l.Nodes[node].Inputs[name].(type) {
	case string:
		return target, true
	case []any:
		at := l.Root
		for _, el := range target {
			step, ok := el.(string)
			if !ok {
				return "", false
			}
			if at, ok = l.input(at, step, depth+1); !ok {
				return "", false
			}
		}
		return at, len(target) > 0
	}
	return "", false
}

// reference is where a node comes from.
func (l *lock) reference(node string) reference {
	n := l.Nodes[node]
	ref := reference{node: node, narHash: n.Locked.NarHash, source: n.Flake != nil && !*n.Flake}
	switch {
	case n.Locked.Owner != "":
		ref.url = n.Locked.Type + ":" + n.Locked.Owner + "/" + n.Locked.Repo
	case n.Locked.URL != "":
		ref.url = n.Locked.URL
	case n.Locked.Path != "":
		ref.url = "path:" + n.Locked.Path
	}
	return ref
}

// references are the inputs of a flake and where they come from: as the lock file has it, else as flake.nix says.
func (f *flakeInputs) references(flake *eval.Set) map[string]reference {
	out := map[string]reference{}
	f.written(flake, out)
	for name := range f.lock.Nodes[f.node].Inputs {
		node, ok := f.lock.input(f.node, name, 0)
		if !ok {
			continue
		}
		ref := f.lock.reference(node)
		if f.inFolder(out[name].url) {
			ref.url = out[name].url // as it is written: the lock may have an absolute path
		}
		out[name] = ref
	}
	return out
}

// written are the inputs that flake.nix itself names. An input that follows another one is what that one is; one that follows an input of an
// input is told by its name.
func (f *flakeInputs) written(flake *eval.Set, out map[string]reference) {
	a := flake.Find("inputs")
	if a == nil {
		return
	}
	set, err := f.in.Set(a.Val, spanOf(a.Site))
	if err != nil {
		f.r.evalProblem(err, spanOf(a.Site), false)
		return
	}
	follows := map[string]string{}
	for i := range set.Attrs {
		in := &set.Attrs[i]
		inner, err := f.in.Set(in.Val, spanOf(in.Site))
		if err != nil {
			f.r.evalProblem(err, spanOf(in.Site), false)
			continue
		}
		ref := reference{url: literalAttr(f.in, inner, "url")}
		if ref.url == "" {
			ref.url = f.attributes(inner)
		}
		if flag := inner.Find("flake"); flag != nil {
			v, err := f.in.Force(flag.Val)
			ref.source = err == nil && v == eval.Bool(false)
		}
		out[in.Name] = ref
		if to := literalAttr(f.in, inner, "follows"); to != "" {
			follows[in.Name] = to
		}
	}
	for name := range follows {
		to := name
		for range maxFollows {
			if follows[to] == "" {
				break
			}
			to = follows[to]
		}
		if ref, ok := out[to]; ok {
			out[name] = ref
		} else {
			out[name] = reference{url: byName(path.Base(to))}
		}
	}
}

// byName is the reference of what is known by its name alone.
func byName(name string) string {
	if isNixpkgs(name, "") {
		return "nixpkgs"
	}
	return ""
}

// attributes is the reference of an input that is written as attributes: { type = "github"; owner = …; repo = …; }, or a path.
func (f *flakeInputs) attributes(in *eval.Set) string {
	typ := literalAttr(f.in, in, "type")
	switch typ {
	case "":
		return ""
	case "indirect":
		return "flake:" + literalAttr(f.in, in, "id")
	case "path":
		return "path:" + literalAttr(f.in, in, "path")
	}
	if owner := literalAttr(f.in, in, "owner"); owner != "" {
		return typ + ":" + owner + "/" + literalAttr(f.in, in, "repo")
	}
	return literalAttr(f.in, in, "url")
}

// inFolder reports whether a reference is a path of the tree: relative to the flake.
func (f *flakeInputs) inFolder(url string) bool {
	_, ok := f.folder(url)
	return ok
}

// folder is the folder of the tree that a reference such as path:./sub leads to.
func (f *flakeInputs) folder(url string) (string, bool) {
	url, _, _ = strings.Cut(url, "?")
	rest, isPath := strings.CutPrefix(url, "path:")
	if !isPath && !strings.HasPrefix(rest, "./") && !strings.HasPrefix(rest, "../") || strings.HasPrefix(rest, "/") {
		return "", false
	}
	mount, dir := splitDir(f.dir)
	p := path.Join(dir, rest)
	if p == ".." || strings.HasPrefix(p, "../") {
		return "", false
	}
	return path.Join(mount, p), true
}

// isNixpkgs reports whether an input is nixpkgs: by where it comes from, or, when that is not said, by its name.
func isNixpkgs(name, url string) bool {
	url = strings.ToLower(url)
	if url == "" {
		return strings.HasPrefix(name, "nixpkgs") || name == "nixos" || name == "nixos-unstable" || name == "nixos-stable"
	}
	url, _, _ = strings.Cut(url, "?")
	for _, prefix := range []string{"tarball+", "git+", "flake:", "github:", "ssh://git@github.com/", "https://github.com/", "https://flakehub.com/f/"} {
		url = strings.TrimPrefix(url, prefix)
	}
	parts := strings.Split(strings.TrimSuffix(url, ".git"), "/")
	switch {
	case strings.HasPrefix(url, "https://channels.nixos.org/"), strings.HasPrefix(url, "https://nixos.org/channels/"),
		strings.HasPrefix(url, "https://releases.nixos.org/"):
		return true
	case parts[0] == "nixpkgs":
		return true
	case len(parts) > 1 && parts[1] == "nixpkgs":
		return true
	}
	return false
}

// isRepository reports whether a flake reference is to a repository: github:OWNER/NAME, with or without a revision.
func isRepository(url, repo string) bool {
	url, _, _ = strings.Cut(strings.ToLower(url), "?")
	for _, prefix := range []string{"github:", "gitlab:", "git+https://", "https://", "git+ssh://git@"} {
		rest, ok := strings.CutPrefix(url, prefix)
		if !ok {
			continue
		}
		for _, host := range []string{"github.com/", "flakehub.com/f/", "git.clan.lol/", "gitlab.com/"} {
			rest = strings.TrimPrefix(rest, host)
		}
		rest = strings.TrimSuffix(rest, ".git")
		return rest == repo || strings.HasPrefix(rest, repo+"/")
	}
	return false
}

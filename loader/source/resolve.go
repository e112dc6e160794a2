package source

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"
)

// Null is what Resolve returns for a link to the null device: systemd takes it as a mark, not as a file.
const Null = "/dev/null"

// ErrLinks is the error of symbolic links that go round in a circle.
var ErrLinks = errors.New("too many symbolic links one after the other")

// maxLinks is how many links Resolve follows, as Linux does.
const maxLinks = 40

// Resolve follows symbolic links as a system does whose root is the tree: an absolute one is taken from the root, or from the folder of
// the tree when it names that. The result has no links; what it leads to need not exist. A way out of the tree is ErrOutside.
func (t *Tree) Resolve(name string) (string, error) { return t.resolve(name, true) }

// ResolveParent is Resolve, but for a link that the path itself is.
func (t *Tree) ResolveParent(name string) (string, error) { return t.resolve(name, false) }

func (t *Tree) resolve(name string, last bool) (string, error) {
	done, rest, links := ".", name, 0
	for rest != "" {
		part, after, _ := strings.Cut(rest, "/")
		rest = strings.TrimLeft(after, "/")
		switch {
		case part == "" || part == ".":
			continue
		case part == ".." && done == ".":
			return "", fmt.Errorf("%s is %w", name, ErrOutside)
		case part == "..":
			done = path.Dir(done)
			continue
		}
		at := path.Join(done, part)
		if rest == "" && !last {
			return at, nil
		}
		to := t.link(at, rest != "")
		if to == "" {
			done = at
			continue
		}
		if links++; links > maxLinks {
			return "", fmt.Errorf("%s: %w", name, ErrLinks)
		}
		if path.IsAbs(to) {
			if path.Clean(to) == Null && rest == "" {
				return Null, nil
			}
			done, to = ".", t.fromRoot(to)
		}
		rest = strings.TrimRight(to, "/") + "/" + rest
	}
	return done, nil
}

// fromRoot makes an absolute path relative to the root.
func (t *Tree) fromRoot(to string) string {
	if rest, ok := strings.CutPrefix(to, t.dir+"/"); ok && t.dir != "" && t.dir != "/" {
		return rest
	}
	return strings.TrimLeft(to, "/")
}

// link is what a path says when it is a link, else "". Of folders it is kept: many files stand in few of them.
func (t *Tree) link(at string, folder bool) string {
	if folder {
		t.mu.Lock()
		to, ok := t.links[at]
		t.mu.Unlock()
		if ok {
			return to
		}
	}
	to, err := fs.ReadLink(t.fsys, at)
	if err != nil {
		to = ""
	}
	if folder {
		t.mu.Lock()
		defer t.mu.Unlock()
		if t.links == nil {
			t.links = map[string]string{}
		}
		t.links[at] = to
	}
	return to
}

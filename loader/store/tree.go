package store

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"
)

// maxNodes is how many files, folders and links are kept of what was read. A NixOS system has some thousand that matter.
const maxNodes = 1 << 20

// files is a tree in memory whose files may lie elsewhere, an fs.FS for source.NewTree. Links are not followed.
type files struct {
	root  *node
	count int
}

// node is a file, a folder or a link.
type node struct {
	name     string
	children map[string]*node // of a folder
	target   string           // of a link
	size     int64
	open     func() (io.Reader, error) // of a file; nil for one that is not kept
	load     func(*node) error         // of a folder that is read when it is first asked for
}

func newFiles() *files { return &files{root: folderNode(".")} }

func folderNode(name string) *node { return &node{name: name, children: map[string]*node{}} }

var errTooMany = fmt.Errorf("it holds more than %d files", maxNodes)

// put places a node at a path, with the folders that it needs. Names that are no names of files are refused.
func (f *files) put(name string, n *node) error {
	at := f.root
	parts := strings.Split(name, "/")
	for i, part := range parts {
		if part == "" || part == "." || part == ".." || strings.ContainsRune(part, 0) {
			return fmt.Errorf("%q is no path inside of it", name)
		}
		if at.children == nil {
			return fmt.Errorf("%q stands below a file", name)
		}
		next := at.children[part]
		if i == len(parts)-1 {
			if next != nil {
				return fmt.Errorf("%q is %w", name, errTwice)
			}
			n.name, next = part, n
		} else if next == nil {
			next = folderNode(part)
		}
		if at.children[part] == nil {
			if f.count++; f.count > maxNodes {
				return errTooMany
			}
			at.children[part] = next
		}
		at = next
	}
	return nil
}

func (f *files) text(name, text string) error {
	return f.put(name, &node{size: int64(len(text)), open: func() (io.Reader, error) { return strings.NewReader(text), nil }})
}

func (f *files) link(name, target string) error { return f.put(name, &node{target: target}) }

var errTwice = errors.New("there twice")

var errUnkept = errors.New("it is larger than what is kept of an archive")

func (f *files) find(name string) (*node, error) {
	at := f.root
	if name != "." {
		for part := range strings.SplitSeq(name, "/") {
			if err := at.ready(); err != nil {
				return nil, &fs.PathError{Op: "open", Path: name, Err: err}
			}
			next := at.children[part]
			if next == nil {
				return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
			}
			at = next
		}
	}
	if err := at.ready(); err != nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	return at, nil
}

// ready reads what is read when it is first asked for.
func (n *node) ready() error {
	if n.load == nil {
		return nil
	}
	load := n.load
	n.load = nil
	return load(n)
}

// Open is for files and folders.
func (f *files) Open(name string) (fs.File, error) {
	n, err := f.find(name)
	switch {
	case err != nil:
		return nil, err
	case n.target != "":
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	case n.children != nil:
		return &opened{node: n, Reader: strings.NewReader("")}, nil
	case n.open == nil:
		return nil, &fs.PathError{Op: "open", Path: name, Err: errUnkept}
	}
	r, err := n.open()
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	return &opened{node: n, Reader: r}, nil
}

// ReadDir lists a folder by name.
func (f *files) ReadDir(name string) ([]fs.DirEntry, error) {
	n, err := f.find(name)
	if err != nil {
		return nil, err
	}
	if n.children == nil {
		return nil, &fs.PathError{Op: "readdir", Path: name, Err: fs.ErrInvalid}
	}
	out := make([]fs.DirEntry, 0, len(n.children))
	for _, c := range n.children {
		out = append(out, fs.FileInfoToDirEntry(info{c}))
	}
	slices.SortFunc(out, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return out, nil
}

// Lstat describes a path, a link as a link.
func (f *files) Lstat(name string) (fs.FileInfo, error) {
	n, err := f.find(name)
	if err != nil {
		return nil, err
	}
	return info{n}, nil
}

// Stat describes a path that has no links.
func (f *files) Stat(name string) (fs.FileInfo, error) { return f.Lstat(name) }

// ReadLink is what a link says.
func (f *files) ReadLink(name string) (string, error) {
	n, err := f.find(name)
	if err != nil {
		return "", err
	}
	if n.target == "" {
		return "", &fs.PathError{Op: "readlink", Path: name, Err: fs.ErrInvalid}
	}
	return n.target, nil
}

type opened struct {
	node *node
	io.Reader
}

func (o *opened) Stat() (fs.FileInfo, error) { return info{o.node}, nil }
func (*opened) Close() error                 { return nil }

type info struct{ *node }

func (i info) Name() string     { return path.Base(i.name) }
func (i info) Size() int64      { return i.size }
func (info) ModTime() time.Time { return time.Time{} }
func (i info) IsDir() bool      { return i.children != nil }
func (info) Sys() any           { return nil }

func (i info) Mode() fs.FileMode {
	switch {
	case i.children != nil:
		return fs.ModeDir | 0o555
	case i.target != "":
		return fs.ModeSymlink | 0o777
	}
	return 0o444
}

func kept(data []byte) *node {
	return &node{size: int64(len(data)), open: func() (io.Reader, error) { return bytes.NewReader(data), nil }}
}

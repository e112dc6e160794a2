package source

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"sync"
)

// MaxFile is the largest file that is read, in bytes. A Nix file of a person is a thousand times smaller.
const MaxFile = 16 << 20

// ErrOutside is the error of a path that leaves the tree, by itself or through a symbolic link.
var ErrOutside = errors.New("outside of the root")

// Tree is the folder that is judged. Nothing outside of it can be read through it: paths are relative to the root with
// forward slashes, and a symbolic link that leads out is refused. It is safe for concurrent use.
type Tree struct {
	fsys fs.FS
	root *os.Root // nil for a tree that is not on disk
	dir  string
	// closer lets go of what a tree that is not on disk holds; nil when that is nothing.
	closer io.Closer

	mu     sync.Mutex
	files  map[string]*File
	links  map[string]string // by path of a folder, where it leads when it is a link
	stats  map[string]stat
	mounts map[string]*Tree // see Mount
}

// OpenTree opens the folder dir as a tree.
func OpenTree(dir string) (*Tree, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("open root: %w", err)
	}
	return &Tree{fsys: root.FS(), root: root, dir: dir, files: map[string]*File{}}, nil
}

// NewTree returns a tree over any file system, for tests and overlays.
func NewTree(fsys fs.FS) *Tree { return &Tree{fsys: fsys, files: map[string]*File{}} }

// Dir is the folder the tree was opened at, empty for one that is not on disk.
func (t *Tree) Dir() string { return t.dir }

// OnClose makes Close let go of something else too: the archive that the files of the tree are in.
func (t *Tree) OnClose(c io.Closer) { t.closer = c }

// FS is the tree as a file system. What leads out of it is refused there too.
func (t *Tree) FS() fs.FS { return t.fsys }

// Close lets go of the folder.
func (t *Tree) Close() error {
	t.mu.Lock()
	mounts := t.mounts
	t.mounts = nil
	t.mu.Unlock()
	for _, m := range mounts {
		if err := m.Close(); err != nil {
			return err
		}
	}
	if t.closer != nil {
		if err := t.closer.Close(); err != nil {
			return fmt.Errorf("close: %w", err)
		}
	}
	if t.root == nil {
		return nil
	}
	if err := t.root.Close(); err != nil {
		return fmt.Errorf("close root: %w", err)
	}
	return nil
}

// File reads a file whole, once: later calls return the same *File.
func (t *Tree) File(name string) (*File, error) {
	name, err := clean(name)
	if err != nil {
		return nil, err
	}
	t.mu.Lock()
	f, ok := t.files[name]
	t.mu.Unlock()
	if ok {
		return f, nil
	}
	text, err := t.read(name)
	if err != nil {
		return nil, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if f, ok := t.files[name]; ok {
		return f, nil
	}
	f = NewFile(name, text)
	t.files[name] = f
	return f, nil
}

func (t *Tree) read(name string) (string, error) {
	if m, rest := t.mount(name); m != nil {
		return m.read(rest)
	}
	// Before it is opened: a pipe would wait for a writer, and some devices act when they are opened.
	if info, err := fs.Stat(t.fsys, name); err == nil && !info.Mode().IsRegular() {
		return "", irregular(name)
	}
	h, err := t.fsys.Open(name)
	if err != nil {
		return "", outside(name, err)
	}
	defer h.Close() //nolint:errcheck // read only
	return readFile(name, h)
}

// readFile reads an open file whole.
func readFile(name string, h fs.File) (string, error) {
	info, err := h.Stat()
	if err != nil {
		return "", fmt.Errorf("%s: %w", name, err)
	}
	if !info.Mode().IsRegular() {
		return "", irregular(name)
	}
	data, err := readAll(h, info.Size())
	if err != nil {
		return "", fmt.Errorf("%s: %w", name, err)
	}
	if len(data) > MaxFile {
		return "", fmt.Errorf("%s is larger than %d MiB: %w", name, MaxFile>>20, fs.ErrInvalid)
	}
	return string(data), nil
}

// readAll reads a file of about a size, and little more than MaxFile of it. io.Copy takes a buffer of 32 KiB for each of thousands of
// files of one.
func readAll(r io.Reader, size int64) ([]byte, error) {
	data := make([]byte, 0, min(max(size, 0), MaxFile)+1)
	for len(data) <= MaxFile {
		n, err := r.Read(data[len(data):cap(data)])
		data = data[:len(data)+n]
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err //nolint:wrapcheck // the caller names the file
		}
		if len(data) == cap(data) {
			data = slices.Grow(data, 512)
		}
	}
	return data, nil
}

func irregular(name string) error {
	return fmt.Errorf("%s is no regular file: %w", name, fs.ErrInvalid)
}

// Stat describes what a path leads to, through symbolic links that stay inside. The file system is asked once: a module that many hosts
// import is asked for by each.
func (t *Tree) Stat(name string) (fs.FileInfo, error) {
	name, err := clean(name)
	if err != nil {
		return nil, err
	}
	if m, rest := t.mount(name); m != nil {
		return m.Stat(rest)
	}
	t.mu.Lock()
	known, ok := t.stats[name]
	t.mu.Unlock()
	if ok {
		return known.info, known.err
	}
	info, err := fs.Stat(t.fsys, name)
	if err != nil {
		info, err = nil, outside(name, err)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.stats == nil {
		t.stats = map[string]stat{}
	}
	t.stats[name] = stat{info, err}
	return info, err
}

// stat is what Stat said.
type stat struct {
	info fs.FileInfo
	err  error
}

// ReadDir lists a folder, sorted by name.
func (t *Tree) ReadDir(name string) ([]fs.DirEntry, error) {
	name, err := clean(name)
	if err != nil {
		return nil, err
	}
	if m, rest := t.mount(name); m != nil {
		return m.ReadDir(rest)
	}
	entries, err := fs.ReadDir(t.fsys, name)
	if err != nil {
		return nil, outside(name, err)
	}
	return entries, nil
}

// clean makes a relative path canonical ("." for the root) and refuses one that leads out.
func clean(name string) (string, error) {
	name = path.Clean(name)
	if path.IsAbs(name) || name == ".." || strings.HasPrefix(name, "../") {
		return "", fmt.Errorf("%s is %w", name, ErrOutside)
	}
	return name, nil
}

// outside recognises os.Root's refusal to leave the root, which has no exported error of its own.
func outside(name string, err error) error {
	if strings.Contains(err.Error(), "path escapes from parent") {
		return fmt.Errorf("%s is %w", name, ErrOutside)
	}
	return fmt.Errorf("%w", err)
}

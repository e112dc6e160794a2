package source

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// Git reads the revisions of a repository by calling git, which knows every form a repository has: worktrees, sparse
// checkouts, SHA-256 objects. It writes nothing, runs no hook and uses no network.
type Git struct {
	ctx context.Context //nolint:containedctx // it lives as long as one run
	dir string
	env []string
	// way leads from the top of the repository to the folder: "" or "hosts/web/".
	way string
}

// ErrNoGit is the error of a folder that is in no repository, or where there is no git.
var ErrNoGit = errors.New("no git repository")

// OpenGit opens the repository that a folder lies in. Env is what git gets of the environment: PATH and HOME, say; what could lead
// it to another repository is not for it.
func OpenGit(ctx context.Context, dir string, env []string) (*Git, error) {
	g := &Git{ctx: ctx, dir: dir, env: append(slices.Clip(env),
		"LC_ALL=C", "GIT_TERMINAL_PROMPT=0", "GIT_OPTIONAL_LOCKS=0", "GIT_ALLOW_PROTOCOL=none", "GIT_NO_LAZY_FETCH=1", "GIT_NO_REPLACE_OBJECTS=1")}
	out, err := g.run("rev-parse", "--show-prefix")
	if err != nil {
		if _, lookErr := exec.LookPath("git"); lookErr != nil {
			return nil, fmt.Errorf("%w: there is no program git", ErrNoGit)
		}
		return nil, fmt.Errorf("%w: %w", ErrNoGit, err)
	}
	g.way = strings.TrimSuffix(out, "\n")
	return g, nil
}

// command is git as it is called: what a repository's own settings could have it run is turned off.
func (g *Git) command(args ...string) *exec.Cmd {
	cmd := exec.CommandContext(g.ctx, "git", append([]string{ //nolint:gosec // a revision that could be an option is refused
		"-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "core.quotePath=false",
	}, args...)...)
	cmd.Dir, cmd.Env = g.dir, g.env
	return cmd
}

func (g *Git) run(args ...string) (string, error) {
	cmd := g.command(args...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		if said := strings.TrimSpace(stderr.String()); said != "" {
			return stdout.String(), fmt.Errorf("git: %s: %w", strings.TrimPrefix(said, "fatal: "), err)
		}
		return stdout.String(), fmt.Errorf("git %s: %w", args[0], err)
	}
	return stdout.String(), nil
}

// Errors of MergeBase, each with a cure of its own.
var (
	ErrNoRevision = errors.New("no such revision")
	ErrShallow    = errors.New("shallow clone")
	ErrUnrelated  = errors.New("no common history")
)

// MergeBase is the best common ancestor of a revision and HEAD, by its object name.
func (g *Git) MergeBase(rev string) (string, error) {
	if rev == "" || strings.HasPrefix(rev, "-") {
		return "", fmt.Errorf("%w: %s", ErrNoRevision, rev)
	}
	out, err := g.run("merge-base", rev, "HEAD")
	if err == nil {
		return strings.TrimSpace(out), nil
	}
	for _, r := range []string{rev, "HEAD"} {
		if _, err := g.run("rev-parse", "--quiet", "--verify", r+"^{commit}"); err != nil {
			return "", fmt.Errorf("%w: %s", ErrNoRevision, r)
		}
	}
	if shallow, _ := g.run("rev-parse", "--is-shallow-repository"); strings.TrimSpace(shallow) == "true" {
		return "", fmt.Errorf("%w: the history does not reach back to where HEAD and %s part", ErrShallow, rev)
	}
	return "", fmt.Errorf("%w: HEAD and %s", ErrUnrelated, rev)
}

// Commit is the commit that a revision names, by its object name.
func (g *Git) Commit(rev string) (string, error) {
	if rev == "" || strings.HasPrefix(rev, "-") {
		return "", fmt.Errorf("%w: %s", ErrNoRevision, rev)
	}
	out, err := g.run("rev-parse", "--quiet", "--verify", rev+"^{commit}")
	if err == nil {
		return strings.TrimSpace(out), nil
	}
	if shallow, _ := g.run("rev-parse", "--is-shallow-repository"); strings.TrimSpace(shallow) == "true" {
		return "", fmt.Errorf("%w: the history does not reach back to %s, if there is one", ErrShallow, rev)
	}
	return "", fmt.Errorf("%w: %s", ErrNoRevision, rev)
}

// Tree is the folder as it was in a revision: all of the repository above it is outside.
func (g *Git) Tree(rev string) (*Tree, error) { return g.tree(rev, g.way) }

// Whole is the repository as it was in a revision, from its top.
func (g *Git) Whole(rev string) (*Tree, error) { return g.tree(rev, "") }

// Way leads from the top of the repository to the folder: "" or "hosts/web/".
func (g *Git) Way() string { return g.way }

func (g *Git) tree(rev, way string) (*Tree, error) {
	f, err := g.fsys(rev, way)
	if err != nil {
		return nil, err
	}
	return &Tree{fsys: f, files: map[string]*File{}, closer: f}, nil
}

func (g *Git) fsys(rev, way string) (*gitFS, error) {
	f := &gitFS{git: g, entries: map[string]*gitEntry{".": {mode: fs.ModeDir}}}
	out, err := g.run("ls-tree", "-r", "-z", "--full-tree", rev, "--", orDot(way))
	if err != nil {
		return nil, err
	}
	for line := range strings.SplitSeq(strings.TrimSuffix(out, "\x00"), "\x00") {
		if line == "" {
			continue
		}
		head, name, _ := strings.Cut(line, "\t")
		words := strings.Fields(head)
		if len(words) != 3 {
			return nil, fmt.Errorf("git ls-tree: %q is no entry", line)
		}
		if name, ok := strings.CutPrefix(name, way); ok {
			f.add(name, &gitEntry{mode: modeOf(words[0]), id: words[2]})
		}
	}
	return f, nil
}

func orDot(way string) string {
	if way == "" {
		return "."
	}
	return way
}

// modeOf is what git's mode of an entry means. A submodule is a folder whose content is elsewhere.
func modeOf(mode string) fs.FileMode {
	switch mode {
	case "120000":
		return fs.ModeSymlink | 0o777
	case "160000", "040000":
		return fs.ModeDir | 0o755
	case "100755":
		return 0o755
	}
	return 0o644
}

// Work is the working tree as git sees it: HEAD with what is changed on disk over it, and files that are new and not ignored. What
// a sparse checkout leaves out is there.
func (g *Git) Work() (*Tree, error) {
	var out string
	var statusErr error
	var wg sync.WaitGroup
	wg.Go(func() {
		out, statusErr = g.run("status", "--porcelain=v1", "-z", "--untracked-files=all", "--no-renames", "--ignore-submodules=all", "--", ".")
	})
	t, err := g.Tree("HEAD")
	wg.Wait()
	if err := errors.Join(err, statusErr); err != nil {
		return nil, err
	}
	disk, err := OpenTree(g.dir)
	if err != nil {
		return nil, err
	}
	f, _ := t.fsys.(*gitFS)
	f.disk = disk
	for line := range strings.SplitSeq(strings.TrimSuffix(out, "\x00"), "\x00") {
		if len(line) < 4 {
			continue
		}
		name, ok := strings.CutPrefix(line[3:], g.way)
		if !ok {
			continue
		}
		delete(f.entries, name)
		f.forget(name)
		if info, err := fs.Lstat(disk.root.FS(), name); err == nil && !info.IsDir() {
			f.add(name, &gitEntry{mode: info.Mode(), disk: true})
		}
	}
	return t, nil
}

// gitEntry is a file, a link or a folder of a revision.
type gitEntry struct {
	mode  fs.FileMode
	id    string // the object, of a file or a link
	disk  bool   // what is on disk stands for it
	names []string
}

// gitFS is a revision as a file system. Objects are read when they are asked for.
type gitFS struct {
	git     *Git
	entries map[string]*gitEntry
	disk    *Tree // what is changed in the working tree

	mu    sync.Mutex
	batch *batch
}

// add puts an entry into its folder, which is made when it is not there.
func (f *gitFS) add(name string, e *gitEntry) {
	f.entries[name] = e
	for {
		dir := path.Dir(name)
		parent := f.entries[dir]
		made := parent == nil || !parent.mode.IsDir()
		if made {
			parent = &gitEntry{mode: fs.ModeDir | 0o755}
			f.entries[dir] = parent
		}
		parent.names = append(parent.names, path.Base(name))
		if !made {
			return
		}
		name = dir
	}
}

// forget takes a name out of its folder, and the folder when nothing is left in it.
func (f *gitFS) forget(name string) {
	dir := path.Dir(name)
	parent := f.entries[dir]
	if parent == nil {
		return
	}
	base := path.Base(name)
	for i, n := range parent.names {
		if n == base {
			parent.names = append(parent.names[:i], parent.names[i+1:]...)
			break
		}
	}
	if len(parent.names) == 0 && dir != "." {
		delete(f.entries, dir)
		f.forget(dir)
	}
}

// resolve follows links in a path: to where, and what is there. Last says whether a link at its end is followed too.
func (f *gitFS) resolve(op, name string, last bool) (string, *gitEntry, error) {
	if !fs.ValidPath(name) {
		return "", nil, &fs.PathError{Op: op, Path: name, Err: fs.ErrInvalid}
	}
	rest, at := strings.Split(name, "/"), "."
	for links := 0; len(rest) > 0; {
		next := path.Join(at, rest[0])
		rest = rest[1:]
		if next == ".." || strings.HasPrefix(next, "../") {
			return "", nil, &fs.PathError{Op: op, Path: name, Err: ErrOutside}
		}
		e := f.entries[next]
		if e == nil {
			return "", nil, &fs.PathError{Op: op, Path: name, Err: fs.ErrNotExist}
		}
		if e.mode&fs.ModeSymlink == 0 || len(rest) == 0 && !last {
			at = next
			continue
		}
		if links++; links > maxLinks {
			return "", nil, &fs.PathError{Op: op, Path: name, Err: ErrLinks}
		}
		to, err := f.content(next, e)
		if err != nil {
			return "", nil, err
		}
		if path.IsAbs(to) {
			return "", nil, &fs.PathError{Op: op, Path: name, Err: ErrOutside}
		}
		rest = append(strings.Split(to, "/"), rest...)
	}
	return at, f.entries[at], nil
}

// content is the text of a file, or what a link says.
func (f *gitFS) content(name string, e *gitEntry) (string, error) {
	switch {
	case e.disk && e.mode&fs.ModeSymlink != 0:
		return f.disk.ReadLink(name)
	case e.disk:
		return f.disk.read(name)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.batch == nil {
		b, err := f.git.batch()
		if err != nil {
			return "", err
		}
		f.batch = b
	}
	return f.batch.read(name, e.id)
}

// Open opens a file or a folder.
func (f *gitFS) Open(name string) (fs.File, error) {
	at, e, err := f.resolve("open", name, true)
	if err != nil {
		return nil, err
	}
	h := &gitFile{fs: f, info: gitInfo{path.Base(at), e.mode}, dir: at, names: e.names}
	if e.mode.IsRegular() {
		text, err := f.content(at, e)
		if err != nil {
			return nil, err
		}
		h.text = strings.NewReader(text)
	}
	return h, nil
}

// Stat describes what a path leads to.
func (f *gitFS) Stat(name string) (fs.FileInfo, error) { return f.stat("stat", name, true) }

// Lstat describes a link itself.
func (f *gitFS) Lstat(name string) (fs.FileInfo, error) { return f.stat("lstat", name, false) }

func (f *gitFS) stat(op, name string, last bool) (fs.FileInfo, error) {
	at, e, err := f.resolve(op, name, last)
	if err != nil {
		return nil, err
	}
	return gitInfo{path.Base(at), e.mode}, nil
}

// ReadLink is what a link says.
func (f *gitFS) ReadLink(name string) (string, error) {
	at, e, err := f.resolve("readlink", name, false)
	if err == nil && e.mode&fs.ModeSymlink == 0 {
		err = &fs.PathError{Op: "readlink", Path: name, Err: fs.ErrInvalid}
	}
	if err != nil {
		return "", err
	}
	return f.content(at, e)
}

// Close ends the program that reads objects.
func (f *gitFS) Close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	var err error
	if f.batch != nil {
		err, f.batch = f.batch.close(), nil
	}
	if f.disk != nil {
		err = errors.Join(err, f.disk.Close())
	}
	return err
}

// gitFile is an open file or folder.
type gitFile struct {
	fs    *gitFS
	info  gitInfo
	text  *strings.Reader // nil for what is no file
	dir   string
	names []string
}

func (h *gitFile) Stat() (fs.FileInfo, error) { return h.info, nil }

func (*gitFile) Close() error { return nil }

func (h *gitFile) Read(p []byte) (int, error) {
	if h.text == nil {
		return 0, &fs.PathError{Op: "read", Path: h.info.name, Err: fs.ErrInvalid}
	}
	return h.text.Read(p) //nolint:wrapcheck // io.EOF must stay what it is
}

// ReadDir lists all that is left; fs.ReadDir, which sorts, asks once for everything.
func (h *gitFile) ReadDir(n int) ([]fs.DirEntry, error) {
	if !h.info.IsDir() {
		return nil, &fs.PathError{Op: "readdir", Path: h.info.name, Err: fs.ErrInvalid}
	}
	if n > 0 && len(h.names) == 0 {
		return nil, io.EOF
	}
	names := h.names
	if n > 0 && n < len(names) {
		names = names[:n]
	}
	h.names = h.names[len(names):]
	out := make([]fs.DirEntry, 0, len(names))
	for _, name := range names {
		out = append(out, fs.FileInfoToDirEntry(gitInfo{name, h.fs.entries[path.Join(h.dir, name)].mode}))
	}
	return out, nil
}

// batch is git reading objects one after another.
type batch struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Reader
}

func (g *Git) batch() (*batch, error) {
	cmd := g.command("cat-file", "--batch")
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("git cat-file: %w", err)
	}
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		return nil, fmt.Errorf("git cat-file: %w", err)
	}
	return &batch{cmd: cmd, in: in, out: bufio.NewReaderSize(out, 64<<10)}, nil
}

// read is the content of an object.
func (b *batch) read(name, id string) (string, error) {
	if _, err := io.WriteString(b.in, id+"\n"); err != nil {
		return "", fmt.Errorf("%s: git cat-file: %w", name, err)
	}
	head, err := b.out.ReadString('\n')
	if err != nil {
		return "", fmt.Errorf("%s: git cat-file: %w", name, err)
	}
	words := strings.Fields(head)
	if len(words) != 3 || words[1] != "blob" {
		// A partial clone does not have every object, and nothing is fetched.
		return "", fmt.Errorf("%s: object %s is %s, want a blob", name, id, strings.Join(words[min(1, len(words)):], " "))
	}
	size, err := strconv.ParseInt(words[2], 10, 64)
	if err != nil {
		return "", fmt.Errorf("%s: git cat-file: %w", name, err)
	}
	if size > MaxFile {
		if _, err := io.CopyN(io.Discard, b.out, size+1); err != nil {
			return "", fmt.Errorf("%s: git cat-file: %w", name, err)
		}
		return "", fmt.Errorf("%s is larger than %d MiB: %w", name, MaxFile>>20, fs.ErrInvalid)
	}
	text := make([]byte, size+1) // and a line end
	if _, err := io.ReadFull(b.out, text); err != nil {
		return "", fmt.Errorf("%s: git cat-file: %w", name, err)
	}
	return string(text[:size]), nil
}

func (b *batch) close() error {
	if err := errors.Join(b.in.Close(), b.cmd.Wait()); err != nil {
		return fmt.Errorf("git cat-file: %w", err)
	}
	return nil
}

// Top is the top folder of the working tree.
func (g *Git) Top() string {
	return filepath.Clean(filepath.Join(g.dir, strings.Repeat("../", strings.Count(g.way, "/"))))
}

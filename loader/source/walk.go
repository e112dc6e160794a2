package source

import (
	"context"
	"io/fs"
	"os"
	"path"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
)

// Entry is what Walk found: a file, or with an error a folder that cannot be listed.
type Entry struct {
	Path string
	Type fs.FileMode
	Err  error
}

// Walk lists the files of a tree, sorted by name folder by folder. Of the folders that skip names, by their own names, nothing is listed.
// Regular files that read names are read too, so that File has them: while a folder is open, that is cheaper than by path. Folders are
// listed on the cores there are. It ends early when ctx does.
func (t *Tree) Walk(ctx context.Context, skip, read func(name string) bool) []Entry {
	w := &walker{t: t, ctx: ctx, skip: skip, read: read, free: make(chan bool, runtime.GOMAXPROCS(0)-1)}
	var dir folder = overlay{t.fsys, "."}
	if t.root != nil {
		dir = disk{t.root}
	}
	top := w.walk(dir, ".")
	w.group.Wait()
	return top.entries(nil)
}

type walker struct {
	t          *Tree
	ctx        context.Context //nolint:containedctx // it lives as long as one walk
	skip, read func(string) bool
	free       chan bool // has room for as many as may start
	group      sync.WaitGroup
}

// listing is a folder: its entries, and for those that are folders their listings.
type listing struct {
	list []Entry
	sub  map[int]*listing
}

func (l *listing) entries(out []Entry) []Entry {
	for i, e := range l.list {
		if sub := l.sub[i]; sub != nil {
			out = sub.entries(out)
			continue
		}
		out = append(out, e)
	}
	return out
}

// walk lists a folder and those in it; the latter may still be under way when it returns.
func (w *walker) walk(dir folder, name string) *listing {
	out := &listing{sub: map[int]*listing{}}
	entries, err := dir.list()
	if err != nil {
		out.list = []Entry{{Path: name, Type: fs.ModeDir, Err: outside(name, err)}}
		return out
	}
	for _, e := range entries {
		at := path.Join(name, e.Name())
		switch {
		case !e.IsDir():
			if mount, _ := SplitMount(at); mount == "" && e.Type().IsRegular() && w.read(at) {
				w.t.keep(at, dir, e.Name())
			}
			out.list = append(out.list, Entry{Path: at, Type: e.Type()})
		case !w.skip(e.Name()) && w.ctx.Err() == nil:
			out.list = append(out.list, Entry{Path: at, Type: fs.ModeDir})
			out.sub[len(out.list)-1] = w.enter(dir, e.Name(), at)
		}
	}
	return out
}

// enter lists a folder in a folder, beside the others when a core may be free.
func (w *walker) enter(dir folder, name, at string) *listing {
	inner, err := dir.enter(name)
	if err != nil {
		return &listing{list: []Entry{{Path: at, Type: fs.ModeDir, Err: outside(at, err)}}}
	}
	select {
	case w.free <- true:
		out := &listing{}
		w.group.Go(func() {
			*out = *w.walk(inner, at)
			inner.leave()
			<-w.free
		})
		return out
	default:
		defer inner.leave()
		return w.walk(inner, at)
	}
}

// keep reads a file of a folder that is open. An error is that of File, which reads it again.
func (t *Tree) keep(at string, dir folder, name string) {
	h, err := dir.open(name)
	if err != nil {
		return
	}
	defer h.Close() //nolint:errcheck // read only
	text, err := readFile(at, h)
	if err != nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.files[at] == nil {
		t.files[at] = NewFile(at, text)
	}
}

// folder is an open folder.
type folder interface {
	list() ([]fs.DirEntry, error)
	open(name string) (fs.File, error)
	enter(name string) (folder, error)
	leave()
}

// disk is a folder on disk. What is read by way of it starts there: by path, the kernel would be asked for each folder in between.
type disk struct{ root *os.Root }

func (d disk) list() ([]fs.DirEntry, error) {
	h, err := d.root.OpenFile(".", os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err //nolint:wrapcheck // the walk names the folder
	}
	defer h.Close() //nolint:errcheck // read only
	entries, err := h.ReadDir(-1)
	slices.SortFunc(entries, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return entries, err //nolint:wrapcheck // likewise
}

// open opens a regular file. Should it be a pipe by now, it does not wait for a writer.
func (d disk) open(name string) (fs.File, error) {
	return d.root.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0) //nolint:wrapcheck // likewise
}

func (d disk) enter(name string) (folder, error) {
	root, err := d.root.OpenRoot(name)
	return disk{root}, err //nolint:wrapcheck // likewise
}

func (d disk) leave() { d.root.Close() } //nolint:errcheck // read only

// overlay is a folder of a file system that is not the disk.
type overlay struct {
	fsys fs.FS
	name string
}

func (o overlay) list() ([]fs.DirEntry, error) { return fs.ReadDir(o.fsys, o.name) } //nolint:wrapcheck // likewise

func (o overlay) open(name string) (fs.File, error) { return o.fsys.Open(path.Join(o.name, name)) } //nolint:wrapcheck // likewise

func (o overlay) enter(name string) (folder, error) {
	return overlay{o.fsys, path.Join(o.name, name)}, nil
}

func (overlay) leave() {}

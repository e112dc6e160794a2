package store

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/nix-community/go-nix/pkg/nar"
	"github.com/nix-community/go-nix/pkg/storepath"
	"github.com/nix-community/go-nix/pkg/wire"

	"github.com/nixlint/nixlint/loader/source"
	"github.com/nixlint/nixlint/loader/unit"
)

// Limits on what an archive says of itself.
const (
	maxDepth  = 256
	maxKept   = 1 << 20   // of one file of an archive that cannot be read again, in bytes
	maxMemory = 256 << 20 // of all of them
	maxPath   = 4096
	maxRefs   = 1 << 17
)

// stream is what an archive is read from: it counts, so that files can be read again by their place. At is nil when they cannot.
type stream struct {
	in     *bufio.Reader
	at     io.ReaderAt
	offset int64
	ended  bool // something was wanted behind the end
	memory *int64
}

func (s *stream) Read(b []byte) (int, error) {
	n, err := s.in.Read(b)
	s.offset += int64(n)
	s.ended = s.ended || n == 0 && errors.Is(err, io.EOF)
	return n, err //nolint:wrapcheck // io.EOF must stay itself
}

// index reads one NAR and puts what a machine needs of it below a path of the tree.
func (s *stream) index(f *files, below string) error {
	r, err := nar.NewReader(s)
	if err != nil {
		return fmt.Errorf("it is no NAR: %w", err)
	}
	defer r.Close() //nolint:errcheck // it has nothing to say
	for {
		h, err := r.Next()
		if errors.Is(err, io.EOF) && !s.ended {
			return nil
		}
		if err != nil {
			return fmt.Errorf("the NAR is broken: %w", err)
		}
		if strings.Count(h.Path, "/") > maxDepth {
			return fmt.Errorf("the NAR is deeper than %d folders", maxDepth)
		}
		n, err := s.node(h, r)
		if err != nil {
			return err
		}
		if n == nil {
			continue
		}
		if err := f.put(path.Join(below, h.Path), n); err != nil {
			return fmt.Errorf("the NAR is hostile: %w", err)
		}
	}
}

// node is what is kept of one entry, nil when no machine needs it.
func (s *stream) node(h *nar.Header, r io.Reader) (*node, error) {
	switch h.Type {
	case nar.TypeDirectory:
		return folderNode(""), nil
	case nar.TypeSymlink:
		return &node{target: h.LinkTarget}, nil
	case nar.TypeRegular:
	default:
		return nil, nil
	}
	var n *node
	switch start := s.offset; {
	case !needed(h.Path):
	case s.at != nil:
		n = &node{size: h.Size, open: func() (io.Reader, error) { return io.NewSectionReader(s.at, start, h.Size), nil }}
	case h.Size > maxKept || *s.memory+h.Size > maxMemory:
		n = &node{size: h.Size}
	default:
		data, err := io.ReadAll(io.LimitReader(r, maxKept))
		if err != nil {
			return nil, fmt.Errorf("the NAR is broken: %w", err)
		}
		*s.memory += int64(len(data))
		n = kept(data)
	}
	rest, err := io.Copy(io.Discard, r)
	if err != nil {
		return nil, fmt.Errorf("the NAR is broken: %w", err)
	}
	if n == nil || n.open == nil || s.at == nil {
		return n, nil
	}
	if rest != h.Size {
		return nil, fmt.Errorf("the NAR is broken: %s has %d bytes and not %d", h.Path, rest, h.Size)
	}
	return n, nil
}

// needed reports whether a machine is made of files of this name: units, drop-ins, lines of tmpfiles.d, scripts, its name.
func needed(name string) bool {
	base := path.Base(name)
	return name == "/" || unit.IsUnit(base) || strings.HasSuffix(base, ".conf") || base == "hostname" || path.Base(path.Dir(name)) == "bin"
}

// archive reads a file that holds one or several NARs.
func (s *System) archive(name string, read func(*stream, *files, string) ([]string, error)) error {
	file, err := os.Open(name) //nolint:gosec // the user names it
	if err != nil {
		return fmt.Errorf("%w", err)
	}
	s.close = append(s.close, file.Close)
	base := filepath.Base(name)
	how := strings.TrimPrefix(path.Ext(narName.FindString(base)), ".")
	in, packed, err := decompress(how, file)
	if err != nil {
		return err
	}
	st := &stream{in: bufio.NewReaderSize(in, 1<<16), memory: new(int64)}
	if !packed {
		st.at = file
	}
	f := newFiles()
	names, err := read(st, f, narName.ReplaceAllString(base, ""))
	if err != nil {
		return err
	}
	s.Tree = source.NewTree(f)
	s.systems(names)
	return nil
}

var badName = regexp.MustCompile(`[^A-Za-z0-9+._?=-]+`)

// readOne reads a NAR. It does not say its store path: the file name stands for it.
func readOne(st *stream, f *files, base string) ([]string, error) {
	name := badName.ReplaceAllString(base, "-")
	if !validName(name) {
		name = strings.Repeat("0", hashed-1) + "-" + strings.TrimLeft(name, ".-")
	}
	if err := st.index(f, path.Join(Dir, name)); err != nil {
		return nil, err
	}
	if _, err := st.Read(make([]byte, 1)); !errors.Is(err, io.EOF) {
		return nil, errors.New("something follows the NAR")
	}
	return []string{name}, nil
}

// validName reports whether a name is that of a store path, without /nix/store.
func validName(name string) bool {
	return len(name) > hashed && len(name) <= 255 && name[hashed-1] == '-' && storepath.Validate("/"+Dir+"/"+name) == nil
}

// readExport reads what nix-store --export writes: NARs, each with its store path behind it.
func readExport(st *stream, f *files, _ string) ([]string, error) {
	var names []string
	for {
		more, err := wire.ReadUint64(st)
		switch {
		case err != nil:
			return nil, fmt.Errorf("the export ends before its end: %w", err)
		case more == 0:
			return names, nil
		case more != 1:
			return nil, fmt.Errorf("the export has %d where another path begins, or none", more)
		}
		// The path is known behind the NAR only.
		staged := newFiles()
		if err := st.index(staged, "path"); err != nil {
			return nil, err
		}
		name, err := st.trailer()
		if err != nil {
			return nil, err
		}
		n := staged.root.children["path"]
		if n == nil {
			continue
		}
		if f.count += staged.count; f.count > maxNodes {
			return nil, errTooMany
		}
		if err := f.put(path.Join(Dir, name), n); errors.Is(err, errTwice) {
			continue
		} else if err != nil {
			return nil, err
		}
		names = append(names, name)
	}
}

// exportMagic stands between a NAR of an export and its path.
const exportMagic = 0x4558494e

// trailer reads what stands behind a NAR of an export: the path, its references, what it was made by, and no signature.
func (s *stream) trailer() (string, error) {
	broken := func(what string, err error) error { return fmt.Errorf("the export is broken at %s: %w", what, err) }
	switch magic, err := wire.ReadUint64(s); {
	case err != nil:
		return "", broken("a path", err)
	case magic != exportMagic:
		return "", errors.New("the export is broken: there is no path behind a NAR")
	}
	text, err := wire.ReadString(s, maxPath)
	if err != nil {
		return "", broken("a path", err)
	}
	name, ok := storeName(text)
	if !ok {
		return "", fmt.Errorf("%q is no path of the Nix store", text)
	}
	refs, err := wire.ReadUint64(s)
	if err != nil || refs > maxRefs {
		return "", fmt.Errorf("the export is broken: %s has %d references", name, refs)
	}
	for range refs + 1 { // the last is the deriver
		if _, err := wire.ReadString(s, maxPath); err != nil {
			return "", broken("the references of "+name, err)
		}
	}
	signed, err := wire.ReadUint64(s)
	if err == nil && signed == 1 {
		_, err = wire.ReadString(s, maxPath)
	}
	if err != nil {
		return "", broken("the end of "+name, err)
	}
	return name, nil
}

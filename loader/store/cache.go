package store

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/nix-community/go-nix/pkg/narinfo"

	"github.com/nixlint/nixlint/loader/source"
)

// maxInfos is how many store paths a binary cache may have.
const maxInfos = 1 << 18

func isCache(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, "nix-cache-info"))
	return err == nil
}

// units are names of store paths that units are in where no system is.
var unitPath = regexp.MustCompile(`^(unit-.*|system-units|user-units|etc)$`)

// cache reads a binary cache: of every store path its narinfo, and the NARs of the systems and of what they lead to. A NAR is read when
// something leads into it.
func (s *System) cache(name string) error {
	dir, only := name, ""
	if strings.HasSuffix(name, ".narinfo") {
		dir, only = filepath.Dir(name), filepath.Base(name)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return fmt.Errorf("%w", err)
	}
	s.close = append(s.close, root.Close)
	entries, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("%w", err)
	}
	f, memory := newFiles(), new(int64)
	var names []string
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".narinfo") {
			continue
		}
		info, stored, err := readInfo(root, e.Name())
		if err != nil {
			s.failed(e.Name(), "it is left out: "+err.Error())
			continue
		}
		if len(names) >= maxInfos {
			return fmt.Errorf("it has more than %d store paths", maxInfos)
		}
		n := folderNode("")
		n.load = func(n *node) error {
			err := readNAR(root, info, stored, n, memory)
			if err != nil {
				s.failed(e.Name(), "/"+Dir+"/"+stored+" is left out: "+err.Error())
			}
			return err
		}
		if err := f.put(path.Join(Dir, stored), n); err != nil {
			s.failed(e.Name(), "it is left out: "+err.Error())
			continue
		}
		if only == "" || only == e.Name() {
			names = append(names, stored)
		}
	}
	s.Tree = source.NewTree(f)
	for _, wanted := range []func(string) bool{
		func(name string) bool { return only != "" || strings.HasPrefix(name[hashed:], "nixos-system-") },
		func(name string) bool { return unitPath.MatchString(name[hashed:]) },
	} {
		if s.systems(slices.DeleteFunc(slices.Clone(names), func(n string) bool { return !wanted(n) })); len(s.Machines) > 0 {
			return nil
		}
	}
	if len(s.Problems) > 0 {
		return fmt.Errorf("%s: %s", s.Problems[0].Span.File.Path, s.Problems[0].Message)
	}
	return nil
}

// readInfo reads a narinfo and the name of its store path.
func readInfo(root *os.Root, name string) (*narinfo.NarInfo, string, error) {
	text, err := readSmall(root, name)
	if err != nil {
		return nil, "", err
	}
	info, err := narinfo.Parse(bytes.NewReader(text))
	if err != nil {
		return nil, "", fmt.Errorf("it is no narinfo: %w", err)
	}
	stored, ok := storeName(info.StorePath)
	if !ok {
		return nil, "", fmt.Errorf("%q is no path of the Nix store", info.StorePath)
	}
	if err := info.Check(); err != nil {
		return nil, "", fmt.Errorf("it is wrong: %w", err)
	}
	return info, stored, nil
}

// readSmall reads a file that is a page at most by nature.
func readSmall(root *os.Root, name string) ([]byte, error) {
	if info, err := root.Stat(name); err != nil || !info.Mode().IsRegular() {
		return nil, errors.Join(errors.New("it is no regular file"), err)
	}
	file, err := root.Open(name)
	if err != nil {
		return nil, fmt.Errorf("%w", err)
	}
	defer file.Close() //nolint:errcheck // read only
	text, err := io.ReadAll(io.LimitReader(file, maxKept+1))
	if err != nil || len(text) > maxKept {
		return nil, errors.Join(errors.New("it is larger than 1 MiB"), err)
	}
	return text, nil
}

// readNAR reads the NAR of a store path into its folder, and holds it to its size and its hash.
func readNAR(root *os.Root, info *narinfo.NarInfo, stored string, n *node, memory *int64) error {
	if info, err := root.Stat(info.URL); err != nil || !info.Mode().IsRegular() {
		return errors.Join(errors.New("its NAR is not in the cache"), err)
	}
	file, err := root.Open(info.URL) // which cannot leave the cache
	if err != nil {
		return fmt.Errorf("%w", err)
	}
	defer file.Close() //nolint:errcheck // read only
	in, _, err := decompress(info.Compression, bufio.NewReader(file))
	if err != nil {
		return err
	}
	sum := sha256.New()
	limited := &io.LimitedReader{R: in, N: int64(min(info.NarSize, 1<<62)) + 1}
	st := &stream{in: bufio.NewReaderSize(io.TeeReader(limited, sum), 1<<16), memory: memory}
	f := newFiles()
	if err := st.index(f, "path"); err != nil {
		return err
	}
	if _, err := io.Copy(io.Discard, st); err != nil {
		return fmt.Errorf("%w", err)
	}
	if st.offset != int64(min(info.NarSize, 1<<62)) {
		return fmt.Errorf("its NAR has not the %d bytes that its narinfo says", info.NarSize)
	}
	if h := info.NarHash; h != nil && len(h.Digest()) == sha256.Size && !bytes.Equal(h.Digest(), sum.Sum(nil)) {
		return errors.New("its NAR has another hash than its narinfo says")
	}
	if top := f.root.children["path"]; top != nil {
		n.children, n.target, n.open, n.size = top.children, top.target, top.open, top.size
	}
	_ = stored
	return nil
}

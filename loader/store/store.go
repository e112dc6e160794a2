// Package store reads built systems that do not lie open on a disk: archives of the Nix store, binary caches, derivations, and what Nix
// prints of a configuration. It makes a tree of files of each, for package unit to read as it reads any machine. Nothing is built, nothing
// is downloaded, and no signature is checked.
package store

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/loader/source"
	"github.com/nixlint/nixlint/loader/unit"
)

// Dir is where store paths are in every tree.
const Dir = "nix/store"

// ErrNoUnits is the error of an archive or a derivation that holds no units.
var ErrNoUnits = errors.New("it holds no units")

// System is what was built: a tree of files, the machines in it, and what is wrong or cannot be seen.
type System struct {
	Root     string // as a person would name what the tree was made of
	Tree     *source.Tree
	Machines []unit.Units
	Problems []source.Problem
	// Open says why units may have more than the tree shows, and is empty when it shows all.
	Open  string
	close []func() error
}

// Close lets go of the files behind the tree.
func (s *System) Close() error {
	var all []error
	for _, f := range s.close {
		all = append(all, f())
	}
	return errors.Join(all...)
}

// Kind tells what a path is: "drv", "nar", "export", "cache" or "" for none of them.
func Kind(name string) string {
	info, err := os.Stat(name)
	if err != nil {
		return ""
	}
	switch base := filepath.Base(name); {
	case info.IsDir():
		if isCache(name) {
			return "cache"
		}
		return ""
	case !info.Mode().IsRegular():
		return ""
	case strings.HasSuffix(base, ".drv"):
		return "drv"
	case strings.HasSuffix(base, ".narinfo"):
		return "cache"
	case narName.MatchString(base):
		return "nar"
	}
	return magic(name)
}

var narName = regexp.MustCompile(`\.nar(\.[a-z0-9]+)?$`)

// magic tells an archive by its first bytes.
func magic(name string) string {
	f, err := os.Open(name) //nolint:gosec // the user names it
	if err != nil {
		return ""
	}
	defer f.Close() //nolint:errcheck // read only
	head := make([]byte, 32)
	n, _ := io.ReadFull(f, head)
	const nar = "\x0d\x00\x00\x00\x00\x00\x00\x00nix-archive-1"
	switch text := string(head[:n]); {
	case strings.HasPrefix(text, nar):
		return "nar"
	case strings.HasPrefix(text, "\x01\x00\x00\x00\x00\x00\x00\x00"+nar):
		return "export"
	}
	return ""
}

// Open reads what a path of some Kind is.
func Open(name string) (*System, error) {
	abs, err := filepath.Abs(name)
	if err != nil {
		return nil, fmt.Errorf("%w", err)
	}
	s := &System{Root: abs}
	switch Kind(name) {
	case "drv":
		f := newFiles()
		s.Tree = source.NewTree(f)
		err = s.derivation(abs, f)
	case "nar":
		err = s.archive(abs, readOne)
	case "export":
		err = s.archive(abs, readExport)
	case "cache":
		err = s.cache(abs)
	default:
		err = errors.New("it is no derivation, no archive and no binary cache")
	}
	if err == nil && len(s.Machines) == 0 {
		err = ErrNoUnits
	}
	if err != nil {
		s.Close() //nolint:errcheck // read only
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return s, nil
}

// systems finds the machines among store paths: a NixOS system, else what has units as one, else the units that stand alone.
func (s *System) systems(names []string) {
	for _, is := range []func(string) bool{
		func(name string) bool { return strings.HasPrefix(name[hashed:], "nixos-system-") },
		func(string) bool { return true },
	} {
		for _, name := range names {
			root := path.Join(Dir, name)
			if !is(name) {
				continue
			}
			u := unit.Units{Root: "/", System: s.folders(root, "etc/systemd/system"), User: s.folders(root, "etc/systemd/user"), Tmpfiles: s.folders(root, "etc/tmpfiles.d")}
			if len(u.System)+len(u.User) > 0 {
				s.Machines = append(s.Machines, u)
			}
		}
		if len(s.Machines) > 0 {
			return
		}
	}
	var u unit.Units
	for _, name := range names {
		entries, err := s.Tree.ReadDir(path.Join(Dir, name))
		if err != nil {
			continue
		}
		for _, e := range entries {
			if unit.IsUnit(e.Name()) {
				u.System = append(u.System, path.Join(Dir, name))
				break
			}
		}
	}
	if len(u.System) > 0 {
		s.Machines = []unit.Units{u}
	}
}

// hashed is how long the hash of a store path is, with the dash behind it.
const hashed = 33

// folders is the folder below a store path, if there is one.
func (s *System) folders(root, below string) []string {
	to, err := s.Tree.Resolve(path.Join(root, below))
	if err != nil {
		return nil
	}
	info, err := s.Tree.Stat(to)
	if err != nil || !info.IsDir() {
		return nil
	}
	return []string{path.Join(root, below)}
}

func (s *System) failed(file, message string) {
	s.Problems = append(s.Problems, source.Problem{Severity: source.Failure, Message: message, Span: source.NewFile(file, "").Span(0, 0)})
}

// storeName is the name of a store path such as /nix/store/HASH-NAME, of one that is valid.
func storeName(text string) (string, bool) {
	name, ok := strings.CutPrefix(text, "/"+Dir+"/")
	return name, ok && validName(name)
}

// sortedNames lists the keys of a map in order.
func sortedNames[V any](m map[string]V) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

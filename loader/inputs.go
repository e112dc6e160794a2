package loader

import (
	"cmp"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/loader/eval"
	"github.com/nixlint/nixlint/loader/nixos"
	"github.com/nixlint/nixlint/loader/source"
)

// ErrInput is the error of an input that is no folder.
var ErrInput = errors.New("no folder")

// inputs are the trees of opts that were opened. The tree that they are mounted in closes them.
type inputs struct {
	given map[string]*source.Tree
	store string // empty when the store is not used
}

// openInputs opens the folders that are given by name. One that is no folder is an error.
func openInputs(opts Options) (*inputs, error) {
	in := &inputs{given: map[string]*source.Tree{}}
	if opts.UseStore {
		in.store = cmp.Or(opts.Store, storeDir)
	}
	names := make([]string, 0, len(opts.Inputs))
	for name := range opts.Inputs {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		dir, err := absolute(opts.Inputs[name])
		if err == nil {
			var info fs.FileInfo
			if info, err = os.Stat(dir); err == nil && !info.IsDir() {
				err = fmt.Errorf("%s is %w", opts.Inputs[name], ErrInput)
			}
		}
		if err != nil {
			in.close()
			return nil, fmt.Errorf("input %s: %w", name, err)
		}
		tree, err := source.OpenTree(dir)
		if err != nil {
			in.close()
			return nil, fmt.Errorf("input %s: %w", name, err)
		}
		in.given[name] = tree
	}
	return in, nil
}

func (in *inputs) close() {
	for _, t := range in.given {
		_ = t.Close() // read only
	}
}

// nixos are the inputs as package nixos takes them.
func (in *inputs) nixos() nixos.Inputs {
	out := nixos.Inputs{Given: in.given}
	if in.store != "" {
		out.Store = in.inStore
	}
	return out
}

// inStore opens the store path of a locked input; nil when the store does not have it.
func (in *inputs) inStore(narHash string) *source.Tree {
	name, ok := sourcePath(narHash)
	if !ok {
		return nil
	}
	tree, err := source.OpenTree(filepath.Join(in.store, name))
	if err != nil {
		return nil // it was never fetched here, or collected
	}
	return tree
}

const storeDir = "/nix/store"

// sourcePath is the name in the store of a tree that Nix fetched, by the hash of its NAR: as Nix' store-api makes paths of type source.
func sourcePath(narHash string) (string, bool) {
	text, ok := strings.CutPrefix(narHash, "sha256-")
	sum, err := base64.StdEncoding.DecodeString(text)
	if !ok || err != nil || len(sum) != sha256.Size {
		return "", false
	}
	full := sha256.Sum256([]byte("source:sha256:" + hex.EncodeToString(sum) + ":" + storeDir + ":source"))
	const short = 20
	folded := make([]byte, short)
	for i, b := range full {
		folded[i%short] ^= b
	}
	return eval.EncodeNix32(folded) + "-source", true
}

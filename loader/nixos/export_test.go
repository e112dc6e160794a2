package nixos

import (
	"context"
	"strings"
	"testing/fstest"

	"github.com/nixlint/nixlint/loader/eval"
	"github.com/nixlint/nixlint/loader/inventory"
	"github.com/nixlint/nixlint/loader/source"
	"github.com/nixlint/nixlint/loader/syntax"
)

// LoadModules makes the inventory of one host of modules, paths of the tree, and the files that it read.
func LoadModules(ctx context.Context, tree *source.Tree, modules ...string) (*inventory.Inventory, map[string]*syntax.File) {
	r := newRepository(ctx, tree)
	list := &eval.List{}
	for _, m := range modules {
		list.Elems = append(list.Elems, eval.Path(m))
	}
	in := r.interp()
	args := eval.NewSet(eval.Attr{Name: "modules", Val: list})
	r.evaluate(in, &inventory.Host{Name: "host", Source: "file"}, &nixosSystem{r: r, in: in, args: args})
	r.finish(found{}, nil)
	return r.inv, r.program.Files()
}

// EvalLib is the value of an expression over lib as JSON; open is why some of it is not known.
func EvalLib(ctx context.Context, expr string) (text, open string, err error) {
	tree := source.NewTree(fstest.MapFS{"e.nix": &fstest.MapFile{Data: []byte("lib: " + expr)}})
	r := newRepository(ctx, tree)
	in := r.interp()
	lib, err := r.lib(in, "")
	if err != nil {
		return "", "", err
	}
	fn, err := in.Import("e.nix", source.Span{})
	if err != nil {
		return "", "", err //nolint:wrapcheck // a test prints it
	}
	s, err := in.JSON(eval.LazyCall(fn, lib), source.Span{})
	if err != nil {
		return "", "", err //nolint:wrapcheck // a test prints it
	}
	if !s.Known() {
		open = s.Holes[0].Why.Why
	}
	return s.S, open, nil
}

// LibNames are the names in nixpkgs' lib.
func LibNames() []string { return strings.Fields(libNames) }

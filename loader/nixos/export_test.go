package nixos

import (
	"context"

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

package nixos

import (
	"path"
	"strings"

	"github.com/nixlint/nixlint/loader/eval"
	"github.com/nixlint/nixlint/loader/source"
	"github.com/nixlint/nixlint/loader/syntax"
)

// notNodes are the attributes of a hive or a network that are no machines.
var notNodes = map[string]bool{
	"meta": true, "network": true, "defaults": true, "resources": true, "require": true, "nodes": true, "introspect": true,
	"toplevel": true, "deploymentConfig": true, "processFlake": true, "evalSelected": true, "evalSelectedDrvPaths": true, "metaConfig": true,
}

// hive adds the nodes of an output that colmena reads.
func (o *outputs) hive(output string) {
	set := o.output(output)
	if set == nil {
		return
	}
	nodes := (&hive{r: o.r, in: o.in, set: set}).nodes()
	for i := range nodes.Attrs {
		if a := &nodes.Attrs[i]; a.Site == nil || !inTree(a.Site.Value) {
			a.Site = &eval.Site{Name: o.at, Value: o.at}
		}
	}
	o.add(nodes, "hive")
}

// hive is a set of machines, as colmena, NixOps and morph read it: a module a node, one of defaults, and what all are given.
type hive struct {
	r    *repository
	in   *eval.Interp
	set  *eval.Set
	made *eval.Set // the machines
}

// nodes are the machines of a hive, not evaluated.
func (h *hive) nodes() *eval.Set {
	var attrs []eval.Attr
	for i := range h.set.Attrs {
		a := h.set.Attrs[i]
		if notNodes[a.Name] || strings.HasPrefix(a.Name, "_") {
			continue
		}
		name, node := a.Name, a.Val
		a.Val = eval.Lazy(func() (eval.Value, error) { return h.node(name, node) })
		attrs = append(attrs, a)
	}
	h.made = eval.NewSet(attrs...)
	return h.made
}

func (h *hive) node(name string, module eval.Value) (eval.Value, error) {
	special := eval.NewSet(eval.Attr{Name: "name", Val: eval.Str(name)}, eval.Attr{Name: "nodes", Val: h.made},
		eval.Attr{Name: "resources", Val: eval.NewUnknown("the resources of a network are not in the tree", source.Span{})})
	for _, from := range [][]string{{"network", "specialArgs"}, {"meta", "specialArgs"}, {"meta", "nodeSpecialArgs", name}} {
		more, err := h.attr(from)
		if err != nil {
			return nil, err
		}
		if more == nil {
			continue
		}
		merged, err := h.in.Update(special, more, source.Span{})
		if err != nil {
			return nil, err
		}
		if special, err = h.in.Set(merged, source.Span{}); err != nil {
			return nil, err
		}
	}
	list := []eval.Value{module}
	if a := h.set.Find("defaults"); a != nil {
		list = append([]eval.Value{a.Val}, list...)
	}
	args := eval.NewSet(eval.Attr{Name: "modules", Val: &eval.List{Elems: list}}, eval.Attr{Name: "specialArgs", Val: special})
	return &nixosSystem{r: h.r, in: h.in, args: args, base: h.r.search("nixpkgs")}, nil
}

// attr is a part of the hive; nil when there is none.
func (h *hive) attr(path []string) (eval.Value, error) {
	var v eval.Value = h.set
	for _, name := range path {
		set, err := h.in.Set(v, source.Span{})
		if err != nil {
			return nil, err
		}
		a := set.Find(name)
		if a == nil {
			return nil, nil //nolint:nilnil // what is not there is no error
		}
		v = a.Val
	}
	return v, nil
}

// fileHosts are the hosts of a file that is no flake: a hive, a network, or an expression that makes hosts.
func (r *repository) fileHosts(in *eval.Interp, file string) []candidate {
	at := r.start(file)
	v, err := in.Import(file, at)
	if err == nil {
		v, err = called(in, v)
	}
	if err != nil {
		r.evalProblem(err, at, false)
		return nil
	}
	dir := path.Base(path.Dir(file))
	if dir == "." {
		dir = strings.TrimSuffix(path.Base(file), ".nix")
	}
	if _, ok := v.(*nixosSystem); ok {
		return []candidate{{name: dir, source: "file", at: at, val: v}}
	}
	set, ok := v.(*eval.Set)
	if !ok {
		return nil // it is something else
	}
	if set.Find("meta") != nil || set.Find("network") != nil {
		return named((&hive{r: r, in: in, set: set}).nodes(), "hive", at)
	}
	var out []candidate
	for i := range set.Attrs {
		a := &set.Attrs[i]
		v, err := in.Force(a.Val)
		if err != nil {
			continue // it is said where it counts
		}
		if _, ok := v.(*nixosSystem); ok {
			out = append(out, named(&eval.Set{Attrs: set.Attrs[i : i+1]}, "file", at)...)
		}
	}
	return out
}

// called is the value of a function all of whose arguments have defaults.
func called(in *eval.Interp, v eval.Value) (eval.Value, error) {
	names, hasDefault, ok := eval.FunctionArgs(v)
	if _, isSet := v.(*eval.Set); isSet || !ok {
		return v, nil
	}
	for i := range names {
		if !hasDefault[i] {
			return v, nil
		}
	}
	return in.Call(v, eval.NewSet())
}

func named(set *eval.Set, source string, at source.Span) []candidate {
	var out []candidate
	for i := range set.Attrs {
		a := &set.Attrs[i]
		c := candidate{name: a.Name, source: source, at: spanOf(a.Site), val: a.Val}
		if !inTree(c.at) {
			c.at = at
		}
		out = append(out, c)
	}
	return out
}

// isHive reports whether a file holds a hive or a network: a set with machines that are modules, and meta or network beside them.
func isHive(name string, f *syntax.File) bool {
	x, takes := body(f.Root)
	set, ok := x.(*syntax.AttrSet)
	if !ok || takes["..."] {
		return false
	}
	head, nodes := false, false
	for _, b := range set.Bindings {
		a, ok := b.(*syntax.Attr)
		if !ok || len(a.Path) == 0 {
			continue
		}
		switch first := a.Path[0].Name; {
		case first == "network" || first == "meta" && (path.Base(name) == "hive.nix" || path.Base(name) == "colmena.nix"):
			head = true
		case !notNodes[first] && len(a.Path) == 1:
			nodes = true
		}
	}
	return head && nodes
}

// makesHosts reports whether an expression in default.nix makes hosts itself: without a flake, by nixpkgs' own function.
func makesHosts(name string, f *syntax.File) bool {
	if path.Base(name) != "default.nix" {
		return false
	}
	for _, word := range []string{"<nixpkgs/nixos", "/nixos/lib/eval-config.nix", "/nixos\")", "nixosSystem"} {
		if strings.Contains(f.Source.Text, word) {
			return true
		}
	}
	return false
}

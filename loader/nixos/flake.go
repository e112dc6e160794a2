package nixos

import (
	"encoding/json"
	"maps"
	"path"
	"strings"

	"github.com/nixlint/nixlint/loader/eval"
	"github.com/nixlint/nixlint/loader/inventory"
	"github.com/nixlint/nixlint/loader/source"
)

// flake finds the hosts of a flake: each of its nixosConfigurations.
func (r *repository) flake(file string) {
	in := r.interp()
	defer func() { r.limited(in, r.start(file)) }()
	v, err := in.Import(file, source.Span{})
	if err != nil {
		r.evalProblem(err, source.Span{}, false)
		return
	}
	flake, err := in.Set(v, eval.Span(v))
	if err != nil {
		r.evalProblem(err, eval.Span(v), false)
		return
	}
	fn := flake.Find("outputs")
	if fn == nil {
		r.problem(eval.Span(v), "a flake has an attribute outputs, found none")
		return
	}
	f := &flakeInputs{r: r, in: in, dir: path.Dir(file)}
	inputs, missing, err := f.build(flake, fn.Val)
	if err != nil {
		r.evalProblem(err, spanOf(fn.Site), false)
		return
	}
	outputs, err := in.Call(fn.Val, inputs)
	if err != nil {
		r.evalProblem(err, spanOf(fn.Site), false)
		return
	}
	configurations, err := in.Select(outputs, "nixosConfigurations", spanOf(fn.Site))
	if err != nil {
		return // a flake without hosts
	}
	set, err := in.Set(configurations, spanOf(fn.Site))
	if err != nil {
		r.evalProblem(err, spanOf(fn.Site), false)
		return
	}
	if set.Open != nil && len(set.Attrs) == 0 {
		r.notice(spanOf(fn.Site), "the hosts of this flake are not known, its modules are judged without them: %s", set.Open.Why)
	}
	for i := range set.Attrs {
		r.flakeHost(in, &set.Attrs[i], missing)
	}
}

func (r *repository) flakeHost(in *eval.Interp, a *eval.Attr, missing []inventory.Missing) {
	v, err := in.Force(a.Val)
	if err != nil {
		r.evalProblem(err, spanOf(a.Site), false)
		return
	}
	sys, ok := v.(*nixosSystem)
	if !ok {
		why := "it is no nixosSystem but " + eval.TypeName(v)
		if u, unknown := v.(*eval.Unknown); unknown {
			why = u.Why
		}
		r.problem(spanOf(a.Site), "host %s is not known: %s", a.Name, why)
		return
	}
	host := &inventory.Host{Name: a.Name, Source: "flake", At: inventory.At(spanOf(a.Site)), Missing: missing}
	r.evaluate(in, host, sys)
}

// configuration judges a plain configuration.nix as a host of its own.
func (r *repository) configuration(file string) {
	in := r.interp()
	name := path.Base(path.Dir(file))
	if name == "." {
		name = "configuration"
	}
	host := &inventory.Host{Name: name, Source: "file", At: &inventory.Location{File: file, Line: 1, Column: 1, EndLine: 1, EndColumn: 1}}
	args := eval.NewSet(eval.Attr{Name: "modules", Val: &eval.List{Elems: []eval.Value{eval.Path(file)}}})
	r.evaluate(in, host, &nixosSystem{r: r, in: in, args: args})
	r.limited(in, r.start(file))
}

func (r *repository) evaluate(_ *eval.Interp, host *inventory.Host, sys *nixosSystem) {
	s, err := sys.system(host)
	if err != nil {
		r.evalProblem(err, source.Span{}, false)
		return
	}
	s.units()
	s.nested()
	s.facts()
	r.addOptions(s.options)
	r.addHost(host)
}

// nixosSystem is what lib.nixosSystem returns: the host, evaluated when it is asked for.
type nixosSystem struct {
	eval.Ext
	r    *repository
	in   *eval.Interp
	args *eval.Set
	sys  *system
}

func (n *nixosSystem) TypeName() string { return "set" }

func (n *nixosSystem) Attr(_ *eval.Interp, name string) (eval.Value, bool, error) {
	switch name {
	case "config":
		s, err := n.system(nil)
		if err != nil {
			return nil, false, err
		}
		return &view{n: s.root}, true, nil
	case "options":
		s, err := n.system(nil)
		if err != nil {
			return nil, false, err
		}
		return &optionsView{n: s.root}, true, nil
	case "extendModules":
		return fnOf("extendModules", n.extend), true, nil
	case "pkgs", "lib":
		base, err := n.r.baseArgs(n.in)
		if err != nil {
			return nil, false, err
		}
		return base.Find(name).Val, true, nil
	}
	return eval.NewUnknown("attribute "+name+" of a nixosSystem is not supported", source.Span{}), true, nil
}

// extend is the system with more modules and arguments.
func (n *nixosSystem) extend(arg eval.Value) (eval.Value, error) {
	more, err := n.in.Set(arg, source.Span{})
	if err != nil {
		return nil, err
	}
	attrs := append([]eval.Attr(nil), n.args.Attrs...)
	for _, name := range []string{"modules", "specialArgs"} {
		old, added := n.args.Find(name), more.Find(name)
		switch {
		case added == nil:
			continue
		case old == nil:
			attrs = append(attrs, *added)
			continue
		}
		joined := *added
		joined.Val = eval.Lazy(func() (eval.Value, error) {
			if name == "modules" {
				return n.in.Append(old.Val, added.Val, source.Span{})
			}
			return n.in.Update(old.Val, added.Val, source.Span{})
		})
		attrs = append(attrs, joined)
	}
	return &nixosSystem{r: n.r, in: n.in, args: eval.NewSet(attrs...)}, nil
}

func (n *nixosSystem) All(*eval.Interp) (*eval.Set, error) {
	return &eval.Set{Open: eval.NewUnknown("the attributes of a nixosSystem are not supported", source.Span{})}, nil
}

func (n *nixosSystem) Call(*eval.Interp, eval.Value) (eval.Value, error) {
	return eval.NewUnknown("a nixosSystem is called", source.Span{}), nil
}

func (n *nixosSystem) Text() (*eval.String, bool) { return nil, false }

// system evaluates the modules of the host, once.
func (n *nixosSystem) system(host *inventory.Host) (*system, error) {
	if n.sys != nil && host == nil {
		return n.sys, nil
	}
	s := newSystem(n.r, n.in, host)
	n.sys = s
	base, err := n.r.baseArgs(n.in)
	if err != nil {
		return nil, err
	}
	var special eval.Value = &eval.Set{}
	if a := n.args.Find("specialArgs"); a != nil {
		special = a.Val
	}
	merged, err := n.in.Update(base, special, source.Span{})
	if err != nil {
		return nil, err
	}
	set, err := n.in.Set(merged, source.Span{})
	if err != nil {
		return nil, err
	}
	s.args = s.withConfig(set)
	var values []pending
	for _, key := range []string{"modules", "extraModules"} {
		a := n.args.Find(key)
		if a == nil {
			continue
		}
		list, err := n.in.List(a.Val, spanOf(a.Site))
		if err != nil {
			return nil, err
		}
		for _, el := range list.Elems {
			p := pending{val: el, at: eval.Span(el)}
			switch m := el.(type) {
			case *eval.Maybe:
				p.val, p.when = m.Val, m.When
			case *eval.Rest:
				s.miss("modules", m.Why.Why, spanOf(a.Site))
				continue
			}
			if !p.at.Valid() {
				p.at = spanOf(a.Site)
			}
			values = append(values, p)
		}
	}
	s.collect(values, true)
	return s, nil
}

// withConfig adds the arguments that depend on the system itself.
func (s *system) withConfig(base *eval.Set) *eval.Set {
	return eval.NewSet(append(append([]eval.Attr(nil), base.Attrs...),
		eval.Attr{Name: "config", Val: &view{n: s.root}},
		eval.Attr{Name: "options", Val: &optionsView{n: s.root}})...)
}

// baseArgs are the arguments that every module is given.
func (r *repository) baseArgs(in *eval.Interp) (*eval.Set, error) {
	lib, err := r.lib(in)
	if err != nil {
		return nil, err
	}
	return eval.NewSet(
		eval.Attr{Name: "lib", Val: lib},
		eval.Attr{Name: "pkgs", Val: newPkgs(lib)},
		eval.Attr{Name: "modulesPath", Val: eval.Str(nixpkgsPath + "/nixos/modules")},
		eval.Attr{Name: "utils", Val: eval.NewUnknown("the argument utils is not supported", source.Span{})},
	), nil
}

func newPkgs(lib eval.Value) *symbol {
	pkgs := &symbol{set: eval.NewSet(eval.Attr{Name: "lib", Val: lib})}
	if l, ok := lib.(*library); ok {
		if fns := l.set.Find("nixlint-pkgs"); fns != nil {
			pkgs.fns = eval.LazyCall(fns.Val, pkgs)
		}
	}
	return pkgs
}

// lib is nixpkgs' lib for one interpreter.
func (r *repository) lib(in *eval.Interp) (eval.Value, error) {
	return newLib(in, natives(prim("nixosSystem", 1, 1, func(in *eval.Interp, args []eval.Value) (eval.Value, error) {
		set, err := in.Set(args[0], source.Span{})
		if err != nil {
			return nil, err
		}
		return &nixosSystem{r: r, in: in, args: set}, nil
	}), prim("evalModules", 1, 1, func(in *eval.Interp, args []eval.Value) (eval.Value, error) {
		set, err := in.Set(args[0], source.Span{})
		if err != nil {
			return nil, err
		}
		return &nixosSystem{r: r, in: in, args: set}, nil
	}), prim("written", 3, 0b101, r.written), prim("opened", 2, 3, func(in *eval.Interp, args []eval.Value) (eval.Value, error) {
		set, err := in.Set(args[1], source.Span{})
		if err != nil {
			return nil, err
		}
		why, err := in.ToString(args[0], source.Span{})
		if err != nil {
			return nil, err
		}
		return &eval.Set{Attrs: set.Attrs, Open: eval.NewUnknown(why.S, source.Span{})}, nil
	})))
}

// foreign is what is imported from nixpkgs by path: nixpkgs itself, its lib, its nixos.
func (r *repository) foreign(in *eval.Interp, name string) (eval.Value, bool) {
	rest, ok := strings.CutPrefix(name, nixpkgsPath)
	if !ok {
		return nil, false
	}
	lib, err := r.lib(in)
	if err != nil {
		return nil, false
	}
	switch strings.Trim(rest, "/") {
	case "", "default.nix":
		return fnOf("nixpkgs", func(eval.Value) (eval.Value, error) { return newPkgs(lib), nil }), true
	case "lib", "lib/default.nix":
		return lib, true
	case "nixos", "nixos/default.nix", "nixos/lib/eval-config.nix":
		return fnOf("nixos", func(arg eval.Value) (eval.Value, error) {
			set, err := in.Set(arg, source.Span{})
			if err != nil {
				return nil, err
			}
			if c := set.Find("configuration"); c != nil {
				set = eval.NewSet(eval.Attr{Name: "modules", Val: &eval.List{Elems: []eval.Value{c.Val}}})
			}
			return &nixosSystem{r: r, in: in, args: set}, nil
		}), true
	}
	return nil, false
}

func fnOf(name string, f func(eval.Value) (eval.Value, error)) eval.Value {
	return &eval.Builtin{Primitive: &eval.Primitive{Name: name, Arity: 1, Fn: func(_ *eval.Interp, args []eval.Value) (eval.Value, error) { return f(args[0]) }}}
}

// flakeInputs makes the arguments of a flake's outputs.
type flakeInputs struct {
	r   *repository
	in  *eval.Interp
	dir string
}

// build is the set that outputs is called with, and the inputs that are not in the tree.
func (f *flakeInputs) build(flake *eval.Set, outputs eval.Value) (*eval.Set, []inventory.Missing, error) {
	lib, err := f.r.lib(f.in)
	if err != nil {
		return nil, nil, err
	}
	urls := f.urls(flake)
	names, _, _ := eval.FunctionArgs(outputs)
	if fn, err := f.in.Force(outputs); err == nil {
		names, _, _ = eval.FunctionArgs(fn)
	}
	for _, name := range names {
		if _, ok := urls[name]; !ok && name != "self" {
			urls[name] = ""
		}
	}
	var attrs []eval.Attr
	var missing []inventory.Missing
	for _, name := range sortedKeys(urls) {
		if name == "self" {
			continue
		}
		if isNixpkgs(name, urls[name]) {
			attrs = append(attrs, eval.Attr{Name: name, Val: f.nixpkgs(lib)})
			continue
		}
		known, err := f.shim(name, urls[name], lib)
		if err != nil {
			return nil, nil, err
		}
		if known != nil {
			attrs = append(attrs, eval.Attr{Name: name, Val: known})
			continue
		}
		why := "flake input " + name + " is not in the tree"
		attrs = append(attrs, eval.Attr{Name: name, Val: eval.NewUnknown(why, source.Span{})})
		missing = append(missing, inventory.Missing{Name: name, Why: why})
	}
	inputs := eval.NewSet(attrs...)
	self := &selfFlake{dir: f.dir}
	all := eval.NewSet(append(inputs.Attrs, eval.Attr{Name: "self", Val: self})...)
	self.inputs = all
	self.outputs = eval.Lazy(func() (eval.Value, error) { return f.in.Call(outputs, all) })
	return all, missing, nil
}

// urls are the inputs and where they come from: as the lock file has it, else as flake.nix says.
func (f *flakeInputs) urls(flake *eval.Set) map[string]string {
	out := map[string]string{}
	f.writtenURLs(flake, out)
	lock, err := f.r.program.Tree.File(path.Join(f.dir, "flake.lock"))
	if err != nil {
		return out
	}
	maps.Copy(out, lockedURLs(lock.Text))
	return out
}

// writtenURLs are those that flake.nix itself says.
func (f *flakeInputs) writtenURLs(flake *eval.Set, out map[string]string) {
	a := flake.Find("inputs")
	if a == nil {
		return
	}
	set, err := f.in.Set(a.Val, spanOf(a.Site))
	if err != nil {
		f.r.evalProblem(err, spanOf(a.Site), false)
		return
	}
	for i := range set.Attrs {
		in := &set.Attrs[i]
		out[in.Name] = ""
		url, err := f.in.Select(in.Val, "url", spanOf(in.Site))
		if s, ok := url.(*eval.String); ok && err == nil {
			out[in.Name] = s.S
		}
	}
}

// lockedURLs reads where the inputs of the root of a flake.lock come from.
func lockedURLs(text string) map[string]string {
	var lock struct {
		Root  string `json:"root"`
		Nodes map[string]struct {
			Inputs map[string]any `json:"inputs"`
			Locked struct {
				Type, Owner, Repo, URL, Path string
			} `json:"locked"`
		} `json:"nodes"`
	}
	out := map[string]string{}
	if json.Unmarshal([]byte(text), &lock) != nil {
		return out
	}
	for name, target := range lock.Nodes[lock.Root].Inputs {
		node, ok := target.(string)
		if !ok {
			continue // it follows another input
		}
		l := lock.Nodes[node].Locked
		switch {
		case l.Owner != "":
			out[name] = l.Type + ":" + l.Owner + "/" + l.Repo
		case l.URL != "":
			out[name] = l.URL
		case l.Path != "":
			out[name] = "path:" + l.Path
		}
	}
	return out
}

// isNixpkgs reports whether an input is nixpkgs: by where it comes from, or, when that is not said, by its name.
func isNixpkgs(name, url string) bool {
	url = strings.ToLower(url)
	if url == "" {
		return strings.HasPrefix(name, "nixpkgs") || name == "nixos" || name == "nixos-unstable" || name == "nixos-stable"
	}
	url, _, _ = strings.Cut(url, "?")
	for _, prefix := range []string{"flake:", "github:", "git+https://github.com/", "https://github.com/", "https://flakehub.com/f/"} {
		url = strings.TrimPrefix(url, prefix)
	}
	parts := strings.Split(strings.TrimSuffix(url, ".git"), "/")
	switch {
	case strings.HasPrefix(url, "https://channels.nixos.org/"), strings.HasPrefix(url, "https://nixos.org/channels/"):
		return true
	case parts[0] == "nixpkgs":
		return true
	case len(parts) > 1 && parts[1] == "nixpkgs":
		return true
	}
	return false
}

// nixpkgs is the flake nixpkgs: its lib, and its packages as symbols.
func (f *flakeInputs) nixpkgs(lib eval.Value) eval.Value {
	pkgs := newPkgs(lib)
	return eval.NewSet(
		eval.Attr{Name: "lib", Val: lib},
		eval.Attr{Name: "legacyPackages", Val: &everySystem{val: pkgs}},
		eval.Attr{Name: "outPath", Val: eval.Str(nixpkgsPath)},
		eval.Attr{Name: "nixosModules", Val: eval.NewUnknown("modules of nixpkgs are not in the tree", source.Span{})},
		eval.Attr{Name: "sourceInfo", Val: eval.NewUnknown("nixpkgs is not in the tree", source.Span{})},
		eval.Attr{Name: "rev", Val: eval.NewUnknown("nixpkgs is not in the tree", source.Span{})},
	)
}

// everySystem is a set that has the same value for every name: legacyPackages by system.
type everySystem struct {
	eval.Ext
	val eval.Value
}

func (e *everySystem) TypeName() string { return "set" }
func (e *everySystem) Attr(*eval.Interp, string) (eval.Value, bool, error) {
	return e.val, true, nil
}

func (e *everySystem) All(*eval.Interp) (*eval.Set, error) {
	return &eval.Set{Open: eval.NewUnknown("the systems of nixpkgs are not in the tree", source.Span{})}, nil
}

func (e *everySystem) Call(*eval.Interp, eval.Value) (eval.Value, error) {
	return eval.NewUnknown("a set is called", source.Span{}), nil
}
func (e *everySystem) Text() (*eval.String, bool) { return nil, false }

// selfFlake is the argument self: the outputs, the inputs and the path of the flake.
type selfFlake struct {
	eval.Ext
	dir     string
	inputs  *eval.Set
	outputs *eval.Thunk
}

func (s *selfFlake) TypeName() string { return "set" }

func (s *selfFlake) Attr(in *eval.Interp, name string) (eval.Value, bool, error) {
	switch name {
	case "outPath":
		text, _ := s.Text()
		return text, true, nil
	case "inputs":
		return s.inputs, true, nil
	case "outputs":
		return s.outputs, true, nil
	case "rev", "shortRev", "dirtyRev", "dirtyShortRev", "lastModified", "lastModifiedDate", "narHash", "sourceInfo", "revCount":
		return eval.NewUnknown("self."+name+" depends on the checkout", source.Span{}), true, nil
	case "_type":
		return eval.Str("flake"), true, nil
	}
	v, err := in.Force(s.outputs)
	if err != nil {
		return nil, false, err
	}
	set, err := in.Set(v, source.Span{})
	if err != nil {
		return nil, false, err
	}
	if a := set.Find(name); a != nil {
		return a.Val, true, nil
	}
	return nil, false, nil
}

func (s *selfFlake) All(in *eval.Interp) (*eval.Set, error) {
	v, err := in.Force(s.outputs)
	if err != nil {
		return nil, err
	}
	text, _ := s.Text()
	merged, err := in.Update(v, eval.NewSet(eval.Attr{Name: "outPath", Val: text}, eval.Attr{Name: "inputs", Val: s.inputs}), source.Span{})
	if err != nil {
		return nil, err
	}
	return in.Set(merged, source.Span{})
}

func (s *selfFlake) Call(*eval.Interp, eval.Value) (eval.Value, error) {
	return eval.NewUnknown("self is called", source.Span{}), nil
}

func (s *selfFlake) Text() (*eval.String, bool) {
	if s.dir == "." {
		return eval.Str(eval.StoreName("source")), true
	}
	return eval.Str(eval.StoreName("source") + "/" + s.dir), true
}

package nixos

import (
	"path"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/loader/eval"
	"github.com/nixlint/nixlint/loader/inventory"
	"github.com/nixlint/nixlint/loader/source"
)

// hostKind is what a configuration configures.
type hostKind int

const (
	nixosHost      hostKind = iota
	homeHost                // the home of a user, by home-manager alone
	darwinHost              // a Mac, which runs no systemd
	containersHost          // containers that are built without the host that they run on
)

// nixosSystem is what lib.nixosSystem returns: the host, evaluated when it is asked for.
type nixosSystem struct {
	eval.Ext
	r    *repository
	in   *eval.Interp
	args *eval.Set
	sys  *system
	kind hostKind
	base string // the folder of the nixpkgs that its modules come from; empty when that is not in sight
	via  string // why some of its modules are not known: it was made by a function that is not in sight
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
		base, err := n.r.baseArgs(n.in, n.base)
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
	out := *n
	out.sys, out.args = nil, eval.NewSet(attrs...)
	return &out, nil
}

// All has config by which a system is told that was given more attributes.
func (n *nixosSystem) All(in *eval.Interp) (*eval.Set, error) {
	var attrs []eval.Attr
	for _, name := range []string{"config", "extendModules", "lib", "options", "pkgs"} {
		attrs = append(attrs, eval.Attr{Name: name, Val: eval.Lazy(func() (eval.Value, error) {
			v, _, err := n.Attr(in, name)
			return v, err
		})})
	}
	set := eval.NewSet(attrs...)
	set.Open = eval.NewUnknown("the attributes of a nixosSystem are not supported", source.Span{})
	return set, nil
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
	s.made, s.loose = n, n.kind == darwinHost
	n.sys = s
	base, err := n.r.baseArgs(n.in, n.base)
	if err != nil {
		return nil, err
	}
	var special eval.Value = &eval.Set{}
	for _, name := range []string{"specialArgs", "extraSpecialArgs"} {
		if a := n.args.Find(name); a != nil {
			special = a.Val
		}
	}
	merged, err := n.in.Update(base, special, source.Span{})
	if err != nil {
		return nil, err
	}
	set, err := n.in.Set(merged, source.Span{})
	if err != nil {
		return nil, err
	}
	s.args = n.withUtils(s.withConfig(forHost(set, base, s)))
	values, err := n.baseModules()
	if err != nil {
		return nil, err
	}
	if n.via != "" {
		s.miss("modules", n.via, source.Span{})
	}
	for _, key := range []string{"modules", "extraModules"} {
		a := n.args.Find(key)
		if a == nil {
			continue
		}
		v, err := n.in.Force(a.Val)
		if err != nil {
			return nil, err
		}
		if u, ok := v.(*eval.Unknown); ok {
			s.miss("modules", u.Why, spanOf(a.Site))
			continue
		}
		list, err := n.in.List(v, spanOf(a.Site))
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
	if n.kind == homeHost {
		values = append(values, pending{val: homeModule(nil, s, "")})
	}
	s.collect(values, true)
	return s, nil
}

// forHost are arguments of modules with the packages of the host, unless specialArgs has others.
func forHost(args, base *eval.Set, s *system) *eval.Set {
	usual, given := base.Find("pkgs"), args.Find("pkgs")
	if given == nil || given.Val != usual.Val {
		return args
	}
	out := slices.Clone(args.Attrs)
	for i := range out {
		if out[i].Name == "pkgs" {
			out[i].Val = newPkgs(base.Find("lib").Val, s.builtFor)
		}
	}
	return eval.NewSet(out...)
}

// withUtils replaces the argument utils by that of the nixpkgs in sight.
func (n *nixosSystem) withUtils(args *eval.Set) *eval.Set {
	file := path.Join(n.base, "nixos/lib/utils.nix")
	if n.base == "" || !n.r.holds(n.base, "nixos/lib/utils.nix") {
		return args
	}
	utils := eval.Lazy(func() (eval.Value, error) {
		fn, err := n.in.Import(file, source.Span{})
		if err != nil {
			return nil, err
		}
		given := eval.NewSet(*args.Find("lib"), *args.Find("config"), *args.Find("pkgs"))
		return n.in.Call(fn, given)
	})
	return eval.NewSet(append([]eval.Attr{{Name: "utils", Val: utils}}, slices.DeleteFunc(slices.Clone(args.Attrs), func(a eval.Attr) bool {
		return a.Name == "utils"
	})...)...)
}

// baseModules are the modules of nixpkgs, when it is in sight.
func (n *nixosSystem) baseModules() ([]pending, error) {
	if n.base == "" || n.kind != nixosHost {
		return nil, nil
	}
	v, err := n.in.Import(path.Join(n.base, moduleList), source.Span{})
	if err != nil {
		return nil, err
	}
	list, err := n.in.List(v, source.Span{})
	if err != nil {
		return nil, err
	}
	var out []pending
	for _, el := range list.Elems {
		out = append(out, pending{val: el})
	}
	return out, nil
}

// withConfig adds the arguments that depend on the system itself.
func (s *system) withConfig(base *eval.Set) *eval.Set {
	return eval.NewSet(append(append([]eval.Attr(nil), base.Attrs...),
		eval.Attr{Name: "config", Val: &view{n: s.root}},
		eval.Attr{Name: "options", Val: &optionsView{n: s.root}})...)
}

// baseArgs are the arguments that every module is given.
func (r *repository) baseArgs(in *eval.Interp, nixpkgs string) (*eval.Set, error) {
	lib, err := r.lib(in, nixpkgs)
	if err != nil {
		return nil, err
	}
	at := nixpkgsPath
	if nixpkgs != "" {
		at = folderText(nixpkgs)
	}
	return eval.NewSet(
		eval.Attr{Name: "lib", Val: lib},
		eval.Attr{Name: "pkgs", Val: newPkgs(lib, nil)},
		eval.Attr{Name: "modulesPath", Val: eval.Str(at + "/nixos/modules")},
		eval.Attr{Name: "utils", Val: eval.Lazy(func() (eval.Value, error) { return in.Select(lib, "nixlint-utils", source.Span{}) })},
	), nil
}

// newPkgs are the packages that are built for a system; built is nil, and its result, when that is not known.
func newPkgs(lib eval.Value, built func() *eval.String) *symbol {
	pkgs := &symbol{set: eval.NewSet(eval.Attr{Name: "lib", Val: lib}), platform: newPlatform(built)}
	if l, ok := lib.(*library); ok {
		if fns := l.set.Find("nixlint-pkgs"); fns != nil {
			pkgs.fns = eval.LazyCall(fns.Val, pkgs)
		}
	}
	return pkgs
}

// lib is nixpkgs' lib for one interpreter, made once; the hosts that it makes have the modules of the folder nixpkgs, when there is one.
func (r *repository) lib(in *eval.Interp, nixpkgs string) (eval.Value, error) {
	of := libOf{in, nixpkgs}
	if lib := r.libs[of]; lib != nil {
		return lib, nil
	}
	lib, err := r.makeLib(in, nixpkgs)
	if err == nil {
		r.libs[of] = lib
	}
	return lib, err
}

func (r *repository) makeLib(in *eval.Interp, nixpkgs string) (eval.Value, error) {
	system := func(name, base string) eval.Attr {
		return prim(name, 1, 1, func(in *eval.Interp, args []eval.Value) (eval.Value, error) {
			set, err := in.Set(args[0], source.Span{})
			if err != nil {
				return nil, err
			}
			return &nixosSystem{r: r, in: in, args: set, base: base}, nil
		})
	}
	return newLib(in, natives(system("nixosSystem", nixpkgs), system("evalModules", ""), prim("written", 3, 0b101, r.written), prim("writtenAt", 3, 1, r.writtenAt), prim("platform", 1, 1, platformOf), prim("opened", 2, 3, func(in *eval.Interp, args []eval.Value) (eval.Value, error) {
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

// evalConfig is the end of the path of nixpkgs' function that makes a host.
const evalConfig = "/nixos/lib/eval-config.nix"

// argument is an attribute of a set that is a text, as a function takes it; nil for another.
func argument(in *eval.Interp, args eval.Value, name string) *eval.String {
	set, err := in.Set(args, source.Span{})
	if err != nil || set.Find(name) == nil || len(set.Find(name).When) > 0 {
		return nil
	}
	v, err := in.Force(set.Find(name).Val)
	text, ok := v.(*eval.String)
	if err != nil || !ok || !literal(text) {
		return nil
	}
	return text
}

// foreign is what is imported from nixpkgs by path: nixpkgs itself, its lib, its nixos. A host is told by eval-config.nix of whatever
// nixpkgs it is: one that is patched, or that only a missing input has.
func (r *repository) foreign(in *eval.Interp, text *eval.String) (eval.Value, bool) {
	if text.S == systemsPath {
		return systemList(), true
	}
	base, rest, ok := r.nixpkgsAt(text.S)
	switch {
	case !ok && strings.HasSuffix(text.KnownTail(), evalConfig) && text.Opaque() != nil:
		rest = evalConfig
	case !ok:
		return nil, false
	}
	lib, err := r.lib(in, base)
	if err != nil {
		return nil, false
	}
	switch strings.Trim(rest, "/") {
	case "", "default.nix":
		return fnOf("nixpkgs", func(arg eval.Value) (eval.Value, error) {
			r.overlaysOf(in, arg)
			return newPkgs(lib, func() *eval.String { return argument(in, arg, "system") }), nil
		}), true
	case "lib", "lib/default.nix":
		return lib, true
	case "nixos", "nixos/default.nix", strings.Trim(evalConfig, "/"):
		return fnOf("nixos", func(arg eval.Value) (eval.Value, error) {
			set, err := in.Set(arg, source.Span{})
			if err != nil {
				return nil, err
			}
			if c := set.Find("configuration"); c != nil {
				set = eval.NewSet(eval.Attr{Name: "modules", Val: &eval.List{Elems: []eval.Value{c.Val}}})
			}
			return &nixosSystem{r: r, in: in, args: set, base: base}, nil
		}), true
	}
	return nil, false
}

// nixpkgsAt parts the text of a path in nixpkgs: the folder that it can be read from, when there is one, and the path in it.
func (r *repository) nixpkgsAt(text string) (base, rest string, ok bool) {
	for _, dir := range r.given.nixpkgsDirs() {
		if rest, ok := cutPath(text, folderText(dir)); ok {
			return dir, rest, true
		}
	}
	rest, ok = cutPath(text, nixpkgsPath)
	return "", rest, ok
}

// cutPath takes a folder off the start of a path.
func cutPath(text, dir string) (rest string, ok bool) {
	rest, ok = strings.CutPrefix(text, dir)
	return rest, ok && (rest == "" || rest[0] == '/')
}

func systemList() eval.Value {
	list := &eval.List{}
	for _, system := range systems {
		list.Elems = append(list.Elems, eval.Str(system))
	}
	return list
}

func fnOf(name string, f func(eval.Value) (eval.Value, error)) eval.Value {
	return &eval.Builtin{Primitive: &eval.Primitive{Name: name, Arity: 1, Fn: func(_ *eval.Interp, args []eval.Value) (eval.Value, error) { return f(args[0]) }}}
}

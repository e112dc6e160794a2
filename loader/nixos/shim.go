package nixos

import (
	"embed"
	"strings"
	"sync"

	"github.com/nixlint/nixlint/loader/eval"
	"github.com/nixlint/nixlint/loader/source"
	"github.com/nixlint/nixlint/loader/syntax"
)

// shim is what stands for a flake whose functions hosts are made with.
type shim struct {
	name  string   // of the input, when it is not said where it comes from, and of the file in shims/
	repos []string // owner/name
	// modules: the flake has modules too, which are missing.
	modules bool
}

// shims are the flakes that something stands for. Each is a file in shims/, but for flake-parts.
var shims = []shim{
	{name: "flake-utils", repos: []string{"numtide/flake-utils"}},
	{name: flakeParts, repos: []string{"hercules-ci/flake-parts"}},
	{name: "adios-flake", repos: []string{"mic92/adios-flake"}},
	{name: "clan-core", repos: []string{"clan/clan-core"}, modules: true},
	{name: "colmena", repos: []string{"zhaofengli/colmena"}},
	{name: "deploy-rs", repos: []string{"serokell/deploy-rs"}},
	{name: "easy-hosts", repos: []string{"tgirlcloud/easy-hosts", "isabelroses/easy-hosts"}},
	{name: extraContainer, repos: []string{"erikarvstedt/extra-container"}},
	{name: "haumea", repos: []string{"nix-community/haumea"}},
	{name: "home-manager", repos: []string{"nix-community/home-manager"}, modules: true},
	{name: "import-tree", repos: []string{"vic/import-tree", "denful/import-tree"}},
	{name: "nix-darwin", repos: []string{"nix-darwin/nix-darwin", "lnl7/nix-darwin"}, modules: true},
	{name: systemsList, repos: []string{
		"nix-systems/default", "nix-systems/default-linux", "nix-systems/default-darwin",
		"nix-systems/x86_64-linux", "nix-systems/aarch64-linux", "nix-systems/aarch64-darwin", "nix-systems/x86_64-darwin",
	}},
}

const (
	extraContainer = "extra-container"
	flakeParts     = "flake-parts"
	systemsList    = "systems"
)

//go:embed shims
var shimFiles embed.FS

// shimCode is the file of a shim, compiled once.
var shimCode = func() func(name string) *eval.Code {
	var mu sync.Mutex
	compiled := map[string]*eval.Code{}
	return func(name string) *eval.Code {
		mu.Lock()
		defer mu.Unlock()
		code := compiled[name]
		if code == nil {
			text, err := shimFiles.ReadFile("shims/" + name + ".nix")
			if err != nil {
				panic("shims/" + name + ".nix is not embedded") // a shim of the list above without its file
			}
			code = eval.Compile(internalFile(name+".nix", string(text)))
			compiled[name] = code
		}
		return code
	}
}()

// internalFile parses a file that is part of nixlint.
func internalFile(name, text string) *syntax.File {
	src := source.NewFile(name, text)
	src.Internal = true
	f := syntax.Parse(src)
	syntax.Resolve(f)
	return f
}

// shimOf is what stands for an input, by where it comes from or, when that is not said, by its name; nil for one that nothing stands for.
func (f *flakeInputs) shimOf(name string, ref reference) *shim {
	for i := range shims {
		s := &shims[i]
		if (ref.url == "" || ref.url == s.name || ref.url == "flake:"+s.name) && name == s.name {
			return s
		}
		for _, repo := range s.repos {
			if isRepository(ref.url, repo) {
				return s
			}
		}
	}
	return nil
}

// shim is the value that stands for an input; what it does not have is that of the real flake, when that is given.
func (f *flakeInputs) shim(name string, ref reference, given string) (eval.Value, error) {
	s := f.shimOf(name, ref)
	lib, err := f.r.lib(f.in, "")
	if err != nil {
		return nil, err
	}
	rest := &eval.Unknown{Why: "flake input " + name + " is not in the tree", Records: true}
	var behind eval.Value = rest
	if given != "" {
		if behind, err = f.sub(name, given, ref); err != nil {
			return nil, err
		}
	} else if s.modules {
		f.miss(name, rest.Why)
	}
	switch s.name {
	case flakeParts:
		set := eval.NewSet(eval.Attr{Name: "lib", Val: f.flakeParts(lib)})
		set.Open = rest
		return set, nil
	case systemsList:
		return eval.NewSet(eval.Attr{Name: "outPath", Val: eval.Str(systemsPath)}), nil
	}
	fn, err := f.in.Run(shimCode(s.name))
	if err != nil {
		return nil, err
	}
	out := &overlaid{name: s.name, behind: behind}
	v, err := f.in.Call(fn, eval.NewSet(
		eval.Attr{Name: "lib", Val: lib}, eval.Attr{Name: "pkgs", Val: newPkgs(lib, nil)}, eval.Attr{Name: "native", Val: f.makers(lib)},
		eval.Attr{Name: "value", Val: out}))
	if err != nil {
		return nil, err
	}
	if out.set, err = f.in.Set(v, source.Span{}); err != nil {
		return nil, err
	}
	return out, nil
}

// systemsPath is the path of the flakes that are a list of systems.
var systemsPath = eval.StoreName("nix-systems")

// makers are the functions that make a configuration which is no host of NixOS.
func (f *flakeInputs) makers(eval.Value) eval.Value {
	maker := func(name string, kind hostKind) eval.Attr {
		return prim(name, 1, 1, func(in *eval.Interp, args []eval.Value) (eval.Value, error) {
			set, err := in.Set(args[0], source.Span{})
			if err != nil {
				return nil, err
			}
			return &nixosSystem{r: f.r, in: in, args: set, kind: kind}, nil
		})
	}
	return eval.NewSet(maker("homeConfiguration", homeHost), maker("darwinSystem", darwinHost), maker("containers", containersHost), prim("filesBelow", 1, 1, filesBelow))
}

// filesBelow are the files of a folder, each as { path; below; }, below being the path from the folder, with a slash at its start.
func filesBelow(in *eval.Interp, args []eval.Value) (eval.Value, error) {
	dir := ""
	switch at := args[0].(type) {
	case eval.Path:
		dir = string(at)
	case *eval.String:
		dir, _ = in.Within(at)
	}
	listed, err := listFilesRecursive(in, []eval.Value{eval.Path(dir)})
	list, ok := listed.(*eval.List)
	if dir == "" || err != nil || !ok {
		return eval.NewUnknown("a folder outside of the root is listed", source.Span{}), err
	}
	out := &eval.List{}
	for _, el := range list.Elems {
		file, _ := el.(eval.Path)
		below := "/" + strings.TrimPrefix(strings.TrimPrefix(string(file), dir), "/")
		if dir == "." {
			below = "/" + string(file)
		}
		out.Elems = append(out.Elems, eval.NewSet(eval.Attr{Name: "path", Val: file}, eval.Attr{Name: "below", Val: eval.Str(below)}))
	}
	return out, nil
}

// overlaid is a shim over the flake it stands for.
type overlaid struct {
	eval.Ext
	name   string // of the shim
	set    *eval.Set
	behind eval.Value
}

func (o *overlaid) TypeName() string { return "set" }

func (o *overlaid) Attr(in *eval.Interp, name string) (eval.Value, bool, error) {
	a := o.set.Find(name)
	behind := eval.Lazy(func() (eval.Value, error) { return in.Select(o.behind, name, source.Span{}) })
	switch {
	case a == nil && (strings.HasPrefix(name, "_") || name == "outPath"):
		return nil, false, nil
	case a == nil:
		return behind, true, nil
	case name == "lib":
		return eval.Lazy(func() (eval.Value, error) {
			set, err := in.Set(a.Val, source.Span{})
			return &overlaid{set: set, behind: behind}, err
		}), true, nil
	}
	return a.Val, true, nil
}

// Guesses reports that it is not known whether the flake has it.
func (o *overlaid) Guesses(name string) bool { return o.set.Find(name) == nil }

func (o *overlaid) All(in *eval.Interp) (*eval.Set, error) {
	out := &eval.Set{Attrs: o.set.Attrs}
	v, err := in.Force(o.behind)
	if err != nil {
		return nil, err
	}
	if u, ok := v.(*eval.Unknown); ok {
		out.Open = u
		return out, nil
	}
	merged, err := in.Update(v, out, source.Span{})
	if err != nil {
		return nil, err
	}
	return in.Set(merged, source.Span{})
}

func (o *overlaid) Call(in *eval.Interp, arg eval.Value) (eval.Value, error) {
	if fn := o.set.Find("__functor"); fn != nil {
		return in.Call(fn.Val, o.set, arg)
	}
	return in.Call(o.behind, arg)
}

func (o *overlaid) Text() (*eval.String, bool) {
	return eval.HoleString(eval.NewUnknown("its path is not known", source.Span{})), true
}

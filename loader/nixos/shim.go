package nixos

import (
	_ "embed"
	"strings"
	"sync"

	"github.com/nixlint/nixlint/loader/eval"
	"github.com/nixlint/nixlint/loader/source"
	"github.com/nixlint/nixlint/loader/syntax"
)

//go:embed flake-utils.nix
var flakeUtilsText string

var flakeUtilsFile = sync.OnceValue(func() *syntax.File { return internalFile("flake-utils.nix", flakeUtilsText) })

// internalFile parses a file that is part of nixlint.
func internalFile(name, text string) *syntax.File {
	src := source.NewFile(name, text)
	src.Internal = true
	f := syntax.Parse(src)
	syntax.Resolve(f)
	return f
}

// shims are the flake inputs whose functions hosts are made with: by repository, what stands for them.
var shims = map[string]func(f *flakeInputs, lib eval.Value) (eval.Value, error){
	"numtide/flake-utils": func(f *flakeInputs, _ eval.Value) (eval.Value, error) { return f.flakeUtils() },
	"hercules-ci/flake-parts": func(f *flakeInputs, lib eval.Value) (eval.Value, error) {
		return eval.NewSet(eval.Attr{Name: "lib", Val: f.flakeParts(lib)}), nil
	},
}

// shim is what stands for an input, by where it comes from or, when that is not said, by its name; nil for an input that is not
// known.
func (f *flakeInputs) shim(name, url string, lib eval.Value) (eval.Value, error) {
	for repo, build := range shims {
		_, short, _ := strings.Cut(repo, "/")
		if isRepository(url, repo) || (url == "" || url == short) && name == short {
			return build(f, lib)
		}
	}
	return nil, nil //nolint:nilnil // no shim is no error
}

// isRepository reports whether a flake reference is to a repository: github:OWNER/NAME, with or without a revision.
func isRepository(url, repo string) bool {
	url, _, _ = strings.Cut(strings.ToLower(url), "?")
	for _, prefix := range []string{"github:", "git+https://github.com/", "https://github.com/", "https://flakehub.com/f/"} {
		if rest, ok := strings.CutPrefix(url, prefix); ok {
			rest = strings.TrimSuffix(rest, ".git")
			return rest == repo || strings.HasPrefix(rest, repo+"/")
		}
	}
	return false
}

func (f *flakeInputs) flakeUtils() (eval.Value, error) {
	fn, err := f.in.Expr(flakeUtilsFile())
	if err != nil {
		return nil, err
	}
	utils, err := f.in.Call(fn, eval.NewSet())
	if err != nil {
		return nil, err
	}
	return eval.NewSet(eval.Attr{Name: "lib", Val: utils}), nil
}

// flakeParts is flake-parts' lib: mkFlake evaluates a flake's modules, of which what they define below `flake` counts here.
func (f *flakeInputs) flakeParts(lib eval.Value) eval.Value {
	mkFlake := &eval.Builtin{Primitive: &eval.Primitive{Name: "flake-parts.lib.mkFlake", Arity: 2, Strict: 1, Fn: func(in *eval.Interp, args []eval.Value) (eval.Value, error) {
		given, err := in.Set(args[0], source.Span{})
		if err != nil {
			return nil, err
		}
		return f.mkFlake(given, args[1], lib)
	}}}
	set := eval.NewSet(
		eval.Attr{Name: "mkFlake", Val: mkFlake},
		prim("importApply", 2, 0, func(in *eval.Interp, args []eval.Value) (eval.Value, error) {
			v, err := in.Force(args[0])
			if err != nil {
				return nil, err
			}
			if p, ok := v.(eval.Path); ok {
				if v, err = in.Import(string(p), eval.Span(args[0])); err != nil {
					return nil, err
				}
			}
			return in.Call(v, args[1])
		}),
	)
	set.Open = eval.NewUnknown("not all of flake-parts is supported", source.Span{})
	return set
}

func (f *flakeInputs) mkFlake(given *eval.Set, module, lib eval.Value) (eval.Value, error) {
	s := newSystem(f.r, f.in, nil)
	s.name = "flake"
	attrs := []eval.Attr{
		{Name: "lib", Val: lib},
		{Name: "flake-parts-lib", Val: f.flakeParts(lib)},
		{Name: "withSystem", Val: withSystem(lib)},
		{Name: "getSystem", Val: eval.NewUnknown("getSystem of flake-parts is not supported", source.Span{})},
		{Name: "moduleWithSystem", Val: eval.NewUnknown("moduleWithSystem of flake-parts is not supported", source.Span{})},
	}
	if inputs := given.Find("inputs"); inputs != nil {
		attrs = append(attrs, eval.Attr{Name: "inputs", Val: inputs.Val}, eval.Attr{Name: "self", Val: eval.Lazy(func() (eval.Value, error) {
			if self := given.Find("self"); self != nil {
				return f.in.Force(self.Val)
			}
			return f.in.Select(inputs.Val, "self", source.Span{})
		})})
	}
	if special := given.Find("specialArgs"); special != nil {
		set, err := f.in.Set(special.Val, spanOf(special.Site))
		if err != nil {
			return nil, err
		}
		attrs = append(attrs, set.Attrs...)
	}
	s.args = s.withConfig(eval.NewSet(attrs...))
	s.collect([]pending{{val: module, at: eval.Span(module)}}, true)
	flake := s.root.child("flake")
	if len(flake.defs()) == 0 && !s.partial {
		return eval.NewSet(), nil
	}
	return (&view{n: flake}).All(f.in)
}

// withSystem gives a function what flake-parts knows of a system: here the packages, as symbols.
func withSystem(lib eval.Value) eval.Value {
	return &eval.Builtin{Primitive: &eval.Primitive{Name: "withSystem", Arity: 2, Fn: func(in *eval.Interp, args []eval.Value) (eval.Value, error) {
		given := eval.NewSet(
			eval.Attr{Name: "system", Val: args[0]}, eval.Attr{Name: "pkgs", Val: newPkgs(lib)}, eval.Attr{Name: "lib", Val: lib})
		given.Open = eval.NewUnknown("perSystem of flake-parts is not evaluated", source.Span{})
		return in.Call(args[1], given)
	}}}
}

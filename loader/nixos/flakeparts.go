package nixos

import (
	"github.com/nixlint/nixlint/loader/eval"
	"github.com/nixlint/nixlint/loader/source"
)

// flakeParts is flake-parts' lib: mkFlake evaluates a flake's modules.
func (f *flakeInputs) flakeParts(lib eval.Value) eval.Value {
	mkFlake := func(name string) eval.Attr {
		return eval.Attr{Name: name, Val: &eval.Builtin{Primitive: &eval.Primitive{
			Name: "flake-parts.lib." + name, Arity: 2, Strict: 1, Fn: func(in *eval.Interp, args []eval.Value) (eval.Value, error) {
				given, err := in.Set(args[0], source.Span{})
				if err != nil {
					return nil, err
				}
				return f.mkFlake(given, args[1], lib)
			},
		}}}
	}
	set := eval.NewSet(
		mkFlake("mkFlake"),
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

// parts is a flake made of modules of flake-parts.
type parts struct {
	s      *system
	lib    eval.Value
	inputs eval.Value // unknown when mkFlake was not given them
	self   eval.Value
	by     map[string]*system // perSystem, by system
}

// perSystemOutputs are the outputs that flake-parts makes of perSystem.
var perSystemOutputs = []string{"apps", "checks", "devShells", "formatter", "legacyPackages", "packages"}

func (f *flakeInputs) mkFlake(given *eval.Set, module, lib eval.Value) (eval.Value, error) {
	s := newSystem(f.r, f.in, nil)
	s.name = "flake"
	p := &parts{
		s: s, lib: lib, by: map[string]*system{},
		inputs: eval.NewUnknown("mkFlake is given no inputs", source.Span{}),
		self:   eval.NewUnknown("mkFlake is given no self", source.Span{}),
	}
	if inputs := given.Find("inputs"); inputs != nil {
		p.inputs = inputs.Val
		p.self = eval.Lazy(func() (eval.Value, error) { return f.in.Select(inputs.Val, "self", source.Span{}) })
	}
	if self := given.Find("self"); self != nil {
		p.self = self.Val
	}
	attrs := []eval.Attr{
		{Name: "lib", Val: lib},
		{Name: "flake-parts-lib", Val: f.flakeParts(lib)},
		{Name: "inputs", Val: p.inputs},
		{Name: "self", Val: p.self},
		prim("withSystem", 2, 1, func(in *eval.Interp, args []eval.Value) (eval.Value, error) {
			system, err := knownString(in, args[0])
			if system == nil {
				return unknownOf(in, args[0]), err
			}
			return in.Call(args[1], p.given(system.S))
		}),
		// A host of NixOS runs Linux; which processor it has decides over packages alone.
		prim("moduleWithSystem", 1, 0, func(in *eval.Interp, args []eval.Value) (eval.Value, error) {
			return in.Call(args[0], p.given("x86_64-linux"))
		}),
		prim("getSystem", 1, 1, func(in *eval.Interp, args []eval.Value) (eval.Value, error) {
			system, err := knownString(in, args[0])
			if system == nil {
				return unknownOf(in, args[0]), err
			}
			return &view{n: p.perSystem(system.S).root}, nil
		}),
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
	return p.outputs()
}

// outputs are what the modules define below flake, over what perSystem makes.
func (p *parts) outputs() (eval.Value, error) {
	out := eval.NewSet()
	flake := p.s.root.child("flake")
	if len(flake.defs()) > 0 || p.s.partial {
		set, err := (&view{n: flake}).All(p.s.in)
		if err != nil {
			return nil, err
		}
		out = set
	}
	var made []eval.Attr
	for _, name := range perSystemOutputs {
		if out.Find(name) == nil {
			made = append(made, eval.Attr{Name: name, Val: eval.Lazy(func() (eval.Value, error) { return p.transposed(name) })})
		}
	}
	all := eval.NewSet(append(made, out.Attrs...)...)
	all.Open = out.Open
	return all, nil
}

// transposed is an output of all systems.
func (p *parts) transposed(name string) (eval.Value, error) {
	names := systems
	if v, err := p.s.root.child("systems").read(); err == nil {
		if list, err := p.s.in.List(v, source.Span{}); err == nil {
			names = nil
			for _, el := range list.Elems {
				if s, err := knownString(p.s.in, el); err == nil && s != nil {
					names = append(names, s.S)
				}
			}
		}
	}
	var attrs []eval.Attr
	for _, system := range names {
		attrs = append(attrs, eval.Attr{Name: system, Val: eval.Lazy(p.perSystem(system).root.child(name).read)})
	}
	return eval.NewSet(attrs...), nil
}

// perSystem is the evaluation of the modules in perSystem for a system.
func (p *parts) perSystem(name string) *system {
	if s := p.by[name]; s != nil {
		return s
	}
	s := newSystem(p.s.r, p.s.in, nil)
	s.name, s.path, s.partial = name, "perSystem", p.s.partial
	p.by[name] = s
	s.args = s.withConfig(p.args(name))
	var modules []pending
	for _, d := range p.s.decide(p.s.root.child("perSystem").defs()) {
		modules = append(modules, pending{val: d.val, at: d.place(), when: d.when})
	}
	s.collect(modules, true)
	s.partial = true // which outputs there are is for the modules of others to say
	return s
}

// args are what flake-parts gives to what is written for a system.
func (p *parts) args(name string) *eval.Set {
	flake := func(v eval.Value) eval.Value { return &ofSystem{of: v, system: name} }
	return eval.NewSet(
		eval.Attr{Name: "system", Val: eval.Str(name)},
		eval.Attr{Name: "pkgs", Val: newPkgs(p.lib, func() *eval.String { return eval.Str(name) })},
		eval.Attr{Name: "lib", Val: p.lib},
		eval.Attr{Name: "self'", Val: flake(p.self)},
		eval.Attr{Name: "inputs'", Val: &inputsOfSystem{inputs: p.inputs, system: name}},
	)
}

// given are the arguments with the configuration of the system.
func (p *parts) given(name string) *eval.Set {
	config := eval.Lazy(func() (eval.Value, error) { return &view{n: p.perSystem(name).root}, nil })
	return eval.NewSet(append([]eval.Attr{{Name: "config", Val: config}}, p.args(name).Attrs...)...)
}

// ofSystem is a flake as it is for a system: its packages are those of the system.
type ofSystem struct {
	eval.Ext
	of     eval.Value
	system string
}

func (o *ofSystem) TypeName() string { return "set" }

func (o *ofSystem) Attr(in *eval.Interp, name string) (eval.Value, bool, error) {
	return eval.Lazy(func() (eval.Value, error) {
		v, err := in.Select(o.of, name, source.Span{})
		if err != nil {
			return nil, err
		}
		return in.Select(v, o.system, source.Span{})
	}), true, nil
}

func (o *ofSystem) All(*eval.Interp) (*eval.Set, error) {
	return &eval.Set{Open: eval.NewUnknown("the outputs of a flake for a system are not listed", source.Span{})}, nil
}

func (o *ofSystem) Call(*eval.Interp, eval.Value) (eval.Value, error) {
	return eval.NewUnknown("a flake is called", source.Span{}), nil
}

func (o *ofSystem) Text() (*eval.String, bool) { return nil, false }

// inputsOfSystem is inputs'.
type inputsOfSystem struct {
	eval.Ext
	inputs eval.Value
	system string
}

func (i *inputsOfSystem) TypeName() string { return "set" }

func (i *inputsOfSystem) Attr(in *eval.Interp, name string) (eval.Value, bool, error) {
	return &ofSystem{of: eval.Lazy(func() (eval.Value, error) { return in.Select(i.inputs, name, source.Span{}) }), system: i.system}, true, nil
}

func (i *inputsOfSystem) All(*eval.Interp) (*eval.Set, error) {
	return &eval.Set{Open: eval.NewUnknown("the inputs of a flake for a system are not listed", source.Span{})}, nil
}

func (i *inputsOfSystem) Call(*eval.Interp, eval.Value) (eval.Value, error) {
	return eval.NewUnknown("inputs' is called", source.Span{}), nil
}

func (i *inputsOfSystem) Text() (*eval.String, bool) { return nil, false }

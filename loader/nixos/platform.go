package nixos

import (
	"slices"
	"strings"

	"github.com/nixlint/nixlint/loader/eval"
	"github.com/nixlint/nixlint/loader/source"
)

// platform is the system that packages are built for: its name and what follows from that. It is a Linux.
type platform struct {
	eval.Ext
	built func() *eval.String // "x86_64-linux"; nil where that is not known
	why   *eval.Unknown
}

func newPlatform(built func() *eval.String) *platform {
	return &platform{built: built, why: eval.NewUnknown("it depends on the system that is built for", source.Span{})}
}

// system is its name.
func (p *platform) system() eval.Value {
	if p.built != nil {
		if name := p.built(); name != nil {
			return name
		}
	}
	return p.why
}

// platformOf is the platform of packages.
func platformOf(_ *eval.Interp, args []eval.Value) (eval.Value, error) {
	if pkgs, ok := args[0].(*symbol); ok && pkgs.platform != nil {
		return pkgs.platform, nil
	}
	return newPlatform(nil), nil
}

// linux is what holds of each system that runs systemd.
var linux = map[string]eval.Bool{
	"isLinux": true, "isUnix": true, "isDarwin": false, "isWindows": false, "isFreeBSD": false, "isBSD": false,
}

// processors are the first parts of names of systems, by what a platform says of one.
var processors = map[string][]string{
	"isx86_64": {"x86_64"}, "isi686": {"i686"}, "isx86": {"x86_64", "i686"}, "isAarch64": {"aarch64"}, "isAarch32": {"armv6l", "armv7l"},
	"isRiscV": {"riscv64", "riscv32"}, "isRiscV64": {"riscv64"},
}

func (p *platform) TypeName() string { return "set" }

func (p *platform) Attr(_ *eval.Interp, name string) (eval.Value, bool, error) {
	if v, ok := linux[name]; ok {
		return v, true, nil
	}
	v := p.system()
	system, known := v.(*eval.String)
	switch {
	case name == "system" || !known:
		return v, true, nil
	case processors[name] != nil:
		cpu, _, _ := strings.Cut(system.S, "-")
		return eval.Bool(slices.Contains(processors[name], cpu)), true, nil
	}
	return p.why, true, nil
}

// Guesses reports that nixlint does not know whether a platform has it.
func (p *platform) Guesses(name string) bool {
	_, ok := linux[name]
	return !ok && name != "system" && processors[name] == nil
}

func (p *platform) All(in *eval.Interp) (*eval.Set, error) {
	attrs := []eval.Attr{{Name: "system", Val: p.system()}}
	for name, v := range linux {
		attrs = append(attrs, eval.Attr{Name: name, Val: v})
	}
	for name := range processors {
		v, _, err := p.Attr(in, name)
		if err != nil {
			return nil, err
		}
		attrs = append(attrs, eval.Attr{Name: name, Val: v})
	}
	set := eval.NewSet(attrs...)
	set.Open = p.why
	return set, nil
}

func (p *platform) Call(*eval.Interp, eval.Value) (eval.Value, error) {
	return eval.NewUnknown("a set is called", source.Span{}), nil
}

func (p *platform) Text() (*eval.String, bool) { return nil, false }

// builtFor is the system that a host is built for: by nixpkgs.hostPlatform, the older options, or what nixosSystem was called with
// (nixos/modules/misc/nixpkgs.nix); nil when that is not known. It is not kept: while modules are collected or taken apart it is not known yet.
func (s *system) builtFor() *eval.String {
	nixpkgs := s.root.child("nixpkgs")
	if s.collecting > 0 || s.asking || s.root.opening || nixpkgs.opening {
		return nil
	}
	s.asking = true
	defer func(said int) { s.asking, s.r.problems = false, s.r.problems[:said] }(len(s.r.problems))
	if len(nixpkgs.child("pkgs").defs())+len(nixpkgs.child("crossSystem").defs()) > 0 {
		return nil
	}
	for _, n := range []*node{nixpkgs.child("hostPlatform"), nixpkgs.child("localSystem"), nixpkgs.child("system")} {
		won, _ := s.settle(n.defs())
		if len(won) > 0 {
			return s.systemOf(won)
		}
	}
	if s.made == nil {
		return nil
	}
	return s.made.builtFor(s)
}

// builtFor is the system that the function which made a host was called for: by name, or for a home by its packages.
func (n *nixosSystem) builtFor(s *system) *eval.String {
	if a := n.args.Find("system"); a != nil {
		return s.systemOf([]def{{val: a.Val}})
	}
	a := n.args.Find("pkgs")
	if a == nil || n.kind != homeHost {
		return nil
	}
	v, err := n.in.Force(a.Val)
	pkgs, ok := v.(*symbol)
	if err != nil || !ok || pkgs.platform == nil || pkgs.platform.built == nil {
		return nil
	}
	return pkgs.platform.built()
}

// systemOf is the system that definitions name; nil where they do not agree.
func (s *system) systemOf(defs []def) *eval.String {
	var out *eval.String
	for _, d := range defs {
		v, err := s.in.Force(d.val)
		if set, ok := v.(*eval.Set); ok && err == nil && set.Find("system") != nil {
			v, err = s.in.Force(set.Find("system").Val)
		}
		text, ok := v.(*eval.String)
		if err != nil || !ok || !literal(text) || len(d.when) > 0 || out != nil && out.S != text.S {
			return nil
		}
		out = text
	}
	return out
}

package nixos

import (
	"strings"

	"github.com/nixlint/nixlint/loader/eval"
	"github.com/nixlint/nixlint/loader/inventory"
	"github.com/nixlint/nixlint/loader/source"
)

// nested judges the systems inside of a host: home-manager's configuration of its users, whose units are the host's, and its
// declarative containers, which are hosts of their own.
func (s *system) nested() {
	homes := s.root.child("home-manager").child("users")
	s.openSet(homes)
	for _, name := range s.defined(homes) {
		extra := s.root.child("home-manager").child("extraSpecialArgs")
		if home := s.inside(homes.child(name), extra, name, func(home *system) eval.Value { return homeModule(s, home, name) }); home != nil {
			home.units()
			home.verdicts()
		}
	}
	s.containers(s.host.Name + "/")
	s.unread()
}

// inside is the system that definitions of a module make, and another module when there is one; nil when there are none.
func (s *system) inside(at, special *node, name string, more func(*system) eval.Value) *system {
	won, _ := s.settle(at.defs())
	if len(won) == 0 {
		return nil
	}
	outer := s.args
	defer func() { s.args = outer }()
	if v, err := special.read(); err == nil {
		if set, err := s.in.Set(v, source.Span{}); err == nil {
			s.args = eval.NewSet(append(append([]eval.Attr(nil), outer.Attrs...), set.Attrs...)...)
		}
	}
	s.args = eval.NewSet(append(append([]eval.Attr(nil), s.args.Attrs...),
		eval.Attr{Name: "osConfig", Val: &view{n: s.root}}, eval.Attr{Name: "nixosConfig", Val: &view{n: s.root}})...)
	v, ok := s.submoduleNamed(&optionType{name: "submodule"}, nil, at.String(), name).(*view)
	if !ok {
		return nil
	}
	modules := make([]pending, len(won))
	for i, d := range won {
		modules[i] = pending{val: d.val, at: d.place(), when: d.when}
	}
	if more != nil {
		modules = append(modules, pending{val: more(v.n.sys)})
	}
	v.n.sys.collect(modules, true)
	v.n.sys.partial = true // the modules of home-manager and of NixOS are not in the tree
	return v.n.sys
}

// unread says which units are given in a form that is not read.
func (s *system) unread() {
	systemd := s.root.child("systemd")
	packages := systemd.child("packages")
	for _, n := range []*node{packages, s.root.child("specialisation")} {
		for _, d := range s.decide(n.defs()) {
			if n != packages || s.unpackaged(inventory.System, d.val) {
				s.miss(n.String(), "what is given this way is not judged", d.place())
			}
		}
	}
	etc := s.root.child("environment").child("etc")
	for _, name := range s.defined(etc) {
		unit := strings.HasPrefix(name, "systemd/system/") || strings.HasPrefix(name, "systemd/user/") // they are read
		if strings.HasPrefix(name, "systemd/") && !unit || strings.HasPrefix(name, "tmpfiles.d/") {
			s.miss(etc.String()+"."+name, "a file of systemd that is given as text is not judged", siteSpan(etc.child(name)))
		}
	}
}

func siteSpan(n *node) source.Span { return spanOf(siteOf(n)) }

package nixos

import (
	"github.com/nixlint/nixlint/loader/eval"
	"github.com/nixlint/nixlint/loader/source"
)

// weakest is the priority of what home-manager says of a home that says nothing else: the last before the defaults of options.
const weakest = optionPrio - 1

// homeModule is what home-manager says of a user's name and folders when it is not in sight. os is the host that has the user, whose account
// it asks for (nixos/common.nix); nil for a home by itself. The folders of the base directory specification follow from the home directory,
// but for a home as old as 20.08, which asks the environment (modules/misc/xdg).
func homeModule(os, home *system, user string) eval.Value {
	var attrs []eval.Attr
	if os != nil {
		account := os.root.child("users").child("users").child(user)
		attrs = append(attrs, eval.Attr{Name: "home", Val: eval.NewSet(
			fallback("username", func() eval.Value { return os.accountName(account, user) }),
			fallback("homeDirectory", func() eval.Value { return os.accountHome(account, user) }))})
	}
	var folders []eval.Attr
	for name, below := range map[string]string{
		"cacheHome": "/.cache", "configHome": "/.config", "dataHome": "/.local/share", "stateHome": "/.local/state",
	} {
		folders = append(folders, fallback(name, func() eval.Value { return home.baseDirectory(below) }))
	}
	return eval.NewSet(append(attrs, eval.Attr{Name: "xdg", Val: eval.NewSet(folders...)})...)
}

// fallback is a definition that any other is stronger than.
func fallback(name string, value func() eval.Value) eval.Attr {
	return eval.Attr{Name: name, Val: eval.NewSet(
		eval.Attr{Name: "_type", Val: eval.Str("override")}, eval.Attr{Name: "priority", Val: eval.Int(weakest)},
		eval.Attr{Name: "content", Val: eval.Lazy(func() (eval.Value, error) { return value(), nil })})}
}

// accountName is the name of an account: that of the attribute unless it says another.
func (s *system) accountName(account *node, user string) eval.Value {
	if len(account.child("name").defs()) > 0 {
		return s.given(account.child("name"))
	}
	return eval.Str(user)
}

// accountHome is the home directory of an account, by default that of a normal user (nixos/modules/config/users-groups.nix).
func (s *system) accountHome(account *node, user string) eval.Value {
	if len(account.child("home").defs()) > 0 {
		return s.given(account.child("home"))
	}
	if s.given(account.child("isNormalUser")) == eval.Value(eval.Bool(true)) {
		if name, ok := s.accountName(account, user).(*eval.String); ok {
			return eval.Concat(eval.Str("/home/"), name)
		}
	}
	if user == "root" {
		return eval.Str("/root")
	}
	return eval.NewUnknown("option "+account.child("home").String()+" has no value here", source.Span{})
}

// baseDirectory is a folder below the home directory.
func (s *system) baseDirectory(below string) eval.Value {
	home := s.root.child("home")
	dir, ok := s.given(home.child("homeDirectory")).(*eval.String)
	if !ok {
		return s.given(home.child("homeDirectory"))
	}
	version, ok := s.given(home.child("stateVersion")).(*eval.String)
	recent := ok && version.Known() && eval.CompareVersions(version.S, "20.09") >= 0
	if recent || s.given(s.root.child("xdg").child("enable")) == eval.Value(eval.Bool(true)) {
		return eval.Concat(dir, eval.Str(below))
	}
	return eval.NewUnknown("option home.stateVersion has no value here", source.Span{})
}

// given is the value of an option, unknown when it does not evaluate.
func (s *system) given(n *node) eval.Value {
	v, err := n.read()
	if err != nil {
		return s.failed(err, source.Span{})
	}
	return v
}

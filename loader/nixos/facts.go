package nixos

import (
	"strconv"
	"strings"

	"github.com/nixlint/nixlint/loader/eval"
	"github.com/nixlint/nixlint/loader/inventory"
)

// settingFolders are the top-level names whose definitions are host settings.
var settingFolders = []string{"networking", "security", "services", "users", "virtualisation", "hardware"}

// settingsOf adds the definitions of options that nobody in the tree declares, such as services.prometheus.port, and the facts that
// follow from them.
func (s *system) settingsOf(_ *eval.Interp) {
	b := &unitBuilder{s: s, name: "settings", kind: unitKind{option: "settings"}}
	for _, name := range settingFolders {
		s.settings(b, s.root.child(name), 1)
	}
	users := s.root.child("users")
	s.host.Facts.Users = s.defined(users.child("users"))
	s.host.Facts.Groups = s.defined(users.child("groups"))
}

// maxSettingDepth bounds the paths of host settings.
const maxSettingDepth = 8

func (s *system) settings(b *unitBuilder, n *node, depth int) {
	if depth > maxSettingDepth || n.options().opt() != nil {
		return
	}
	won, lost := s.settle(n.defs())
	var leaves []def
	for _, d := range won {
		if set, ok := d.val.(*eval.Set); !ok || isDerived(set) {
			d.base = max(len(d.trail)-1, 0)
			leaves = append(leaves, d)
		}
	}
	for _, name := range s.defined(n) {
		s.settings(b, n.child(name), depth+1)
	}
	if len(leaves) == 0 || depth == 1 {
		return
	}
	for _, setting := range b.scalar(leaves, lost) {
		s.host.Settings = append(s.host.Settings, inventory.HostSetting{Path: n.String(), Setting: setting})
	}
}

func isDerived(set *eval.Set) bool { return set.Find("outPath") != nil }

// scalar is the value of a setting; a list is one value, as Nix writes it.
func (b *unitBuilder) scalar(won, lost []def) []inventory.Setting {
	for i := range won {
		list, ok := won[i].val.(*eval.List)
		if !ok {
			continue
		}
		parts := []*eval.String{eval.Str("[ ")}
		for _, el := range list.Elems {
			parts = append(parts, b.listElement(el), eval.Str(" "))
		}
		won[i].val = eval.Concat(append(parts, eval.Str("]"))...)
	}
	for _, d := range won {
		switch d.val.(type) {
		case *eval.Lambda, *eval.Builtin, *eval.Set:
			return nil
		}
	}
	if len(won) > 1 { // lists of several modules, or equal values
		won = won[:1]
	}
	return b.settings(won, lost, "setting")
}

func (b *unitBuilder) listElement(el eval.Value) *eval.String {
	switch m := el.(type) {
	case *eval.Maybe:
		return eval.HoleString(eval.NewUnknown("it depends on an undecided condition", m.When[0].Span))
	case *eval.Rest:
		return eval.HoleString(m.Why)
	}
	v, err := b.s.in.Force(el)
	if err != nil {
		return eval.HoleString(eval.NewUnknown(firstLine(err), eval.Span(el)))
	}
	switch x := v.(type) {
	case *eval.Unknown:
		return eval.HoleString(x)
	case *eval.String:
		return eval.Concat(eval.Str(`"`), x, eval.Str(`"`))
	}
	text, problem := directiveText(b.s.in, v)
	if problem != "" {
		return eval.HoleString(eval.NewUnknown("it is "+eval.TypeName(v), eval.Span(el)))
	}
	if strings.ContainsAny(text.S, " ") {
		return eval.Str(strconv.Quote(text.S))
	}
	return text
}

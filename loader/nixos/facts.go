package nixos

import (
	"strconv"

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

// scalar is the value of a setting. What is no scalar is its JSON text.
func (b *unitBuilder) scalar(won, lost []def) []inventory.Setting {
	switch won[0].val.(type) {
	case *eval.Lambda, *eval.Builtin:
		return nil
	case *eval.List, *eval.Set:
		won[0].val = b.json(won[0].val, 0)
	}
	// Lists of several modules are told apart by their places; further scalars are equal or conflict.
	return b.settings(won[:1], lost, "setting")
}

// json is a value as JSON, with a hole for each piece that is not known.
func (b *unitBuilder) json(v eval.Value, depth int) *eval.String {
	hole := func(why string) *eval.String { return eval.HoleString(eval.NewUnknown(why, eval.Span(v))) }
	switch m := v.(type) {
	case *eval.Maybe:
		return hole("it depends on " + m.When[0].String())
	case *eval.Rest:
		return eval.HoleString(m.Why)
	}
	forced, err := b.s.in.Force(v)
	switch {
	case err != nil:
		return hole(firstLine(err))
	case depth > maxSettingDepth:
		return hole("it is nested too deep")
	}
	switch x := forced.(type) {
	case *eval.Unknown:
		return eval.HoleString(x)
	case *eval.Choice:
		return hole("it depends on " + x.Alts[0].When[0].String())
	case *eval.List:
		parts := []*eval.String{eval.Str("[")}
		for i, el := range x.Elems {
			parts = append(parts, comma(i), b.json(el, depth+1))
		}
		return eval.Concat(append(parts, eval.Str("]"))...)
	case *eval.Set:
		if isDerived(x) {
			break
		}
		parts := []*eval.String{eval.Str("{")}
		for i := range x.Attrs {
			parts = append(parts, comma(i), eval.Str(strconv.Quote(x.Attrs[i].Name)+":"), b.json(x.Attrs[i].Val, depth+1))
		}
		if x.Open != nil {
			parts = append(parts, eval.HoleString(x.Open))
		}
		return eval.Concat(append(parts, eval.Str("}"))...)
	case eval.Null:
		return eval.Str("null")
	case eval.Bool, eval.Int, eval.Float:
		text, _ := directiveText(b.s.in, x)
		return text
	}
	text, problem := directiveText(b.s.in, forced)
	if problem != "" {
		return hole("it is " + eval.TypeName(forced))
	}
	return quoteJSON(text)
}

func comma(i int) *eval.String {
	if i == 0 {
		return eval.Str("")
	}
	return eval.Str(",")
}

// quoteJSON quotes a string; one with unknown pieces keeps them when it needs no escapes.
func quoteJSON(s *eval.String) *eval.String {
	if quoted := strconv.Quote(s.S); quoted != `"`+s.S+`"` {
		return eval.Str(quoted)
	}
	return eval.Concat(eval.Str(`"`), s, eval.Str(`"`))
}

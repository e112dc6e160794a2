package nixos

import (
	"strconv"
	"strings"

	"github.com/nixlint/nixlint/loader/eval"
	"github.com/nixlint/nixlint/loader/inventory"
)

// settingFolders are the paths below which definitions are host settings: what modules of nixpkgs make units, accounts and folders of, and
// scripts that start units.
var settingFolders = []string{
	"boot", "environment.persistence", "fileSystems", "hardware", "networking", "powerManagement", "security", "services", "system",
	"systemd.tmpfiles.packages", "users", "virtualisation",
}

// settingsOf are the definitions of options that nobody in the tree declares, such as services.prometheus.port.
func (s *system) settingsOf() []inventory.HostSetting {
	b := s.factBuilder()
	var out []inventory.HostSetting
	for _, folder := range settingFolders {
		n, depth := s.root, 0
		for name := range strings.SplitSeq(folder, ".") {
			n, depth = n.child(name), depth+1
		}
		out = s.settings(out, b, n, depth)
	}
	return out
}

// maxSettingDepth bounds the paths of host settings.
const maxSettingDepth = 8

func (s *system) settings(out []inventory.HostSetting, b *unitBuilder, n *node, depth int) []inventory.HostSetting {
	if depth > maxSettingDepth || n.options().opt() != nil {
		return out
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
		out = s.settings(out, b, n.child(name), depth+1)
	}
	if len(leaves) == 0 || depth == 1 {
		return out
	}
	for _, setting := range b.scalar(leaves, lost) {
		out = append(out, inventory.HostSetting{Path: n.String(), Setting: setting})
	}
	return out
}

func isDerived(set *eval.Set) bool { return set.Find("outPath") != nil }

// scalar is the value of a setting. What is no scalar is its JSON text; the lists of several modules are one.
func (b *unitBuilder) scalar(won, lost []def) []inventory.Setting {
	switch won[0].val.(type) {
	case *eval.Lambda, *eval.Builtin:
		return nil
	case *eval.List:
		if len(won) > 1 {
			if joined, err := b.s.mergeList(&optionType{name: "listOf"}, won, "setting"); err == nil {
				won[0].val, won[0].when = joined, nil
			}
		}
		won[0].val = b.json(won[0].val, 0)
	case *eval.Set:
		won[0].val = b.json(won[0].val, 0)
	}
	// Further scalars are equal or conflict.
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

package nixos

import (
	_ "embed"
	"slices"
	"strings"
	"sync"

	"github.com/nixlint/nixlint/loader/eval"
	"github.com/nixlint/nixlint/loader/inventory"
)

//go:embed base/shipped.txt
var shippedText string

// shippedUnits are the units of systemd that NixOS links, by scope. Rules have a longer list, of all that systemd's packages hold.
var shippedUnits = sync.OnceValue(func() map[string]map[string]bool {
	out := map[string]map[string]bool{}
	var of map[string]bool
	for line := range strings.Lines(shippedText) {
		if scope, ok := strings.CutPrefix(line, "= "); ok {
			of = map[string]bool{}
			out[strings.TrimSpace(scope)] = of
			continue
		}
		if !strings.HasPrefix(line, "#") {
			for name := range strings.FieldsSeq(line) {
				of[name] = true
			}
		}
	}
	return out
})

// shipped reports whether systemd has a unit of the name which NixOS links: by itself, but for what the host suppresses, or because the host
// asks for it. Then what modules define of the unit is a drop-in.
func (s *system) shipped(scope, name string) bool {
	var more, fewer *node
	switch systemd := s.root.child("systemd"); scope {
	case inventory.System:
		more, fewer = systemd.child("additionalUpstreamSystemUnits"), systemd.child("suppressedSystemUnits")
	case inventory.User:
		more = systemd.child("additionalUpstreamUserUnits")
	case inventory.Initrd:
		initrd := s.root.child("boot").child("initrd").child("systemd")
		more, fewer = initrd.child("additionalUpstreamUnits"), initrd.child("suppressedUnits")
	}
	return (shippedUnits()[scope][name] || s.lists(more, name)) && !s.lists(fewer, name)
}

// lists reports whether an option that is a list of texts has one for sure.
func (s *system) lists(n *node, text string) bool {
	if n == nil {
		return false
	}
	won, _ := s.settle(n.defs())
	return slices.ContainsFunc(won, func(d def) bool {
		list, ok := d.val.(*eval.List)
		return ok && len(d.when) == 0 && slices.ContainsFunc(list.Elems, func(el eval.Value) bool {
			v, err := s.in.Force(el)
			has, isText := v.(*eval.String)
			return err == nil && isText && literal(has) && has.S == text
		})
	})
}

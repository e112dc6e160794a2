package inventory

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// Kinds of a change.
const (
	Added   = "added"
	Removed = "removed"
	Changed = "changed"
)

// Change is how one unit of one host differs between two inventories.
type Change struct {
	Host  string `json:"host"`
	Unit  string `json:"unit"`
	Scope string `json:"scope"`
	Kind  string `json:"kind"`
	// Directives that differ, of a unit that changed, by section and name.
	Directives []DirectiveChange `json:"directives,omitempty"`
	At         *Location         `json:"at,omitempty"` // where it is defined now; where it was, of one that is removed
}

// DirectiveChange is a directive before and after, one text an assignment; no texts for one that is absent. A script stands under the
// section "script", what [Install] does under "Install", the status of the unit under "unit".
type DirectiveChange struct {
	Section string   `json:"section"`
	Name    string   `json:"name"`
	Before  []string `json:"before"`
	After   []string `json:"after"`
}

// Loses reports whether something that was stated is gone or is another value now.
func (d DirectiveChange) Loses() bool {
	return slices.ContainsFunc(d.Before, func(s string) bool { return !slices.Contains(d.After, s) })
}

// Diff compares what two inventories would have the machines run. Where something stands, in which file and through which helper,
// is no difference. Changes are ordered by host, scope and unit.
func Diff(before, after *Inventory) []Change {
	old, now := unitsOf(before), unitsOf(after)
	var out []Change
	for k, u := range now {
		was := old[k]
		if was == nil {
			out = append(out, change(k, Added, u, nil))
		} else if d := directives(was, u); len(d) > 0 {
			out = append(out, change(k, Changed, u, d))
		}
	}
	for k, u := range old {
		if now[k] == nil {
			out = append(out, change(k, Removed, u, nil))
		}
	}
	slices.SortFunc(out, func(a, b Change) int {
		return cmp.Or(strings.Compare(a.Host, b.Host), strings.Compare(a.Scope, b.Scope), strings.Compare(a.Unit, b.Unit))
	})
	return out
}

type unitKey struct{ host, scope, name string }

func change(k unitKey, kind string, u *Unit, d []DirectiveChange) Change {
	c := Change{Host: k.host, Unit: k.name, Scope: k.scope, Kind: kind, Directives: d}
	if len(u.Definitions) > 0 {
		c.At = &u.Definitions[0]
	}
	return c
}

func unitsOf(inv *Inventory) map[unitKey]*Unit {
	out := map[unitKey]*Unit{}
	for i := range inv.Hosts {
		h := &inv.Hosts[i]
		for k := range h.Units {
			u := &h.Units[k]
			if u.Status == Commented {
				continue
			}
			out[unitKey{h.Name, u.Scope, u.Name}] = u
		}
	}
	return out
}

// directives compares two units, assignment by assignment.
func directives(before, after *Unit) []DirectiveChange {
	old, now := flat(before), flat(after)
	keys := maps.Clone(old)
	maps.Copy(keys, now)
	var out []DirectiveChange
	for k := range keys {
		if !slices.Equal(old[k], now[k]) {
			out = append(out, DirectiveChange{Section: k[0], Name: k[1], Before: list(old[k]), After: list(now[k])})
		}
	}
	slices.SortFunc(out, func(a, b DirectiveChange) int {
		return cmp.Or(strings.Compare(a.Section, b.Section), strings.Compare(a.Name, b.Name))
	})
	return out
}

func list(s []string) []string {
	if s == nil {
		return []string{}
	}
	return s
}

// flat is all that a unit states, by section and directive. An empty assignment takes back those before it.
func flat(u *Unit) map[[2]string][]string {
	out := map[[2]string][]string{{"unit", "status"}: {u.Status}}
	for section, directives := range u.Sections {
		for name, settings := range directives {
			var texts []string
			for i := range settings {
				text := possible(&settings[i])
				if text == "" {
					texts = nil
				}
				texts = append(texts, text)
			}
			out[[2]string{section, name}] = texts
		}
	}
	for name, s := range u.Scripts {
		out[[2]string{"script", name}] = []string{possible(&s)}
	}
	for i := range u.Links {
		k := [2]string{"Install", u.Links[i].Type}
		out[k] = append(out[k], possible(&u.Links[i].Target))
	}
	return out
}

// possible is what an assignment may be, in one text.
func possible(s *Setting) string {
	all := make([]string, len(s.Alternatives))
	for i, a := range s.Alternatives {
		all[i] = a.Value
		if a.Absent {
			all[i] = "(nothing)"
		}
		for _, c := range a.Conditions {
			if len(s.Alternatives) > 1 || c.Verdict == "unknown" {
				all[i] += " if " + c.Text
			}
		}
	}
	return strings.Join(all, " or ")
}

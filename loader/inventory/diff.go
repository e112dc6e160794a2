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
	At         *Location         `json:"at,omitempty"`  // where it is defined now; where it was, of one that is removed
	Was        *Location         `json:"was,omitempty"` // where it was defined, of one that changed
	// Old and New are the unit before and after; nil for one that was not, or is not any more.
	Old *Unit `json:"-"`
	New *Unit `json:"-"`
}

// DirectiveChange is a directive before and after, one text an assignment; no texts for one that is absent. A script stands under the
// section "script", what [Install] does under "Install", the status of the unit under "unit".
type DirectiveChange struct {
	Section string   `json:"section"`
	Name    string   `json:"name"`
	Before  []string `json:"before"`
	After   []string `json:"after"`
	// Was and At are the places of the assignments before and after, as far as they are known, each once.
	Was []Location `json:"was,omitempty"`
	At  []Location `json:"at,omitempty"`
}

// Kind is whether the directive was added, removed or changed.
func (d DirectiveChange) Kind() string {
	switch {
	case len(d.Before) == 0:
		return Added
	case len(d.After) == 0:
		return Removed
	}
	return Changed
}

// LineChange is how one line of tmpfiles.d of one host differs between two inventories.
type LineChange struct {
	Host   string    `json:"host"`
	Scope  string    `json:"scope,omitempty"` // User or Initrd, empty for lines of the system
	Path   string    `json:"path"`            // that the line is about
	Kind   string    `json:"kind"`
	Before string    `json:"before"` // the line; empty where there is none
	After  string    `json:"after"`
	Was    *Location `json:"was,omitempty"`
	At     *Location `json:"at,omitempty"`
}

// HostChange is a host that came or went.
type HostChange struct {
	Host string `json:"host"`
	Kind string `json:"kind"`
}

// Unseen is what two inventories say the same of although neither knows it: it may differ.
type Unseen struct {
	Host    string    `json:"host"`
	Unit    string    `json:"unit"`
	Scope   string    `json:"scope"`
	Section string    `json:"section,omitempty"` // empty when it is about what else the unit may have; "tmpfiles" of a line, whose unit is empty
	Name    string    `json:"name,omitempty"`
	Why     string    `json:"why"`
	At      *Location `json:"at,omitempty"` // as it is now
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
			out = append(out, change(k, Added, nil, u, nil))
		} else if d := directives(was, u); len(d) > 0 {
			out = append(out, change(k, Changed, was, u, d))
		}
	}
	for k, u := range old {
		if now[k] == nil {
			out = append(out, change(k, Removed, u, nil, nil))
		}
	}
	slices.SortFunc(out, func(a, b Change) int {
		return cmp.Or(strings.Compare(a.Host, b.Host), strings.Compare(a.Scope, b.Scope), strings.Compare(a.Unit, b.Unit))
	})
	return out
}

// unitKey names a unit. Modules that no host imports may each have one of the same name: they are counted.
type unitKey struct {
	host, scope, name string
	n                 int
}

func change(k unitKey, kind string, was, u *Unit, d []DirectiveChange) Change {
	c := Change{Host: k.host, Unit: k.name, Scope: k.scope, Kind: kind, Directives: d, Old: was, New: u}
	c.At, c.Was = defined(u), defined(was)
	if u == nil {
		c.At, c.Was = c.Was, nil
	}
	return c
}

func defined(u *Unit) *Location {
	if u == nil || len(u.Definitions) == 0 {
		return nil
	}
	return &u.Definitions[0]
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
			key := unitKey{h.Name, u.Scope, u.Name, 0}
			for out[key] != nil {
				key.n++
			}
			out[key] = u
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
		if was, is := old[k], now[k]; !slices.Equal(was.texts, is.texts) {
			out = append(out, DirectiveChange{Section: k[0], Name: k[1], Before: list(was.texts), After: list(is.texts), Was: was.places, At: is.places})
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

// statement is what a unit says of one thing: a text an assignment, and where they stand.
type statement struct {
	texts  []string
	places []Location
	why    string // why something of it is not known
	asks   *Location
}

func (t *statement) add(s *Setting) {
	t.texts = append(t.texts, s.Possible())
	for _, a := range s.Alternatives {
		at := a.Place()
		if at != nil && !slices.Contains(t.places, *at) {
			t.places = append(t.places, *at)
		}
		if !a.Known && t.why == "" {
			t.why, t.asks = cmp.Or(a.Why, "it is not known"), at
		}
	}
}

// flat is all that a unit states, by section and directive. An empty assignment takes back those before it.
func flat(u *Unit) map[[2]string]statement {
	out := map[[2]string]statement{{"unit", "status"}: {texts: []string{u.Status}}}
	for section, directives := range u.Sections {
		for name, settings := range directives {
			var t statement
			for i := range settings {
				if settings[i].Possible() == "" {
					t = statement{}
				}
				t.add(&settings[i])
			}
			out[[2]string{section, name}] = t
		}
	}
	for name, s := range u.Scripts {
		var t statement
		t.add(&s)
		out[[2]string{"script", name}] = t
	}
	for i := range u.Links {
		k := [2]string{"Install", u.Links[i].Type}
		t := out[k]
		t.add(&u.Links[i].Target)
		out[k] = t
	}
	return out
}

// Hosts are the hosts that came and went, by name.
func Hosts(before, after *Inventory) []HostChange {
	var out []HostChange
	only := func(of, other *Inventory, kind string) {
		for i := range of.Hosts {
			name := of.Hosts[i].Name
			if !slices.ContainsFunc(other.Hosts, func(h Host) bool { return h.Name == name }) {
				out = append(out, HostChange{name, kind})
			}
		}
	}
	only(after, before, Added)
	only(before, after, Removed)
	slices.SortFunc(out, func(a, b HostChange) int { return strings.Compare(a.Host, b.Host) })
	return out
}

// Unknowns are what Diff cannot compare, of the units that are in both: values that are not known, and what else a unit may have.
func Unknowns(before, after *Inventory) []Unseen {
	old, now := unitsOf(before), unitsOf(after)
	var out []Unseen
	for k, u := range now {
		was := old[k]
		if was == nil {
			continue
		}
		unseen := Unseen{Host: k.host, Unit: k.name, Scope: k.scope}
		if why := more(u, was); why != "" {
			unseen.Why, unseen.At = why, defined(u)
			out = append(out, unseen)
		}
		then := flat(was)
		for d, t := range flat(u) {
			if t.why != "" && slices.Equal(t.texts, then[d].texts) {
				unseen.Section, unseen.Name, unseen.Why, unseen.At = d[0], d[1], t.why, t.asks
				out = append(out, unseen)
			}
		}
	}
	slices.SortFunc(out, func(a, b Unseen) int {
		return cmp.Or(strings.Compare(a.Host, b.Host), strings.Compare(a.Scope, b.Scope), strings.Compare(a.Unit, b.Unit),
			strings.Compare(a.Section, b.Section), strings.Compare(a.Name, b.Name))
	})
	return out
}

// more is why one of the units may have directives that are not in sight; empty when none can.
func more(units ...*Unit) string {
	for _, u := range units {
		switch {
		case u.Open != "":
			return u.Open
		case u.Completeness == Partial && u.Base == "":
			return "what it adds to is not in the tree"
		}
	}
	return ""
}

// Possible is what an assignment may be, in one text.
func (s *Setting) Possible() string {
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

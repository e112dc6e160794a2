package report

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/nixlint/nixlint/loader/inventory"
	"github.com/nixlint/nixlint/loader/systemd"
)

// margin is the column, from 0, at which the places beside the lines of a unit start; a longer line pushes its own further.
const margin = 48

// Unit writes the units of a name as systemd will read them, one for each form it has, each line with the place that set it,
// under which condition, and what it overrode. prefix stands before every path.
func Unit(w io.Writer, inv *inventory.Inventory, name, prefix string) error {
	var out bytes.Buffer
	var order []string
	hosts := map[string][]string{}
	for i := range inv.Hosts {
		h := &inv.Hosts[i]
		for j := range h.Units {
			if !Named(&h.Units[j], name) {
				continue
			}
			text := annotated(&h.Units[j], prefix)
			if hosts[text] == nil {
				order = append(order, text)
			}
			if !slices.Contains(hosts[text], h.Name) {
				hosts[text] = append(hosts[text], h.Name)
			}
		}
	}
	for i, text := range order {
		if i > 0 {
			out.WriteString("\n")
		}
		where := "hosts: " + strings.Join(hosts[text], ", ")
		if slices.Equal(hosts[text], []string{loose}) {
			where = "no host imports this module"
		}
		fmt.Fprintf(&out, "# %s\n%s", Visible(where), text)
	}
	return flush(w, out.Bytes())
}

// Named reports whether a unit is meant by a name: sshd.service, or sshd for a service.
func Named(u *inventory.Unit, name string) bool {
	return u.Name == name || u.Kind == "service" && u.Name == name+".service"
}

func annotated(u *inventory.Unit, prefix string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s (%s), %s", Visible(u.Name), u.Scope, status(u))
	for _, d := range u.Definitions {
		fmt.Fprintf(&b, "\n#   defined at %s", point(&d, prefix))
	}
	for _, g := range u.Guards {
		fmt.Fprintf(&b, "\n#   if %s (%s)", Visible(g.Text), g.Verdict)
	}
	if u.Open != "" {
		fmt.Fprintf(&b, "\n#   may have more: %s", Visible(u.Open))
	}
	b.WriteString("\n")
	lines, _ := systemd.RenderLines(u, systemd.Show)
	for _, l := range lines {
		text := Visible(l.Text)
		note := ""
		if settings := u.Sections[l.Section][l.Name]; l.Name != "" && l.Index >= 0 && l.Index < len(settings) {
			note = origin(&settings[l.Index], prefix)
		} else if l.Section == "Install" && l.Name == "WantedBy" {
			note = wanted(u, prefix)
		}
		if note != "" {
			text += strings.Repeat(" ", max(1, margin-utf8.RuneCountInString(text))) + "# " + note
		}
		b.WriteString(text + "\n")
	}
	baseLines(&b, u)
	return b.String()
}

// baseLines lists, as comments, what the base of an override states and the override leaves standing.
func baseLines(b *strings.Builder, u *inventory.Unit) {
	if u.Base == "" {
		return
	}
	fmt.Fprintf(b, "\n# base as of %s, where nothing above is stronger:\n", Visible(u.Base))
	based, from := systemd.WithBase(u)
	for _, section := range sorted(u.BaseSections) {
		fmt.Fprintf(b, "#   [%s]", section)
		if !slices.Contains(u.BaseClosed, section) {
			b.WriteString(" and perhaps more")
		}
		b.WriteString("\n")
		for _, name := range sorted(u.BaseSections[section]) {
			for _, s := range based.Sections[section][name][:from[section][name]] {
				for _, a := range s.Alternatives {
					if !a.Absent {
						fmt.Fprintf(b, "#   %s=%s%s\n", name, Visible(a.Value), conditions(a.Conditions))
					}
				}
			}
		}
	}
}

func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// wanted is where the links come from that NixOS writes as WantedBy.
func wanted(u *inventory.Unit, prefix string) string {
	var parts []string
	for _, l := range u.Links {
		if text := origin(&l.Target, prefix); l.Type == "wants" && text != "" && !slices.Contains(parts, text) {
			parts = append(parts, text)
		}
	}
	return strings.Join(parts, "; ")
}

// status says how much of the unit the tree defines.
func status(u *inventory.Unit) string {
	if u.Status == inventory.Override && u.Completeness == inventory.Own {
		return "adds to a unit of an input"
	}
	if u.Status == inventory.Override || u.Completeness == inventory.Partial && u.Status == inventory.Active {
		return "adds to a unit that is not in the tree"
	}
	return u.Status
}

// origin is where a setting comes from, and what it won over. Under which condition is said by the line itself.
func origin(s *inventory.Setting, prefix string) string {
	var parts []string
	for _, a := range s.Alternatives {
		if at := a.Place(); at != nil {
			parts = append(parts, point(at, prefix))
		}
	}
	for _, a := range s.Overrides {
		text := fmt.Sprintf("overrides %q", Visible(a.Value))
		if at := a.Place(); at != nil {
			text += " at " + point(at, prefix)
		}
		parts = append(parts, text)
	}
	return strings.Join(slices.Compact(parts), "; ")
}

func conditions(cs []inventory.Condition) string {
	if len(cs) == 0 {
		return ""
	}
	texts := make([]string, len(cs))
	for i, c := range cs {
		texts[i] = Visible(c.Text)
	}
	return " if " + strings.Join(texts, " and ")
}

func point(at *inventory.Location, prefix string) string {
	return fmt.Sprintf("%s:%d", Visible(prefix+at.File), at.Line)
}

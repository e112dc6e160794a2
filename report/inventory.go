package report

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"sort"
	"strconv"
	"strings"

	"github.com/nixlint/nixlint/loader/inventory"
	"github.com/nixlint/nixlint/loader/systemd"
)

// InventoryFormats are the formats of the inventory command.
func InventoryFormats() []string { return []string{"json", "markdown", "table"} }

// WriteInventory writes an inventory in one of InventoryFormats. The table fits a terminal of width columns; 0 cuts nothing.
func WriteInventory(w io.Writer, format string, inv *inventory.Inventory, width int) error {
	switch format {
	case "markdown":
		return markdown(w, inv)
	case "table":
		return table(w, inv, width)
	}
	return Inventory(w, inv)
}

// Select keeps the hosts and units of these names; an empty name keeps all.
func Select(inv *inventory.Inventory, host, unit string) {
	inv.Hosts = slices.DeleteFunc(inv.Hosts, func(h inventory.Host) bool { return host != "" && h.Name != host })
	if unit == "" {
		return
	}
	for i := range inv.Hosts {
		h := &inv.Hosts[i]
		h.Units = slices.DeleteFunc(h.Units, func(u inventory.Unit) bool { return !Named(&u, unit) })
		h.Tmpfiles, h.Settings = nil, nil
	}
}

// known counts the settings of a unit, and those that are decided.
func known(u *inventory.Unit) (decided, all int) {
	for _, directives := range u.Sections {
		for _, settings := range directives {
			for _, s := range settings {
				all++
				if s.Decided() {
					decided++
				}
			}
		}
	}
	return decided, all
}

// fileRow is a line of the overview: what a file defines.
type fileRow struct {
	services, user, overrides, timers, others, commented, disabled, tmpfiles int
}

// markdown writes the services report: an overview by file, then each unit with its directives and the line behind each.
func markdown(w io.Writer, inv *inventory.Inventory) error {
	var out bytes.Buffer
	out.WriteString("# Systemd services\n\n")
	rows := map[string]*fileRow{}
	row := func(file string) *fileRow {
		if rows[file] == nil {
			rows[file] = &fileRow{}
		}
		return rows[file]
	}
	var total fileRow
	for _, e := range distinct(inv) {
		for _, r := range []*fileRow{row(e.file), &total} {
			r.count(e.unit)
		}
	}
	for _, at := range lines(inv) {
		row(at).tmpfiles++
		total.tmpfiles++
	}
	files := make([]string, 0, len(rows))
	for file := range rows {
		files = append(files, file)
	}
	sort.Strings(files)
	out.WriteString("| File | Services | Overrides | Timers | Other units | tmpfiles lines |\n|---|---|---|---|---|---|\n")
	for _, file := range files {
		out.WriteString(rows[file].line(code(file)))
	}
	out.WriteString(total.line("**Total**"))
	last := ""
	for _, e := range distinct(inv) {
		if e.file != last {
			fmt.Fprintf(&out, "\n## %s\n", code(e.file))
			last = e.file
		}
		details(&out, e)
	}
	tmpfilesMarkdown(&out, inv)
	return flush(w, out.Bytes())
}

func (r *fileRow) count(u *inventory.Unit) {
	switch {
	case u.Status == inventory.Commented:
		r.commented++
	case u.Status == inventory.Disabled && u.Kind == "service":
		r.disabled++
	case u.Status == inventory.Upstream:
	case u.Kind == "timer":
		r.timers++
	case u.Kind != "service":
		r.others++
	case u.Status == inventory.Override:
		r.overrides++
	default:
		r.services++
		if u.Scope == inventory.User {
			r.user++
		}
	}
}

func (r *fileRow) line(name string) string {
	services := strconv.Itoa(r.services)
	if r.user > 0 {
		services += fmt.Sprintf(" (%d user)", r.user)
	}
	if r.disabled > 0 {
		services += fmt.Sprintf(" + %d disabled", r.disabled)
	}
	if r.commented > 0 {
		services += fmt.Sprintf(" + %d commented out", r.commented)
	}
	return fmt.Sprintf("| %s | %s | %d | %d | %d | %d |\n", name, services, r.overrides, r.timers, r.others, r.tmpfiles)
}

// entry is a unit as one or more hosts have it.
type entry struct {
	file  string
	unit  *inventory.Unit
	hosts []string
	off   []string // hosts that have it disabled, where others run it
}

// seen adds a host that has the unit.
func (e *entry) seen(host string) {
	if !slices.Contains(e.hosts, host) {
		e.hosts = append(e.hosts, host)
	}
}

// folded leaves out units that are disabled where another host runs what the same place defines: that one names the hosts.
func folded(all []*entry) []*entry {
	runs := map[string]*entry{}
	for _, e := range all {
		if e.unit.Status == inventory.Disabled {
			continue
		}
		for _, key := range e.places() {
			if runs[key] == nil {
				runs[key] = e
			}
		}
	}
	return slices.DeleteFunc(all, func(e *entry) bool {
		if e.unit.Status != inventory.Disabled {
			return false
		}
		for _, key := range e.places() {
			if other := runs[key]; other != nil {
				other.off = append(other.off, e.hosts...)
				return true
			}
		}
		return false
	})
}

// places are keys of the unit at each of its definitions.
func (e *entry) places() []string {
	var out []string
	for _, d := range e.unit.Definitions {
		out = append(out, fmt.Sprintf("%s\x00%s\x00%s\x00%d\x00%d", e.unit.Name, e.unit.Scope, d.File, d.Line, d.Column))
	}
	return out
}

// distinct are the units by the file and line that define them; hosts that share a module share its entry.
func distinct(inv *inventory.Inventory) []*entry {
	var out []*entry
	at := map[string]*entry{}
	for i := range inv.Hosts {
		h := &inv.Hosts[i]
		for j := range h.Units {
			u := &h.Units[j]
			if len(u.Definitions) == 0 || u.Status == inventory.Upstream {
				continue // of the latter, the tree defines nothing
			}
			one := &entry{file: u.Definitions[0].File, unit: u}
			key := one.places()[0]
			if u.Status == inventory.Disabled {
				key += "\x00off"
			}
			e := at[key]
			if e == nil {
				e = one
				at[key] = e
				out = append(out, e)
			}
			e.seen(h.Name)
		}
	}
	out = folded(out)
	sort.SliceStable(out, func(i, j int) bool {
		a, b := out[i].unit.Definitions[0], out[j].unit.Definitions[0]
		return a.File < b.File || a.File == b.File && a.Line < b.Line
	})
	return out
}

// lines are the files of the tmpfiles lines, each line once.
func lines(inv *inventory.Inventory) []string {
	var out []string
	seen := map[inventory.Location]bool{}
	for i := range inv.Hosts {
		for _, r := range inv.Hosts[i].Tmpfiles {
			if at := firstPlace(r.Line); at != nil && !seen[*at] {
				seen[*at] = true
				out = append(out, at.File)
			}
		}
	}
	return out
}

func details(out *bytes.Buffer, e *entry) {
	u := e.unit
	d := u.Definitions[0]
	fmt.Fprintf(out, "\n### %s\n\n", code(u.Name))
	fmt.Fprintf(out, "%s, %s, lines %d–%d, hosts: %s", u.Scope, status(u), d.Line, d.EndLine, escapeMarkdown(Visible(strings.Join(e.hosts, ", "))))
	if len(e.off) > 0 {
		fmt.Fprintf(out, "; disabled on %s", escapeMarkdown(Visible(strings.Join(e.off, ", "))))
	}
	out.WriteString("\n")
	if u.Base != "" {
		fmt.Fprintf(out, "\nBase as of %s.\n", escapeMarkdown(Visible(u.Base)))
	}
	rendered, _ := systemd.RenderLines(u, systemd.Show)
	header := false
	for _, l := range rendered {
		settings := u.Sections[l.Section][l.Name]
		if l.Name == "" || l.Index < 0 || l.Index >= len(settings) {
			continue
		}
		if !header {
			out.WriteString("\n| Directive | Where |\n|---|---|\n")
			header = true
		}
		fmt.Fprintf(out, "| %s | %s |\n", code(l.Text), escapeMarkdown(origin(&settings[l.Index], "")))
	}
	for _, link := range u.Links {
		for _, a := range link.Target.Alternatives {
			if !a.Absent {
				fmt.Fprintf(out, "\n%s by %s\n", map[string]string{"wants": "Wanted", "requires": "Required", "upholds": "Upheld", "alias": "Also known"}[link.Type], code(a.Value))
			}
		}
	}
}

func tmpfilesMarkdown(out *bytes.Buffer, inv *inventory.Inventory) {
	header := false
	seen := map[inventory.Location]bool{}
	for i := range inv.Hosts {
		for _, r := range inv.Hosts[i].Tmpfiles {
			at := firstPlace(r.Line)
			if at == nil || seen[*at] {
				continue
			}
			seen[*at] = true
			if !header {
				out.WriteString("\n## tmpfiles\n\n| Line | Where |\n|---|---|\n")
				header = true
			}
			fmt.Fprintf(out, "| %s | %s |\n", code(strings.TrimSpace(strings.ReplaceAll(tmpfilesLine(r.Line), "\n", " "))), escapeMarkdown(point(at, "")))
		}
	}
}

// code is text as code in a cell of a table.
func code(s string) string {
	s = strings.ReplaceAll(Visible(strings.ReplaceAll(s, "\n", " ")), "|", `\|`)
	fence := "`"
	for strings.Contains(s, fence) {
		fence += "`"
	}
	if len(fence) > 1 {
		return fence + " " + s + " " + fence
	}
	return fence + s + fence
}

func escapeMarkdown(s string) string {
	return strings.NewReplacer("|", `\|`, "<", "&lt;", "*", `\*`, "_", `\_`, "\n", " ").Replace(s)
}

package report

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/loader/inventory"
)

// table writes a line a unit, those of equal units of several hosts once, and below it what would make more of it known. Its lines fit a
// terminal of width columns; 0 is for what is no terminal.
func table(w io.Writer, inv *inventory.Inventory, width int) error {
	var rows [][]string
	for _, e := range tableEntries(inv) {
		u := e.unit
		where := "-"
		if len(u.Definitions) > 0 {
			where = point(&u.Definitions[0], "")
			if more := len(u.Definitions) - 1; more > 0 {
				where += fmt.Sprintf(" +%d", more)
			}
		}
		status := u.Status
		if u.Scope != inventory.System {
			status += ", " + u.Scope
		}
		if len(e.off) > 0 {
			status += fmt.Sprintf(", off on %d", len(e.off))
		}
		rows = append(rows, []string{hostsCell(e.hosts), u.Name, u.Kind, status, knownCell(u), where})
	}
	var out bytes.Buffer
	if len(rows) > 0 {
		columns(&out, append([][]string{{"HOST", "UNIT", "KIND", "STATUS", "KNOWN", "WHERE"}}, rows...), width)
	}
	footer(&out, inv)
	return flush(w, out.Bytes())
}

// tableEntries are the units in the order of the hosts; one that several hosts have of the same place stands with the first of them.
func tableEntries(inv *inventory.Inventory) []*entry {
	var out []*entry
	at := map[string]*entry{}
	for i := range inv.Hosts {
		h := &inv.Hosts[i]
		for j := range h.Units {
			u := &h.Units[j]
			decided, all := known(u)
			key := fmt.Sprint(u.Name, u.Scope, u.Status, u.Definitions, decided, all)
			e := at[key]
			if e == nil {
				e = &entry{unit: u}
				at[key] = e
				out = append(out, e)
			}
			e.seen(h.Name)
		}
	}
	return folded(out)
}

// hostsCell names a host, or the first of several.
func hostsCell(hosts []string) string {
	switch {
	case slices.Equal(hosts, []string{loose}):
		return "-"
	case len(hosts) < 3:
		return strings.Join(hosts, ", ")
	}
	return fmt.Sprintf("%s +%d", hosts[0], len(hosts)-1)
}

// knownCell is how many of the settings are decided; what an override adds to is said of it.
func knownCell(u *inventory.Unit) string {
	decided, all := known(u)
	text := "-"
	if all > 0 {
		text = fmt.Sprintf("%d/%d", decided, all)
	}
	switch {
	case u.Status == inventory.Upstream, u.Off():
	case u.Base != "":
		text += " + base"
	case u.Completeness == inventory.Partial && u.Status != inventory.Commented:
		text += " + ?"
	}
	return text
}

// The columns of the table that give way when a terminal is too narrow, and how narrow they get.
const (
	hostColumn, hostLeast   = 0, 12
	unitColumn, unitLeast   = 1, 20
	kindColumn              = 2 // the name of the unit says it, too
	whereColumn, whereLeast = 5, 20
	gap                     = 2
)

// columns writes rows whose cells stand below each other, in lines of width columns; 0 cuts nothing.
func columns(out *bytes.Buffer, rows [][]string, width int) {
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i := range row {
			row[i] = Visible(row[i])
			widths[i] = max(widths[i], columnsOf(row[i]))
		}
	}
	fit(widths, width)
	for _, row := range rows {
		var line strings.Builder
		for i, cell := range row {
			if widths[i] == 0 {
				continue
			}
			cell = clipCell(cell, i, widths[i])
			line.WriteString(cell)
			line.WriteString(strings.Repeat(" ", widths[i]-columnsOf(cell)+gap))
		}
		out.WriteString(strings.TrimRight(line.String(), " ") + "\n")
	}
}

// fit narrows columns until they fit: the places first, which are found again by their ends, then hosts, then units.
func fit(widths []int, width int) {
	over := gap*(len(widths)-1) - width
	for _, w := range widths {
		over += w
	}
	if width <= 0 || over <= 0 {
		return
	}
	over -= widths[kindColumn] + gap
	widths[kindColumn] = 0
	for _, c := range [][2]int{{whereColumn, 2 * whereLeast}, {hostColumn, hostLeast}, {unitColumn, 2 * unitLeast}, {whereColumn, whereLeast}, {unitColumn, unitLeast}} {
		less := max(0, min(over, widths[c[0]]-c[1]))
		widths[c[0]] -= less
		over -= less
	}
}

// columnsOf is how many columns of a terminal a visible text takes.
func columnsOf(text string) int {
	n := 0
	for _, r := range text {
		n += runeWidth(r)
	}
	return n
}

// clipCell cuts a cell that is wider than its column. What tells it from others stays: the end of a place, the kind of a unit, how many more
// hosts there are.
func clipCell(cell string, column, width int) string {
	end := ""
	switch column {
	case whereColumn:
		return clip(cell, width, true)
	case unitColumn:
		if dot := strings.LastIndexByte(cell, '.'); dot >= 0 {
			end = cell[dot:]
		}
	case hostColumn:
		if _, more, ok := strings.Cut(cell, " +"); ok {
			end = " +" + more
		}
	}
	if columnsOf(end) > width/2 || columnsOf(cell) <= width {
		return clip(cell, width, false)
	}
	return clip(strings.TrimSuffix(cell, end), width-columnsOf(end), false) + end
}

// clip cuts a text that is wider than that; an ellipsis stands for its end, or for its start.
func clip(text string, width int, start bool) string {
	if columnsOf(text) <= width {
		return text
	}
	runes := []rune(text)
	for len(runes) > 0 && columnsOf(string(runes)) >= width {
		if start {
			runes = runes[1:]
		} else {
			runes = runes[:len(runes)-1]
		}
	}
	if start {
		return "…" + string(runes)
	}
	return string(runes) + "…"
}

// footer counts, and says what would make more of it known.
func footer(out *bytes.Buffer, inv *inventory.Inventory) {
	var units, based, baseless, decided, all int
	labels := map[string]bool{}
	for i := range inv.Hosts {
		h := &inv.Hosts[i]
		for j := range h.Units {
			u := &h.Units[j]
			d, a := known(u)
			units, decided, all = units+1, decided+d, all+a
			switch {
			case u.Status == inventory.Upstream:
			case u.Base != "":
				based++
				labels[u.Base] = true
			case u.Completeness == inventory.Partial && u.Status == inventory.Override:
				baseless++
			}
		}
	}
	fmt.Fprintf(out, "\n%s of %s", count(units, "unit"), count(len(inv.Hosts), "host"))
	if all > 0 {
		fmt.Fprintf(out, ", %d of %d settings known (%d %%)", decided, all, decided*100/all)
	}
	out.WriteString("\n")
	if based > 0 {
		fmt.Fprintf(out, "+ base: %s judged on the base as of %s; --input nixpkgs=PATH takes your own\n",
			count(based, "override"), Visible(strings.Join(sorted(labels), ", ")))
	}
	if baseless > 0 {
		fmt.Fprintf(out, "+ ?: the base of %s is not known; --input nixpkgs=PATH would tell what it leaves open\n", count(baseless, "override"))
	}
	for _, line := range hidden(inv) {
		out.WriteString(line + "\n")
	}
}

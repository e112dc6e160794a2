package report

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/nixlint/nixlint/loader/inventory"
)

// tableWidth is where lines of the table are kept below, as far as the longest cells allow.
const tableWidth = 100

// table writes a line a unit, those of equal units of several hosts once, and below it what would make more of it known.
func table(w io.Writer, inv *inventory.Inventory) error {
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
		columns(&out, append([][]string{{"HOST", "UNIT", "KIND", "STATUS", "KNOWN", "WHERE"}}, rows...))
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

// columns writes rows whose cells stand below each other. A cell is as wide as most of its column: a longer one pushes only its own line.
func columns(out *bytes.Buffer, rows [][]string) {
	widths := make([]int, len(rows[0]))
	for i := range widths {
		var all []int
		for _, row := range rows {
			row[i] = Visible(row[i])
			all = append(all, utf8.RuneCountInString(row[i]))
		}
		slices.Sort(all)
		widths[i] = all[len(all)-1]
		if most := all[len(all)*95/100]; widths[i] > tableWidth/3 {
			widths[i] = max(most, min(widths[i], tableWidth/3))
		}
	}
	for _, row := range rows {
		var line strings.Builder
		for i, cell := range row {
			line.WriteString(cell)
			line.WriteString(strings.Repeat(" ", max(0, widths[i]-utf8.RuneCountInString(cell))+2))
		}
		out.WriteString(strings.TrimRight(line.String(), " ") + "\n")
	}
}

// footer counts, and says what would make more of it known.
func footer(out *bytes.Buffer, inv *inventory.Inventory) {
	var units, based, baseless, decided, all int
	labels := map[string]bool{}
	missing := map[string]int{}
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
		for _, m := range h.Missing {
			missing[m.Name]++
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
	names := sorted(missing)
	slices.SortStableFunc(names, func(a, b string) int { return missing[b] - missing[a] })
	for i, name := range names {
		if i == shownMissing {
			fmt.Fprintf(out, "and %d more; --format json lists all that is missing, with why\n", len(names)-i)
			break
		}
		fmt.Fprintf(out, "not in sight: %s\n", Visible(name))
	}
}

// shownMissing is how many missing inputs and modules the table names.
const shownMissing = 5

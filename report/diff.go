package report

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/loader/inventory"
)

// DiffSchema names the format of DiffJSON, which diff.schema.json describes.
const DiffSchema = "nixlint.diff/1"

// Diff is what is different between two states.
type Diff struct {
	Old, New DiffSide
	Hosts    []inventory.HostChange
	Changes  []inventory.Change
	Tmpfiles []inventory.LineChange
	// Unknown is what could not be compared, since neither side knows it.
	Unknown []inventory.Unseen
	// Notices are what to say about the comparison.
	Notices []string
}

// DiffSide is one of the states.
type DiffSide struct {
	Name   string `json:"name"`             // as it was asked for
	Commit string `json:"commit,omitempty"` // of a revision
	Prefix string `json:"-"`                // stands before every path
	// Problems are what could not be read of it.
	Problems []inventory.Problem `json:"problems"`
}

// Empty reports whether there is no difference.
func (d *Diff) Empty() bool { return len(d.Changes)+len(d.Tmpfiles)+len(d.Hosts) == 0 }

// DiffJSON writes all of a comparison.
func DiffJSON(w io.Writer, d *Diff) error {
	d.Old.Problems, d.New.Problems = list(d.Old.Problems), list(d.New.Problems)
	return encode(w, struct {
		Schema   string                 `json:"schema"`
		Old      DiffSide               `json:"old"`
		New      DiffSide               `json:"new"`
		Hosts    []inventory.HostChange `json:"hosts"`
		Changes  []inventory.Change     `json:"changes"`
		Tmpfiles []inventory.LineChange `json:"tmpfiles"`
		Unknown  []inventory.Unseen     `json:"unknown"`
		Notices  []string               `json:"notices"`
	}{DiffSchema, d.Old, d.New, list(d.Hosts), list(d.Changes), list(d.Tmpfiles), list(d.Unknown), list(d.Notices)})
}

// DiffText writes a line a unit, a line a directive and a line a line of tmpfiles.d, with the values and places before and after. Hosts with
// the same change share it.
func DiffText(w io.Writer, d *Diff) error {
	var out bytes.Buffer
	for _, h := range d.Hosts {
		fmt.Fprintf(&out, "%s: host %s\n", d.named([]string{h.Host}), h.Kind)
	}
	var order []string
	hosts := map[string][]string{}
	say := func(host, text string) {
		if hosts[text] == nil {
			order = append(order, text)
		}
		hosts[text] = add(hosts[text], host)
	}
	for i := range d.Changes {
		say(d.Changes[i].Host, d.unit(&d.Changes[i]))
	}
	for i := range d.Tmpfiles {
		say(d.Tmpfiles[i].Host, d.line(&d.Tmpfiles[i]))
	}
	for _, text := range order {
		fmt.Fprintf(&out, "%s: %s", d.named(hosts[text]), text)
	}
	d.summary(&out)
	return flush(w, out.Bytes())
}

func (d *Diff) unit(c *inventory.Change) string {
	var b strings.Builder
	b.WriteString(Visible(c.Unit))
	if c.Scope != inventory.System {
		fmt.Fprintf(&b, " (%s)", Visible(c.Scope))
	}
	fmt.Fprintf(&b, " %s", c.Kind)
	switch {
	case c.At == nil:
	case c.Kind == inventory.Removed:
		fmt.Fprintf(&b, ", was at %s", point(c.At, d.Old.Prefix))
	default:
		fmt.Fprintf(&b, ", at %s", point(c.At, d.New.Prefix))
	}
	b.WriteString("\n")
	for i := range c.Directives {
		b.WriteString(d.directive(&c.Directives[i]))
	}
	return b.String()
}

func (d *Diff) line(c *inventory.LineChange) string {
	at := func(line string, l *inventory.Location, prefix string) string {
		if l == nil {
			return Visible(line)
		}
		return Visible(line) + places([]inventory.Location{*l}, prefix)
	}
	head := "tmpfiles " + Visible(c.Path)
	if c.Scope != "" {
		head += fmt.Sprintf(" (%s)", Visible(c.Scope))
	}
	was, is := shortened(c.Before, c.After)
	was, is = at(was, c.Was, d.Old.Prefix), at(is, c.At, d.New.Prefix)
	switch c.Kind {
	case inventory.Added:
		return fmt.Sprintf("%s added: %s\n", head, is)
	case inventory.Removed:
		return fmt.Sprintf("%s removed: %s\n", head, was)
	}
	return fmt.Sprintf("%s changed: %s -> %s\n", head, was, is)
}

func (d *Diff) directive(c *inventory.DirectiveChange) string {
	before, after := apart(c.Before, c.After)
	before, after = shortened(before, after)
	was, is := before+places(c.Was, d.Old.Prefix), after+places(c.At, d.New.Prefix)
	head := fmt.Sprintf("    [%s] %s %s", Visible(c.Section), Visible(c.Name), c.Kind())
	switch c.Kind() {
	case inventory.Added:
		return head + ": " + is + "\n"
	case inventory.Removed:
		return head + ": " + was + "\n"
	}
	return head + ": " + was + " -> " + is + "\n"
}

// apart are two values in words. Of lists and of texts of several lines only what the other one does not have.
func apart(before, after []string) (was, is string) {
	b, a := linesOf(before), linesOf(after)
	if len(b) > 1 && len(a) > 0 || len(a) > 1 && len(b) > 0 {
		gone, came := without(b, a), without(a, b)
		if len(gone)+len(came) > 0 { // else it is their order
			return orDash(gone, "all of it stays"), orDash(came, "nothing more")
		}
	}
	return orDash(b, ""), orDash(a, "")
}

// widest is how long a value may be before only what is about its difference is shown, in runes; around is how much about it.
const widest, around = 120, 40

// shortened cuts from long values what both begin and end with, and from what is then still long its end.
func shortened(before, after string) (was, is string) {
	b, a := []rune(before), []rune(after)
	if len(b) <= widest && len(a) <= widest {
		return before, after
	}
	n := min(len(b), len(a))
	start := 0
	for start < n && b[start] == a[start] {
		start++
	}
	end := 0
	for end < n-start && b[len(b)-1-end] == a[len(a)-1-end] {
		end++
	}
	return piece(b, start, end), piece(a, start, end)
}

func piece(text []rune, start, end int) string {
	from, to := max(0, start-around), min(len(text), len(text)-end+around)
	to = min(to, from+2*widest)
	out := string(text[from:to])
	if from > 0 {
		out = "..." + out
	}
	if to < len(text) {
		out += "..."
	}
	return out
}

func linesOf(values []string) []string {
	var out []string
	for _, v := range values {
		for line := range strings.SplitSeq(strings.TrimSuffix(v, "\n"), "\n") {
			out = append(out, strings.TrimSpace(line))
		}
	}
	return out
}

// without are the lines that others do not have as often.
func without(lines, others []string) []string {
	left := slices.Clone(others)
	var out []string
	for _, l := range lines {
		if i := slices.Index(left, l); i >= 0 {
			left = slices.Delete(left, i, i+1)
		} else {
			out = append(out, l)
		}
	}
	return out
}

func orDash(values []string, none string) string {
	if len(values) == 0 {
		return "(" + none + ")"
	}
	shown := make([]string, len(values))
	for i, v := range values {
		if shown[i] = Visible(v); v == "" {
			shown[i] = `""`
		}
	}
	return strings.Join(shown, ", ")
}

// places are where a value stands, the first few.
func places(at []inventory.Location, prefix string) string {
	var all []string
	for i := range at {
		all = append(all, point(&at[i], prefix))
	}
	if len(all) == 0 {
		return ""
	}
	return " (" + few(slices.Compact(all)) + ")"
}

func (d *Diff) summary(out *bytes.Buffer) {
	if len(d.Changes) == 0 {
		fmt.Fprintln(out, "no unit differs")
	} else {
		differ(out, len(d.Changes), "unit", "", func(i int) string { return d.Changes[i].Kind })
	}
	if len(d.Tmpfiles) > 0 {
		differ(out, len(d.Tmpfiles), "line", " of tmpfiles.d", func(i int) string { return d.Tmpfiles[i].Kind })
	}
	values, units := 0, 0
	for i := range d.Unknown {
		if d.Unknown[i].Name == "" {
			units++
		} else {
			values++
		}
	}
	if values+units > 0 {
		fmt.Fprintf(out, "not compared: %s that neither side knows; %s may have more than is in sight\n", count(values, "value"), count(units, "unit"))
	}
	for _, n := range d.Notices {
		fmt.Fprintf(out, "notice: %s\n", Visible(n))
	}
}

func differ(out *bytes.Buffer, n int, what, of string, kind func(int) string) {
	kinds := map[string]int{}
	for i := range n {
		kinds[kind(i)]++
	}
	verb := " differ"
	if n == 1 {
		verb += "s"
	}
	fmt.Fprintf(out, "%s: %d changed, %d added, %d removed\n", count(n, what)+of+verb, kinds[inventory.Changed], kinds[inventory.Added], kinds[inventory.Removed])
}

// named lists hosts; of modules that no host imports, and of a machine that does not say its name, it says so.
func (d *Diff) named(hosts []string) string {
	names := slices.Clone(hosts)
	if i := slices.Index(names, loose); i >= 0 {
		names[i] = "no host"
	}
	if i := slices.Index(names, ""); i >= 0 {
		names[i] = "the host"
	}
	return Visible(strings.Join(names, ", "))
}

package report

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/nixlint/nixlint/checks"
	"github.com/nixlint/nixlint/loader/inventory"
)

// TextOptions say how a report is written for a person.
type TextOptions struct {
	Color bool
	// Prefix stands before every path, so that a path can be opened from where the command ran: "fixtures/report/".
	Prefix string
}

// Text writes the report for a person: findings by file, each with its line, why it matters and how to mend it; then what
// could not be judged; then the counts. The reason and the cure of a rule are written where it first appears.
func Text(w io.Writer, r *Report, o TextOptions) error {
	t := &text{r: r, o: o, explained: map[string]bool{}}
	t.findings(r.Result.Findings)
	t.findings(r.suppressed())
	t.problems()
	t.missing()
	t.summary()
	return flush(w, t.out.Bytes())
}

type text struct {
	r         *Report
	o         TextOptions
	out       bytes.Buffer
	explained map[string]bool
}

// loose is the source of the host that holds the modules which no host imports.
const loose = "loose"

// The styles, as SGR parameters.
const (
	bold   = "1"
	dim    = "2"
	red    = "1;31"
	yellow = "1;33"
	blue   = "1;34"
	green  = "1;32"
)

func (t *text) style(sgr, s string) string {
	if !t.o.Color || s == "" {
		return s
	}
	return "\x1b[" + sgr + "m" + s + "\x1b[0m"
}

func (t *text) line(format string, args ...any) { fmt.Fprintf(&t.out, format+"\n", args...) }

// findings writes blocks, a heading before each file. A block is what one rule says of one place.
func (t *text) findings(findings []checks.Finding) {
	for i := 0; i < len(findings); {
		file := t.r.place(findings[i].At).File
		n := 1
		for i+n < len(findings) && t.r.place(findings[i+n].At).File == file {
			n++
		}
		group := findings[i : i+n]
		what := "finding"
		if group[0].Suppressed != "" {
			what = "suppressed finding"
		}
		t.line("%s", t.style(bold, "== "+t.path(file)+" ("+count(n, what)+")"))
		t.line("")
		t.file(group)
		i += n
	}
}

func (t *text) file(findings []checks.Finding) {
	for i := 0; i < len(findings); {
		n := 1
		for i+n < len(findings) && t.same(findings[i], findings[i+n]) {
			n++
		}
		t.block(findings[i : i+n])
		i += n
	}
}

// same reports whether two findings differ only in what they say.
func (t *text) same(a, b checks.Finding) bool {
	return a.Rule == b.Rule && t.r.place(a.At) == t.r.place(b.At) && a.Suppressed == b.Suppressed && slices.Equal(a.Hosts, b.Hosts)
}

func (t *text) block(findings []checks.Finding) {
	at := t.r.place(findings[0].At)
	for _, f := range findings {
		t.line("%s: %s: %s %s", t.style(bold, t.position(at)), t.style(color(f.Severity), string(f.Severity)), t.says(f), t.style(dim, "["+tag(f)+"]"))
	}
	t.snippet(at, color(findings[0].Severity))
	rule := t.r.rule(findings[0].Rule)
	if !t.explained[rule.ID] {
		t.explained[rule.ID] = true
		t.labelled("why", prose(rule.Description))
		t.labelled("fix", prose(rule.Fix))
	}
	t.notes(findings)
	if reason := findings[0].Suppressed; reason != "" {
		t.labelled("ignored", wrap(strings.Fields(reason)))
	}
	if hosts := t.named(findings[0].Hosts); hosts != "" && len(t.r.Inventory.Hosts) > 1 {
		t.labelled("hosts", wrap(strings.Fields(hosts)))
	}
	t.line("")
}

// says is the message, with the unit it is about unless the message names it.
func (t *text) says(f checks.Finding) string {
	message := Visible(f.Message)
	if f.Unit == "" || strings.Contains(f.Message, f.Unit) {
		return message
	}
	if f.Scope == inventory.User {
		return Visible(f.Unit) + " (user): " + message
	}
	return Visible(f.Unit) + ": " + message
}

func tag(f checks.Finding) string {
	if f.Verdict == checks.Unknown {
		return f.Rule + ", unknown"
	}
	return f.Rule
}

func color(l checks.Level) string {
	switch l {
	case checks.Error:
		return red
	case checks.Warning:
		return yellow
	case checks.Info, checks.Off:
	}
	return blue
}

func (t *text) notes(findings []checks.Finding) {
	var said []checks.Note
	for _, f := range findings {
		for _, n := range f.Notes {
			if slices.ContainsFunc(said, func(o checks.Note) bool { return sameNote(o, n) }) {
				continue
			}
			said = append(said, n)
			message := Visible(n.Message)
			if n.At != nil {
				message = t.position(*n.At) + ": " + message
			}
			t.labelled("note", []string{message})
		}
	}
}

func sameNote(a, b checks.Note) bool {
	return a.Message == b.Message && (a.At == nil) == (b.At == nil) && (a.At == nil || *a.At == *b.At)
}

// labelled writes lines behind a label, as "  why: …" with the others below the first.
func (t *text) labelled(label string, lines []string) {
	if len(lines) == 0 {
		return
	}
	const indent = 7
	for i, line := range lines {
		switch {
		case i == 0:
			t.line("%s %s", t.style(dim, fmt.Sprintf("%*s:", indent, label)), line)
		case line == "":
			t.line("")
		default:
			t.line("%s%s", strings.Repeat(" ", indent+2), line)
		}
	}
}

func (t *text) snippet(at inventory.Location, sgr string) {
	s, ok := cut(t.r.file(at.File), at)
	if !ok {
		return
	}
	const gutter = 7
	t.line("%s %s", t.style(blue, fmt.Sprintf("%*s |", gutter-1, s.number)), s.text)
	under := strings.Repeat("^", s.end-s.start)
	if s.more != "" {
		under += " " + s.more
	}
	t.line("%s %s%s", t.style(blue, strings.Repeat(" ", gutter)+"|"), strings.Repeat(" ", s.start), t.style(sgr, under))
}

func (t *text) path(file string) string { return Visible(t.o.Prefix + file) }

func (t *text) position(at inventory.Location) string {
	return t.path(at.File) + ":" + strconv.Itoa(at.Line) + ":" + strconv.Itoa(at.Column)
}

// problems writes what could not be judged, then what was left out on purpose.
func (t *text) problems() {
	summary := t.r.Summary()
	for _, part := range []struct {
		heading, word, sgr string
		n                  int
		notice             bool
	}{
		{"not judged", "problem", red, summary.Failures, false},
		{"noted", "notice", yellow, summary.Notices, true},
	} {
		if part.n == 0 {
			continue
		}
		t.line("%s", t.style(bold, "== "+part.heading+" ("+count(part.n, part.word)+")"))
		t.line("")
		for _, p := range t.r.Inventory.Problems {
			if isNotice(p) == part.notice {
				t.problem(p, part.word, part.sgr)
			}
		}
		t.line("")
	}
}

func (t *text) problem(p inventory.Problem, word, sgr string) {
	if p.At == nil {
		t.line("%s: %s", t.style(sgr, word), oneLine(p.Message))
	} else {
		t.line("%s: %s: %s", t.style(bold, t.position(*p.At)), t.style(sgr, word), oneLine(p.Message))
		t.snippet(*p.At, sgr)
	}
	for _, n := range p.Notes {
		message := Visible(n.Message)
		if n.At != nil {
			message = t.position(*n.At) + ": " + message
		}
		t.labelled("note", []string{message})
	}
}

// missing writes what is not in the tree.
func (t *text) missing() {
	lines := hidden(t.r.Inventory)
	if len(lines) == 0 {
		return
	}
	t.line("%s", t.style(bold, "== not in sight"))
	t.line("")
	for _, line := range lines {
		t.line("%s", line)
	}
	t.line("")
}

// add keeps a list sorted and without repetition.
func add(list []string, s string) []string {
	i, found := slices.BinarySearch(list, s)
	if found {
		return list
	}
	return slices.Insert(list, i, s)
}

// few names the first of a list and counts the others.
func few(list []string) string {
	const most = 4
	if len(list) <= most {
		return Visible(strings.Join(list, ", "))
	}
	return Visible(strings.Join(list[:most-1], ", ")) + fmt.Sprintf(" and %d more", len(list)-most+1)
}

// oneLine is the first line of a text of the user, which may be a page that it throws.
func oneLine(text string) string {
	first, rest, _ := strings.Cut(strings.TrimRight(text, "\n"), "\n")
	if rest != "" {
		first += " ..."
	}
	return Visible(first)
}

func (t *text) summary() {
	s := t.r.Summary()
	sgr := green
	switch {
	case s.Findings > 0:
		sgr = bold
	case s.Failures > 0:
		sgr = yellow
	}
	t.line("%s", t.style(sgr, s.String()))
	if s.Suppressed > 0 {
		t.line("%s suppressed", count(s.Suppressed, "finding"))
	}
	t.before(s.Summary)
	t.line("judged: %s and %s of %s, by %s of profile %s", count(s.Units, "unit"), count(s.Tmpfiles, "tmpfiles line"), t.hosts(),
		count(s.Rules, "rule"), t.r.Policy)
	if v := t.r.Systemd; v != nil {
		t.line("verified: %s by systemd %s", count(v.Units, "unit"), Visible(v.Version))
	}
	t.configuration(s.Summary)
	t.known(s.Summary)
	if s.Failures > 0 {
		t.line("%s", t.style(red, "not judged: "+count(s.Failures, "problem")))
	}
	if s.Findings > 0 {
		t.line("%s", t.style(dim, "wanted as it is? write above it `# nixlint: ignore RULE -- reason`; `nixlint explain RULE` says more"))
	}
}

// before says what is not shown because it was there before.
func (t *text) before(s checks.Summary) {
	if t.r.Before == "" {
		return
	}
	line := count(s.Known, "known finding") + " of " + Visible(t.r.Before) + " not shown"
	if s.Fixed > 0 {
		line += fmt.Sprintf("; %d fixed since", s.Fixed)
	}
	t.line("%s", line)
}

// configuration names the configuration that was used, and what it left out.
func (t *text) configuration(s checks.Summary) {
	if t.r.Configuration == "" {
		return
	}
	line := "configured: " + Visible(t.r.Configuration)
	var left []string
	if t.r.HostsLeft > 0 {
		left = append(left, count(t.r.HostsLeft, "host"))
	}
	if s.Excluded > 0 {
		left = append(left, count(s.Excluded, "finding")+" in excluded files")
	}
	if len(left) > 0 {
		line += ", which leaves out " + strings.Join(left, " and ")
	}
	t.line("%s", line)
}

// named lists hosts; of modules that stand alone it says so.
func (t *text) named(hosts []string) string {
	names := slices.Clone(hosts)
	for i, name := range names {
		at := slices.IndexFunc(t.r.Inventory.Hosts, func(h inventory.Host) bool { return h.Name == name })
		if at >= 0 && t.r.Inventory.Hosts[at].Source == loose {
			names[i] = "none imports this module"
		}
	}
	return strings.Join(names, ", ")
}

// hosts counts the machines; modules that none of them imports are named apart.
func (t *text) hosts() string {
	n, alone := 0, false
	for i := range t.r.Inventory.Hosts {
		if t.r.Inventory.Hosts[i].Source == loose {
			alone = true
		} else {
			n++
		}
	}
	switch {
	case !alone:
		return count(n, "host")
	case n == 0:
		return "loose modules"
	}
	return count(n, "host") + " and loose modules"
}

// known says how much could be known, and what the rest depends on.
func (t *text) known(s checks.Summary) {
	if s.SettingsJudged == 0 {
		return
	}
	known := s.SettingsJudged - s.SettingsUnknown
	t.line("known: %d of %s (%d %%)", known, count(s.SettingsJudged, "setting"), known*100/s.SettingsJudged)
	if len(s.Reasons) > 0 {
		t.line("  %d unknown: %s", s.SettingsUnknown, dependsOn(s.Reasons))
	}
}

package report

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/nixlint/nixlint/checks"
)

// RulesSchema names the format of RulesJSON.
const RulesSchema = "nixlint.rules/1"

// Profile is a name for --policy and the level it gives each rule. A rule that it does not name is off.
type Profile struct {
	Name   string
	Levels map[string]checks.Level
}

func (p Profile) level(rule string) checks.Level {
	if l, ok := p.Levels[rule]; ok {
		return l
	}
	return checks.Off
}

// RulesText writes a line a rule: its name, its level in each profile, what it is about.
func RulesText(w io.Writer, rules []checks.Rule, profiles []Profile) error {
	var out bytes.Buffer
	name := len("RULE")
	for _, rule := range rules {
		name = max(name, len(rule.ID))
	}
	fmt.Fprintf(&out, "%-*s", name, "RULE")
	for _, p := range profiles {
		fmt.Fprintf(&out, "  %-*s", levelWidth(p), strings.ToUpper(p.Name))
	}
	fmt.Fprintln(&out, "  ABOUT")
	for _, rule := range rules {
		fmt.Fprintf(&out, "%-*s", name, rule.ID)
		for _, p := range profiles {
			fmt.Fprintf(&out, "  %-*s", levelWidth(p), p.level(rule.ID))
		}
		fmt.Fprintf(&out, "  %s\n", Visible(rule.Title))
	}
	return flush(w, out.Bytes())
}

func levelWidth(p Profile) int { return max(len(p.Name), len(checks.Warning)) }

// RulesJSON writes the rules with all their documentation and their level in each profile.
func RulesJSON(w io.Writer, rules []checks.Rule, profiles []Profile) error {
	type row struct {
		checks.Rule
		Levels map[string]checks.Level `json:"levels"`
	}
	out := struct {
		Schema string `json:"schema"`
		Rules  []row  `json:"rules"`
	}{Schema: RulesSchema, Rules: make([]row, 0, len(rules))}
	for _, rule := range rules {
		r := row{Rule: rule, Levels: map[string]checks.Level{}}
		for _, p := range profiles {
			r.Levels[p.Name] = p.level(rule.ID)
		}
		out.Rules = append(out.Rules, r)
	}
	return encode(w, out)
}

// Example is a module that a rule finds something in: its code, the line from 1 where, and what is said there. It is nothing without code.
type Example struct {
	Code    string
	Line    int
	Message string
}

// Explain writes all that is known of a rule, for a person.
func Explain(w io.Writer, rule checks.Rule, profiles []Profile, example Example, o TextOptions) error {
	t := &text{r: &Report{}, o: o}
	t.line("%s", t.style(bold, rule.ID+": "+Visible(rule.Title)))
	t.line("")
	for _, line := range prose(rule.Description) {
		t.line("%s", line)
	}
	if rule.Fix != "" {
		t.line("")
		t.line("%s", t.style(bold, "How to fix"))
		t.line("")
		for _, line := range prose(rule.Fix) {
			t.line("%s", line)
		}
	}
	t.example(example)
	t.line("")
	for _, p := range profiles {
		level := p.level(rule.ID)
		t.line("%-10s %s", p.Name+":", t.style(color(level), string(level)))
	}
	t.line("%-10s %s", "judges:", rule.Kind)
	t.line("%-10s %s", "precision:", rule.Precision)
	if len(rule.Tags) > 0 {
		t.line("%-10s %s", "tags:", Visible(strings.Join(rule.Tags, ", ")))
	}
	for _, link := range slices.Sorted(slices.Values(rule.Links)) {
		t.line("%-10s %s", "see:", Visible(link))
	}
	t.line("")
	t.howToSuppress(rule.ID)
	return flush(w, t.out.Bytes())
}

func (t *text) example(e Example) {
	if e.Code == "" {
		return
	}
	t.line("")
	t.line("%s", t.style(bold, "An example"))
	t.line("")
	for i, line := range strings.Split(e.Code, "\n") {
		mark := " "
		if i+1 == e.Line {
			mark = t.style(red, ">")
		}
		t.line("%s", strings.TrimRight("  "+mark+" "+Visible(line), " "))
	}
	t.line("")
	for _, line := range prose("line " + strconv.Itoa(e.Line) + ": " + Visible(e.Message)) {
		t.line("%s", line)
	}
}

// howToSuppress says how to say "not here, because".
func (t *text) howToSuppress(rule string) {
	if strings.HasPrefix(rule, "suppressions/") {
		t.line("It cannot be suppressed: it speaks of suppressions. Mend or remove the one that it names.")
		return
	}
	t.line("To suppress one finding, on its line or the line before:")
	t.line("    # nixlint: ignore %s -- the reason", rule)
	t.line("To accept findings in .nixlint.yaml, by unit or path:")
	t.line("    waivers:")
	t.line("      - {rule: %s, unit: NAME.service, reason: the reason, expires: 2099-12-31}", rule)
}

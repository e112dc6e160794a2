package report

import (
	"bytes"
	"fmt"
	"io"
	"slices"
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

// Explain writes all that is known of a rule, for a person.
func Explain(w io.Writer, rule checks.Rule, profiles []Profile, o TextOptions) error {
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
	t.line("To suppress one finding, on its line or the line before:")
	t.line("    # nixlint: ignore %s -- the reason", rule.ID)
	return flush(w, t.out.Bytes())
}

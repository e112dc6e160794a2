package policy

import (
	"fmt"
	"strings"

	"github.com/nixlint/nixlint/checks"
	"github.com/nixlint/nixlint/policies"
)

// rulesPage is policies/RULES.md: all rules with what is known of them and their levels in the built-in profiles.
func rulesPage(rules []checks.Rule) (string, error) {
	var b strings.Builder
	b.WriteString("<!-- Generated from the METADATA of the rules by go generate ./checks/policy. Do not edit. -->\n\n# The rules\n\n" +
		"`nixlint explain RULE` adds an example. \"Not here, because\" is a comment on the line of a finding or the one before,\n" +
		"`# nixlint: ignore RULE -- the reason`, or an entry of `waivers` in .nixlint.yaml.\n\n| rule |")
	var profiles []policies.ProfileData
	for _, name := range policies.Profiles() {
		p, err := policies.Profile(name)
		if err != nil {
			return "", fmt.Errorf("%w", err)
		}
		profiles = append(profiles, p)
		b.WriteString(" " + name + " |")
	}
	b.WriteString(" about |\n|---|" + strings.Repeat("---|", len(profiles)) + "---|\n")
	for _, r := range rules {
		fmt.Fprintf(&b, "| [%s](#%s) |", r.ID, anchor(r.ID))
		for _, p := range profiles {
			b.WriteString(" " + levelIn(p, r.ID) + " |")
		}
		b.WriteString(" " + strings.ReplaceAll(r.Title, "|", `\|`) + " |\n")
	}
	for _, r := range rules {
		fmt.Fprintf(&b, "\n## %s\n\n**%s.** %s\n\n%s\n\n", r.ID, strings.TrimRight(r.Title, "."), r.Description, fixOnPage(r.Fix))
		facts := []string{"judges: " + r.Kind, "precision: " + r.Precision}
		if r.SecuritySeverity != "" {
			facts = append(facts, "security-severity: "+r.SecuritySeverity)
		}
		facts = append(facts, "tags: "+strings.Join(r.Tags, ", "))
		b.WriteString(strings.Join(facts, " · ") + "\n")
		for _, link := range r.Links {
			b.WriteString("- <" + link + ">\n")
		}
	}
	return b.String(), nil
}

func levelIn(p policies.ProfileData, rule string) string {
	if l, ok := p.Rules[rule]; ok {
		return l.Level
	}
	return string(checks.Off)
}

// anchor is the one that a heading gets.
func anchor(heading string) string { return strings.ReplaceAll(strings.ToLower(heading), "/", "") }

// fixOnPage sets a fix that is Nix alone as code; others bring their own.
func fixOnPage(fix string) string {
	if strings.Contains(fix, "\n\n    ") || strings.HasPrefix(fix, "    ") {
		return fix
	}
	return "```nix\n" + fix + "\n```"
}

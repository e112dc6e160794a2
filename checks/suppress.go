package checks

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/loader/inventory"
)

// The rules that the run itself has: they speak of the suppressions, and of what could not be told.
const (
	reasonRule    = "suppressions/reason"
	unknownRule   = "suppressions/unknown-rule"
	unusedRule    = "suppressions/unused"
	undecidedRule = "coverage/undecided"
)

// OwnRules are the rules of the run itself, by ID. They cannot be turned off.
func OwnRules() []Rule {
	const manual = "https://github.com/nixlint/nixlint#suppressions"
	return []Rule{
		{
			ID: undecidedRule, Title: "What could not be told of a unit", Kind: "unit", Severity: Info, Precision: "very-high",
			Description: "Something that rules ask of the unit depends on what is not in sight: a package, an input that is not on disk, a condition " +
				"that is not decided. It may be fine and it may not; it is not counted as either.",
			Fix:  "State the directive on the unit itself, or bring what is missing into sight. `--fail-on-unknown` counts all of these as failures.",
			Tags: []string{"coverage"}, Links: []string{manual},
		},
		{
			ID: reasonRule, Title: "A suppression gives its reason", Kind: "repository", Severity: Warning, Precision: "very-high",
			Description: "Without a reason nobody knows later whether the suppression may go. It does not suppress anything.",
			Fix:         "    # nixlint: ignore hardening/sshd-sandbox -- people log in to work in their homes",
			Tags:        []string{"suppressions"}, Links: []string{manual},
		},
		{
			ID: unknownRule, Title: "A suppression names a rule", Kind: "repository", Severity: Warning, Precision: "very-high",
			Description: "A suppression of a rule that does not exist suppresses nothing: what it was meant for is reported, or hidden from review.",
			Fix:         "`nixlint rules` lists the names.\n\n    # nixlint: ignore RULE[, RULE] -- reason",
			Tags:        []string{"suppressions"}, Links: []string{manual},
		},
		{
			ID: unusedRule, Title: "A suppression suppresses something", Kind: "repository", Severity: Info, Precision: "high",
			Description: "What it was for is gone. The next finding of that rule at this place would be hidden for a reason that no longer holds.",
			Fix:         "Remove the comment.",
			Tags:        []string{"suppressions"}, Links: []string{manual},
		},
	}
}

// suppressions are the inline directives of all files.
type suppressions struct {
	all   []suppression
	wrong []Finding
}

// suppression is one rule of one directive.
type suppression struct {
	rule, reason string
	at, covers   inventory.Location
	enabled      bool
	used         bool
}

func newSuppressions(inv *inventory.Inventory, known map[string]bool, enabled []string) *suppressions {
	s := &suppressions{}
	for i := range inv.Files {
		for k := range inv.Files[i].Directives {
			s.read(&inv.Files[i].Directives[k], known, enabled)
		}
	}
	return s
}

// read takes a directive apart: ignore RULE[, RULE] -- reason.
func (s *suppressions) read(d *inventory.Directive, known map[string]bool, enabled []string) {
	head, reason, _ := strings.Cut(d.Text, "--")
	verb, list, _ := strings.Cut(strings.TrimSpace(head), " ")
	reason = strings.TrimSpace(reason)
	rules := strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' || r == '\t' })
	switch {
	case verb != "ignore":
		s.say(unknownRule, d, fmt.Sprintf("unknown directive %q, want: ignore RULE -- reason", verb))
		return
	case len(rules) == 0:
		s.say(unknownRule, d, "the suppression names no rule, want: ignore RULE -- reason")
		return
	case reason == "":
		s.say(reasonRule, d, fmt.Sprintf("the suppression of %s gives no reason, so it does not suppress; want: ignore RULE -- reason",
			strings.Join(rules, ", ")))
	}
	for _, rule := range rules {
		own := slices.ContainsFunc(OwnRules(), func(r Rule) bool { return r.ID == rule })
		if !known[rule] && !own {
			hint := ""
			if near := Nearest(rule, slices.Sorted(maps.Keys(known))); near != "" {
				hint = ", did you mean " + near + "?"
			}
			s.say(unknownRule, d, fmt.Sprintf("there is no rule %q%s", rule, hint))
			continue
		}
		if reason != "" {
			s.all = append(s.all, suppression{rule: rule, reason: reason, at: d.At, covers: d.Covers, enabled: own || slices.Contains(enabled, rule)})
		}
	}
}

func (s *suppressions) say(rule string, d *inventory.Directive, message string) {
	at := d.At
	s.wrong = append(s.wrong, Finding{
		Rule: rule, Severity: Warning, Verdict: Fail, Message: message, At: &at, Hosts: []string{}, Notes: []Note{},
		Fingerprint: fingerprint(rule+"\x00"+at.File+"\x00"+normal(d.Text), 0),
	})
}

// apply parts the findings that a directive covers from the others.
func (s *suppressions) apply(findings []Finding) (left, suppressed []Finding) {
	left = []Finding{}
	for _, f := range findings {
		if by := s.covering(&f); by != nil {
			by.used = true
			f.Suppressed = by.reason
			suppressed = append(suppressed, f)
			continue
		}
		left = append(left, f)
	}
	return left, suppressed
}

// covering is the narrowest directive of the rule whose lines hold the start of the finding.
func (s *suppressions) covering(f *Finding) *suppression {
	if f.At == nil {
		return nil
	}
	var best *suppression
	for i := range s.all {
		d := &s.all[i]
		if d.rule != f.Rule || d.covers.File != f.At.File || f.At.Line < d.covers.Line || f.At.Line > d.covers.EndLine {
			continue
		}
		if best == nil || d.covers.EndLine-d.covers.Line < best.covers.EndLine-best.covers.Line {
			best = d
		}
	}
	return best
}

// findings are those about the directives themselves, after apply. What a rule that is off would have found is not known,
// so its suppression is not called unused.
func (s *suppressions) findings() []Finding {
	out := s.wrong
	for i := range s.all {
		if d := &s.all[i]; d.enabled && !d.used {
			out = append(out, Finding{
				Rule: unusedRule, Severity: Info, Verdict: Fail, At: &d.at, Hosts: []string{}, Notes: []Note{},
				Message:     fmt.Sprintf("nothing of %s is found here: the suppression can go", d.rule),
				Fingerprint: fingerprint(unusedRule+"\x00"+d.at.File+"\x00"+d.rule+"\x00"+normal(d.reason), 0),
			})
		}
	}
	return out
}

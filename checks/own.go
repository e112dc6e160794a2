package checks

import (
	"slices"

	"github.com/nixlint/nixlint/loader/inventory"
)

// The rules that the run itself has: they speak of the suppressions, and of what could not be told.
const (
	reasonRule    = "suppressions/reason"
	unknownRule   = "suppressions/unknown-rule"
	unusedRule    = "suppressions/unused"
	expiredRule   = "suppressions/expired"
	lockedRule    = "suppressions/locked"
	undecidedRule = "coverage/undecided"

	predictionRule = "coverage/prediction"
)

// OwnRules are the rules of the run itself, by ID. They cannot be turned off.
func OwnRules() []Rule {
	const manual = "https://github.com/nixlint/nixlint#suppressions"
	return []Rule{
		{
			ID: predictionRule, Title: "What was built is what the Nix files say", Kind: "unit", Severity: Info, Precision: "high",
			Description: "With `--built` the units that were built are judged. One is not what nixlint reads from the Nix files: the system was built of " +
				"another revision, or nixlint misreads them. Without the built system its findings about this unit may be wrong.",
			Fix:  "Build again and judge that. If the difference stays, report it with the definition of the unit.",
			Tags: []string{"coverage"}, Links: []string{manual},
		},
		{
			ID: undecidedRule, Title: "What could not be told of a unit", Kind: "unit", Severity: Info, Precision: "very-high",
			Description: "Something that rules ask of the unit depends on what is not in sight: a package, an input that is not on disk, a condition " +
				"that is not decided. It may be fine and it may not; it is not counted as either.",
			Fix:  "State the directive on the unit itself, or bring what is missing into sight. `--fail-on-unknown` counts all of these as failures.",
			Tags: []string{"coverage"}, Links: []string{manual},
		},
		{
			ID: expiredRule, Title: "A suppression has not ended", Kind: "repository", Severity: Warning, Precision: "very-high",
			Description: "Whoever wrote it wanted to look again by that day. It does not suppress anything any more.",
			Fix:         "Mend what it was for, or give it another day.\n\n    # nixlint: ignore hardening/sandbox until=2027-01-31 -- waits for upstream",
			Tags:        []string{"suppressions"}, Links: []string{manual},
		},
		{
			ID: lockedRule, Title: "No comment suppresses a locked rule", Kind: "repository", Severity: Warning, Precision: "very-high",
			Description: "The configuration lists the rule under locked, so that an exception stands in one place that somebody watches.",
			Fix:         "Mend what is found, or ask the owners of .nixlint.yaml for a waiver; then remove the comment.",
			Tags:        []string{"suppressions"}, Links: []string{manual},
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

// IsOwn reports whether a rule is one of OwnRules.
func IsOwn(rule string) bool {
	return slices.ContainsFunc(OwnRules(), func(r Rule) bool { return r.ID == rule })
}

// own is a finding of a rule of the run itself. Text is what it is about, without its place.
func (o *Options) own(rule string, at *inventory.Location, text, message string) Finding {
	f := Finding{Rule: rule, Severity: o.ownLevel(rule), Verdict: Fail, Message: message, At: at, Hosts: []string{}, Notes: []Note{}}
	file := ""
	if at != nil {
		place := *at
		f.At, file = &place, at.File
	}
	f.Fingerprint = fingerprint(rule+"\x00"+file+"\x00"+normal(text), 0)
	return f
}

// ownLevel is the level of a rule of the run itself.
func (o *Options) ownLevel(rule string) Level {
	if w, ok := o.Rules[rule]; ok && w.Level != "" && w.Level != Off {
		return w.Level
	}
	for _, r := range OwnRules() {
		if r.ID == rule {
			return r.Severity
		}
	}
	return Info
}

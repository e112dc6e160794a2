package main

import (
	"slices"
	"strings"

	"github.com/nixlint/nixlint/checks"
)

// choose refuses a value that is none of the choices.
func choose(what, value string, choices []string) error {
	if slices.Contains(choices, value) {
		return nil
	}
	return unknown(what, value, choices)
}

// unknown is the error for a word that does not exist: it names the nearest one, if one is near, and all there are.
func unknown(what, word string, choices []string) error {
	hint := ""
	if near := checks.Nearest(word, choices); near != "" {
		hint = ": did you mean " + near + "?"
	}
	plural := what + "s"
	if stem, ok := strings.CutSuffix(what, "y"); ok {
		plural = stem + "ies"
	}
	return misuse("unknown %s %q%s (%s: %s)", what, word, hint, plural, strings.Join(choices, ", "))
}

// unknownRule is the error for a rule that does not exist. The rules are too many to name all.
func unknownRule(name string, rules []string) error {
	near := checks.Nearest(name, rules)
	if near == "" {
		return misuse("unknown rule %q; nixlint rules lists them", name)
	}
	return misuse("unknown rule %q: did you mean %s? nixlint rules lists them", name, near)
}

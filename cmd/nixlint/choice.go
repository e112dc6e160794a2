package main

import (
	"slices"
	"strings"
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
	if near := nearest(word, choices); near != "" {
		hint = ": did you mean " + near + "?"
	}
	return misuse("unknown %s %q%s (%ss: %s)", what, word, hint, what, strings.Join(choices, ", "))
}

// unknownRule is the error for a rule that does not exist. The rules are too many to name all.
func unknownRule(name string, rules []string) error {
	near := nearest(name, rules)
	for _, rule := range rules {
		if _, last, _ := strings.Cut(rule, "/"); near == "" && last == name {
			near = rule
		}
	}
	if near == "" {
		return misuse("unknown rule %q; nixlint rules lists them", name)
	}
	return misuse("unknown rule %q: did you mean %s? nixlint rules lists them", name, near)
}

// nearest is the choice that is the fewest edits away, at most a third of its length; empty when none is.
func nearest(word string, choices []string) string {
	best, least := "", len(word)+1
	for _, c := range choices {
		if d := distance(strings.ToLower(word), c); d < least && d <= max(1, len(c)/3) {
			best, least = c, d
		}
	}
	return best
}

// distance counts the insertions, deletions and replacements of a byte that lead from a to b.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], cost
		}
	}
	return row[len(b)]
}

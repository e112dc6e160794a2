package checks

import "strings"

// Nearest is the choice that was probably meant by a word that is none of them: the one that is the fewest edits away, at
// most a third of its length, else one that starts with it, else the rule of that last word. It is empty when none is near.
func Nearest(word string, choices []string) string {
	best, least := "", len(word)+1
	for _, c := range choices {
		if d := distance(strings.ToLower(word), c); d < least && d <= max(1, len(c)/3) {
			best, least = c, d
		}
	}
	if best != "" {
		return best
	}
	for _, c := range choices {
		if len(word) > 2 && strings.HasPrefix(c, strings.ToLower(word)) {
			return c
		}
	}
	for _, c := range choices {
		if last := c[strings.LastIndexByte(c, '/')+1:]; last == word[strings.LastIndexByte(word, '/')+1:] {
			return c
		}
	}
	return ""
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

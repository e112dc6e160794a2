package report

import "unicode/utf8"

// unitMarks count UTF-16 units in the lines of a file. A line of several hundred kilobytes, as generated files have, with thousands of
// findings on it is counted once.
type unitMarks map[int][]mark

// mark is how many units stand before a byte of a line.
type mark struct{ at, units int }

// markEvery is how many bytes lie between marks.
const markEvery = 1024

// before is how many UTF-16 units the first n bytes of a line have.
func (c unitMarks) before(line int, text string, n int) int {
	n = min(max(n, 0), len(text))
	if n <= markEvery {
		return units(text[:n])
	}
	marks, ok := c[line]
	if !ok {
		marks = marksOf(text)
		c[line] = marks
	}
	i := min(n/markEvery, len(marks)-1)
	for marks[i].at > n {
		i--
	}
	return marks[i].units + units(text[marks[i].at:n])
}

// marksOf places a mark at the first character from every multiple of markEvery on.
func marksOf(text string) []mark {
	marks := []mark{{}}
	n := 0
	for at, r := range text {
		if at >= len(marks)*markEvery {
			marks = append(marks, mark{at: at, units: n})
		}
		n += unitsOf(r)
	}
	return marks
}

func units(text string) int {
	n := 0
	for _, r := range text {
		n += unitsOf(r)
	}
	return n
}

// unitsOf is 2 for what UTF-16 writes as a pair.
func unitsOf(r rune) int {
	if r > 0xffff && r <= utf8.MaxRune {
		return 2
	}
	return 1
}

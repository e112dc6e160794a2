package report

import (
	"strconv"
	"strings"
	"unicode/utf16"

	"github.com/nixlint/nixlint/loader/source"
)

// hashWindow is how many UTF-16 units from the start of a line its hash sees.
const hashWindow = 100

// lineHashes gives every line of a file the value that code scanning knows an alert by when lines move:
// primaryLocationLineHash. It is a polynomial hash (base 37, modulo 2^64) of the next 100 units that are no blanks, line ends
// included as LF, then a sentinel and zeros; the number after the colon tells equal lines of a file apart.
func lineHashes(f *source.File) []string {
	units, starts := significant(f.Text)
	seen := map[uint64]int{}
	hashes := make([]string, len(starts))
	for i, start := range starts {
		var h uint64
		for _, u := range units[start : start+hashWindow] {
			h = h*37 + uint64(u)
		}
		seen[h]++
		hashes[i] = strconv.FormatUint(h, 16) + ":" + strconv.Itoa(seen[h])
	}
	return hashes
}

// significant is the text without blanks, ended by the sentinel and padded for a window that starts at its last unit, and
// where each line starts in it.
func significant(text string) (units []uint16, starts []int) {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	fresh := true
	add := func(u uint16) {
		if fresh {
			starts = append(starts, len(units))
		}
		units = append(units, u)
		fresh = u == '\n'
	}
	for _, u := range utf16.Encode([]rune(text)) {
		switch u {
		case ' ', '\t':
		case '\r':
			add('\n')
		default:
			add(u)
		}
	}
	add(0xffff)
	return append(units, make([]uint16, hashWindow)...), starts
}

package report

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	tabStop    = 4
	proseWidth = 92 // columns of a paragraph
)

// cell is one character of a line as a terminal shows it.
type cell struct {
	text  string
	width int
	at    int // offset of the first byte in the line
}

// cells splits a line into what a terminal shows. Tabs become spaces; what would move the cursor, change colours, reorder
// or hide text (control, bidirectional and zero-width characters, broken UTF-8) is shown as an escape.
func cells(line string) []cell {
	out := make([]cell, 0, len(line))
	column := 0
	for at := 0; at < len(line); {
		r, n := utf8.DecodeRuneInString(line[at:])
		c := cell{text: line[at : at+n], width: runeWidth(r), at: at}
		switch {
		case r == '\t':
			c.width = tabStop - column%tabStop
			c.text = strings.Repeat(" ", c.width)
		case r == utf8.RuneError && n == 1:
			c.text = fmt.Sprintf(`\x%02x`, line[at])
			c.width = len(c.text)
		case !shown(r):
			c.text = escape(r)
			c.width = len(c.text)
		}
		column += c.width
		out = append(out, c)
		at += n
	}
	return out
}

// Visible is a text of the user made harmless for a terminal, on one line.
func Visible(text string) string {
	if plain(text) {
		return text
	}
	var b strings.Builder
	for _, c := range cells(text) {
		b.WriteString(c.text)
	}
	return b.String()
}

func plain(text string) bool {
	for i := range len(text) {
		if text[i] < ' ' || text[i] > '~' {
			return false
		}
	}
	return true
}

func shown(r rune) bool {
	return !unicode.Is(unicode.C, r) && r != '\u2028' && r != '\u2029' || unicode.Is(unicode.Co, r)
}

func escape(r rune) string {
	switch {
	case r == '\n':
		return `\n`
	case r == '\r':
		return `\r`
	case r < 0x100:
		return fmt.Sprintf(`\x%02x`, r)
	case r < 0x10000:
		return fmt.Sprintf(`\u%04x`, r)
	}
	return fmt.Sprintf(`\U%08x`, r)
}

// runeWidth is how many columns a terminal gives a character: two for East Asian wide ones and most emoji, none for marks
// that sit on the character before.
func runeWidth(r rune) int {
	switch {
	case r < 0x300:
		return 1
	case unicode.In(r, unicode.Mn, unicode.Me):
		return 0
	case unicode.Is(wide, r):
		return 2
	}
	return 1
}

// wide follows the W and F classes of Unicode's East Asian Width (UAX #11), emoji with it.
var wide = &unicode.RangeTable{
	R16: []unicode.Range16{
		{Lo: 0x1100, Hi: 0x115f, Stride: 1},
		{Lo: 0x231a, Hi: 0x231b, Stride: 1},
		{Lo: 0x2329, Hi: 0x232a, Stride: 1},
		{Lo: 0x23e9, Hi: 0x23ec, Stride: 1},
		{Lo: 0x26a1, Hi: 0x26a1, Stride: 1},
		{Lo: 0x2705, Hi: 0x2705, Stride: 1},
		{Lo: 0x274c, Hi: 0x274c, Stride: 1},
		{Lo: 0x2e80, Hi: 0x303e, Stride: 1},
		{Lo: 0x3041, Hi: 0x4dbf, Stride: 1},
		{Lo: 0x4e00, Hi: 0xa4cf, Stride: 1},
		{Lo: 0xa960, Hi: 0xa97f, Stride: 1},
		{Lo: 0xac00, Hi: 0xd7a3, Stride: 1},
		{Lo: 0xf900, Hi: 0xfaff, Stride: 1},
		{Lo: 0xfe10, Hi: 0xfe19, Stride: 1},
		{Lo: 0xfe30, Hi: 0xfe6f, Stride: 1},
		{Lo: 0xff00, Hi: 0xff60, Stride: 1},
		{Lo: 0xffe0, Hi: 0xffe6, Stride: 1},
	},
	R32: []unicode.Range32{
		{Lo: 0x17000, Hi: 0x18cd5, Stride: 1},
		{Lo: 0x1b000, Hi: 0x1b2fb, Stride: 1},
		{Lo: 0x1f300, Hi: 0x1f64f, Stride: 1},
		{Lo: 0x1f680, Hi: 0x1f6ff, Stride: 1},
		{Lo: 0x1f900, Hi: 0x1f9ff, Stride: 1},
		{Lo: 0x1fa70, Hi: 0x1faff, Stride: 1},
		{Lo: 0x20000, Hi: 0x3fffd, Stride: 1},
	},
}

// prose turns Markdown into lines of a terminal: paragraphs are wrapped, code (fenced or indented by four) is left as it is.
func prose(markdown string) []string {
	var lines []string
	var paragraph []string
	end := func() {
		lines = append(lines, wrap(paragraph)...)
		paragraph = nil
	}
	fenced := false
	for line := range strings.Lines(strings.Trim(markdown, "\n")) {
		line = strings.TrimRight(line, " \t\r\n")
		trimmed := strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(trimmed, "```"):
			end()
			fenced = !fenced
		case fenced:
			lines = append(lines, "    "+Visible(line))
		case trimmed == "":
			end()
			lines = append(lines, "")
		case paragraph == nil && strings.HasPrefix(line, "    "):
			lines = append(lines, Visible(line))
		default:
			if strings.HasPrefix(trimmed, "- ") {
				end()
			}
			paragraph = append(paragraph, strings.Fields(trimmed)...)
		}
	}
	end()
	return lines
}

// wrap sets words in lines of at most proseWidth columns; a longer word has a line of its own.
func wrap(words []string) []string {
	var lines []string
	line, used := "", 0
	for _, word := range words {
		word = Visible(word)
		n := 0
		for _, r := range word {
			n += runeWidth(r)
		}
		switch {
		case line == "":
			line, used = word, n
		case used+1+n <= proseWidth:
			line, used = line+" "+word, used+1+n
		default:
			lines = append(lines, line)
			line, used = word, n
		}
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

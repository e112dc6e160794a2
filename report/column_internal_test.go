package report

import (
	"strings"
	"testing"
	"unicode/utf16"
)

func TestColumnsCountUnits(t *testing.T) {
	for name, text := range map[string]string{
		"short": "aä𝄞b", "long": strings.Repeat("aä𝄞\xff€", 3000), "broken": strings.Repeat("\xf0\x9f", 4000),
	} {
		c := unitMarks{}
		step := max(len(text)/997, 1)
		for n := 0; n <= len(text)+1; n += step {
			cut := text[:min(n, len(text))]
			if got, want := c.before(1, text, n), len(utf16.Encode([]rune(cut))); got != want {
				t.Fatalf("%s: %d units in %d bytes, want %d", name, got, n, want)
			}
		}
	}
}

func BenchmarkColumns(b *testing.B) {
	text := strings.Repeat("{ systemd.services.x = {}; } ", 400<<10/29)
	for b.Loop() {
		c := unitMarks{}
		for n := 0; n < len(text); n += len(text) / 15000 {
			c.before(1, text, n)
		}
	}
}

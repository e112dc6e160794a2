package report

import (
	"strings"
	"testing"

	"github.com/nixlint/nixlint/loader/inventory"
	"github.com/nixlint/nixlint/loader/source"
)

// A line that does not fit does without the comment behind the code, and never without the place.
func TestSnippetCutsTheCommentFirst(t *testing.T) {
	t.Parallel()
	words := strings.Repeat("word ", 40)
	for name, c := range map[string]struct {
		line, mark, want string
	}{
		"comment":           {`  a = "x"; # ` + words, `"x"`, `  a = "x"; # ...`},
		"comment that fits": {`  a = "x"; # why`, `"x"`, `  a = "x"; # why`},
		"in a text":         {`  a = "x # y"; # ` + words, `"x # y"`, `  a = "x # y"; # ...`},
		"a whole comment":   {`  # ` + words, "#", ("  # " + words)[:snippetWidth] + "..."},
		"of the comment":    {`  a = 1; # ` + words, "# word", ("  a = 1; # " + words)[:snippetWidth] + "..."},
		"long code":         {`  a = "` + words + `"; # why`, "a", (`  a = "` + words)[:snippetWidth] + "..."},
	} {
		f := source.NewFile("a.nix", c.line+"\n")
		from := strings.Index(c.line, c.mark)
		s, ok := cut(f, inventory.Location{File: "a.nix", Line: 1, Column: from + 1, EndLine: 1, EndColumn: from + 1 + len(c.mark)})
		if !ok || s.text != c.want {
			t.Errorf("%s: got\n%q, want\n%q", name, s.text, c.want)
		}
		if s.start != from || s.end != from+len(c.mark) {
			t.Errorf("%s: %d to %d is marked, want %d to %d", name, s.start, s.end, from, from+len(c.mark))
		}
	}
}

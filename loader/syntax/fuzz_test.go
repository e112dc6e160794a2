package syntax_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/nixlint/nixlint/loader/source"
	"github.com/nixlint/nixlint/loader/syntax"
)

// FuzzParse: no bytes make Parse or Resolve panic, what is in a node lies inside it, and what Print writes is read and
// printed as itself.
func FuzzParse(f *testing.F) {
	for _, p := range valid {
		for _, c := range p.cases {
			f.Add(c.src)
		}
	}
	for _, src := range invalid {
		f.Add(src)
	}
	f.Fuzz(func(t *testing.T, src string) {
		file := resolved(src)
		checkSpans(t, file)
		checkPrinted(t, file)
	})
}

func TestSpansAndPrintedForms(t *testing.T) {
	for _, p := range valid {
		for _, c := range p.cases {
			file := resolved(c.src)
			checkSpans(t, file)
			checkPrinted(t, file)
		}
	}
	for _, src := range invalid {
		checkSpans(t, resolved(src))
	}
}

// TestDeepNestingIsAProblem nests each construct far deeper than any stack of a small recursion would bear.
func TestDeepNestingIsAProblem(t *testing.T) {
	for _, open := range []string{
		"(", "[", "{a=", "rec{a=", "let a=", "let{a=", "x: ", "{a}:", "{a?", "if ", "if 1 then ", "if 1 then 1 else ", "with 1;",
		"assert 1;", "with ", "!", "-", "1+", "1++", "1//", "1==1&&", "1->", "a.b or ", "a.${", "a?${", `"${`, "''${", "a/${",
		"{${", "inherit(", "{inherit(", "f(", "f [", "a|>", "a<|", "/${", "a or ", "x@{a?",
	} {
		for _, n := range []int{4000, 10_000, 100_000} {
			f := resolved(strings.Repeat(open, n))
			if len(f.Problems) == 0 {
				t.Errorf("%d times %q is no problem", n, open)
			}
			if n <= 10_000 {
				checkSpans(t, f)
			}
		}
	}
}

func TestTenThousandParenthesesAreRefusedOnce(t *testing.T) {
	const n = 10_000
	f := resolved(strings.Repeat("(", n) + "1" + strings.Repeat(")", n))
	if len(f.Problems) != 1 || !strings.Contains(f.Problems[0].Message, "nest deeper") {
		t.Errorf("problems: %v", f.Problems)
	}
}

// checkSpans checks that each node lies inside the one around it, after the one before it, and says what stands there.
func checkSpans(t *testing.T, f *syntax.File) {
	t.Helper()
	text := f.Source.Text
	var enter func(n, around syntax.Node)
	enter = func(n, around syntax.Node) {
		if n.Start() < around.Start() || n.End() > around.End() || n.Start() > n.End() {
			t.Fatalf("%q: %T %d–%d is not inside %T %d–%d", text, n, n.Start(), n.End(), around, around.Start(), around.End())
		}
		checkText(t, f, n)
		after := n.Start()
		syntax.Walk(n, func(child syntax.Node) bool {
			if child == n {
				return true
			}
			if child.Start() < after {
				t.Fatalf("%q: %T at %d starts before %d, where its neighbour ends", text, child, child.Start(), after)
			}
			after = child.End()
			enter(child, n)
			return false
		})
	}
	whole := f.Span(f.Root)
	whole.Start, whole.End = 0, source.Pos(len(text))
	root := f.Root
	if root.Start() < whole.Start || root.End() > whole.End {
		t.Fatalf("%q: the root is %d–%d", text, root.Start(), root.End())
	}
	enter(root, root)
	for _, p := range f.Problems {
		if p.Span.Start < 0 || p.Span.Start > p.Span.End || int(p.Span.End) > len(text) {
			t.Fatalf("%q: problem at %d–%d", text, p.Span.Start, p.Span.End)
		}
	}
}

// checkText checks that the text at a node is the one that the node says.
func checkText(t *testing.T, f *syntax.File, n syntax.Node) {
	t.Helper()
	at := f.Span(n).Text()
	ok := true
	switch n := n.(type) {
	case *syntax.Ident:
		ok = at == n.Name
	case *syntax.URI:
		ok = at == n.Value
	case *syntax.SearchPath:
		ok = at == "<"+n.Name+">"
	case *syntax.StringPart:
		ok = n.Expr != nil || len(at) != len(n.Text) || at == n.Text || at == "\r"
	case *syntax.Attr:
		ok = strings.HasSuffix(at, ";") || len(f.Problems) > 0
	}
	if !ok {
		t.Fatalf("%q: %T says another text: %q", f.Source.Text, n, at)
	}
}

// checkPrinted checks that print, parse and print again change nothing, once a first round has put names into strings.
func checkPrinted(t *testing.T, f *syntax.File) {
	t.Helper()
	if len(f.Problems) > 0 || !utf8.ValidString(f.Source.Text) { // a shorter form may look binary
		return
	}
	again := func(text string) (string, bool) {
		f := resolved(text)
		return syntax.Print(f, "/dir", "/home"), len(f.Problems) == 0
	}
	printed := syntax.Print(f, "/dir", "/home")
	once, ok := again(printed)
	if !ok { // Nix prints an assert without parentheses, 1e+06 for a million and / for the root
		return
	}
	if twice, ok := again(once); !ok || twice != once {
		t.Fatalf("%q is printed as\n%s\nthen\n%s\nthen\n%s", f.Source.Text, printed, once, twice)
	}
}

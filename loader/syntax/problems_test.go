package syntax_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/nixlint/nixlint/loader/source"
	"github.com/nixlint/nixlint/loader/syntax"
)

func TestEveryProblemIsSaidOnce(t *testing.T) {
	for _, c := range problems {
		var got []string
		for _, p := range resolved(c.src).Problems {
			got = append(got, describe(p))
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s\n got\n%s\nwant\n%s", c.src, strings.Join(got, "\n"), strings.Join(c.want, "\n"))
		}
	}
}

// describe writes a problem on a line: its place and message, then the notes in brackets.
func describe(p source.Problem) string {
	var b strings.Builder
	place := func(s source.Span) string { return strings.TrimPrefix(s.String(), "x.nix:") }
	fmt.Fprintf(&b, "%s %s", place(p.Span), p.Message)
	for _, n := range p.Notes {
		fmt.Fprintf(&b, " [%s %s]", place(n.Span), n.Message)
	}
	return b.String()
}

func TestBinaryFilesAreANotice(t *testing.T) {
	for _, text := range []string{"\x00GITCRYPT\x00abc", strings.Repeat("\xff\xfe", 100)} {
		f := resolved(text)
		if len(f.Problems) != 1 || f.Problems[0].Severity != source.Notice {
			t.Errorf("problems: %v", f.Problems)
		}
		if _, ok := f.Root.(*syntax.Bad); !ok {
			t.Errorf("the root is a %T", f.Root)
		}
	}
}

func TestPipesAreReadAndNoticed(t *testing.T) {
	f := resolved("1 |> (x: x) |> (y: y)")
	for _, p := range f.Problems {
		if p.Severity != source.Notice {
			t.Errorf("%v is a failure", p)
		}
	}
	if got, want := syntax.Print(f, "/", ""), "((y: y) ((x: x) 1))"; got != want || len(f.Problems) != 2 {
		t.Errorf("got %s, want %s; %v", got, want, f.Problems)
	}
}

func TestNoMoreProblemsThanAReaderTakes(t *testing.T) {
	f := resolved("{ " + strings.Repeat("a = ;\n", 5000) + "}")
	if len(f.Problems) != 100 {
		t.Errorf("%d problems", len(f.Problems))
	}
}

func TestCommentsAreKept(t *testing.T) {
	f := resolved("# a\r\n{ /* b\n */ a # c\n = \"# no\" ''\n# no\n'' let # d\n { body = 1; }; } # e")
	var got []string
	for _, c := range f.Comments {
		got = append(got, f.Span(c).Text())
	}
	if want := []string{"# a", "/* b\n */", "# c", "# d", "# e"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// problems holds files that are wrong, and all that is said of them.
var problems = []struct {
	src  string
	want []string
}{
	{"{\n  a = 1\n  b = 2;\n  c = ;\n  d = [ 1 2;\n  e = (3;\n  f = \"x\";\n}", []string{
		`3:3 found "b", expected ";" [2:8 missing here]`,
		`4:7 found ";", expected an expression`,
		`5:12 found ";", expected "]" [5:7 opened here]`,
		`6:9 found ";", expected ")" [6:7 opened here]`,
	}},
	{"{\n  a = x: 1 + x # one\n  # two\n  b.c = 2; # three\n}", []string{
		`4:3 found "b", expected ";" [2:15 missing here]`,
	}},
	{"{ a = \"x\"\n  b = 2; }", []string{
		`2:3 found "b", expected ";" [1:10 missing here]`,
	}},
	{"{ a = { }\n  b = 2; }", []string{
		`2:3 found "b", expected ";" [1:10 missing here]`,
	}},
	{"{ a = x: if x then 1 else x\n  b = 2; }", []string{
		`2:3 found "b", expected ";" [1:28 missing here]`,
	}},
	{"{ a = x: with x; x\n  b.c.d = 2; }", []string{
		`2:3 found "b", expected ";" [1:19 missing here]`,
	}},
	{"x: {\n  a = x ? b\n  c = 2; d = ; }", []string{
		`3:3 found "c", expected ";"`,
		`3:14 found ";", expected an expression`,
	}},
	{"x: {\n  a = x\n  inherit x; d = ; }", []string{
		`3:3 found "inherit", expected ";"`,
		`3:18 found ";", expected an expression`,
	}},
	{"x: {\n  inherit (x) a b # c\n  d.e = 1; f = ; }", []string{
		`3:3 found "d", expected ";" [2:18 missing here]`,
		`3:16 found ";", expected an expression`,
	}},
	{"let\n  a = 1\n  b = 2;\nin a", []string{
		`3:3 found "b", expected ";" [2:8 missing here]`,
	}},
	{"{ a = 1 b = 2; }", []string{
		`1:9 undefined variable "b"`,
		`1:11 found "=", expected ";"`,
	}},
	{"{\n  a = {\n    b = 80\n  };\n  c = {\n    d = 1;\n}\n", []string{
		`4:3 found "}", expected ";"`,
		`8:1 found end of file, expected ";" [1:1 { opened here]`,
	}},
	{"{ a = { b = 1; ; c = 2; }", []string{
		`1:16 found ";", expected an attribute name, "inherit" or "}"`,
		`1:26 found end of file, expected ";" [1:1 { opened here]`,
	}},
	{"let\n  a = 1;\n  b = [ 1 2 3;\n  c = { x = 1;\nin a", []string{
		`3:14 found ";", expected "]" [3:7 opened here]`,
		`5:1 found "in", expected "}" [4:7 opened here]`,
	}},
	{"let a = 1; b = 2 in a + b", []string{
		`1:18 found "in", expected ";"`,
	}},
	{"let a = x: {\n  b = 1;\nin a", []string{
		`3:1 found "in", expected "}" [1:12 opened here]`,
	}},
	{"let a = 1; in", []string{
		"1:14 found end of file, expected an expression",
	}},
	{"let a = 1; a", []string{
		`1:13 found end of file, expected "=" or "."`,
	}},
	{"let in in 1", []string{
		`1:8 found "in", expected an expression`,
	}},
	{"let\n  a = 1;\n}", []string{
		`3:1 found "}", expected an attribute name, "inherit" or "in"`,
		`3:2 found end of file, expected "in" [1:1 opened here]`,
	}},
	{"{ a = let b = 1; c; d = 2; }", []string{
		`1:19 found ";", expected "=" or "."`,
		`1:28 found "}", expected "in" [1:7 opened here]`,
	}},
	{`{ a = "foo; b = 1; }`, []string{
		`1:21 found end of file, expected "\"" [1:7 opened here]`,
	}},
	{"{ a = ''foo; b = 1; }", []string{
		`1:22 found end of file, expected "''" [1:7 opened here]`,
	}},
	{`{ a = "${1"; b = 1; }`, []string{
		`1:22 found end of file, expected "\"" [1:11 opened here]`,
	}},
	{"''\n  ${1; b}\n''", []string{
		`2:6 found ";", expected "}" [2:3 opened here]`,
	}},
	{`"${}"`, []string{
		`1:4 found "}", expected an expression`,
	}},
	{`"${1 2 3"`, []string{
		`1:10 found end of file, expected "\"" [1:9 opened here]`,
	}},
	{"{ ${1 = 2; }", []string{
		`1:7 found "=", expected "}" [1:3 opened here]`,
		`1:10 found ";", expected "=" or "."`,
	}},
	{"[ 1, 2 ]", []string{
		`1:4 found ",", expected an element of the list or "]"`,
	}},
	{"[ 1 2", []string{
		`1:6 found end of file, expected "]" [1:1 opened here]`,
	}},
	{"[ (1 ]", []string{
		`1:6 found "]", expected ")" [1:3 opened here]`,
	}},
	{"[ 1 ) 2 ]", []string{
		`1:5 found ")", expected an element of the list or "]"`,
	}},
	{"[ 1 = 2 ]", []string{
		`1:5 found "=", expected an element of the list or "]"`,
	}},
	{"x: [ if x then 1 else 2 ]", []string{
		`1:6 found "if", expected an operand; this needs parentheses here`,
	}},
	{"x: [ x: x ]", []string{
		`1:7 found ":", expected an element of the list or "]"`,
	}},
	{"(1 2; 3)", []string{
		`1:5 found ";", expected ")" [1:1 opened here]`,
	}},
	{"(1", []string{
		`1:3 found end of file, expected ")" [1:1 opened here]`,
	}},
	{"( 1 ]", []string{
		`1:5 found "]", expected ")" [1:1 opened here]`,
	}},
	{"()", []string{
		`1:2 found ")", expected an expression`,
	}},
	{"{ a: 1, b: 2 }", []string{
		`1:4 found ":", expected "=" or "."`,
	}},
	{`{ "a": 1 }`, []string{
		`1:6 found ":", expected "=" or "."`,
	}},
	{"{ a = 1; } }\n{ b = 1; }", []string{
		`1:12 found "}", expected end of file`,
	}},
	{"{ a = { }; };\n b = 1; c = ;\n}", []string{
		`1:13 found ";", expected end of file`,
		`2:13 found ";", expected an expression`,
	}},
	{"{ a = 1; b.c = { } };\n d = ; }", []string{
		`1:20 found "}", expected ";"`,
		`1:21 found ";", expected end of file`,
		`2:6 found ";", expected an expression`,
	}},
	{"{ a }", []string{
		`1:6 found end of file, expected ":" and the function's body`,
	}},
	{"{ a, b }", []string{
		`1:9 found end of file, expected ":" and the function's body`,
	}},
	{"{ a b }: 1", []string{
		`1:5 found "b", expected "=" or "."`,
		`1:8 found ":", expected end of file`,
	}},
	{"{ a, , b }: 1", []string{
		`1:6 found ",", expected an argument's name, "..." or "}"`,
	}},
	{"{ ..., a }: a", []string{
		`1:6 found ",", expected "}" after "..."`,
	}},
	{"{ a ? }: 1", []string{
		`1:7 found "}", expected an expression`,
	}},
	{"x@: 1", []string{
		`1:3 found ":", expected "{" and the function's arguments`,
	}},
	{"x@{ a = 1; }: x", []string{
		"1:3 found an attribute set, expected the function's arguments",
	}},
	{"{ a }@: a", []string{
		`1:7 found ":", expected a name for the arguments`,
	}},
	{"{ a }@x x", []string{
		`1:9 found "x", expected ":" and the function's body`,
	}},
	{"x: x: y: 1 : 2", []string{
		`1:12 found ":", expected end of file`,
	}},
	{"if true then 1", []string{
		`1:15 found end of file, expected "else" [1:1 opened here]`,
	}},
	{"if true else 1", []string{
		`1:9 found "else", expected "then" [1:1 opened here]`,
	}},
	{"if true 1 else 2", []string{
		`1:11 found "else", expected "then" [1:1 opened here]`,
	}},
	{"if true then { a = 1; else 2", []string{
		`1:23 found "else", expected "}" [1:14 opened here]`,
	}},
	{"with { } 1", []string{
		`1:11 found end of file, expected ";" [1:1 opened here]`,
	}},
	{"with { } { a = 1; }", []string{
		`1:20 found end of file, expected ";" [1:1 opened here]`,
	}},
	{"with { }; ", []string{
		"1:11 found end of file, expected an expression",
	}},
	{"assert true { }", []string{
		`1:16 found end of file, expected ";" [1:1 opened here]`,
	}},
	{"{ inherit ({ }) a b c d = 1; }", []string{
		`1:25 found "=", expected a name or ";"`,
	}},
	{"{ inherit a. ; }", []string{
		`1:11 undefined variable "a"`,
		`1:12 found ".", expected a name or ";"`,
	}},
	{"{ in = 1; let = 2; b = ; }", []string{
		`1:3 found "in", expected an attribute name, "inherit" or "}"`,
		`1:11 found "let", expected an attribute name, "inherit" or "}"`,
		`1:24 found ";", expected an expression`,
	}},
	{"{ a.b. = 1; c = ; }", []string{
		`1:8 found "=", expected an attribute name`,
		`1:17 found ";", expected an expression`,
	}},
	{"{ = 1; b = ; }", []string{
		`1:3 found "=", expected an attribute name, "inherit" or "}"`,
		`1:12 found ";", expected an expression`,
	}},
	{"{ 1 = 1; }", []string{
		`1:3 found "1", expected an attribute name, "inherit" or "}"`,
	}},
	{"{ a = ) ; b = ] ; c = 1; }", []string{
		`1:7 found ")", expected an expression`,
		`1:15 found "]", expected an expression`,
	}},
	{"x: x.", []string{
		"1:6 found end of file, expected an attribute name",
	}},
	{"x: x ? 1", []string{
		`1:8 found "1", expected an attribute name`,
	}},
	{"rec 1", []string{
		`1:5 found "1", expected "{"`,
	}},
	{"{ a = 1; /* foo }", []string{
		`1:18 found end of file, expected "*/" [1:10 opened here]`,
	}},
	{"1 /* a", []string{
		`1:7 found end of file, expected "*/" [1:3 opened here]`,
	}},
	{"1 + ", []string{
		"1:5 found end of file, expected an expression",
	}},
	{"!", []string{
		"1:2 found end of file, expected an expression",
	}},
	{"true && || false", []string{
		`1:9 found "||", expected an expression`,
	}},
	{"1 == 2 == 3", []string{
		`1:8 found "==", expected no second comparison; parentheses say which is meant`,
	}},
	{"1 < 2 < 3 < 4", []string{
		`1:7 found "<", expected no second comparison; parentheses say which is meant`,
		`1:11 found "<", expected no second comparison; parentheses say which is meant`,
	}},
	{"true |> (x: x)", []string{
		"1:6 |> is the experimental feature pipe-operators, which Nix refuses unless it is enabled",
	}},
	{"1 |> 2 <| 3", []string{
		"1:3 |> is the experimental feature pipe-operators, which Nix refuses unless it is enabled",
		"1:8 <| is the experimental feature pipe-operators, which Nix refuses unless it is enabled",
		`1:8 found "<|", expected one kind of pipe; parentheses say which is meant`,
	}},
	{"'a'", []string{
		`1:1 found "'", expected an expression`,
	}},
	{"{ a = 'a'; b = ; }", []string{
		`1:7 found "'", expected an expression`,
		`1:16 found ";", expected an expression`,
	}},
	{"$", []string{
		`1:1 found "$", expected an expression`,
	}},
	{"é", []string{
		`1:1 found "é", expected an expression`,
	}},
	{"\ufeff1", []string{
		"1:1 found a byte order mark, expected an expression",
	}},
	{"1\x01", []string{
		`1:2 found "\x01", expected end of file`,
	}},
	{"{ a = 1; // b\n c = 2; }", []string{
		`1:10 found "//", expected an attribute name, "inherit" or "}"`,
	}},
	{"./a/", []string{
		"1:1 path ends in a slash",
	}},
	{"./a//b", []string{
		"1:1 path has an empty segment",
	}},
	{"9223372036854775808", []string{
		"1:1 integer 9223372036854775808 is larger than 9223372036854775807",
	}},
	{"1.0e999", []string{
		"1:1 number 1.0e999 is out of range",
	}},
	{"x: f { a }: x", []string{
		`1:4 undefined variable "f"`,
		"1:6 found a function's arguments, expected an operand; a function needs parentheses here",
	}},
	{"x: x { a, b }: a", []string{
		"1:6 found a function's arguments, expected an operand; a function needs parentheses here",
	}},
	{"x: x let a = 1; in a", []string{
		`1:6 found "let", expected an operand; a let needs parentheses here`,
	}},
	{"x: 1 + if x then 1 else 2", []string{
		`1:8 found "if", expected an operand; this needs parentheses here`,
	}},
	{"x: x x: x", []string{
		`1:7 found ":", expected end of file`,
	}},
	{"", []string{
		"1:1 found end of file, expected an expression",
	}},
	{"# only a comment\n", []string{
		"2:1 found end of file, expected an expression",
	}},
	{"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa = 1", []string{
		`1:1 undefined variable "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"`,
		`1:62 found "=", expected end of file`,
	}},
	{"1 2 = 3; b = ;", []string{
		`1:5 found "=", expected end of file`,
	}},
	{`{ a = 1; a = 2; b.c = 1; b = 2; "a" = 3; d = { e = 1; }; d.e = 2; }`, []string{
		`1:10 attribute "a" is defined twice [1:3 first here]`,
		`1:26 attribute "b" is defined twice [1:17 first here]`,
		`1:33 attribute "a" is defined twice [1:3 first here]`,
		`1:58 attribute "d.e" is defined twice [1:48 first here]`,
	}},
	{"x: { inherit x; x.y = 1; }", []string{
		`1:17 attribute "x" is defined twice [1:14 first here]`,
	}},
	{"x: { inherit (x) y y; }", []string{
		`1:20 attribute "y" is defined twice [1:18 first here]`,
	}},
	{"{ a, b, a }: 1", []string{
		`1:9 argument "a" is named twice`,
	}},
	{"a@{ a }: 1", []string{
		`1:5 argument "a" is named twice`,
	}},
	{"x: let ${x} = 1; in 1", []string{
		"1:8 found an interpolated name, expected a plain one; let takes no dynamic attributes",
	}},
	{"x: { inherit ${x}; }", []string{
		"1:14 found an interpolated name, expected a plain one; inherit takes no dynamic attributes",
	}},
	{"{ a = b; inherit c; }", []string{
		`1:7 undefined variable "b"`,
		`1:18 undefined variable "c"`,
	}},
	{`{ ${"a"} = 1; a = 2; }`, []string{
		`1:15 attribute "a" is defined twice [1:3 first here]`,
	}},
	{"x: { ${x}.a = 1; ${x}.a = 2; }", nil},
}

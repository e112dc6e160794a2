package syntax_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/nixlint/nixlint/loader/source"
	"github.com/nixlint/nixlint/loader/syntax"
)

func TestSmoke(t *testing.T) {
	for _, s := range []string{
		"1 +", "{ a = 1; b = ; c = 2; d }", "let x = 1 in", "[ a, b ]", "{ x ? 1, ... }@args: x.y or z", "./a/${b}c/d", "./a/", "a |> b <| c", "''\n  a\n    b ${x}\n  ''", "{ a = (1; b = 2; }", "\"abc", "/* foo", "x: y: {a}: b", "f {a}: b", "map or [ 1 ]", "{ a = 1; } }", "a == b == c", "{ a.b.c = 1; inherit (x) y z; inherit \"a\"; }",
		"{ a = 1\n b = 2;\n c = 3; in = 5; }", strings.Repeat("(", 10000), strings.Repeat("[", 100000), strings.Repeat("-", 100000), strings.Repeat("{a=", 100000), strings.Repeat("1+", 100000), strings.Repeat("a.b or ", 100000), strings.Repeat("\"${", 100000), strings.Repeat("''${", 100000), strings.Repeat("a/${", 100000), strings.Repeat("{a?", 10000), strings.Repeat("let {a=", 10000), "", "\x00",
	} {
		f := syntax.Parse(source.NewFile("x.nix", s))
		t.Logf("%.60q %T", s, f.Root)
		for _, p := range f.Problems {
			t.Logf("   %v %v", p, p.Notes)
		}
	}
}

func TestSmokeFiles(t *testing.T) {
	files, _ := filepath.Glob("/tmp/nixlang/tests/functional/lang/parse-*.nix")
	for _, name := range files {
		b, _ := os.ReadFile(name)
		f := syntax.Parse(source.NewFile(name, string(b)))
		if (len(f.Problems) == 0) != strings.Contains(name, "okay") {
			t.Logf("%s %v", name, f.Problems)
		}
	}
}

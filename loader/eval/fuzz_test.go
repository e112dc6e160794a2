package eval_test

import (
	"context"
	"errors"
	"testing"
	"testing/fstest"

	"github.com/nixlint/nixlint/loader/eval"
	"github.com/nixlint/nixlint/loader/source"
	"github.com/nixlint/nixlint/loader/syntax"
)

// FuzzEval: whatever the text, evaluation and printing end within their budget, without a panic.
func FuzzEval(f *testing.F) {
	for _, name := range []string{"values.nix.txt", "errors.nix.txt"} {
		for _, expr := range tableLines(f, name) {
			f.Add(expr)
		}
	}
	for _, p := range endless {
		f.Add(p.text)
	}
	f.Fuzz(func(t *testing.T, text string) { ends(t, text) })
}

// endless are programs that do not end, or take all there is, and what ends them.
var endless = []struct{ text, end string }{
	{`let f = n: f (n + 1); in f 0`, "limit"},
	{`let f = n: 1 + f (n + 1); in f 0`, "limit"},
	{`let x = { a = x; }; in builtins.toJSON x`, "limit"},
	{`let x = [ x ]; in builtins.toXML x`, "limit"},
	{`let f = n: { a = f (n + 1); }; in f 0`, "limit"},
	{`let f = n: { a = f (n + 1); }; in builtins.toJSON (f 0)`, "limit"},
	{`let f = n: { a = f (n + 1); }; in f 0 == f 0`, "limit"},
	{`let f = n: [ (f (n + 1)) ]; in f 0 < f 0`, "limit"},
	{`let f = n: [ (f (n + 1)) ]; in toString (f 0)`, "limit"},
	{`let f = n: { outPath = f (n + 1); }; in "${f 0}"`, "limit"},
	{`let f = n: { __toString = _: f (n + 1); }; in "${f 0}"`, "limit"},
	{`let f = { __functor = f; }; in f 1`, "limit"},
	{`let f = n: { __functor = f (n + 1); }; in f 0 1`, "limit"},
	{`builtins.genericClosure { startSet = [ { key = 0; } ]; operator = x: [ { key = x.key + 1; } ]; }`, "limit"},
	{`let s = n: x: if n == 0 then x else s (n - 1) (x + x); in s 100 "aaaaaaaa"`, "limit"},
	{`let s = n: x: if n == 0 then x else s (n - 1) (x ++ x); in builtins.length (s 100 [ 1 2 3 ])`, "limit"},
	{`builtins.genList (x: x) 100000000000`, "limit"},
	{`builtins.foldl' (a: b: a + b) 0 (builtins.genList (x: x) 40000000)`, "limit"},
	{`let f = n: if n == 0 then [ ] else [ n ] ++ f (n - 1); in f <u>`, "value"},
	{`let f = n: if <u> == n then f (n + 1) else f (n + 2); in f 0`, "value"},
	{`let f = n: { a = n; } // (if <u> == n then f (n + 1) else { }); in f 0`, "value"},
	{`let f = n: if <u> == n then "a" else f (n + 1) + "b"; in f 0`, "value"},
	{`let a = b: a a; in a a`, "limit"},
	{`let x = x x; in x`, "recursion"},
	{`rec { a = b; b = a; }`, "recursion"},
	{`let f = n: builtins.seq (f (n + 1)) n; in f 0`, "limit"},
	{`let f = n: builtins.tryEval (f (n + 1)); in f 0`, "limit"},
	{`let l = builtins.foldl' (a: x: [ a ]) [ ] (builtins.genList (x: x) 200000); in l == l && l == [ l ]`, "limit"},
	{`let l = builtins.foldl' (a: x: { inherit a; }) { } (builtins.genList (x: x) 200000); in builtins.deepSeq l 1`, "limit"},
	{`let l = builtins.foldl' (a: x: a // { b = a; }) { } (builtins.genList (x: x) 200000); in builtins.toJSON l`, "limit"},
	{`with { a = throw "b"; }; with { }; a`, "error"},
	{`builtins.replaceStrings [ "" ] [ (builtins.toJSON (builtins.genList (x: x) 100000)) ] (builtins.toJSON (builtins.genList (x: x) 100000))`, "limit"},
	{`builtins.concatStringsSep (builtins.toJSON (builtins.genList (x: x) 100000)) (builtins.genList toString 100000)`, "limit"},
	{`builtins.match "((a*)*)*b" "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"`, "value"},
	{`builtins.match "(((((((a{1000}){1000}){1000}){1000}){1000}){1000}){1000})" "a"`, "value"},
	{`import ./self.nix`, "limit"},
	{`scopedImport { } ./self.nix`, "limit"},
}

// TestEndlessProgramsEnd: each reaches a limit of counted work, or has a value, never a panic or a full stack.
func TestEndlessProgramsEnd(t *testing.T) {
	t.Parallel()
	for _, p := range endless {
		if end := ends(t, p.text); end != p.end {
			t.Errorf("%s: a %s ends it, want a %s", p.text, end, p.end)
		}
	}
}

// ends evaluates and prints a program without a deadline, and says what ended it: "limit", "recursion", "error" or "value".
func ends(t *testing.T, text string) string {
	t.Helper()
	f := syntax.Parse(source.NewFile("test.nix", text))
	syntax.Resolve(f)
	tree := source.NewTree(fstest.MapFS{
		"self.nix": &fstest.MapFile{Data: []byte("scopedImport { } ./self.nix")}, "values.nix.txt": &fstest.MapFile{Data: []byte("x")},
	})
	in := eval.New(context.Background(), eval.NewProgram(tree), eval.Limits{Steps: 300_000, Depth: 10_000, Nested: 150_000, Memory: 1 << 30, Output: 1 << 20})
	v, err := in.Expr(f)
	if err == nil {
		_, _, err = in.Print(v, true)
	}
	if err == nil {
		_, err = in.JSON(v, source.Span{})
	}
	if err == nil {
		_, _, err = in.XML(v)
	}
	var e *eval.Error
	switch {
	case in.Reached() != nil:
		return "limit"
	case err == nil:
		return "value"
	case !errors.As(err, &e):
		t.Errorf("%q ends in %v", text, err)
	case e.Kind == eval.Recursion:
		return "recursion"
	case e.Kind == eval.Limit:
		return "limit"
	}
	return "error"
}

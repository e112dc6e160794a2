package eval_test

import (
	"errors"
	"testing"
	"testing/fstest"
	"time"

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
	for _, expr := range endless {
		f.Add(expr)
	}
	f.Fuzz(func(t *testing.T, text string) { ends(t, text) })
}

// endless are programs that do not end, or take all there is.
var endless = []string{
	`let f = n: f (n + 1); in f 0`,
	`let f = n: 1 + f (n + 1); in f 0`,
	`let x = { a = x; }; in builtins.toJSON x`,
	`let x = [ x ]; in builtins.toXML x`,
	`let f = n: { a = f (n + 1); }; in f 0`,
	`let f = n: { a = f (n + 1); }; in builtins.toJSON (f 0)`,
	`let f = n: { a = f (n + 1); }; in f 0 == f 0`,
	`let f = n: [ (f (n + 1)) ]; in f 0 < f 0`,
	`let f = n: [ (f (n + 1)) ]; in toString (f 0)`,
	`let f = n: { outPath = f (n + 1); }; in "${f 0}"`,
	`let f = n: { __toString = _: f (n + 1); }; in "${f 0}"`,
	`let f = { __functor = f; }; in f 1`,
	`let f = n: { __functor = f (n + 1); }; in f 0 1`,
	`builtins.genericClosure { startSet = [ { key = 0; } ]; operator = x: [ { key = x.key + 1; } ]; }`,
	`let s = n: x: if n == 0 then x else s (n - 1) (x + x); in s 100 "aaaaaaaa"`,
	`let s = n: x: if n == 0 then x else s (n - 1) (x ++ x); in builtins.length (s 100 [ 1 2 3 ])`,
	`builtins.genList (x: x) 100000000000`,
	`builtins.foldl' (a: b: a + b) 0 (builtins.genList (x: x) 40000000)`,
	`let f = n: if n == 0 then [ ] else [ n ] ++ f (n - 1); in f <u>`,
	`let f = n: if <u> == n then f (n + 1) else f (n + 2); in f 0`,
	`let f = n: { a = n; } // (if <u> == n then f (n + 1) else { }); in f 0`,
	`let f = n: if <u> == n then "a" else f (n + 1) + "b"; in f 0`,
	`let a = b: a a; in a a`,
	`let x = x x; in x`,
	`rec { a = b; b = a; }`,
	`let f = n: builtins.seq (f (n + 1)) n; in f 0`,
	`let f = n: builtins.tryEval (f (n + 1)); in f 0`,
	`let l = builtins.foldl' (a: x: [ a ]) [ ] (builtins.genList (x: x) 200000); in l == l && l == [ l ]`,
	`let l = builtins.foldl' (a: x: { inherit a; }) { } (builtins.genList (x: x) 200000); in builtins.deepSeq l 1`,
	`let l = builtins.foldl' (a: x: a // { b = a; }) { } (builtins.genList (x: x) 200000); in builtins.toJSON l`,
	`with { a = throw "b"; }; with { }; a`,
	`builtins.replaceStrings [ "" ] [ (builtins.toJSON (builtins.genList (x: x) 100000)) ] (builtins.toJSON (builtins.genList (x: x) 100000))`,
	`builtins.concatStringsSep (builtins.toJSON (builtins.genList (x: x) 100000)) (builtins.genList toString 100000)`,
	`builtins.match "((a*)*)*b" "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"`,
	`builtins.match "(((((((a{1000}){1000}){1000}){1000}){1000}){1000}){1000})" "a"`,
	`import ./self.nix`,
	`scopedImport { } ./self.nix`,
}

// TestEndlessProgramsEnd: each ends in an error or an unknown value, never in a panic or a full stack.
func TestEndlessProgramsEnd(t *testing.T) {
	t.Parallel()
	for _, expr := range endless {
		start := time.Now()
		ends(t, expr)
		if d := time.Since(start); d > 10*time.Second {
			t.Errorf("%s takes %v", expr, d)
		}
	}
}

func ends(t *testing.T, text string) {
	t.Helper()
	f := syntax.Parse(source.NewFile("test.nix", text))
	syntax.Resolve(f)
	tree := source.NewTree(fstest.MapFS{
		"self.nix": &fstest.MapFile{Data: []byte("scopedImport { } ./self.nix")}, "values.nix.txt": &fstest.MapFile{Data: []byte("x")},
	})
	ctx := testContext(20 * time.Second)
	in := eval.New(ctx, eval.NewProgram(tree), eval.Limits{Steps: 300_000, Depth: 10_000, Nested: 150_000, Memory: 1 << 30, Output: 1 << 20})
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
	if err != nil && !errors.As(err, &e) {
		t.Errorf("%q does not end: %v", text, err)
	}
}

package eval_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/nixlint/nixlint/fixtures/oracle"
	"github.com/nixlint/nixlint/loader/eval"
	"github.com/nixlint/nixlint/loader/source"
	"github.com/nixlint/nixlint/loader/syntax"
)

// later lists what Nix 2.26 gives and the nix-instantiate of the tests (2.8) does not, as JSON, and why.
var later = []struct{ expr, want, why string }{
	{`builtins.substring 0 0 { __toString = s: "x"; }`, `""`, "same in both"},
	{
		`builtins.convertHash { hash = "sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0="; toHashFormat = "base16"; }`,
		`"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"`, "new in 2.19",
	},
	{
		`builtins.convertHash { hash = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"; hashAlgo = "sha256"; toHashFormat = "sri"; }`,
		`"sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0="`, "new in 2.19",
	},
	{
		`builtins.convertHash { hash = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"; toHashFormat = "nix32"; }`,
		`"1b8m03r63zqhnjf7l5wnldhh7c134ap5vpj0850ymkq1iyzicy5s"`, "new in 2.19",
	},
	{
		`builtins.convertHash { hash = "sha256:1b8m03r63zqhnjf7l5wnldhh7c134ap5vpj0850ymkq1iyzicy5s"; toHashFormat = "base64"; }`,
		`"ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0="`, "new in 2.19",
	},
	{`builtins.warn "a" 1`, `1`, "new in 2.23"},
	{`builtins.toJSON 1.0`, `"1.0"`, "floats in JSON have a fraction since 2.10"},
	{`builtins.toJSON 0.1`, `"0.1"`, "floats in JSON are exact since 2.10"},
	{`builtins.toJSON 1.0e100`, `"1e+100"`, "likewise"},
	{`builtins.toJSON 123456789.125`, `"123456789.125"`, "likewise"},
	{`builtins.break 1`, `1`, "new in 2.9"},
	{`builtins.readFileType ./values.nix.txt`, `"regular"`, "new in 2.14"},
	{`builtins.replaceStrings [ "a" "z" ] [ "b" (throw "x") ] "a"`, `"b"`, "replacements are lazy since 2.15"},
	{`builtins.unsafeGetAttrPos "a" { a = 1; } == null`, `false`, "same in both"},
	{`let a.b = 1; a.c = 2; in a`, `{"b":1,"c":2}`, "same in both"},
	{`builtins.traceVerbose "a" 1`, `1`, "new in 2.10"},
	{`builtins.genericClosure { startSet = [ ]; operator = throw "a"; }`, `[]`, "the operator is not looked at since 2.18"},
}

// lines are the expressions of a table.
func lines(t *testing.T, name string) []string {
	t.Helper()
	return tableLines(t, name)
}

func tableLines(tb testing.TB, name string) []string {
	tb.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		tb.Fatal(err)
	}
	var out []string
	for line := range strings.Lines(string(b)) {
		if line = strings.TrimSuffix(line, "\n"); line != "" && line[0] != '#' {
			out = append(out, line)
		}
	}
	return out
}

// value evaluates an expression that stands in a file of an empty tree.
func value(expr string) (*eval.Interp, eval.Value, error) {
	return valueIn(source.NewTree(fstest.MapFS{"values.nix.txt": &fstest.MapFile{Data: []byte("x")}}), expr)
}

func valueIn(tree *source.Tree, expr string) (*eval.Interp, eval.Value, error) {
	f := syntax.Parse(source.NewFile("test.nix", expr))
	syntax.Resolve(f)
	limits := eval.DefaultLimits
	limits.Steps = 2_000_000
	in := eval.New(testContext(20*time.Second), eval.NewProgram(tree), limits)
	v, err := in.Expr(f)
	return in, v, err
}

// asJSON is the JSON of an expression, as data.
func asJSON(expr string) (any, error) {
	in, v, err := value(expr)
	if err != nil {
		return nil, err
	}
	s, err := in.JSON(v, source.Span{})
	if err != nil {
		return nil, err
	}
	if u := s.Opaque(); u != nil {
		return nil, fmt.Errorf("unknown: %s", u.Why)
	}
	return decode([]byte(s.S))
}

func decode(b []byte) (any, error) {
	var out any
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	err := d.Decode(&out)
	return numbers(out), err
}

// numbers makes 1 and 1.0 one: versions of Nix write floats in different ways.
func numbers(v any) any {
	switch v := v.(type) {
	case json.Number:
		if i, err := v.Int64(); err == nil {
			return i
		}
		f, _ := v.Float64()
		if i := int64(f); float64(i) == f && i < 1<<53 && i > -1<<53 {
			return i
		}
		return f
	case []any:
		for i := range v {
			v[i] = numbers(v[i])
		}
	case map[string]any:
		for k := range v {
			v[k] = numbers(v[k])
		}
	}
	return v
}

// TestValuesAgreeWithNix compares all of a table in one run of nix-instantiate.
func TestValuesAgreeWithNix(t *testing.T) {
	t.Parallel()
	exprs := lines(t, "values.nix.txt")
	wants := nixValues(t, exprs)
	for i, expr := range exprs {
		got, err := asJSON(expr)
		if err != nil {
			t.Errorf("%s: %v", expr, err)
			continue
		}
		if !reflect.DeepEqual(got, wants[i]) {
			t.Errorf("%s gives %v, Nix %v", expr, got, wants[i])
		}
	}
}

func nixValues(t *testing.T, exprs []string) []any {
	t.Helper()
	nix := oracle.Nix(t)
	out, err := nixJSON(t, nix, "[\n"+strings.Join(wrapped(exprs), "\n")+"\n]")
	if err == nil {
		list, ok := out.([]any)
		if !ok || len(list) != len(exprs) {
			t.Fatalf("nix-instantiate gave no list of %d", len(exprs))
		}
		return list
	}
	// One of them fails: find out which.
	wants := make([]any, len(exprs))
	for i, expr := range exprs {
		if wants[i], err = nixJSON(t, nix, expr); err != nil {
			t.Errorf("nix-instantiate refuses %s: %v", expr, err)
		}
	}
	return wants
}

func wrapped(exprs []string) []string {
	out := make([]string, len(exprs))
	for i, expr := range exprs {
		out[i] = "(" + expr + ")"
	}
	return out
}

func nixJSON(t *testing.T, nix, expr string) (any, error) {
	t.Helper()
	out, err := nixEval(t, nix, expr, "--json")
	if err != nil {
		return nil, err
	}
	return decode(out)
}

func nixEval(t *testing.T, nix, expr string, flags ...string) ([]byte, error) {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "test.nix")
	if err := os.WriteFile(file, []byte(expr), 0o600); err != nil {
		t.Fatal(err)
	}
	var stderr bytes.Buffer
	cmd := exec.CommandContext(t.Context(), nix, append([]string{"--eval", "--strict", file}, flags...)...)
	cmd.Env = append(os.Environ(), "NIX_REMOTE=dummy://", "HOME="+dir, "NIX_PATH=")
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("%w: %s", err, stderr.String())
	}
	return out, nil
}

// TestErrorsAgreeWithNix: what Nix refuses is an error here, with a place or a reason, and no unknown value.
func TestErrorsAgreeWithNix(t *testing.T) {
	t.Parallel()
	nix := oracle.Nix(t)
	for _, expr := range lines(t, "errors.nix.txt") {
		if _, err := nixEval(t, nix, expr); err == nil {
			t.Errorf("nix-instantiate takes %s", expr)
		}
		if _, err := asJSON(expr); err == nil || strings.HasPrefix(err.Error(), "unknown: ") {
			t.Errorf("%s is not refused: %v", expr, err)
		}
	}
}

func TestValuesOfLaterVersions(t *testing.T) {
	t.Parallel()
	for _, c := range later {
		want, err := decode([]byte(c.want))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := asJSON(c.expr); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s gives %v %v, want %v (%s)", c.expr, got, err, want, c.why)
		}
	}
}

// TestPrintsAsNix compares Nix' own syntax of values.
func TestPrintsAsNix(t *testing.T) {
	t.Parallel()
	nix := oracle.Nix(t)
	for _, expr := range []string{
		`[ 1 (-2) 1.5 0.1 1.0e10 100000.0 1000000.0 123456789.0 1.0e-5 0.00001234 2.0 ]`,
		`[ "a\n\t\r\"\\$\${" true false null /a/b "é" "$" "$\${x}" ]`,
		`{ a = 1; "b c" = 2; c' = 3; "1a" = 4; d-e = 5; "if" = 6; _f = 7; "" = 8; "or" = 9; }`,
		`[ (x: x) ({ a }: a) map (map (x: x)) builtins.add ]`,
		`[ [ ] { } [ [ ] ] ]`,
		`let x = { a = 1; }; in [ x x ]`,
		`let x = [ 1 2 3 ]; in [ x x ]`,
		`let x = [ 1 2 3 ]; y = { inherit x; z = x; }; in [ y y ]`,
		`rec { a = { b = a; c = 1; }; }`,
		`{ a.b.c.d = [ { } ]; }`,
	} {
		want, err := nixEval(t, nix, expr)
		if err != nil {
			t.Errorf("%s: %v", expr, err)
			continue
		}
		in, v, err := value(expr)
		if err != nil {
			t.Errorf("%s: %v", expr, err)
			continue
		}
		got, open, err := in.Print(v, true)
		if err != nil || open != nil || got+"\n" != string(want) {
			t.Errorf("%s prints %s %v %v, Nix %s", expr, got, open, err, want)
		}
	}
}

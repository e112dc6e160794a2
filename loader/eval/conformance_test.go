package eval_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nixlint/nixlint/loader/eval"
	"github.com/nixlint/nixlint/loader/source"
	"github.com/nixlint/nixlint/loader/syntax"
)

// langEnv names the folder tests/functional/lang of a checkout of Nix.
const langEnv = "NIXLINT_NIX_LANG"

// The least that must hold of the cases, whatever their version.
const (
	leastOkay = 135
	leastFail = 250
)

// TestConformance runs the cases of Nix' own tests/functional/lang as their runner does: flags, search path, /pwd for the folder.
func TestConformance(t *testing.T) {
	t.Parallel()
	dir := os.Getenv(langEnv)
	if dir == "" {
		t.Skip(langEnv + " does not name a checkout of Nix")
	}
	dir = filepath.Dir(filepath.Clean(dir)) // the cases read ../lang
	tree, err := source.OpenTree(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer tree.Close()
	okay, fail := 0, 0
	cases := langCases(t, dir, "eval-okay-")
	for _, name := range cases {
		diff := runOkay(t, tree, dir, name)
		why, known := differs[name]
		switch {
		case diff == "":
			okay++
			if known {
				t.Errorf("%s agrees, but is listed: %s", name, why)
			}
		case known:
			t.Logf("%s differs: %s\n%s", name, why, diff)
		default:
			t.Errorf("%s: %s", name, diff)
		}
	}
	fails := langCases(t, dir, "eval-fail-")
	for _, name := range fails {
		got, failed := runFail(tree, dir, name)
		why, known := differs[name]
		switch {
		case failed:
			fail++
			if known {
				t.Errorf("%s fails, but is listed: %s", name, why)
			}
		case known:
			t.Logf("%s does not fail: %s", name, why)
		default:
			t.Errorf("%s gives %s", name, got)
		}
	}
	t.Logf("eval-okay: %d of %d equal; eval-fail: %d of %d refused or unknown", okay, len(cases), fail, len(fails))
	if okay < leastOkay || fail < leastFail {
		t.Errorf("too few: want %d and %d", leastOkay, leastFail)
	}
}

func langCases(t *testing.T, dir, prefix string) []string {
	t.Helper()
	entries, err := os.ReadDir(filepath.Join(dir, "lang"))
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, e := range entries {
		name, isNix := strings.CutSuffix(e.Name(), ".nix")
		if !isNix || !strings.HasPrefix(name, prefix) {
			continue
		}
		if prefix == "eval-okay-" && expectation(dir, name) == "" {
			continue
		}
		out = append(out, name)
	}
	return out
}

func expectation(dir, name string) string {
	for _, ext := range []string{".exp.xml", ".exp"} {
		if b, err := os.ReadFile(filepath.Join(dir, "lang", name+ext)); err == nil {
			return string(b)
		}
	}
	return ""
}

// langFlags are the flags of a case that change its value.
func langFlags(dir, name string) []string {
	b, err := os.ReadFile(filepath.Join(dir, "lang", name+".flags"))
	if err != nil {
		return nil
	}
	var out []string
	for line := range strings.Lines(string(b)) {
		line, _, _ = strings.Cut(line, "#")
		out = append(out, strings.Fields(line)...)
	}
	return out
}

func langValue(tree *source.Tree, dir, name string) (*eval.Interp, eval.Value, error) {
	in := eval.New(testContext(30*time.Second), eval.NewProgram(tree), eval.Limits{
		Steps: 20_000_000, Depth: 10_000, Nested: 150_000, Memory: 2 << 30, Output: 16 << 20,
	})
	in.Root = "/pwd"
	search := []eval.SearchEntry{{Path: "lang/dir3"}, {Path: "lang/dir4"}}
	var given []eval.SearchEntry
	args := &eval.Set{}
	path := ""
	flags := langFlags(dir, name)
	for i := 0; i < len(flags); i++ {
		switch flags[i] {
		case "-I":
			prefix, p, ok := strings.Cut(flags[i+1], "=")
			if !ok {
				prefix, p = "", prefix
			}
			given = append(given, eval.SearchEntry{Prefix: prefix, Path: p})
			i++
		case "--extra-experimental-features":
			in.Features = map[string]bool{flags[i+1]: true}
			i++
		case "-A":
			path = flags[i+1]
			i++
		case "--arg":
			f := syntax.Parse(source.NewFile("arg.nix", flags[i+2]))
			syntax.Resolve(f)
			v, err := in.Expr(f)
			if err != nil {
				return in, nil, err
			}
			args = eval.NewSet(append(args.Attrs, eval.Attr{Name: flags[i+1], Val: v})...)
			i += 2
		case "--argstr":
			args = eval.NewSet(append(args.Attrs, eval.Attr{Name: flags[i+1], Val: eval.Str(flags[i+2])})...)
			i += 2
		}
	}
	in.SearchIn(append(given, search...))
	v, err := in.Import("lang/"+name+".nix", source.Span{})
	if err == nil {
		v, err = in.At(v, path, args)
	}
	return in, v, err
}

func runOkay(t *testing.T, tree *source.Tree, dir, name string) string {
	t.Helper()
	in, v, err := langValue(tree, dir, name)
	if err != nil {
		return err.Error()
	}
	var got string
	var open *eval.Unknown
	if _, err := os.Stat(filepath.Join(dir, "lang", name+".exp.xml")); err == nil {
		var s *eval.String
		if s, open, err = in.XML(v); err != nil {
			return err.Error()
		}
		got = s.S
	} else {
		if got, open, err = in.Print(v, true); err != nil {
			return err.Error()
		}
		got += "\n"
	}
	if open != nil {
		return "unknown: " + open.Why
	}
	if want := expectation(dir, name); got != want {
		return fmt.Sprintf("got\n%s\nwant\n%s", shortened(got), shortened(want))
	}
	return ""
}

func runFail(tree *source.Tree, dir, name string) (string, bool) {
	in, v, err := langValue(tree, dir, name)
	if err != nil {
		return "", true
	}
	text, open, err := in.Print(v, true)
	return text, err != nil || open != nil
}

func shortened(s string) string {
	if len(s) > 600 {
		return s[:600] + "…"
	}
	return s
}

// TestParseCases runs the cases of the parser as the evaluator sees them: what Nix refuses is refused.
func TestParseCases(t *testing.T) {
	t.Parallel()
	dir := os.Getenv(langEnv)
	if dir == "" {
		t.Skip(langEnv + " does not name a checkout of Nix")
	}
	if _, err := os.Stat(filepath.Join(dir, "lang")); err != nil {
		dir = filepath.Join(dir, "tests", "functional")
	}
	for _, prefix := range []string{"parse-okay-", "parse-fail-"} {
		for _, name := range langCases(t, dir, prefix) {
			b, err := os.ReadFile(filepath.Join(dir, "lang", name+".nix"))
			if err != nil {
				t.Fatal(err)
			}
			f := syntax.Parse(source.NewFile(name+".nix", string(bytes.TrimSpace(b))))
			syntax.Resolve(f)
			failed := slices.ContainsFunc(f.Problems, func(p source.Problem) bool { return p.Severity == source.Failure })
			if failed != (prefix == "parse-fail-") {
				t.Logf("%s: failed %v: %v", name, failed, errors.Join())
			}
		}
	}
}

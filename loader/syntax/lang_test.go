package syntax_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/nixlint/nixlint/loader/source"
	"github.com/nixlint/nixlint/loader/syntax"
)

// TestNixOwnParseTests reads Nix' tests/functional/lang from the folder NIXLINT_NIX_LANG: each parse-okay is printed as its
// .exp says, each parse-fail is refused.
func TestNixOwnParseTests(t *testing.T) {
	dir := os.Getenv("NIXLINT_NIX_LANG")
	if dir == "" {
		t.Skip("NIXLINT_NIX_LANG names no folder")
	}
	okay, fail := glob(t, dir, "parse-okay-*.nix"), glob(t, dir, "parse-fail-*.nix")
	for _, name := range okay {
		f := readResolved(t, name)
		want := read(t, strings.TrimSuffix(name, ".nix")+".exp")
		if got := syntax.Print(f, "/pwd", "/home") + "\n"; len(f.Problems) > 0 || got != want {
			t.Errorf("%s: %v\n got %swant %s", name, f.Problems, got, want)
		}
	}
	for _, name := range fail {
		if f := readResolved(t, name); len(f.Problems) == 0 {
			t.Errorf("%s is not refused", name)
		}
	}
	t.Logf("%d parse-okay, %d parse-fail", len(okay), len(fail))
}

func glob(t *testing.T, dir, pattern string) []string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, pattern))
	if err != nil || len(names) == 0 {
		t.Fatalf("no %s in %s: %v", pattern, dir, err)
	}
	return names
}

func readResolved(t *testing.T, name string) *syntax.File {
	t.Helper()
	f := syntax.Parse(source.NewFile(name, read(t, name)))
	syntax.Resolve(f)
	return f
}

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

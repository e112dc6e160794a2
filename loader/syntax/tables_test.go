package syntax_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/nixlint/nixlint/loader/source"
	"github.com/nixlint/nixlint/loader/syntax"
)

// resolved parses and resolves an expression.
func resolved(src string) *syntax.File {
	f := syntax.Parse(source.NewFile("x.nix", src))
	syntax.Resolve(f)
	return f
}

func TestValidExpressions(t *testing.T) {
	for _, p := range valid {
		t.Run(p.name, func(t *testing.T) {
			for _, c := range p.cases {
				f := resolved(c.src)
				if len(f.Problems) > 0 {
					t.Errorf("%q: %v", c.src, f.Problems)
				}
				if got := syntax.Print(f, "/dir", "/home"); got != c.want {
					t.Errorf("%q\n got %s\nwant %s", c.src, got, c.want)
				}
			}
		})
	}
}

func TestInvalidExpressions(t *testing.T) {
	for _, src := range invalid {
		if f := resolved(src); len(f.Problems) == 0 {
			t.Errorf("%q is taken as %s", src, syntax.Print(f, "/dir", "/home"))
		}
	}
}

// difference is where Nix 2.8, the oracle, and Nix 2.26, which we follow, differ.
type difference struct {
	why   string
	src   string
	want  string // what 2.26 prints, empty where it refuses
	nix28 string // what 2.8 prints, empty where it refuses
}

var differences = []difference{
	{
		"2.26 merges sets at every depth, 2.8 only the first that a path and a literal share",
		"{ a.b.c = 1; a = { b = { d = 1; }; }; }", "{ a = { b = { c = 1; d = 1; }; }; }", "",
	},
	{
		"2.26 keeps the dynamic attributes of a set that is merged into another, 2.8 loses them",
		"x: { a.b = 1; a = { ${x} = 1; }; }", `(x: { a = { b = 1; "${x}" = 1; }; })`, "(x: { a = { b = 1; }; })",
	},
	{
		"2.26 prints names that are keywords in quotes, 2.8 only if",
		`{ "then" = 1; }`, `{ "then" = 1; }`, "{ then = 1; }",
	},
	{
		"2.26 prints what is inherited from an expression as inherit, 2.8 as selections",
		"x: { inherit (x) b a; }", "(x: { inherit (x) a b; })", "(x: { a = (x).a; b = (x).b; })",
	},
	{
		"2.26 leaves out pieces of strings that are empty once their indentation is removed",
		"x: ''\n  ${x}\n''", `(x: (x + "\n"))`, `(x: ("" + x + "\n"))`,
	},
	{"2.26 escapes a $ only before {", `"$a"`, `"$a"`, `"\$a"`},
	{"2.26 has functions that 2.8 has not", "__warn", "__warn", ""},
	{"2.26 refuses NUL bytes in strings", `"` + strings.Repeat(" ", 9000) + "\x00\"", "", `"` + strings.Repeat(" ", 9000) + `"`},
	{
		"2.26 has names of experimental features where these are enabled; we take them as defined",
		"__getFlake", "__getFlake", "",
	},
}

func TestKnownDifferencesOfVersions(t *testing.T) {
	sources := make([]string, len(differences))
	for i, d := range differences {
		sources[i] = d.src
	}
	for i, v := range askNixEach(t, sources) {
		d := differences[i]
		f := resolved(d.src)
		if refused := len(f.Problems) > 0; refused != (d.want == "") {
			t.Errorf("%q: %v", d.src, f.Problems)
		}
		if got := syntax.Print(f, "/dir", "/home"); d.want != "" && got != d.want {
			t.Errorf("%q\n got %s\nwant %s", d.src, got, d.want)
		}
		if v.tree != d.nix28 {
			t.Errorf("%q: Nix 2.8 is said to print\n     %s\nbut  %s%s", d.src, d.nix28, v.tree, v.refusal)
		}
	}
}

func TestTablesAgreeWithNix(t *testing.T) {
	var sources []string
	for _, p := range valid {
		for _, c := range p.cases {
			sources = append(sources, c.src)
		}
	}
	names := write(t, sources)
	for i, v := range askNix(t, names) {
		if why := disagreement(sources[i], names[i], v); why != "" {
			t.Errorf("%q: %s", sources[i], why)
		}
	}
}

func TestNixRefusesTheInvalid(t *testing.T) {
	for i, v := range askNixEach(t, invalid) {
		if v.refusal == "" {
			t.Errorf("Nix takes %q as %s", invalid[i], v.tree)
		}
	}
}

// askNixEach asks Nix of each expression in a process of its own, two at a time.
func askNixEach(t *testing.T, sources []string) []verdict {
	t.Helper()
	names := write(t, sources)
	verdicts := make([]verdict, len(names))
	half := len(names) / 2
	var wait sync.WaitGroup
	ask := func(from, to int) {
		for i := from; i < to; i++ {
			verdicts[i] = askNix(t, names[i:i+1])[0]
		}
	}
	wait.Go(func() { ask(0, half) })
	ask(half, len(names))
	wait.Wait()
	return verdicts
}

// write puts expressions in files and returns their names.
func write(t *testing.T, sources []string) []string {
	t.Helper()
	dir := t.TempDir()
	names := make([]string, len(sources))
	for i, src := range sources {
		names[i] = filepath.Join(dir, fmt.Sprintf("%04d.nix", i))
		if err := os.WriteFile(names[i], []byte(src), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return names
}

// keywordName finds names that Nix 2.8 prints without the quotes they need.
var keywordName = regexp.MustCompile(`([;{] |\(let )(then|else|assert|with|let|in|rec|inherit) = `)

// quoteKeywords puts them in quotes.
func quoteKeywords(nix string) string { return keywordName.ReplaceAllString(nix, `$1"$2" = `) }

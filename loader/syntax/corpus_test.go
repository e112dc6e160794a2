package syntax_test

import (
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/nixlint/nixlint/loader/source"
	"github.com/nixlint/nixlint/loader/syntax"
)

// TestCorpusAgreesWithNix parses every .nix file under the folder NIXLINT_CORPUS: each is refused exactly when Nix refuses
// it, and the trees are the same.
func TestCorpusAgreesWithNix(t *testing.T) {
	dir := os.Getenv("NIXLINT_CORPUS")
	if dir == "" {
		t.Skip("NIXLINT_CORPUS names no folder")
	}
	files := nixFiles(t, dir)
	verdicts := askNix(t, files)
	agree, refused, bytes := 0, 0, 0
	for i, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		bytes += len(text)
		if verdicts[i].refusal != "" {
			refused++
		}
		why := disagreement(string(text), name, verdicts[i])
		switch {
		case why == "":
			agree++
		case explained(why):
			t.Logf("%s: %s", name, why)
		default:
			t.Errorf("%s: %s", name, why)
		}
	}
	t.Logf("%d of %d files agree (%d refused by both), %d bytes", agree, len(files), refused, bytes)
}

// TestMutantsAgreeWithNix changes expressions of the tables at random, the same way in each run: what becomes of them is
// refused exactly when Nix refuses it, and else has the same tree. It runs with the corpus, as it takes a while.
func TestMutantsAgreeWithNix(t *testing.T) {
	if os.Getenv("NIXLINT_CORPUS") == "" {
		t.Skip("NIXLINT_CORPUS names no folder")
	}
	const mutants = 400
	random := rand.New(rand.NewPCG(1, 2))
	sources := make([]string, mutants)
	for i := range sources {
		p := valid[random.IntN(len(valid))]
		sources[i] = mutate(random, p.cases[random.IntN(len(p.cases))].src)
	}
	names := write(t, sources)
	for i, v := range askNix(t, names) {
		if why := disagreement(sources[i], names[i], v); why != "" && !explained(why) {
			t.Errorf("%q: %s", sources[i], why)
		}
	}
}

// mutate removes a byte or adds a piece of syntax, up to three times.
func mutate(random *rand.Rand, src string) string {
	pieces := []string{
		"''", "$", "${", "'", `"`, `\`, " or ", ".", "/", ":", "?", "@", "...", "-", "!", "<", ">", "\r", "\n", "  ", "#", "/*", "}", "{", "(",
		")", "[", "]", ";", ",", "=", "a", "1", ".5", "~/", "++", "//", "->", "$$", "''$", "'''", `''\`, "inherit ", " rec ", "let ", " in ",
		"if ", "with ", "a.b", "x:y", "./a", "<a>", "${x}",
	}
	for range 1 + random.IntN(3) {
		at := random.IntN(len(src) + 1)
		if at < len(src) && random.IntN(3) == 0 {
			src = src[:at] + src[at+1:]
		} else {
			src = src[:at] + pieces[random.IntN(len(pieces))] + src[at:]
		}
	}
	return src
}

// disagreement says where we and Nix differ over a file, or nothing.
func disagreement(text, name string, nix verdict) string {
	f := syntax.Parse(source.NewFile(name, text))
	syntax.Resolve(f)
	switch {
	case nix.refusal != "" && len(f.Problems) == 0:
		return "only Nix refuses it: " + nix.refusal
	case nix.refusal != "":
		return ""
	case len(f.Problems) > 0:
		return "only we refuse it: " + f.Problems[0].Error()
	}
	same, ours, theirs := sameTree(f, filepath.Dir(name), nix.tree)
	if same {
		return ""
	}
	at := firstDifference(ours, theirs)
	return "the trees differ\n ours " + around(ours, at) + "\n nix  " + around(theirs, at)
}

// explained reports whether a difference is one of the versions: Nix 2.8 refuses sets that 2.26 merges, and does not know
// the newer functions.
func explained(why string) bool {
	return strings.HasPrefix(why, "only Nix refuses it: ") &&
		(strings.Contains(why, "already defined at") || newerFunction.MatchString(why))
}

// newerFunction matches what Nix 2.8 says of functions that 2.26 has, by itself or with an experimental feature.
var newerFunction = regexp.MustCompile("undefined variable '(__addDrvOutputDependencies|__convertHash|__fetchClosure|" +
	"__flakeRefToString|__getFlake|__outputOf|__parseFlakeRef|__readFileType|__traceVerbose|__warn|break)'")

func nixFiles(t *testing.T, dir string) []string {
	t.Helper()
	dir, err := filepath.Abs(dir)
	if err != nil {
		t.Fatal(err)
	}
	var files []string
	err = filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() && strings.HasSuffix(name, ".nix") {
			files = append(files, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func firstDifference(a, b string) int {
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	return i
}

func around(s string, at int) string {
	const before, after = 60, 120
	return s[max(0, at-before):min(len(s), at+after)]
}

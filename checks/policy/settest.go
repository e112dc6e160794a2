package policy

import (
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/cover"
	"github.com/open-policy-agent/opa/v1/tester"

	"github.com/nixlint/nixlint/policies"
)

// TestResult is what one Rego test came to.
type TestResult struct {
	Place  string // FILE:LINE
	Name   string // "test_fires"
	Passed bool
	Err    error  // of the evaluation, when there was one
	Output string // what the test printed
}

// Coverage is how much of a file its tests have run.
type Coverage struct {
	File    string
	Percent float64
	Missing []string // the lines that no test ran: "12" or "14-16"
}

// Tested is what the tests of a folder of rules came to, by place, and what they covered, by file.
type Tested struct {
	Results  []TestResult
	Coverage []Coverage
}

// TestSet runs the Rego tests of a folder of rules, with the limits that rules have.
func TestSet(ctx context.Context, fsys fs.FS, name string, o Options) (*Tested, error) {
	sources, err := userModules(fsys, name)
	if err != nil {
		return nil, err
	}
	_, u, err := usersPack(sources)
	if err == nil {
		_, err = u.right()
	}
	if err != nil {
		return nil, err
	}
	own := map[string]*ast.Module{} // by the file that its places name
	for _, m := range sources {
		own[m.Package.Location.File] = m
	}
	tests, err := testModules(fsys, name)
	if err != nil {
		return nil, readable(err)
	}
	if len(tests) == 0 {
		return &Tested{}, nil
	}
	maps.Copy(sources, tests) // the library among them
	compiler := testCompiler()
	if compiler.Compile(sources); compiler.Failed() {
		return nil, readable(compiler.Errors)
	}
	ctx, stop := limited(ctx, cmp.Or(o.Limit, DefaultLimit), cmp.Or(o.Memory, DefaultMemory))
	defer stop()
	return patiently(ctx, func() (*Tested, error) { return runTests(ctx, sources, own, o.Site) })
}

// testCompiler also takes print, which a test may use to show what it sees.
func testCompiler() *ast.Compiler {
	c := Capabilities()
	c.Builtins = append(c.Builtins, ast.Print, ast.InternalPrint)
	return ast.NewCompiler().WithStrict(true).WithCapabilities(c).WithEnablePrintStatements(true)
}

// testModules are the tests of a folder, and the library with what it has for tests.
func testModules(fsys fs.FS, name string) (map[string]*ast.Module, error) {
	out := map[string]*ast.Module{}
	read := func(from fs.FS, shown string, wanted func(string) bool) error {
		files, err := ruleFiles(from, shown, wanted)
		for _, file := range files {
			var text string
			if text, err = readRuleFile(from, shown, file); err == nil {
				out[file], err = ast.ParseModuleWithOpts(shown+file, text, ast.ParserOptions{RegoVersion: ast.RegoV1})
			}
			if err != nil {
				break
			}
		}
		return err
	}
	if err := read(fsys, shownAs(name), isTest); err != nil || len(out) == 0 {
		return nil, err
	}
	return out, read(policies.Sources(), "", func(file string) bool { return path.Dir(file) == "lib" && file != "lib/lib_test.rego" })
}

func runTests(ctx context.Context, modules, own map[string]*ast.Module, site []byte) (*Tested, error) {
	if site == nil {
		site = policies.Site()
	}
	facts, err := readSite(site)
	if err != nil {
		return nil, err
	}
	store := newStore(facts)
	txn, err := store.NewTransaction(ctx)
	if err != nil {
		return nil, fmt.Errorf("%w", err)
	}
	defer store.Abort(ctx, txn)
	covered := cover.New()
	results, err := tester.NewRunner().SetStore(store).SetModules(modules).RaiseBuiltinErrors(true).CapturePrintOutput(true).
		SetCoverageQueryTracer(covered).SetCompiler(testCompiler()).RunTests(ctx, txn)
	if err != nil {
		return nil, readable(err)
	}
	out := &Tested{}
	for r := range results {
		t := TestResult{Place: r.Location.String(), Name: r.Name, Passed: r.Pass(), Output: string(r.Output)}
		if r.Error != nil {
			t.Err = plain(r.Error)
		}
		out.Results = append(out.Results, t)
	}
	if ctx.Err() != nil {
		return nil, fmt.Errorf("tests: %w", context.Cause(ctx))
	}
	if len(out.Results) == 0 {
		return out, nil
	}
	report := covered.Report(own)
	for _, file := range sortedKeys(own) {
		c := Coverage{File: file, Percent: 100}
		if f := report.Files[file]; f != nil {
			c.Percent = f.Coverage
			for _, lines := range f.NotCovered {
				if lines.Start.Row == lines.End.Row {
					c.Missing = append(c.Missing, strconv.Itoa(lines.Start.Row))
				} else {
					c.Missing = append(c.Missing, fmt.Sprintf("%d-%d", lines.Start.Row, lines.End.Row))
				}
			}
		}
		c.Missing = slices.Compact(c.Missing)
		out.Coverage = append(out.Coverage, c)
	}
	slices.SortFunc(out.Results, func(a, b TestResult) int { return strings.Compare(a.Place, b.Place) })
	return out, nil
}

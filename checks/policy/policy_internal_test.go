package policy

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/storage"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
	"github.com/open-policy-agent/opa/v1/tester"
	"github.com/open-policy-agent/opa/v1/topdown"

	"github.com/nixlint/nixlint/policies"
)

// inputs records every input that the Rego tests give to a rule.
type inputs struct {
	mu   sync.Mutex
	seen map[string]*ast.Term
}

func (i *inputs) Enabled() bool               { return true }
func (i *inputs) Config() topdown.TraceConfig { return topdown.TraceConfig{} }

func (i *inputs) TraceEvent(e topdown.Event) {
	if r, ok := e.Node.(*ast.Rule); ok && e.Op == topdown.EnterOp && r.Head.Name == reportName && e.Input() != nil {
		i.mu.Lock()
		i.seen[e.Input().String()] = e.Input()
		i.mu.Unlock()
	}
}

// What runs is what was written: on every input of every Rego test the linked rules report what their sources do.
func TestLinkedRulesReportWhatTheirSourcesDo(t *testing.T) {
	tests := map[string]*ast.Module{}
	err := fs.WalkDir(policies.Sources(), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := fs.ReadFile(policies.Sources(), name)
		if err != nil {
			return err
		}
		tests[name], err = ast.ParseModuleWithOpts(name, string(text), ast.ParserOptions{RegoVersion: ast.RegoV1})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	store, txn := siteStore(t)
	seen := &inputs{seen: map[string]*ast.Term{}}
	results, err := tester.NewRunner().SetStore(store).SetModules(tests).SetCoverageQueryTracer(seen).SetCompiler(Compiler()).RunTests(t.Context(), txn)
	if err != nil {
		t.Fatal(err)
	}
	// The inputs are wanted; TestRules of package policies looks at the results.
	for r := range results {
		_ = r
	}
	if len(seen.seen) < 200 {
		t.Fatalf("%d inputs were seen", len(seen.seen))
	}
	sources, err := parse(policies.Sources())
	if err != nil {
		t.Fatal(err)
	}
	compiler := Compiler()
	compiler.Compile(sources)
	if compiler.Failed() {
		t.Fatal(compiler.Errors)
	}
	for _, kind := range kinds {
		var rules []string
		for _, r := range Rules() {
			if r.Kind == kind {
				rules = append(rules, r.ID)
			}
		}
		set, err := load(kind, builtinModules(kind), rules)
		if err != nil {
			t.Fatal(err)
		}
		for _, key := range sortedKeys(seen.seen) {
			input := seen.seen[key]
			got, err := evalSet(t.Context(), set.compiler, store, txn, set.query, input)
			if err != nil {
				t.Fatal(err)
			}
			var want []string
			for _, id := range rules {
				ref := ast.MustParseRef(rulesPackage + strings.NewReplacer("/", ".", "-", "_").Replace(id) + "." + reportName)
				query := ast.NewBody(ast.Equality.Expr(ast.NewTerm(ref), ast.NewTerm(answer)))
				reported, err := evalSet(t.Context(), compiler, store, txn, query, input)
				if err != nil {
					t.Fatal(err)
				}
				for _, r := range reported {
					want = append(want, fmt.Sprintf("[%q, %s]", id, r))
				}
			}
			slices.Sort(want)
			slices.Sort(got)
			if !slices.Equal(got, want) {
				t.Fatalf("%s rules on %s\nlinked  %q\nsources %q", kind, key, got, want)
			}
		}
	}
}

func siteStore(t *testing.T) (storage.Store, storage.Transaction) {
	t.Helper()
	site, err := ast.ValueFromReader(bytes.NewReader(policies.Site()))
	if err != nil {
		t.Fatal(err)
	}
	store := inmem.NewFromASTObject(ast.NewObject(ast.Item(ast.StringTerm("site"), ast.NewTerm(site))))
	txn, err := store.NewTransaction(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Abort(context.Background(), txn) })
	return store, txn
}

func evalSet(
	ctx context.Context, c *ast.Compiler, store storage.Store, txn storage.Transaction, query ast.Body, input *ast.Term,
) ([]string, error) {
	var out []string
	err := topdown.NewQuery(query).WithCompiler(c).WithStore(store).WithTransaction(txn).WithInput(input).WithStrictBuiltinErrors(true).
		Iter(ctx, func(r topdown.QueryResult) error {
			set, _ := r[answer].Value.(ast.Set)
			set.Foreach(func(t *ast.Term) { out = append(out, t.String()) })
			return nil
		})
	return out, err
}

// A rule that fails at evaluation is an error that names the rule, never silence.
func TestFailingRuleIsNamed(t *testing.T) {
	text := func(body string) string { return "package nixlint.unit\n\nimport future.keywords.not\n\n" + body }
	modules := []Module{
		{Name: libraryModule, Text: text("lib_number(s, v0) if { to_number(s, v0) }\n")},
		{Name: "a/fine", Text: text(`report contains ["a/fine", {"verdict": "fail", "path": [], "msg": "x"}] if { input.kind = "service" }` + "\n")},
		{Name: "a/fails", Text: text(`report contains ["a/fails", v0] if { v1 = input.name; to_number(v1, v0) }` + "\n")},
	}
	compact, err := Encode(modules)
	if err != nil {
		t.Fatal(err)
	}
	j, err := newJudge(Options{}, nil, func(string) []byte { return compact }, []byte("{}"))
	if err != nil {
		t.Fatal(err)
	}
	store, txn := siteStore(t)
	r := run{judge: j, store: store, txn: txn, cancel: topdown.NewCancel(), byKind: map[string][]string{kindUnit: {"a/fails", "a/fine"}}}
	input := ast.NewObject(ast.Item(ast.StringTerm("kind"), ast.StringTerm("service")), ast.Item(ast.StringTerm("name"), ast.StringTerm("x")))
	_, err = r.task(t.Context(), &task{kind: kindUnit, input: func() *ast.Term { return ast.NewTerm(input) }})
	if err == nil || !strings.HasPrefix(err.Error(), "rule a/fails: to_number: ") {
		t.Errorf("got %v", err)
	}
}

// A finding that the library did not build would be lost.
func TestReportOfAnotherShapeIsAnError(t *testing.T) {
	for _, text := range []string{
		`{["a/b", {"verdict": "pass", "path": [], "msg": "x"}]}`, `{["a/b", {"verdict": "fail", "msg": "x"}]}`,
		`{["a/b", {"verdict": "fail", "path": [1.5], "msg": "x"}]}`, `{["a/b", "x"]}`, `{"x"}`, `["x"]`,
	} {
		if _, err := readVerdicts(ast.MustParseTerm(text)); err == nil {
			t.Errorf("%s is accepted", text)
		}
	}
}

// Whatever is wrong with the committed artefact is an error, not a panic and not a rule less.
func TestDamagedRulesAreAnError(t *testing.T) {
	data := builtinModules(kindTmpfiles)
	rules := []string{"tmpfiles/explicit-mode", "tmpfiles/world-writable"}
	if _, err := decode(data, rules); err != nil {
		t.Fatal(err)
	}
	for n := range data {
		if _, err := decode(data[:n], rules); err == nil {
			t.Fatalf("the first %d bytes of %d are accepted", n, len(data))
		}
		damaged := slices.Clone(data)
		damaged[n] ^= 0xff
		_, _ = decode(damaged, rules) // may still be a tree; it must not panic
	}
}

func BenchmarkLoad(b *testing.B) {
	for _, kind := range kinds {
		var rules []string
		for _, r := range Rules() {
			if r.Kind == kind {
				rules = append(rules, r.ID)
			}
		}
		b.Run(kind, func(b *testing.B) {
			for b.Loop() {
				if _, err := load(kind, builtinModules(kind), rules); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

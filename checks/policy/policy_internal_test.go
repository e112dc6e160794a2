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

	"github.com/nixlint/nixlint/checks"
	"github.com/nixlint/nixlint/loader/inventory"
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
	sources, err := parse(policies.Sources(), "")
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
		a, err := open(kind, builtinModules(kind))
		if err != nil {
			t.Fatal(err)
		}
		set, err := load(a, rules)
		if err != nil {
			t.Fatal(err)
		}
		for _, key := range sortedKeys(seen.seen) {
			input := seen.seen[key]
			var got, want []string
			for _, id := range rules {
				reported, err := evalSet(t.Context(), set.compiler, store, txn, set.query([]string{id}), input)
				if err != nil {
					t.Fatal(err)
				}
				for _, r := range reported {
					got = append(got, fmt.Sprintf("[%q, %s]", id, r))
				}
				profiled(t, a.entries[id].profile, id, input, reported, func(input *ast.Term) []string {
					again, err := evalSet(t.Context(), set.compiler, store, txn, set.query([]string{id}), input)
					if err != nil {
						t.Fatal(err)
					}
					return again
				})
				ref := ast.MustParseRef(rulesPackage + strings.NewReplacer("/", ".", "-", "_").Replace(id) + "." + reportName)
				query := ast.NewBody(ast.Equality.Expr(ast.NewTerm(ref), ast.NewTerm(answer(0))))
				reported, err = evalSet(t.Context(), compiler, store, txn, query, input)
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
			set, _ := r[answer(0)].Value.(ast.Set)
			set.Foreach(func(t *ast.Term) { out = append(out, t.String()) })
			return nil
		})
	return out, err
}

// A rule that fails at evaluation is an error that names the rule, never silence.
func TestFailingRuleIsNamed(t *testing.T) {
	modules := []Module{
		{Name: "lib_number", Library: true, Text: "lib_number(s) := v0 if { to_number(s, v0) }\n"},
		{Name: "a/fine", Text: `a_fine_report contains {"verdict": "fail", "path": [], "msg": "x"} if { input.kind = "service" }` + "\n"},
		{Name: "a/fails", Text: `a_fails_report contains v0 if { v1 = input.name; data.nixlint.unit.lib_number(v1, v0) }` + "\n"},
	}
	compact, _, err := Encode(kindUnit, modules)
	if err != nil {
		t.Fatal(err)
	}
	rules := []checks.Rule{{ID: "a/fails", Kind: kindUnit}, {ID: "a/fine", Kind: kindUnit}}
	j, err := newJudge(Options{}, []byte("{}"), newPack(rules, func(string) []byte { return compact }))
	if err != nil {
		t.Fatal(err)
	}
	inv := &inventory.Inventory{Hosts: []inventory.Host{{Units: []inventory.Unit{{Name: "x.service", Kind: "service", Status: inventory.Active}}}}}
	_, err = j.Judge(t.Context(), inv, []string{"a/fails", "a/fine"})
	if err == nil || !strings.HasPrefix(err.Error(), "rule a/fails: to_number: ") {
		t.Errorf("got %v", err)
	}
}

// A finding that the library did not build would be lost.
func TestReportOfAnotherShapeIsAnError(t *testing.T) {
	for _, text := range []string{
		`{{"verdict": "pass", "path": [], "msg": "x"}}`, `{{"verdict": "fail", "msg": "x"}}`,
		`{{"verdict": "fail", "path": [1.5], "msg": "x"}}`, `{"x"}`, `["x"]`, `{"a": 1}`,
	} {
		if _, err := readVerdicts("a/b", ast.MustParseTerm(text)); err == nil || !strings.Contains(err.Error(), "rule a/b reports ") {
			t.Errorf("%s: got %v", text, err)
		}
	}
}

// Whatever is wrong with the committed artefact is an error, not a panic and not a rule less.
func TestDamagedRulesAreAnError(t *testing.T) {
	data := builtinModules(kindTmpfiles)
	rules := []string{"tmpfiles/explicit-mode", "tmpfiles/world-writable"}
	read := func(data []byte) error {
		a, err := open(kindTmpfiles, data)
		if err == nil {
			_, err = a.modules(rules)
		}
		return err
	}
	if err := read(data); err != nil {
		t.Fatal(err)
	}
	for n := range data {
		if err := read(data[:n]); err == nil {
			t.Fatalf("the first %d bytes of %d are accepted", n, len(data))
		}
		damaged := slices.Clone(data)
		damaged[n] ^= 0xff
		_ = read(damaged) // may still be a tree; it must not panic
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
				a, err := open(kind, builtinModules(kind))
				if err != nil {
					b.Fatal(err)
				}
				if _, err := load(a, rules); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

package policy

import (
	"bytes"
	"context"
	"io/fs"
	"maps"
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
	again := asUsers(t)
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
		references := &ruleSet{compiler: compiler, reports: map[string]*ast.Term{}}
		for _, id := range rules {
			ref := ast.MustParseRef(rulesPackage + strings.NewReplacer("/", ".", "-", "_").Replace(id) + "." + reportName)
			references.reports[id] = ast.NewTerm(ref)
		}
		for _, key := range sortedKeys(seen.seen) {
			input := seen.seen[key]
			want := reported(t, references, store, txn, rules, input)
			got := reported(t, set, store, txn, rules, input)
			users := reported(t, again.rules, store, txn, rules, input)
			for i, id := range rules {
				profiled(t, a.entries[id].profile, id, input, got[i], func(input *ast.Term) []string {
					return reported(t, set, store, txn, []string{id}, input)[0]
				})
				if !slices.Equal(got[i], want[i]) || !slices.Equal(users[i], want[i]) {
					t.Fatalf("%s on %s\nlinked  %q\na user's %q\nsources %q", id, key, got[i], users[i], want[i])
				}
			}
		}
	}
}

// asUsers are the built-in rules, compiled as those of a user are.
func asUsers(t *testing.T) *checked {
	t.Helper()
	sources, err := parse(policies.Sources(), "")
	if err != nil {
		t.Fatal(err)
	}
	maps.DeleteFunc(sources, func(file string, _ *ast.Module) bool { return strings.HasPrefix(file, "lib/") })
	_, u, err := usersPack(sources)
	if err != nil {
		t.Fatal(err)
	}
	c, err := u.compiled()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// What a rule of a user may call can be compiled again: all of the library.
func TestTheLibraryCanBeCompiledAgain(t *testing.T) {
	all, err := needed(map[string]*ast.Module{"x": ast.MustParseModule("package x\n\ny := data.nixlint.lib\n")})
	if err != nil {
		t.Fatal(err)
	}
	c := Compiler()
	if c.Compile(all); c.Failed() {
		t.Error(c.Errors)
	}
	sources, err := parse(policies.Sources(), "")
	if err != nil {
		t.Fatal(err)
	}
	for file, m := range sources {
		for _, r := range m.Rules {
			if name := r.Ref().GroundPrefix().String(); strings.HasPrefix(file, "lib/") && all[name] == nil {
				t.Errorf("%s is missing", name)
			}
		}
	}
}

// What is known of a rule does not depend on whether it is linked.
func TestProfilesOfUsersRulesAreThoseOfLinkedOnes(t *testing.T) {
	a, err := open(kindUnit, builtinModules(kindUnit))
	if err != nil {
		t.Fatal(err)
	}
	users := asUsers(t)
	for _, id := range a.rules {
		if got, want := users.profile(id).comment(kindUnit), a.entries[id].profile.comment(kindUnit); got != want {
			t.Errorf("%s:\n%s\nlinked:\n%s", id, got, want)
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

// reported is what each of some rules reports.
func reported(t *testing.T, set *ruleSet, store storage.Store, txn storage.Transaction, rules []string, input *ast.Term) [][]string {
	t.Helper()
	out := make([][]string, len(rules))
	err := topdown.NewQuery(set.query(rules)).WithCompiler(set.compiler).WithStore(store).WithTransaction(txn).WithInput(input).WithStrictBuiltinErrors(true).
		Iter(t.Context(), func(r topdown.QueryResult) error {
			for i := range rules {
				set, _ := r[answer(i)].Value.(ast.Set)
				set.Foreach(func(t *ast.Term) { out[i] = append(out[i], t.String()) })
			}
			return nil
		})
	if err != nil {
		t.Fatal(err)
	}
	return out
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
	j, err := newJudge(Options{}, []byte("{}"), &pack{rules: rules, compiled: newLinked(func(string) []byte { return compact })})
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

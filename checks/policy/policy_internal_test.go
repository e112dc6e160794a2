package policy

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/storage"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
	"github.com/open-policy-agent/opa/v1/tester"
	"github.com/open-policy-agent/opa/v1/topdown"

	"github.com/nixlint/nixlint/checks"
	"github.com/nixlint/nixlint/checks/policy/planner"
	"github.com/nixlint/nixlint/checks/policy/vm"
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
	compiler, seen := seenByTests(t)
	store, txn := siteStore(t)
	again := asUsers(t)
	machine, profiles := builtinMachine(t)
	for _, kind := range kinds {
		var rules []string
		for _, r := range Rules() {
			if r.Kind == kind {
				rules = append(rules, r.ID)
			}
		}
		references := &ruleSet{compiler: compiler, reports: map[string]*ast.Term{}}
		for _, id := range rules {
			references.reports[id] = ast.NewTerm(ast.MustParseRef(reportOf(id)))
		}
		for _, key := range sortedKeys(seen) {
			input := seen[key]
			want := reported(t, references, store, txn, rules, input)
			users := reported(t, again.rules, store, txn, rules, input)
			for i, id := range rules {
				got := reportedBy(t, machine, id, input)
				profiled(t, profiles[id], id, input, got, func(input *ast.Term) []string { return reportedBy(t, machine, id, input) })
				if !slices.Equal(got, want[i]) || !slices.Equal(users[i], want[i]) {
					t.Fatalf("%s on %s\nlinked  %q\na user's %q\nsources %q", id, key, got, users[i], want[i])
				}
			}
		}
	}
}

// Where OPA reports something else of an input that no test thought of, the machine is wrong: inputs of tests, with pieces taken out,
// doubled, and exchanged for those of others.
func TestMachineReportsWhatOPADoesOfOddInputs(t *testing.T) {
	if testing.Short() {
		t.Skip("thousands of rules are asked")
	}
	const inputs = 400
	compiler, seen := seenByTests(t)
	store, txn := siteStore(t)
	machine, _ := builtinMachine(t)
	kindOf := map[string][]string{}
	references := &ruleSet{compiler: compiler, reports: map[string]*ast.Term{}}
	for _, r := range Rules() {
		kindOf[r.Kind] = append(kindOf[r.Kind], r.ID)
		references.reports[r.ID] = ast.NewTerm(ast.MustParseRef(reportOf(r.ID)))
	}
	m := mutator{r: rand.New(rand.NewPCG(11, 5))}
	keys := sortedKeys(seen)
	for _, key := range keys {
		m.collect(seen[key])
	}
	reports := 0
	for range inputs {
		whole := seen[keys[m.r.IntN(len(keys))]]
		kind, err := ast.JSON(whole.Get(ast.StringTerm("kind")).Value)
		if err != nil {
			t.Fatal(err)
		}
		rules := kindOf[fmt.Sprint(kind)]
		if rules == nil {
			rules = kindOf[kindUnit] // whose kind is that of the unit
		}
		input := whole
		for range 1 + m.r.IntN(4) {
			input = m.mutate(input)
		}
		for _, rule := range rules {
			want, wantErr := tryOPA(t, references, store, txn, rule, input)
			got, err := tryMachine(t, machine, rule, input)
			if (err != nil) != (wantErr != nil) || err == nil && !slices.Equal(got, want) {
				t.Errorf("%s on %s\nmachine %q %v\nOPA     %q %v", rule, input, got, err, want, wantErr)
			}
			reports += len(got)
		}
	}
	t.Logf("%d findings", reports)
	if reports < inputs {
		t.Errorf("%d findings prove too little", reports)
	}
}

// mutator makes odd inputs of good ones.
type mutator struct {
	r    *rand.Rand
	pool []*ast.Term // pieces of all inputs
}

func (m *mutator) collect(t *ast.Term) {
	const most = 4000
	if len(m.pool) < most {
		m.pool = append(m.pool, t)
	}
	switch v := t.Value.(type) {
	case *ast.Array:
		v.Foreach(m.collect)
	case ast.Object:
		v.Foreach(func(_, x *ast.Term) { m.collect(x) })
	}
}

// mutate changes one piece of a value, somewhere in it. The field that says what the input is stays.
func (m *mutator) mutate(t *ast.Term) *ast.Term {
	switch v := t.Value.(type) {
	case *ast.Array:
		if v.Len() > 0 && m.r.IntN(5) > 0 {
			items := make([]*ast.Term, 0, v.Len()+1)
			at := m.r.IntN(v.Len())
			for i := range v.Len() {
				x := v.Elem(i)
				if i == at {
					switch m.r.IntN(6) {
					case 0:
						continue
					case 1:
						items = append(items, x)
					default:
						x = m.mutate(x)
					}
				}
				items = append(items, x)
			}
			return ast.ArrayTerm(items...)
		}
	case ast.Object:
		if v.Len() > 0 && m.r.IntN(10) > 0 {
			at := v.Keys()[m.r.IntN(v.Len())]
			o := ast.NewObject()
			v.Foreach(func(k, x *ast.Term) {
				if k.Equal(at) && !k.Equal(ast.StringTerm("kind")) {
					if m.r.IntN(6) == 0 {
						return
					}
					x = m.mutate(x)
				}
				o.Insert(k, x)
			})
			return ast.NewTerm(o)
		}
	}
	// What is a text stays one: a builtin that gets something else is an error, wherever the evaluation comes to it.
	for range 50 {
		if x := m.pool[m.r.IntN(len(m.pool))]; reflect.TypeOf(x.Value) == reflect.TypeOf(t.Value) {
			return x
		}
	}
	return t
}

func tryOPA(t *testing.T, set *ruleSet, store storage.Store, txn storage.Transaction, rule string, input *ast.Term) (out []string, err error) {
	t.Helper()
	err = topdown.NewQuery(set.query([]string{rule})).WithCompiler(set.compiler).WithStore(store).WithTransaction(txn).WithInput(input).WithStrictBuiltinErrors(true).
		Iter(t.Context(), func(r topdown.QueryResult) error {
			set, _ := r[answer(0)].Value.(ast.Set)
			set.Foreach(func(t *ast.Term) { out = append(out, t.String()) })
			return nil
		})
	return out, err
}

func tryMachine(t *testing.T, machine *vm.Machine, rule string, input *ast.Term) (out []string, err error) {
	t.Helper()
	function, ok := machine.Function(rule)
	if !ok {
		t.Fatalf("%s is not linked", rule)
	}
	value, err := valueOf(input.Value)
	if err != nil {
		t.Fatal(err)
	}
	reported, err := machine.Run().Call(function, value, new(atomic.Bool))
	if err != nil {
		return nil, err //nolint:wrapcheck // for a test
	}
	for _, item := range reported.(*vm.Set).Items() {
		out = append(out, termOf(item).String())
	}
	return out, nil
}

// builtinMachine runs the built-in rules, with the site that they have.
func builtinMachine(t *testing.T) (*vm.Machine, map[string]profile) {
	t.Helper()
	profiles, err := builtinProfiles()
	if err != nil {
		t.Fatal(err)
	}
	program, err := builtinProgram()
	if err != nil {
		t.Fatal(err)
	}
	site, err := valueOfJSON(policies.Site())
	if err != nil {
		t.Fatal(err)
	}
	l := linked{program: func() (*vm.Program, error) { return program, nil }}
	if err := l.open(site); err != nil {
		t.Fatal(err)
	}
	return l.machine, profiles
}

// seenByTests are the rules, compiled from their sources, and every input that their tests give them.
func seenByTests(t *testing.T) (*ast.Compiler, map[string]*ast.Term) {
	t.Helper()
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
	return compiler, seen.seen
}

// reportedBy is what a linked rule reports.
func reportedBy(t *testing.T, machine *vm.Machine, rule string, input *ast.Term) []string {
	t.Helper()
	out, err := tryMachine(t, machine, rule, input)
	if err != nil {
		t.Fatalf("%s: %v", rule, err)
	}
	return out
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
	library, err := openLibrary()
	if err != nil {
		t.Fatal(err)
	}
	all, err := library.needed(map[string]ast.Ref{"data.nixlint.lib": ast.MustParseRef("data.nixlint.lib")})
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
	_, profiles := builtinMachine(t)
	users := asUsers(t)
	for id, p := range profiles {
		if got, want := users.profile(id).comment(), p.comment(); got != want {
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
	fail := `
report contains {"verdict": "fail", "path": [], "msg": sprintf("%d", [number(input.name)])}
number(s) := to_number(s)
`
	fine := `
report contains {"verdict": "fail", "path": [], "msg": "x"} if input.kind == "service"
`
	modules, reports := map[string]string{}, map[string]string{}
	for name, text := range map[string]string{"fails": fail, "fine": fine} {
		modules[name] = "package nixlint.rules.a." + name + "\n" + text
		reports["a/"+name] = reportOf("a/" + name)
	}
	program, err := planner.Make(modules, reports)
	if err != nil {
		t.Fatal(err)
	}
	rules := []checks.Rule{{ID: "a/fails", Kind: kindUnit}, {ID: "a/fine", Kind: kindUnit}}
	j, err := newJudge(Options{}, []byte("{}"), &pack{rules: rules, compiled: &linked{
		program: func() (*vm.Program, error) { return vm.Read(string(program)) },
		profiles: func() (map[string]profile, error) {
			return map[string]profile{"a/fails": {reads: []read{{what: clue{kind: clueValue}}}}, "a/fine": {reads: []read{{what: clue{kind: clueValue}}}}}, nil
		},
	}})
	if err != nil {
		t.Fatal(err)
	}
	inv := &inventory.Inventory{Hosts: []inventory.Host{{Units: []inventory.Unit{{Name: "x.service", Kind: "service", Status: inventory.Active}}}}}
	_, err = j.Judge(t.Context(), inv, []string{"a/fails", "a/fine"})
	if err == nil || !strings.HasPrefix(err.Error(), "rule a/fails: to_number: ") {
		t.Errorf("got %v", err)
	}
}

// A rule of which nothing is known would share what it says of one unit with all others.
func TestRuleWithoutAProfileIsAnError(t *testing.T) {
	l := &linked{profiles: func() (map[string]profile, error) { return map[string]profile{}, nil }}
	if _, err := l.profile("a/b", 1); err == nil || !strings.HasPrefix(err.Error(), "rule a/b: ") {
		t.Errorf("got %v", err)
	}
}

// A finding that the library did not build would be lost.
func TestReportOfAnotherShapeIsAnError(t *testing.T) {
	for _, text := range []string{
		`{{"verdict": "pass", "path": [], "msg": "x"}}`, `{{"verdict": "fail", "msg": "x"}}`,
		`{{"verdict": "fail", "path": [1.5], "msg": "x"}}`, `{"x"}`, `["x"]`, `{"a": 1}`,
	} {
		reported, err := valueOf(ast.MustParseTerm(text).Value)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := readVerdicts("a/b", reported); err == nil || !strings.Contains(err.Error(), "rule a/b reports ") {
			t.Errorf("%s: got %v", text, err)
		}
	}
}

// Whatever is wrong with the committed artefacts is an error, not a panic and not a rule less.
func TestDamagedRulesAreAnError(t *testing.T) {
	for name, c := range map[string]struct {
		data []byte
		read func([]byte) error
	}{
		"profiles": {profilesData, func(data []byte) error { _, err := decodeProfiles(data); return err }},
		"library": {libraryData, func(data []byte) error {
			a, err := openArchive(data)
			if err == nil {
				_, err = a.modules([]string{libraryPackage + "finding"})
			}
			return err
		}},
	} {
		if err := c.read(c.data); err != nil {
			t.Fatal(err)
		}
		for n := 0; n < len(c.data); n += 7 {
			if err := c.read(c.data[:n]); err == nil {
				t.Fatalf("%s: the first %d bytes of %d are accepted", name, n, len(c.data))
			}
			damaged := slices.Clone(c.data)
			damaged[n] ^= 0xff
			_ = c.read(damaged) // may still be a tree; it must not panic
		}
	}
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		if _, err := vm.Read(programText); err != nil {
			b.Fatal(err)
		}
		if _, err := decodeProfiles(profilesData); err != nil {
			b.Fatal(err)
		}
	}
}

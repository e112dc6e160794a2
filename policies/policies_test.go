package policies_test

import (
	"bytes"
	"context"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/format"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
	"github.com/open-policy-agent/opa/v1/tester"

	"github.com/nixlint/nixlint/checks/policy"
	"github.com/nixlint/nixlint/policies"
)

// texts are all files of Rego, by name.
func texts(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := fs.WalkDir(policies.Sources(), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := fs.ReadFile(policies.Sources(), name)
		out[name] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func modules(t *testing.T) map[string]*ast.Module {
	t.Helper()
	out := map[string]*ast.Module{}
	for name, text := range texts(t) {
		m, err := ast.ParseModuleWithOpts(name, text, ast.ParserOptions{ProcessAnnotation: true, RegoVersion: ast.RegoV1})
		if err != nil {
			t.Fatal(err)
		}
		out[name] = m
	}
	return out
}

func TestSourcesAreFormatted(t *testing.T) {
	for name, text := range texts(t) {
		want, err := format.SourceWithOpts(name, []byte(text), format.Opts{RegoVersion: ast.RegoV1})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if !bytes.Equal(want, []byte(text)) {
			t.Errorf("%s is not as opa fmt writes it", name)
		}
		for i, line := range strings.Split(text, "\n") {
			if len(line) > 160 && !strings.Contains(line, "regex.") && !strings.Contains(line, "https://") {
				t.Errorf("%s:%d: %d characters", name, i+1, len(line))
			}
		}
	}
}

func TestSourcesCompileStrictly(t *testing.T) {
	c := policy.Compiler()
	c.Compile(modules(t))
	if c.Failed() {
		t.Fatal(c.Errors)
	}
}

// Without the import a negation does not fire when what it names is absent, and nothing says so.
func TestEverySourceImportsNot(t *testing.T) {
	for name, text := range texts(t) {
		if !strings.Contains(text, "import future.keywords.not\n") {
			t.Errorf("%s does not import future.keywords.not", name)
		}
	}
}

func TestEveryRuleIsTestedForEveryVerdict(t *testing.T) {
	all := modules(t)
	for _, rule := range policy.Rules() {
		file := rule.ID + "/" + path.Base(rule.ID) + "_test.rego"
		m := all[file]
		if m == nil {
			t.Errorf("%s has no test: want %s", rule.ID, file)
			continue
		}
		for _, what := range []string{"test_fires", "test_silent", "test_unknown", "test_absent"} {
			if !slices.ContainsFunc(m.Rules, func(r *ast.Rule) bool { return strings.HasPrefix(r.Head.Name.String(), what) }) {
				t.Errorf("%s has no case %s…", file, what)
			}
		}
	}
}

func TestRules(t *testing.T) {
	all := modules(t)
	site, err := ast.ValueFromReader(bytes.NewReader(policies.Site()))
	if err != nil {
		t.Fatal(err)
	}
	store := inmem.NewFromASTObject(ast.NewObject(ast.Item(ast.StringTerm("site"), ast.NewTerm(site))))
	txn, err := store.NewTransaction(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	defer store.Abort(context.Background(), txn)
	results, err := tester.NewRunner().SetStore(store).SetModules(all).RaiseBuiltinErrors(true).CapturePrintOutput(true).
		SetCompiler(policy.Compiler().WithEnablePrintStatements(true)).RunTests(t.Context(), txn)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for r := range results {
		n++
		if !r.Pass() || r.Error != nil {
			t.Errorf("%s: %s.%s fails %v %s", r.Location, r.Package, r.Name, r.Error, r.Output)
		}
	}
	if n < 4*len(policy.Rules()) {
		t.Errorf("%d Rego tests ran", n)
	}
}

func TestProfilesNameRulesThatExist(t *testing.T) {
	known := map[string]bool{}
	for _, r := range policy.Rules() {
		known[r.ID] = true
	}
	strict, err := policies.Profile("strict")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range policies.Profiles() {
		p, err := policies.Profile(name)
		if err != nil {
			t.Fatal(err)
		}
		for id, level := range p.Rules {
			if !known[id] {
				t.Errorf("%s names %s, which does not exist", name, id)
			}
			if !slices.Contains([]string{"error", "warning", "info", "off"}, level.Level) {
				t.Errorf("%s: %s has level %q", name, id, level.Level)
			}
		}
	}
	for id := range known {
		if _, ok := strict.Rules[id]; !ok {
			t.Errorf("strict does not name %s", id)
		}
	}
}

// What is no sentence is set as code: its lines would be joined else.
func TestFixesSetCodeAsCode(t *testing.T) {
	code := regexp.MustCompile(`^(?:#|[\w."$@{}-]+ = |\$\{|[}\]])`)
	for _, rule := range policy.Rules() {
		for line := range strings.Lines(rule.Fix) {
			if code.MatchString(line) {
				t.Errorf("%s: the fix has a line of code that is not indented by four: %s", rule.ID, line)
			}
		}
	}
}

// A tag with a colon is a control of a public framework: its text was read before it was written here.
func TestControlsNameAFramework(t *testing.T) {
	control := regexp.MustCompile(`^(anssi-bp-028:R[0-9]{1,2}|anduril-nixos-stig:V-[0-9]{6}|nist-800-53:[A-Z]{2}-[0-9]{1,2}(\([0-9]{1,2}\))?)$`)
	n := 0
	for _, rule := range policy.Rules() {
		for _, tag := range rule.Tags {
			if !strings.Contains(tag, ":") {
				continue
			}
			if n++; !control.MatchString(tag) {
				t.Errorf("%s: %s is no FRAMEWORK:CONTROL", rule.ID, tag)
			}
		}
	}
	if n == 0 {
		t.Error("no rule names a control")
	}
}

func TestUnknownProfileNamesTheRightOnes(t *testing.T) {
	_, err := policies.Profile("stirct")
	if err == nil || err.Error() != `unknown profile "stirct": want baseline or strict` {
		t.Errorf("got %v", err)
	}
}

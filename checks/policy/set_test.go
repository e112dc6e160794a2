package policy_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/nixlint/nixlint/checks"
	"github.com/nixlint/nixlint/checks/policy"
	"github.com/nixlint/nixlint/loader/inventory"
	"github.com/nixlint/nixlint/policies"
)

// site is a folder of one rule a/b with that body.
func site(body string) fstest.MapFS {
	text := metadata + "package nixlint.rules.a.b\n\nimport data.nixlint.lib\nimport future.keywords.not\n\n" + body
	return fstest.MapFS{"a/b/b.rego": {Data: []byte(text)}}
}

const noticed = `report contains lib.finding("fail", ["sections"], sprintf("%s is noticed", [input.name])) if input.kind == "service"` + "\n"

func read(tb testing.TB, folder fstest.MapFS) *policy.Set {
	tb.Helper()
	set, err := policy.ReadSet(folder, "site")
	if err == nil {
		err = set.Ready()
	}
	if err != nil {
		tb.Fatal(err)
	}
	return set
}

func ask(tb testing.TB, o policy.Options, inv *inventory.Inventory, rules ...string) ([]checks.Judgement, error) {
	tb.Helper()
	j, err := policy.New(o)
	if err != nil {
		tb.Fatal(err)
	}
	return j.Judge(context.Background(), inv, rules)
}

func TestRulesOfAUserJudgeBesideTheBuiltinOnes(t *testing.T) {
	set := read(t, site(noticed))
	inv := &inventory.Inventory{Hosts: []inventory.Host{{Source: "flake", Units: []inventory.Unit{service("x", map[string][]string{"KillMode": {"none"}})}}}}
	got, err := ask(t, policy.Options{Sets: []*policy.Set{set}}, inv, "a/b", "lifecycle/kill-mode")
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 2 || got[0].Rule != "a/b" || got[0].Message != "x is noticed" || got[1].Rule != "lifecycle/kill-mode" {
		t.Errorf("got %+v", got)
	}
}

// What few rules have is compiled like the rest.
func TestRulesOfAUserMayUseAllOfTheLanguage(t *testing.T) {
	service := service("x", map[string][]string{"KillMode": {"none"}})
	inv := &inventory.Inventory{Hosts: []inventory.Host{{Source: "flake", Units: []inventory.Unit{service}}}}
	const found = `report contains lib.finding("fail", ["sections"], `
	library := "package nixlint.lib.command\n\nimport future.keywords.not\n\nmine := 7\n"
	for name, c := range map[string]struct{ body, library, want string }{
		"print":                    {found + "\"a\") if {\n\tprint(input.name)\n\tinput.name\n}\n", "", "a"},
		"a template string":        {found + "$\"{input.name} {lib.open_why} {lib.closed}\")\n", "", "x  true"},
		"another input":            {found + "_name) if lib.closed with input as {\"completeness\": \"own\"}\n\n_name := input.name\n", "", "x"},
		"another function":         {found + "\"b\") if lib.last(\"Service\", \"KillMode\") == 1 with lib._decided as _one\n\n_one(_, _) := 1\n", "", "b"},
		"another builtin":          {found + "\"c\") if count([1]) == 5 with count as 5\n", "", "c"},
		"a value for a helper":     {found + "\"d\") if lib.closed == \"no\" with data.nixlint.lib.closed as \"no\"\n", "", "d"},
		"what adds to the library": {found + "sprintf(\"%d\", [data.nixlint.lib.command.mine]))\n", library, "7"},
	} {
		t.Run(name, func(t *testing.T) {
			folder := site(c.body)
			if c.library != "" {
				folder["lib/mine.rego"] = &fstest.MapFile{Data: []byte(c.library)}
			}
			got, err := ask(t, policy.Options{Sets: []*policy.Set{read(t, folder)}}, inv, "a/b")
			if err != nil {
				t.Fatal(err)
			}
			if len(got) != 1 || got[0].Message != c.want {
				t.Errorf("got %+v", got)
			}
		})
	}
}

// Of few units a rule is asked without having been looked into.
func TestRulesOfAUserSayTheSameOfFewUnitsAndOfMany(t *testing.T) {
	body := `report contains lib.finding("fail", ["sections"], sprintf("%s is noticed", [input.name])) if contains(input.text, "--port 901")` + "\n"
	set := read(t, site(body))
	inv := fleet(1, 30, 30)
	judged := func(inv *inventory.Inventory) (out []string) {
		got, err := ask(t, policy.Options{Sets: []*policy.Set{set}}, inv, "a/b")
		if err != nil {
			t.Fatal(err)
		}
		for _, j := range got {
			out = append(out, j.Message)
		}
		return out
	}
	var alone []string
	for i := range inv.Hosts[0].Units {
		alone = append(alone, judged(&inventory.Inventory{Hosts: []inventory.Host{{Source: "flake", Units: inv.Hosts[0].Units[i : i+1]}}})...)
	}
	if together := judged(inv); !slices.Equal(together, alone) || len(alone) == 0 || len(alone) == 30 {
		t.Errorf("together %q, alone %q", together, alone)
	}
}

func TestAFolderOfRulesIsRefusedWithPlaceAndReason(t *testing.T) {
	without := func(what string) fstest.MapFS {
		return fstest.MapFS{"a/b/b.rego": {Data: []byte(strings.ReplaceAll(string(site(noticed)["a/b/b.rego"].Data), what, ""))}}
	}
	for name, c := range map[string]struct {
		folder fstest.MapFS
		want   string
	}{
		"no rules":             {fstest.MapFS{"README.md": {}}, "site holds no rules: want CATEGORY/RULE/RULE.rego"},
		"a syntax error":       {site("report contains {"), "site/a/b/b.rego:"},
		"an unknown name":      {site("report contains lib.fnding(1, 2, 3)\n"), "site/a/b/b.rego:17: undefined function data.nixlint.lib.fnding"},
		"a wrong type":         {site("report contains x if { x := 1 + \"a\" }\n"), "site/a/b/b.rego:17: plus: invalid argument(s)"},
		"the network":          {site(`report contains http.send({"url": "x"})` + "\n"), "site/a/b/b.rego:17: undefined function http.send: a rule may not read"},
		"the environment":      {site("report contains opa.runtime().env\n"), "undefined function opa.runtime"},
		"a huge shift":         {site("report contains bits.lsh(1, 1e9)\n"), "undefined function bits.lsh"},
		"no set":               {site("report := 1\n"), "site/a/b/b.rego:17: report is no set of findings: want report contains"},
		"no report":            {site("_x := 1\n"), "site/a/b/b.rego:12: no report: want report contains"},
		"no import of not":     {without("import future.keywords.not\n"), "site/a/b/b.rego:12: want import future.keywords.not"},
		"no metadata":          {without(metadata), "site/a/b/b.rego:1: no METADATA"},
		"a library of ours":    {fstest.MapFS{"a/b/b.rego": site(noticed)["a/b/b.rego"], "lib/lib.rego": {Data: []byte("package nixlint.lib.x\nimport future.keywords.not\n")}}, "site/lib/lib.rego:1: lib/lib.rego is nixlint's own"},
		"a place of its own":   {fstest.MapFS{"b.rego": site(noticed)["a/b/b.rego"]}, "a rule is CATEGORY/RULE/RULE.rego"},
		"a huge file":          {fstest.MapFS{"a/b/b.rego": {Data: make([]byte, 2<<20)}}, "site/a/b/b.rego: more than"},
		"rules in another lib": {fstest.MapFS{"a/b/b.rego": site(noticed)["a/b/b.rego"], "lib/x.rego": {Data: []byte("package nixlint.rules.a.b\nimport future.keywords.not\n")}}, "site/lib/x.rego:1: the package of a library is nixlint.lib.NAME"},
	} {
		set, err := policy.ReadSet(c.folder, "site")
		if err == nil {
			err = set.Ready()
		}
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", name, err, c.want)
		}
	}
}

func TestARuleCannotTakeTheNameOfAnother(t *testing.T) {
	one := read(t, site(noticed))
	if _, err := policy.New(policy.Options{Sets: []*policy.Set{one, read(t, site(noticed))}}); err == nil || !strings.Contains(err.Error(), "there is a rule a/b already") {
		t.Errorf("got %v", err)
	}
}

// Whatever a rule does, the run ends with an error that says what happened. The limits are far below what these would take.
func TestHostileRulesEndWithinTheirLimits(t *testing.T) {
	letters := `_letters := split("` + strings.Repeat("a", 200) + `", "")` + "\n\n"
	for name, c := range map[string]struct{ body, want string }{
		"a loop": {
			letters + `report contains lib.finding("fail", [], "x") if {
	some a in _letters
	some b in _letters
	some c in _letters
	some d in _letters
	some e in _letters
	concat("", [a, b, c, d, e]) == "b"
}` + "\n", "the rules took longer than 300ms: rule a/b was at work",
		},
		"one call that allocates": {
			`_a := replace("` + strings.Repeat("a", 1000) + `", "a", "` + strings.Repeat("b", 1000) + `")` + "\n\n" +
				`_b := replace(_a, "b", "` + strings.Repeat("c", 100) + `")` + "\n\n" +
				`report contains lib.finding("fail", [], "x") if contains(replace(_b, "c", "ddd"), "e")` + "\n", "the rules took more than 64 MiB of memory: rule a/b was at work",
		},
		"an error in a call": {`report contains lib.finding("fail", [], "x") if to_number(input.name) > 1` + "\n", "rule a/b: site/a/b/b.rego:17: to_number: "},
		"two values":         {"_x := 1 if input.kind\n\n_x := 2 if input.name\n\n" + `report contains lib.finding("fail", [_x], "x")` + "\n", "rule a/b: site/a/b/b.rego:19: rule data.nixlint.rules.a.b._x produced conflicting values"},
		"another shape":      {`report contains {"message": lib.shown("Service", "User")}` + "\n", "rule a/b reports {"},
		"a verdict of pass":  {`report contains {"verdict": "pass", "path": [], "msg": "x"} if lib.closed` + "\n", "rule a/b reports {"},
	} {
		t.Run(name, func(t *testing.T) {
			o := policy.Options{Sets: []*policy.Set{read(t, site(c.body))}, Limit: 300 * time.Millisecond, Memory: 64 << 20}
			if !strings.Contains(c.want, "the rules took") {
				o.Limit, o.Memory = 0, 0
			} else if strings.Contains(c.want, "memory") {
				o.Limit = 0
			}
			_, err := ask(t, o, fleet(1, 1, 1), "a/b")
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
			if limit, ok := errors.AsType[*policy.LimitError](err); ok != strings.HasPrefix(c.want, "the rules took") {
				t.Errorf("limit %v", limit)
			}
		})
	}
}

// The rule that the guide shows is one that works: it is read from there, compiled, tested and asked.
func TestTheExampleOfTheGuideWorks(t *testing.T) {
	text, err := os.ReadFile("../../policies/README.md")
	if err != nil {
		t.Fatal(err)
	}
	folder := fstest.MapFS{}
	for _, block := range strings.Split(string(text), "```rego\n# file: ")[1:] {
		name, rest, _ := strings.Cut(block, "\n")
		body, _, _ := strings.Cut(rest, "```")
		folder[strings.TrimSpace(name)] = &fstest.MapFile{Data: []byte(body)}
	}
	if len(folder) < 2 {
		t.Fatalf("%d files in the guide", len(folder))
	}
	tested, err := policy.TestSet(t.Context(), folder, "site", policy.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range tested.Results {
		if !r.Passed {
			t.Errorf("%s %s: %v %s", r.Place, r.Name, r.Err, r.Output)
		}
	}
	if len(tested.Results) < 4 {
		t.Errorf("%d tests", len(tested.Results))
	}
	for _, c := range tested.Coverage {
		if c.Percent < 90 {
			t.Errorf("%s: %.0f %%", c.File, c.Percent)
		}
	}
}

func TestTestsSayWhatFailsAndWhatTheyMiss(t *testing.T) {
	folder := site(noticed + "\n" + `report contains lib.finding("fail", [], "never") if input.kind == "nothing"` + "\n")
	folder["a/b/b_test.rego"] = &fstest.MapFile{Data: []byte(`package nixlint.rules.a.b_test

import data.nixlint.lib.given
import data.nixlint.rules.a.b
import future.keywords.not

test_fires if given.said(b.report) == {"fail sections"} with input as given.service("x", {})

test_fails if {
	print("seen")
	count(b.report) == 2 with input as given.service("x", {})
}

test_breaks if to_number("x") == 1
`)}
	tested, err := policy.TestSet(t.Context(), folder, "site", policy.Options{})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]policy.TestResult{}
	for _, r := range tested.Results {
		got[r.Name] = r
	}
	if !got["test_fires"].Passed || got["test_fails"].Passed || got["test_fails"].Output != "seen\n" || got["test_breaks"].Err == nil || len(got) != 3 {
		t.Errorf("got %+v", tested.Results)
	}
	if c := tested.Coverage; len(c) != 1 || c[0].File != "site/a/b/b.rego" || c[0].Percent > 90 || len(c[0].Missing) == 0 {
		t.Errorf("got %+v", c)
	}
}

// many is a folder of n rules, each as long as the built-in ones.
func many(n int) fstest.MapFS {
	out := fstest.MapFS{}
	for i := range n {
		id := fmt.Sprintf("site/rule-%d", i)
		body := strings.Replace(metadata, "title: t", "title: "+id, 1) + "package nixlint.rules.site.rule_" + strconv.Itoa(i) + `

import data.nixlint.lib
import data.nixlint.lib.command
import future.keywords.not

report contains found if {
	input.kind == "service"
	some directive in ["User", "Group", "Nice"]
	some value in lib.stated("Service", directive)
	value.text in {"nobody", "root"}
	found := _finding(directive, value)
}

report contains found if {
	input.kind == "service"
	contains(input.text, "word")
	some line in command.lines
	regex.match(` + "`^/bin/[a-z]+`" + `, line.text)
	found := lib.decided(line.verdict, line.path, sprintf("%s is said", [line.text]), "it is not decided")
}

_finding(directive, value) := lib.finding("fail", value.path, sprintf("%s=%s", [directive, value.text])) if {
	value.text == "root"
} else := lib.minor(lib.finding("fail", value.path, sprintf("%s is %s", [directive, value.text])))
`
		out[path.Join(id, path.Base(id)+".rego")] = &fstest.MapFile{Data: []byte(body)}
	}
	return out
}

// BenchmarkReadSet reads rules of a user until they can be asked; plain is what OPA alone takes to parse and compile the same modules, as
// opa eval does.
func BenchmarkReadSet(b *testing.B) {
	folder := many(50)
	measure := func(b *testing.B, do func()) {
		b.Helper()
		before := cpu(b)
		for b.Loop() {
			do()
		}
		b.ReportMetric(float64(((cpu(b) - before) / time.Duration(b.N)).Milliseconds()), "cpu-ms")
	}
	b.Run("set", func(b *testing.B) { measure(b, func() { read(b, folder) }) })
	b.Run("plain", func(b *testing.B) {
		measure(b, func() {
			modules := map[string]*ast.Module{}
			parse := func(from fs.FS, dir string) {
				err := fs.WalkDir(from, dir, func(file string, d fs.DirEntry, err error) error {
					if err != nil || d.IsDir() || strings.HasSuffix(file, "_test.rego") {
						return err
					}
					text, err := fs.ReadFile(from, file)
					if err != nil {
						return err
					}
					modules[file], err = ast.ParseModuleWithOpts(file, string(text), ast.ParserOptions{ProcessAnnotation: true, RegoVersion: ast.RegoV1})
					return err
				})
				if err != nil {
					b.Fatal(err)
				}
			}
			parse(folder, ".")
			parse(policies.Sources(), "lib")
			c := policy.Compiler()
			if c.Compile(modules); c.Failed() {
				b.Fatal(c.Errors)
			}
		})
	})
}

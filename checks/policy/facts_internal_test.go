package policy

import (
	"io/fs"
	"slices"
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"

	"github.com/nixlint/nixlint/loader/inventory"
	"github.com/nixlint/nixlint/policies"
)

func fact(name, option, value string) inventory.Fact {
	return inventory.Fact{Name: name, Fields: map[string][]inventory.Setting{option: {{Alternatives: []inventory.Alternative{{Value: value, Known: true}}}}}}
}

// What the tests of rules are given has the shape of what rules are given.
func TestFactsOfTestsHaveTheShapeOfFacts(t *testing.T) {
	facts := inventory.Facts{Complete: true, Users: []string{"alice"}, Accounts: []inventory.Fact{fact("alice", "extraGroups", "docker")}}
	module, err := fs.ReadFile(policies.Sources(), "lib/given_test.rego")
	if err != nil {
		t.Fatal(err)
	}
	results, err := rego.New(
		rego.Query(`data.nixlint.lib.given.facts(true, {"accounts": [data.nixlint.lib.given.fact("alice", {"extraGroups": ["docker"]})]})`),
		rego.Module("given.rego", string(module))).Eval(t.Context())
	if err != nil || len(results) != 1 {
		t.Fatal(results, err)
	}
	given := ast.MustInterfaceToValue(results[0].Expressions[0].Value).(ast.Object)
	real := termOf(projectFacts(&facts)).Value.(ast.Object)
	if !slices.EqualFunc(given.Keys(), real.Keys(), func(a, b *ast.Term) bool { return a.Equal(b) }) {
		t.Errorf("given %v, real %v", given.Keys(), real.Keys())
	}
	one := func(o ast.Object) *ast.Term {
		v, err := o.Find(ast.Ref{ast.StringTerm("accounts"), ast.IntNumberTerm(0)})
		if err != nil {
			t.Fatal(err)
		}
		return ast.NewTerm(v)
	}
	if a, b := one(given).Value.(ast.Object), one(real).Value.(ast.Object); !slices.EqualFunc(a.Keys(), b.Keys(), func(a, b *ast.Term) bool { return a.Equal(b) }) {
		t.Errorf("given %v, real %v", a, b)
	}
}

// Hosts that differ in a fact are judged apart.
func TestKeyOfAHostDependsOnItsFacts(t *testing.T) {
	seen := map[key]string{}
	h := newHasher()
	for name, facts := range map[string]inventory.Facts{
		"none": {}, "complete": {Complete: true}, "a user": {Accounts: []inventory.Fact{fact("a", "uid", "1")}},
		"another uid": {Accounts: []inventory.Fact{fact("a", "uid", "2")}}, "a group": {Memberships: []inventory.Fact{fact("a", "uid", "1")}},
		"openssh": {OpenSSH: &inventory.Fact{Name: "openssh"}}, "udev": {Udev: &inventory.Fact{Name: "openssh"}},
		"packages": {Packages: []inventory.Setting{{Alternatives: []inventory.Alternative{{Value: "p", Known: true}}}}},
	} {
		k := h.host(&inventory.Host{Facts: facts}, nil)
		if other := seen[k]; other != "" {
			t.Errorf("%s has the key of %s", name, other)
		}
		seen[k] = name
	}
}

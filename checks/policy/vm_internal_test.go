package policy

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/test/cases"
	"github.com/open-policy-agent/opa/v1/topdown"

	"github.com/nixlint/nixlint/checks/policy/planner"
	"github.com/nixlint/nixlint/checks/policy/vm"
)

// compiledFor is a machine whose function "q" is the value of a rule.
func compiledFor(modules map[string]string, rule string, data vm.Value) (*vm.Machine, int, error) {
	text, err := planner.Make(modules, map[string]string{"q": rule})
	if err != nil {
		return nil, 0, err //nolint:wrapcheck // for a test
	}
	p, err := vm.Read(string(text))
	if err != nil {
		return nil, 0, err //nolint:wrapcheck // for a test
	}
	m := vm.New(p, data)
	f, _ := m.Function("q")
	return m, f, nil
}

// What cases come out otherwise for.
const (
	keysOfData = "whole numbers as keys of data: what OPA's planner makes does not find them"
	asWritten  = "how a whole number was written, which the machine does not keep"
	large      = "numbers that no float64 holds, of which the machine has the nearest that one does"
)

// differs are the cases that come out otherwise.
var differs = map[string]string{
	"data/toplevel integer": keysOfData, "data/nested integer": keysOfData,
	"sprintf/float/zero_fraction": asWritten, "sprintf/float/exponent": asWritten,
	"aggregates/sum integer fast-path overflow (elements fit int64, sum does not)": large,
	"arithmetic/bignum exact (>64-bit integers through plus, minus, multiply)":     large,
	"arithmetic/int32 window edges (results crossing into wider integers)":         large,
	"arithmetic/abs, round, ceil and floor on integers and at the window edges":    large,
	"arithmetic/big_int": large, "comparisonexpr/decimals order like the numbers they denote": large,
	"sprintf/big_int": large, "sprintf/big_int/max_cert_serial_number": large, "strings/sprintf: float too big": large,
	"strings/format_int: bignum exact (>64-bit integer, all bases + negative)": large,
}

// OPA's own cases (package v1/test/cases of its module) come out as they say: those that ask for one rule, and need no more than the
// machine has. What else they need is counted by its reason.
func TestMachineConforms(t *testing.T) {
	if testing.Short() {
		t.Skip("more than a thousand programs are made")
	}
	dir, err := exec.CommandContext(t.Context(), "go", "list", "-m", "-f", "{{.Dir}}", "github.com/open-policy-agent/opa").Output()
	if err != nil {
		t.Fatal(err)
	}
	set, err := cases.Load(filepath.Join(strings.TrimSpace(string(dir)), "v1/test/cases/testdata/v1"))
	if err != nil {
		t.Fatal(err)
	}
	one := regexp.MustCompile(`^(data(?:\.[A-Za-z_0-9]+)+) = x$`)
	passed, skipped := 0, map[string]int{}
	for i := range set.Cases {
		c := &set.Cases[i]
		query := one.FindStringSubmatch(c.Query)
		if query == nil {
			skipped["asks for more than one rule"]++
			continue
		}
		if reason := differs[c.Note]; reason != "" {
			skipped[reason]++
			continue
		}
		if reason := conforms(t, c, query[1]); reason != "" {
			skipped[reason]++
		} else {
			passed++
		}
	}
	t.Logf("%d of %d cases passed; not asked: %v", passed, len(set.Cases), skipped)
	if passed < 1100 {
		t.Errorf("%d cases prove too little", passed)
	}
}

// conforms runs a case, and returns why that cannot be done if so.
func conforms(t *testing.T, c *cases.TestCase, rule string) string {
	t.Helper()
	modules := map[string]string{}
	for i, text := range c.Modules {
		modules[fmt.Sprintf("%d.rego", i)] = text
	}
	var input vm.Value
	data := vm.Value(vm.NewObject(0))
	if c.Data != nil {
		data = viaJSON(t, *c.Data)
	}
	if c.Input != nil {
		input = viaJSON(t, *c.Input)
	}
	if c.InputTerm != nil {
		var err error
		if input, err = valueOf(ast.MustParseTerm(*c.InputTerm).Value); err != nil {
			return "an input with variables"
		}
	}
	m, f, err := compiledFor(modules, rule, data)
	if err != nil {
		return reasonOf(err)
	}
	got, err := m.Run().Call(f, input, new(atomic.Bool))
	switch fails := c.WantErrorCode != nil || c.WantError != nil; {
	case err != nil && !fails && !errors.Is(err, vm.ErrDamaged):
		return "errors that OPA takes for undefined unless it is strict"
	case err != nil != fails:
		t.Errorf("%s (%s): got error %v, want error %v", c.Note, c.Filename, err, fails)
	case err != nil || c.WantResult == nil:
	case len(*c.WantResult) == 0:
		if got != nil {
			t.Errorf("%s (%s): got %s, want undefined", c.Note, c.Filename, vm.Text(got))
		}
	default:
		if got == nil || asJSON(t, jsonOf(got), c.SortBindings) != asJSON(t, (*c.WantResult)[0]["x"], c.SortBindings) {
			t.Errorf("%s (%s): got %s, want %v", c.Note, c.Filename, vm.Text(got), *c.WantResult)
		}
	}
	return ""
}

// reasonOf is what a case needs that programs have not.
func reasonOf(err error) string {
	for text, reason := range map[string]string{
		"the builtin ": "builtins that rules may not call", "with replaces": "with on something else than the input", "a statement": "rules under several names",
		"hands on": "with on a function", "takes no input": "with on a function", "rego_": "modules that do not compile alone", "there is no rule": "a rule that is data",
		"undefined": "a rule that is data",
	} {
		if strings.Contains(err.Error(), text) {
			return reason
		}
	}
	return err.Error()
}

func viaJSON(t *testing.T, v any) vm.Value {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	out, err := valueOfJSON(text)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// jsonOf is a value as it stands in JSON, where a set is a list.
func jsonOf(v vm.Value) any {
	switch v := v.(type) {
	case vm.Null:
		return nil
	case *vm.Array:
		return jsonList(v.Items())
	case *vm.Set:
		return jsonList(v.Items())
	case *vm.Object:
		out := map[string]any{}
		v.Fields(func(k, x vm.Value) {
			name, ok := k.(string)
			if !ok {
				text, _ := json.Marshal(jsonOf(k)) //nolint:errchkjson // it is made of JSON
				name = string(text)
			}
			out[name] = jsonOf(x)
		})
		return out
	}
	return v
}

func jsonList(items []vm.Value) []any {
	out := make([]any, len(items))
	for i, x := range items {
		out[i] = jsonOf(x)
	}
	return out
}

func asJSON(t *testing.T, v any, sorted bool) string {
	t.Helper()
	if list, ok := v.([]any); ok && sorted {
		var texts []string
		for _, x := range list {
			texts = append(texts, asJSON(t, x, false))
		}
		slices.Sort(texts)
		return strings.Join(texts, ",")
	}
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// pool are values that builtins and comparisons are tried with.
func pool(t *testing.T) []*ast.Term {
	t.Helper()
	var out []*ast.Term
	for _, text := range []string{
		`null`, `true`, `false`, `0`, `1`, `-1`, `2`, `3`, `10`, `17`, `-7`, `1.5`, `-2.5`, `1000`, `""`, `"a"`, `"b"`, `"ab"`, `"A b"`, `" x "`, `"é"`, `"/var/lib/x"`,
		`"a,b,c"`, `"^a"`, `"(a)(b)?"`, `"["`, `"%s and %d"`, `"%v"`, `"12"`, `"007"`, `"1e3"`, `"-4"`, `"0x1f"`, `"+5"`, `"1_0"`, `"."`, `[]`, `["a"]`, `["b", "a"]`, `[1, 2]`,
		`[3, 1, 2]`, `["a", 1, null]`, `[["a"], ["b"]]`, `{}`, `{"a": 1}`, `{"a": {"b": 2}}`, `{"a": {"c": 3}, "b": ["a"]}`, `{"a": ["b"], "b": ["a", "c"], "c": []}`, `set()`,
		`{"a"}`, `{"a", "b"}`, `{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}`, `{["a"], {"a"}}`, `{{"a": 1}, {"a": 2}, {"b": 1}}`,
	} {
		out = append(out, ast.MustParseTerm(text))
	}
	return out
}

// Values have the order that they have in OPA, and equal ones are found in sets and objects.
func TestValuesAreOrderedAsOPAsAre(t *testing.T) {
	all := pool(t)
	values, set, object := make([]vm.Value, len(all)), vm.NewSet(), vm.NewObject(0)
	for i, a := range all {
		var err error
		if values[i], err = valueOf(a.Value); err != nil {
			t.Fatal(err)
		}
		set = vm.NewSet(append(slices.Clone(set.Items()), values[i])...)
		object.Put(values[i], i)
	}
	sign := func(n int) int { return max(-1, min(1, n)) }
	for i, a := range all {
		for k, b := range all {
			if got, want := sign(vm.Compare(values[i], values[k])), sign(a.Value.Compare(b.Value)); got != want {
				t.Errorf("%s and %s: got %d, want %d", a, b, got, want)
			}
			if got := vm.Equal(values[i], values[k]); got != (i == k) {
				t.Errorf("%s equals %s: %v", a, b, got)
			}
		}
		if object.Get(values[i]) != i || vm.Freeze(object).(*vm.Object).Get(values[i]) != i {
			t.Errorf("%s is not found as a key", a)
		}
		if got := termOf(values[i]); !got.Equal(a) {
			t.Errorf("%s came back as %s", a, got)
		}
		if text, ok := a.Value.(ast.String); !ok && vm.Text(values[i]) != a.Value.String() || ok && vm.Text(values[i]) != string(text) {
			t.Errorf("%s is written %s", a, vm.Text(values[i]))
		}
	}
	if len(set.Items()) != len(all) {
		t.Errorf("a set of %d values has %d", len(all), len(set.Items()))
	}
}

// Every builtin gives what OPA's gives, or fails where that fails: on values of all types, drawn with a seed.
func TestBuiltinsDoWhatOPAsDo(t *testing.T) {
	const draws = 1500
	all := pool(t)
	known := map[string]*ast.Builtin{}
	for _, b := range ast.Builtins {
		known[b.Name] = b
	}
	r := rand.New(rand.NewPCG(7, 7))
	for _, name := range vm.Builtins() {
		b := known[name]
		if b == nil || !slices.Contains(builtins, name) {
			t.Errorf("%s is no builtin that rules may call", name)
			continue
		}
		n := len(b.Decl.FuncArgs().Args)
		compared := 0
		for range draws {
			args := make([]*ast.Term, n)
			for i := range args {
				args[i] = all[r.IntN(len(all))]
			}
			if same(t, name, args) {
				compared++
			}
		}
		t.Logf("%s: %d values", name, compared)
		if compared == 0 {
			t.Errorf("%s never gave a value", name)
		}
	}
}

// A number that is out of all proportion, as a unit may state, is no error.
func TestLargeNumbersAreNumbers(t *testing.T) {
	huge, err := vm.Builtin("to_number", strings.Repeat("9", 400))
	if err != nil {
		t.Fatal(err)
	}
	large, err := vm.Builtin("to_number", "99999999999999999999")
	if err != nil {
		t.Fatal(err)
	}
	product, err := vm.Builtin("mul", huge, 1024)
	if err != nil {
		t.Fatal(err)
	}
	if vm.Compare(huge, large) <= 0 || vm.Compare(large, 1<<62) <= 0 || vm.Compare(product, huge) != 0 {
		t.Errorf("got %v, %v and %v", large, huge, product)
	}
}

// near: both are the same number, as far as a float64 tells.
func near(got vm.Value, want *ast.Term) bool {
	f, isFloat := got.(float64)
	n, isNumber := want.Value.(ast.Number)
	w, _ := n.Float64()
	return isFloat && isNumber && math.Abs(f-w) <= 1e-15*math.Abs(w)
}

// same calls a builtin here and there, and reports whether that gave a value.
func same(t *testing.T, name string, args []*ast.Term) bool {
	t.Helper()
	var want *ast.Term
	call := topdown.GetBuiltin(name)
	if call == nil {
		t.Fatalf("OPA does not call %s as a builtin", name)
	}
	wantErr := call(topdown.BuiltinContext{Context: t.Context(), Location: ast.NewLocation(nil, "", 1, 1)}, args, func(v *ast.Term) error { want = v; return nil })
	values := make([]vm.Value, len(args))
	for i, a := range args {
		var err error
		if values[i], err = valueOf(a.Value); err != nil {
			t.Fatal(err)
		}
	}
	got, err := vm.Builtin(name, values...)
	switch {
	case name == "numbers.range" && err != nil && strings.Contains(err.Error(), "a range of more"):
	case (err != nil) != (wantErr != nil):
		t.Errorf("%s(%v): got %v %v, want %v %v", name, args, vm.Text(got), err, want, wantErr)
	case err == nil && (got == nil) != (want == nil), err == nil && want != nil && !termOf(got).Equal(want) && !near(got, want):
		t.Errorf("%s(%v): got %s, want %s", name, args, vm.Text(got), want)
	default:
		return err == nil && got != nil
	}
	return false
}

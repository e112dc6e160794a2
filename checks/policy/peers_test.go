package policy_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/nixlint/nixlint/checks/policy"
	"github.com/nixlint/nixlint/loader/inventory"
)

// BenchmarkPeers runs the rules about units on 1,000 distinct units: here, and in the programs that NIXLINT_OPA and NIXLINT_CONFTEST name,
// which get the same rules as text and the same input as JSON. All of it is processor time, of reading the rules too.
func BenchmarkPeers(b *testing.B) {
	inv := fleet(10, 100, 1000)
	var rules []string
	for _, r := range policy.Rules() {
		if r.Kind == "unit" {
			rules = append(rules, r.ID)
		}
	}
	b.Run("nixlint", func(b *testing.B) {
		before := cpu(b)
		for b.Loop() {
			j, err := policy.New(policy.Options{})
			if err != nil {
				b.Fatal(err)
			}
			if _, err := j.Judge(b.Context(), inv, rules); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(((cpu(b) - before) / time.Duration(b.N)).Milliseconds()), "cpu-ms")
	})
	dir := b.TempDir()
	files := inputs(b, inv, dir)
	b.Run("opa", func(b *testing.B) {
		peer(b, "NIXLINT_OPA", "eval", "--v0-compatible=false", "-d", "../../policies", "--ignore", "*_test.rego", "--ignore", "*.json", "-d", filepath.Join(dir, "site.json"),
			"-i", filepath.Join(dir, "all.json"), "--format", "raw", "count([f | some u in input; some f in data.nixlint.rules[_][_].report with input as u])")
	})
	b.Run("conftest", func(b *testing.B) {
		peer(b, "NIXLINT_CONFTEST", append([]string{
			"test", "--no-fail", "--output", "json", "--policy", "../../policies", "--policy", filepath.Join(dir, "main"), "--data", filepath.Join(dir, "site.json"),
		}, files...)...)
	})
}

// inputs writes each unit to a file of its own, all of them to one, and the entry point that conftest asks for.
func inputs(b *testing.B, inv *inventory.Inventory, dir string) []string {
	b.Helper()
	write := func(name string, text string) string {
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			b.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			b.Fatal(err)
		}
		return name
	}
	var files, all []string
	for i := range inv.Hosts {
		for k := range inv.Hosts[i].Units {
			value, err := ast.JSON(policy.Input(&inv.Hosts[i].Units[k]))
			if err != nil {
				b.Fatal(err)
			}
			text, err := json.Marshal(value)
			if err != nil {
				b.Fatal(err)
			}
			files, all = append(files, write(fmt.Sprintf("unit/%d.json", len(files)), string(text))), append(all, string(text))
		}
	}
	write("all.json", "["+strings.Join(all, ",")+"]")
	write("site.json", `{"site": {}}`)
	write("main/main.rego", "package main\n\ndeny contains f.message if some f in data.nixlint.rules[_][_].report\n")
	return files
}

func peer(b *testing.B, variable string, args ...string) {
	b.Helper()
	program := os.Getenv(variable)
	if program == "" {
		b.Skip(variable + " names no program")
	}
	var spent time.Duration
	for b.Loop() {
		cmd := exec.CommandContext(b.Context(), program, args...)
		out, err := cmd.CombinedOutput()
		if err != nil {
			b.Fatalf("%v\n%s", err, out[:min(len(out), 2000)])
		}
		spent += cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	}
	b.ReportMetric(float64((spent / time.Duration(b.N)).Milliseconds()), "cpu-ms")
}

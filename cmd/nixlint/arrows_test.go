package main_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/nixlint/nixlint"

// The libraries that have one owner.
const (
	opa       = "github.com/open-policy-agent/opa/v1/rego"
	goNix     = "github.com/nix-community/go-nix/pkg/derivation"
	zstd      = "github.com/klauspost/compress/zstd"
	xz        = "github.com/ulikunitz/xz"
	goSystemd = "github.com/coreos/go-systemd/v22/unit"
	cobra     = "github.com/spf13/cobra"
	pflag     = "github.com/spf13/pflag"
	yaml      = "go.yaml.in/yaml/v3"
	flagPkg   = "flag"
)

// mayImport is the architecture: for each room, all that it may import besides the standard library.
func mayImport() map[string][]string {
	waist := []string{"loader/source", "loader/inventory", "loader/systemd"}
	judge := slices.Concat(waist, []string{"checks"})
	rooms := map[string][]string{
		"loader/source":     {},
		"loader/syntax":     {"loader/source"},
		"loader/eval":       {"loader/source", "loader/syntax"},
		"loader/inventory":  {"loader/source"},
		"loader/systemd":    {"loader/source", "loader/inventory", goSystemd},
		"loader/nixos":      {"loader/source", "loader/syntax", "loader/eval", "loader/inventory", "loader/systemd", "loader/nixos/base"},
		"loader/nixos/base": {"loader/source", "loader/inventory"},
		"loader/unit":       {"loader/source", "loader/inventory", "loader/systemd", goSystemd},
		"loader/store":      {"loader/source", "loader/inventory", "loader/unit", goNix, zstd, xz},
		"checks":            waist,
		"checks/policy":     slices.Concat(judge, []string{"checks/policy/vm", "policies", opa}),
		"checks/policy/vm":  {},
		"checks/exposure":   judge,
		"checks/analyze":    slices.Concat(judge, []string{goSystemd}),
		"checks/config":     {"loader/source", "checks", yaml},
		"policies":          {},
		"report":            judge,
	}
	for room := range rooms {
		if strings.HasPrefix(room, "loader/") {
			rooms["loader"] = append(rooms["loader"], room)
		}
	}
	everything := slices.Collect(maps.Keys(rooms))
	rooms["checks/policy/planner"] = []string{"checks/policy/vm", opa} // for go generate
	rooms["cmd/nixlint"] = append(everything, cobra, pflag, flagPkg)
	return rooms
}

// surroundings are what only the command may touch, as a file body each.
func surroundings() map[string]string {
	return map[string]string{
		"exit":         `import "os"; func _() { os.Exit(1) }`,
		"renamed_exit": `import system "os"; func _() { system.Exit(1) }`,
		"syscall_exit": `import "syscall"; func _() { syscall.Exit(1) }`,
		"arguments":    `import "os"; var _ = os.Args`,
		"environment":  `import "os"; var _ = os.Getenv("HOME")`,
		"lookup":       `import "os"; func _() (string, bool) { return os.LookupEnv("HOME") }`,
		"environ":      `import "os"; var _ = os.Environ()`,
		"stdout":       `import "os"; var _ = os.Stdout`,
		"stderr":       `import "os"; var _ = os.Stderr`,
		"stdin":        `import "os"; var _ = os.Stdin`,
		"fmt_print":    `import "fmt"; func _() { fmt.Println("x") }`,
		"println":      `func _() { println("x") }`,
		"log_fatal":    `import "log"; func _() { log.Fatal("x") }`,
	}
}

// inTests are arrows from test files: what is held there too, and what is allowed there only.
func inTests() map[string]map[string]bool {
	return map[string]map[string]bool{
		"policies":         {opa: true, goNix: false},
		"policies/lib":     {opa: true},
		"checks/policy":    {opa: true},
		"checks":           {opa: false},
		"report":           {opa: false, goNix: false, goSystemd: false},
		"e2e":              {opa: false, goNix: false, goSystemd: false},
		"loader/systemd":   {goSystemd: true, goNix: false},
		"loader/inventory": {opa: false, goSystemd: false},
	}
}

// TestArrowsAreHeld breaks every arrow of the architecture, one file each, in a copy of the module's folders that has the
// module's own linter configuration, and asks golangci-lint for all of them at once. Each must be reported, and nothing else.
func TestArrowsAreHeld(t *testing.T) {
	t.Parallel()
	lint := linter(t)
	dir := t.TempDir()
	forbidden := map[string]bool{}
	rooms := mayImport()
	targets := slices.Concat(slices.Collect(maps.Keys(rooms)), []string{opa, goNix, zstd, xz, goSystemd, cobra, pflag, yaml, flagPkg})
	for room, allowed := range rooms {
		for _, target := range targets {
			if target == room {
				continue
			}
			name := write(t, dir, room, "to_"+word(target)+".go", `import _ "`+importPath(target)+`"`)
			if !slices.Contains(allowed, target) {
				forbidden[name] = true
			}
		}
		for what, body := range surroundings() {
			if name := write(t, dir, room, "uses_"+what+".go", body); room != "cmd/nixlint" {
				forbidden[name] = true
			}
		}
	}
	for room, arrows := range inTests() {
		for target, ok := range arrows {
			if name := write(t, dir, room, "to_"+word(target)+"_test.go", `import _ "`+importPath(target)+`"`); !ok {
				forbidden[name] = true
			}
		}
	}
	stubs(t, dir, targets)
	copyFile(t, filepath.Join("..", "..", ".golangci.yml"), filepath.Join(dir, ".golangci.yml"))

	reported := lintCopy(t, lint, dir)
	for _, name := range slices.Sorted(maps.Keys(forbidden)) {
		if len(reported[name]) == 0 {
			t.Errorf("%s breaks an arrow and is not reported", name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(reported)) {
		if !forbidden[name] {
			t.Errorf("%s breaks no arrow and is reported: %s", name, reported[name])
		}
	}
	t.Logf("%d arrows broken, %d files reported", len(forbidden), len(reported))
}

// TestEveryPackageHasItsArrows fails for a package that no row of mayImport speaks of, so that a new room is not left open.
func TestEveryPackageHasItsArrows(t *testing.T) {
	t.Parallel()
	out, err := exec.CommandContext(t.Context(), "go", "list", "-f", "{{if .GoFiles}}{{.ImportPath}}{{end}}", module+"/...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	rooms := mayImport()
	for path := range strings.FieldsSeq(string(out)) {
		room := strings.TrimPrefix(strings.TrimPrefix(path, module), "/")
		if strings.HasPrefix(room, "fixtures") || room == "e2e" {
			continue // harnesses of tests: bound by who owns a library, by nothing else
		}
		if _, ok := rooms[room]; !ok {
			t.Errorf("package %s has no arrows: add it to .golangci.yml and to mayImport", path)
		}
	}
}

// linter is the golangci-lint that ./scripts/test installs. Without it the test is skipped, or fails where it is required.
func linter(t *testing.T) string {
	t.Helper()
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = ""
	}
	version, err := os.ReadFile(filepath.Join("..", "..", "scripts", "golangci-lint.version"))
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(cache, "nixlint-tools", "golangci-lint-"+strings.TrimSpace(string(version)), "golangci-lint")
	if _, err := os.Stat(path); err == nil {
		return path
	}
	if slices.Contains(strings.Split(os.Getenv("NIXLINT_REQUIRE"), ","), "lint") {
		t.Fatalf("golangci-lint is required and is not at %s: ./scripts/test installs it", path)
	}
	t.Skipf("no golangci-lint at %s: ./scripts/test installs it", path)
	return ""
}

// lintCopy runs the two linters that hold arrows and returns what they say, by file.
func lintCopy(t *testing.T, lint, dir string) map[string][]string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), lint, "run", "--allow-parallel-runners", "--enable-only", "depguard,forbidigo",
		"--output.json.path", "stdout", "--show-stats=false", "./...")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOPROXY=off", "GOWORK=off", "GOLANGCI_LINT_CACHE="+t.TempDir())
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	var exit *exec.ExitError
	if err == nil || !errors.As(err, &exit) || exit.ExitCode() != 1 {
		t.Fatalf("golangci-lint did not find issues: %v\n%s", err, stderr.String())
	}
	var result struct {
		Issues []struct {
			FromLinter, Text string
			Pos              struct{ Filename string }
		}
	}
	if err := json.Unmarshal(out, &result); err != nil {
		t.Fatalf("%v\n%s\n%s", err, out, stderr.String())
	}
	reported := map[string][]string{}
	for _, issue := range result.Issues {
		if issue.FromLinter != "depguard" && issue.FromLinter != "forbidigo" {
			t.Fatalf("%s: %s: %s", issue.FromLinter, issue.Pos.Filename, issue.Text)
		}
		name := filepath.ToSlash(issue.Pos.Filename)
		reported[name] = append(reported[name], issue.Text)
	}
	return reported
}

// stubs makes the copy a module of its own in which every import path resolves to an empty package, so that arrows may
// point in circles and nothing is downloaded.
func stubs(t *testing.T, dir string, targets []string) {
	t.Helper()
	modules := map[string]string{module: "nixlint", yaml: "yaml", cobra: "cobra", pflag: "pflag"}
	modules["github.com/open-policy-agent/opa"] = "opa"
	modules["github.com/nix-community/go-nix"] = "go-nix"
	modules["github.com/klauspost/compress"] = "compress"
	modules["github.com/ulikunitz/xz"] = "xz"
	modules["github.com/coreos/go-systemd/v22"] = "go-systemd"
	outside := t.TempDir()
	var mod strings.Builder
	mod.WriteString("module example.org/copy\n\ngo 1.26\n")
	for _, path := range slices.Sorted(maps.Keys(modules)) {
		root := filepath.Join(outside, modules[path])
		fmt.Fprintf(&mod, "require %s %s\nreplace %s => %s\n", path, versionOf(path), path, root)
		write(t, root, "", "go.mod", "module "+path+"\n")
		for _, target := range targets {
			if rest, ok := strings.CutPrefix(importPath(target), path); ok && target != flagPkg {
				write(t, root, rest, "stub.go", "")
			}
		}
	}
	write(t, dir, "", "go.mod", mod.String())
}

func versionOf(path string) string {
	if i := strings.LastIndex(path, "/v"); i > 0 && !strings.Contains(path[i+1:], "/") {
		return path[i+1:] + ".0.0"
	}
	return "v0.0.0"
}

// importPath is what stands in the import of a room or a library.
func importPath(target string) string {
	if strings.Contains(target, ".") || target == flagPkg {
		return target
	}
	return module + "/" + target
}

func word(target string) string {
	return strings.NewReplacer("/", "_", ".", "_", "-", "_").Replace(target)
}

// write writes a file below dir/room and returns its path relative to dir. A Go file gets its package clause.
func write(t *testing.T, dir, room, name, body string) string {
	t.Helper()
	if strings.HasSuffix(name, ".go") {
		body = "package " + word(filepath.Base(filepath.Join("stub", room))) + "\n\n" + body + "\n"
	}
	path := filepath.Join(dir, room, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(body), 0o600); err != nil {
		t.Fatal(err)
	}
	return filepath.ToSlash(filepath.Join(room, name))
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	text, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, text, 0o600); err != nil {
		t.Fatal(err)
	}
}

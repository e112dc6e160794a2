package main

import (
	"bytes"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// block is a fenced block of a Markdown file.
type block struct{ language, text string }

func blocks(t *testing.T, name string) []block {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var out []block
	for _, m := range regexp.MustCompile("(?ms)^```([a-z]+)\n(.*?)^```$").FindAllStringSubmatch(string(text), -1) {
		out = append(out, block{m[1], m[2]})
	}
	return out
}

// TestReadme runs every command of the README in a copy of the tree, compares the output it shows with the real one, and
// tries its examples of files.
func TestReadme(t *testing.T) {
	t.Parallel()
	clone := copyTree(t)
	tools := t.TempDir()
	if err := os.Symlink(built(t), filepath.Join(tools, "nixlint")); err != nil {
		t.Fatal(err)
	}
	env := append(os.Environ(), "GOBIN="+tools, "PATH="+tools+":"+os.Getenv("PATH"), "NO_COLOR=", "CLICOLOR_FORCE=")
	seen := map[string]int{}
	for _, b := range blocks(t, filepath.Join(top, "README.md")) {
		seen[b.language]++
		switch b.language {
		case "console":
			session(t, clone, env, b.text)
		case "sh":
			script(t, clone, env, b.text)
		case "nix":
			suppression(t, env, b.text)
		case "yaml":
			if strings.HasPrefix(b.text, "repos:") {
				hooks(t, b.text)
			} else {
				configured(t, env, b.text)
			}
		default:
			t.Errorf("nothing tests a block of %s", b.language)
		}
	}
	if seen["console"] != 1 || seen["sh"] < 4 || seen["nix"] != 1 || seen["yaml"] != 2 {
		t.Errorf("the README has the blocks %v", seen)
	}
}

// session runs "$ COMMAND" and compares standard output with the lines below it; a line "..." stands for any lines.
func session(t *testing.T, dir string, env []string, text string) {
	t.Helper()
	command, want, _ := strings.Cut(strings.TrimPrefix(text, "$ "), "\n")
	got := bash(t, dir, env, command+" || true")
	parts := strings.Split("\n"+want, "\n...\n")
	rest := "\n" + got
	for i, part := range parts {
		at := strings.Index(rest, strings.TrimSuffix(part, "\n"))
		if at < 0 || i == 0 && at > 0 || i == len(parts)-1 && !strings.HasSuffix(rest, part) {
			t.Errorf("the README shows of %q\n%s\nwhich is not in its output\n%s", command, part, got)
			return
		}
		rest = rest[at+len(strings.TrimSuffix(part, "\n")):]
	}
}

// script runs the commands of a block, in the tree when they name a file of it, else in an example repository.
func script(t *testing.T, clone string, env []string, text string) {
	t.Helper()
	if text == "./scripts/test\n" {
		tested(t, clone)
		return
	}
	dir := filepath.Join(clone, "fixtures", "centralized")
	if regexp.MustCompile(`(^|\s)(\./|cd )`).MatchString(text) {
		dir = clone
	}
	// What is published is what is here.
	text = strings.ReplaceAll(text, "github.com/nixlint/nixlint/cmd/nixlint@latest", clone+"/cmd/nixlint")
	text = strings.Replace(text, "go install", "GOBIN=$(mktemp -d) go -C "+clone+" install", 1)
	if strings.Contains(text, "origin/main") {
		bash(t, dir, env, "git init -q . && git add . && git -c user.name=a -c user.email=a@example.org commit -q -m one")
		text = strings.ReplaceAll(text, "origin/main", "HEAD")
	}
	bash(t, dir, env, "set -e\n"+text)
}

// configured checks that an example of a configuration is right.
func configured(t *testing.T, env []string, text string) {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, ".nixlint.yaml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	bash(t, dir, env, "nixlint config verify")
}

// tested checks the command that runs this test: it cannot be run from here.
func tested(t *testing.T, clone string) {
	t.Helper()
	info, err := os.Stat(filepath.Join(clone, "scripts", "test"))
	if err != nil || info.Mode()&0o100 == 0 {
		t.Errorf("scripts/test: %v, %v", info, err)
	}
	gate, err := os.ReadFile(filepath.Join(clone, ".ci", "run"))
	if err != nil || !bytes.Contains(gate, []byte("./scripts/test")) {
		t.Errorf(".ci/run does not run ./scripts/test: %v", err)
	}
}

// suppression tries the example in a module: it must hide one finding, and without its comment show it.
func suppression(t *testing.T, env []string, text string) {
	t.Helper()
	dir := t.TempDir()
	write := func(body string) {
		if err := os.WriteFile(filepath.Join(dir, "a.nix"), []byte("{\n"+body+"}\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(text)
	if out := bash(t, dir, env, "nixlint check"); !strings.Contains(out, "1 finding suppressed") {
		t.Errorf("the example suppresses nothing:\n%s", out)
	}
	_, rest, _ := strings.Cut(text, "\n")
	write(rest)
	if out := bash(t, dir, env, "nixlint check || echo status $?"); !strings.Contains(out, "status 1") {
		t.Errorf("the example has nothing to suppress:\n%s", out)
	}
}

// hooks checks that the hooks an example names are there.
func hooks(t *testing.T, text string) {
	t.Helper()
	offered, err := os.ReadFile(filepath.Join(top, ".pre-commit-hooks.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	ids := regexp.MustCompile(`(?m)^\s*- id: (\S+)`)
	for _, m := range ids.FindAllStringSubmatch(text, -1) {
		if !slices.ContainsFunc(ids.FindAllStringSubmatch(string(offered), -1), func(o []string) bool { return o[1] == m[1] }) {
			t.Errorf("there is no hook %s", m[1])
		}
	}
}

// TestWorkflowExample runs the nixlint commands of the workflow to copy.
func TestWorkflowExample(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join(top, ".github", "examples", "nixlint.yml"))
	if err != nil {
		t.Fatal(err)
	}
	clone := copyTree(t)
	env := append(os.Environ(), "PATH="+filepath.Dir(built(t))+":"+os.Getenv("PATH"))
	commands := regexp.MustCompile(`(?m)^\s*- run: (nixlint .*)$`).FindAllStringSubmatch(string(text), -1)
	if len(commands) == 0 {
		t.Fatal("the workflow runs no nixlint")
	}
	for _, m := range commands {
		bash(t, filepath.Join(clone, "fixtures", "centralized"), env, m[1])
	}
	if _, err := os.Stat(filepath.Join(clone, "fixtures", "centralized", "nixlint.sarif")); err != nil {
		t.Error(err)
	}
}

func bash(t *testing.T, dir string, env []string, text string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "bash", "-c", text)
	cmd.Dir, cmd.Env = dir, env
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		t.Errorf("%s\n%v\n%s%s", text, err, stdout.String(), stderr.String())
	}
	return stdout.String()
}

// copyTree copies the module without its git folder, so that commands may write into it.
func copyTree(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	err := filepath.WalkDir(top, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(top, name)
		if err != nil {
			return err
		}
		target := filepath.Join(dir, relative)
		switch {
		case d.IsDir() && d.Name() == ".git":
			return filepath.SkipDir
		case d.IsDir():
			return os.MkdirAll(target, 0o750)
		case !d.Type().IsRegular():
			return nil
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		return os.WriteFile(target, text, info.Mode().Perm())
	})
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

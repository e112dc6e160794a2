package systemd_test

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"testing"

	"github.com/nixlint/nixlint/fixtures/oracle"
	"github.com/nixlint/nixlint/loader/systemd"
)

func TestExecutables(t *testing.T) {
	t.Parallel()
	for command, want := range map[string][]string{
		"":                            nil,
		"/bin/a -b":                   {"/bin/a"},
		"-/bin/a":                     {"/bin/a"},
		"+!/bin/a ; @-/bin/b name -c": {"/bin/a", "/bin/b"},
		`"/bin/a b" c`:                {"/bin/a b"},
		`/bin/a \; b`:                 {"/bin/a"},
		"a":                           {"a"},
		"- ; -":                       nil,
	} {
		if got := systemd.Executables(command); !slices.Equal(got, want) {
			t.Errorf("%q starts %q, want %q", command, got, want)
		}
	}
}

// TestExecutablesAgreesWithSystemd asks the real systemd-analyze, which names a program that is not there.
func TestExecutablesAgreesWithSystemd(t *testing.T) {
	t.Parallel()
	commands := []string{
		"/a/b -c", "/a/b", "@/a/b c", "+/a/b", "!!/a/b", "@+/a/b d", `"/a/b c" d`, `/a/"b c"d e`, `/a/b\x20c d`, "/a/b;c d",
		"/a/b\t\tc",
	}
	root := t.TempDir()
	write(t, filepath.Join(root, "tmp/.keep"), "")
	args := []string{"verify", "--man=no", "--generators=no", "--recursive-errors=no", "--root=" + root}
	for i, c := range commands {
		name := fmt.Sprintf("c%d.service", i)
		write(t, filepath.Join(root, "etc/systemd/system", name), "[Service]\nExecStart="+c+"\n")
		args = append(args, name)
	}
	out, _ := exec.CommandContext(t.Context(), oracle.Systemd(t), args...).CombinedOutput()
	said := regexp.MustCompile(`c(\d+)\.service: Command (.*) is not executable`).FindAllSubmatch(out, -1)
	if len(said) != len(commands) {
		t.Errorf("systemd says %s", out)
	}
	for _, m := range said {
		n, _ := strconv.Atoi(string(m[1]))
		if got := systemd.Executables(commands[n]); len(got) != 1 || got[0] != string(m[2]) {
			t.Errorf("%s: we make it %q, systemd %q", commands[n], got, m[2])
		}
	}
}

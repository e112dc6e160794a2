package systemd_test

import (
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
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
	for _, command := range []string{
		"/a/b -c", "/a/b", "@/a/b c", "+/a/b", "!!/a/b", "@+/a/b d", `"/a/b c" d`, `/a/"b c"d e`, `/a/b\x20c d`, "/a/b;c d",
		"/a/b\t\tc",
	} {
		root := t.TempDir()
		write(t, filepath.Join(root, "tmp/.keep"), "")
		write(t, filepath.Join(root, "etc/systemd/system/a.service"), "[Service]\nExecStart="+command+"\n")
		program := exec.CommandContext(t.Context(), oracle.Systemd(t), "verify", "--man=no", "--generators=no", "--recursive-errors=no", "--root="+root, "a.service")
		out, _ := program.CombinedOutput()
		m := regexp.MustCompile(`Command (.*) is not executable`).FindSubmatch(out)
		if m == nil {
			t.Errorf("%s: systemd says %s", command, out)
			continue
		}
		if got := systemd.Executables(command); len(got) != 1 || got[0] != string(m[1]) {
			t.Errorf("%s: we make it %q, systemd %q", command, got, m[1])
		}
	}
}

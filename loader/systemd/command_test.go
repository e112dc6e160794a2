package systemd_test

import (
	"slices"
	"testing"

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

package main

import (
	"regexp"
	"strings"

	"github.com/spf13/cobra"

	"github.com/nixlint/nixlint/loader"
)

// sources are the flags of every command that loads a repository.
type sources struct {
	root     string
	inputs   []string
	useStore bool
}

// addTo adds the flags to a command.
func (s *sources) addTo(cmd *cobra.Command) {
	cmd.Flags().StringVar(&s.root, "root", "", rootUsage)
	cmd.Flags().StringArrayVar(&s.inputs, "input", nil, "read flake input (or search path entry) NAME from a folder: `NAME=PATH`; repeatable")
	cmd.Flags().BoolVar(&s.useStore, "use-store", false, "read the inputs that flake.lock names from /nix/store, as far as they are there")
}

var inputName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_'.+-]*$`)

// options are what the flags say to load.
func (s *sources) options(paths []string) (loader.Options, error) {
	opts := loader.Options{Root: s.root, Paths: paths, UseStore: s.useStore, Inputs: map[string]string{}}
	for _, given := range s.inputs {
		name, path, ok := strings.Cut(given, "=")
		switch {
		case !ok || path == "":
			return opts, misuse("--input takes NAME=PATH, found %q", given)
		case !inputName.MatchString(name):
			return opts, misuse("--input takes NAME=PATH, and %q is no name of a flake input", name)
		case opts.Inputs[name] != "":
			return opts, misuse("--input %s is given twice", name)
		}
		opts.Inputs[name] = path
	}
	return opts, nil
}

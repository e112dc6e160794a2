package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// run executes the command line and returns the exit status.
func run(ctx context.Context, p *process) int {
	root := &cobra.Command{
		Use:   "nixlint",
		Short: "Judges the systemd services of a NixOS repository, without building it and without Nix",
		Long: `nixlint reads the Nix files of a repository, works out the systemd units they define, judges them with policies and says
for each finding the line of Nix that caused it. Nothing is built, and Nix need not be installed.

Exit status: 0 clean, 1 findings at or above --fail-level, 2 wrong use, 3 something could not be judged.`,
		Args:              cobra.ArbitraryArgs,
		SilenceErrors:     true,
		SilenceUsage:      true,
		CompletionOptions: cobra.CompletionOptions{HiddenDefaultCmd: true},
	}
	commands := []*cobra.Command{checkCommand(p), inventoryCommand(p), showCommand(p), diffCommand(p), renderCommand(p), exposureCommand(p), rulesCommand(p), explainCommand(p), testCommand(p), initCommand(p), configCommand(p), baselineCommand(p), versionCommand(p), evalCommand(p)} //nolint:contextcheck // cobra hands it to RunE
	root.AddCommand(commands...)
	root.RunE = func(cmd *cobra.Command, args []string) error {
		if len(args) == 0 { // a gate that lost its word must not be green
			if err := cmd.Help(); err != nil {
				return fmt.Errorf("%w", err)
			}
			return misuse("a command is missing: nixlint check judges the working directory")
		}
		var names []string
		for _, c := range commands {
			if !c.Hidden {
				names = append(names, c.Name())
			}
		}
		return unknown("command", args[0], names)
	}
	root.Version = banner()
	root.SetVersionTemplate("{{.Version}}\n")
	root.SetFlagErrorFunc(flagError)
	root.SetArgs(p.args)
	root.SetOut(p.out)
	root.SetErr(p.err)
	return p.finish(root.ExecuteContext(ctx))
}

const rootUsage = "`FOLDER` that nothing is read outside of (default: nearest one upward with flake.nix or .git)"

const configUsage = "`FILE` to take as configuration (default: nearest .nixlint.yaml upward)"

// flagError names the nearest flag for one that does not exist.
func flagError(cmd *cobra.Command, err error) error {
	var absent *pflag.NotExistError
	if !errors.As(err, &absent) || len(absent.GetSpecifiedName()) < 2 {
		return misuse("%w; %s --help lists the flags", err, cmd.CommandPath())
	}
	var flags []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) { flags = append(flags, "--"+f.Name) })
	slices.Sort(flags)
	return unknown("flag", "--"+absent.GetSpecifiedName(), flags)
}

// arguments are the names of positional arguments, all of which must be given.
func arguments(names ...string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		switch {
		case len(args) < len(names):
			return misuse("%s needs a %s; %s --help says more", cmd.CommandPath(), names[len(args)], cmd.CommandPath())
		case len(args) > len(names):
			return misuse("%s takes no argument %q; %s --help says more", cmd.CommandPath(), args[len(names)], cmd.CommandPath())
		}
		return nil
	}
}

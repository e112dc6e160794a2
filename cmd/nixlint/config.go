package main

import (
	"fmt"
	"maps"
	"slices"

	"github.com/spf13/cobra"

	"github.com/nixlint/nixlint/loader"
)

func configCommand(p *process) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "config",
		Short: "Look at the configuration, .nixlint.yaml",
		Args:  arguments(),
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(verifyCommand(p))
	return cmd
}

func verifyCommand(p *process) *cobra.Command {
	var root, file string
	var dirs []string
	cmd := &cobra.Command{
		Use:   "verify [PATH]",
		Short: "Say what is wrong with the configuration, with line and column",
		Long: `verify reads the configuration that check would take for PATH (the working directory when none is given), with every profile in it, and
judges nothing. Exit status 2 when something is wrong, or when there is none.`,
		RunE: func(_ *cobra.Command, paths []string) error {
			return p.verify(loader.Options{Root: root, Paths: paths}, file, dirs)
		},
	}
	cmd.Flags().StringVar(&root, "root", "", rootUsage)
	cmd.Flags().StringVar(&file, "config", "", configUsage)
	cmd.Flags().StringArrayVar(&dirs, "rules", nil, rulesUsage)
	return cmd
}

func (p *process) verify(opts loader.Options, file string, dirs []string) error {
	c, err := configure(opts, file)
	if err != nil {
		return err
	}
	if c.shown == "" {
		return misuse("there is no .nixlint.yaml upward from here; nixlint init writes one")
	}
	users, err := namedRules(dirs)
	if err == nil {
		err = c.right(users)
	}
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(p.out, "%s is right\n", c.shown)
	return err
}

// right looks at all that a configuration names: its rules, and each of its profiles. Named are the rules that --rules names.
func (c *configuration) right(named *userRules) error {
	users, err := c.userRules(named)
	if err == nil {
		err = users.ready()
	}
	if err != nil {
		return err
	}
	for _, name := range append([]string{""}, slices.Sorted(maps.Keys(c.Profiles))...) {
		if _, _, err := c.resolve(name, users.rules); err != nil {
			return err
		}
	}
	return nil
}

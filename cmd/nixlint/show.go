package main

import (
	"context"
	"slices"

	"github.com/spf13/cobra"

	"github.com/nixlint/nixlint/loader"
	"github.com/nixlint/nixlint/report"
)

func showCommand(p *process) *cobra.Command {
	var from sources
	cmd := &cobra.Command{
		Use:   "show UNIT [PATH...]",
		Short: "Print a unit as systemd will read it, each line with the place that set it",
		Long: `show prints a unit as systemd will read it. Beside each line stands the file and line that set it, under which condition,
and what it overrode. Hosts that have the same unit are shown once.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return misuse("show needs the name of a unit; nixlint inventory lists them")
			}
			return p.show(cmd.Context(), from, args[0], args[1:])
		},
	}
	from.addTo(cmd)
	return cmd
}

func (p *process) show(ctx context.Context, from sources, name string, paths []string) error {
	opts, err := from.options(paths)
	if err != nil {
		return err
	}
	opts.Stdin = p.in
	inv, err := loader.Load(ctx, opts)
	if err != nil {
		return loadError(err)
	}
	var names []string
	found := false
	for i := range inv.Hosts {
		for j := range inv.Hosts[i].Units {
			u := &inv.Hosts[i].Units[j]
			found = found || report.Named(u, name)
			names = append(names, u.Name)
		}
	}
	slices.Sort(names)
	prefix := fromHere(inv.Root)
	stopped := failures(inv.Problems)
	p.sayProblems(stopped, prefix)
	if !found {
		return unknown("unit", name, slices.Compact(names))
	}
	if err := report.Unit(p.out, inv, name, prefix); err != nil {
		return err //nolint:wrapcheck // report says what it wrote
	}
	if len(stopped) > 0 {
		return &statusError{code: unjudged}
	}
	return nil
}

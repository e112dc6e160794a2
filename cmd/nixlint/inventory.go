package main

import (
	"context"
	"io"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/nixlint/nixlint/loader"
	"github.com/nixlint/nixlint/report"
)

func inventoryCommand(p *process) *cobra.Command {
	var root string
	var formats []string
	cmd := &cobra.Command{
		Use:   "inventory [PATH...]",
		Short: "Print what the repository defines: hosts, units, timers, tmpfiles lines",
		Long: `inventory prints what check judges, as data: every host with its units, each setting with its possible values and the
places they come from. Exit status 3 when a file could not be read whole.`,
		RunE: func(cmd *cobra.Command, paths []string) error {
			return p.inventory(cmd.Context(), root, formats, paths)
		},
	}
	cmd.Flags().StringArrayVar(&formats, "format", []string{"json"}, "write `NAME[=FILE]`: json; repeatable")
	cmd.Flags().StringVar(&root, "root", "", rootUsage)
	return cmd
}

func (p *process) inventory(ctx context.Context, root string, formats, paths []string) error {
	outs, err := outputs(formats, []string{"json"})
	if err != nil {
		return err
	}
	inv, err := loader.Load(ctx, loader.Options{Root: root, Paths: paths})
	if err != nil {
		return loadError(err)
	}
	prefix := fromHere(inv.Root)
	inv.Root = filepath.Clean(prefix)
	for _, o := range outs {
		if err := p.emit(o, func(w io.Writer) error { return report.Inventory(w, inv) }); err != nil {
			return err
		}
	}
	if stopped := failures(inv.Problems); len(stopped) > 0 {
		p.sayProblems(stopped, prefix)
		return &statusError{code: unjudged}
	}
	return nil
}

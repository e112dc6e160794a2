package main

import (
	"context"
	"io"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/nixlint/nixlint/loader"
	"github.com/nixlint/nixlint/loader/inventory"
	"github.com/nixlint/nixlint/report"
)

func inventoryCommand(p *process) *cobra.Command {
	var host, unit string
	var from sources
	var formats []string
	cmd := &cobra.Command{
		Use:   "inventory [PATH...]",
		Short: "Print what the repository defines: hosts, units, timers, tmpfiles lines",
		Long: `inventory prints what check judges: a table of every host's units with how much of each is known, and what would make more of
it known. As JSON it is all of it: each setting with its possible values and the places they come from. Exit status 3 when a file could not
be read whole.`,
		RunE: func(cmd *cobra.Command, paths []string) error {
			return p.inventory(cmd.Context(), from, formats, paths, host, unit)
		},
	}
	cmd.Flags().StringArrayVar(&formats, "format", []string{"table"}, "write `NAME[=FILE]`: table, markdown, json; repeatable")
	cmd.Flags().StringVar(&host, "host", "", "only the `HOST` of this name")
	cmd.Flags().StringVar(&unit, "unit", "", "only the `UNIT` of this name")
	from.addTo(cmd)
	return cmd
}

func (p *process) inventory(ctx context.Context, from sources, formats, paths []string, host, unit string) error {
	outs, err := outputs(formats, report.InventoryFormats())
	if err != nil {
		return err
	}
	opts, err := from.options(paths)
	if err != nil {
		return err
	}
	opts.Stdin = p.in
	inv, err := loader.Load(ctx, opts)
	if err != nil {
		return loadError(err)
	}
	if err := selectHost(inv, host); err != nil {
		return err
	}
	report.Select(inv, host, unit)
	prefix := fromHere(inv.Root)
	inv.Root = filepath.Clean(prefix)
	for _, o := range outs {
		if err := p.emit(o, func(w io.Writer) error { return report.WriteInventory(w, o.Format, inv, p.columns(o)) }); err != nil {
			return err
		}
	}
	if stopped := failures(inv.Problems); len(stopped) > 0 {
		p.sayProblems(stopped, prefix)
		return &statusError{code: unjudged}
	}
	return nil
}

// selectHost refuses a host that does not exist.
func selectHost(inv *inventory.Inventory, host string) error {
	if host == "" {
		return nil
	}
	names := make([]string, len(inv.Hosts))
	for i := range inv.Hosts {
		names[i] = inv.Hosts[i].Name
	}
	return choose("host", host, names)
}

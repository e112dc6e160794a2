package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/nixlint/nixlint/checks/exposure"
	"github.com/nixlint/nixlint/loader"
	"github.com/nixlint/nixlint/loader/inventory"
	"github.com/nixlint/nixlint/report"
)

type exposureFlags struct {
	options              exposure.Options
	sources              sources
	formats, tried, only []string
	rows                 bool
}

func exposureCommand(p *process) *cobra.Command {
	var f exposureFlags
	cmd := &cobra.Command{
		Use:   "exposure [PATH...]",
		Short: "Print what systemd-analyze security would make of each service, without systemd",
		Long: `exposure assesses each service as "systemd-analyze security" does: 0.0 is locked up, 10.0 wide open. A PATH holds Nix files, or is a
folder of unit files, a unit file, or the root of a system. What is not decided, as in a unit whose base is elsewhere, gives a range.`,
		Example: "  nixlint exposure\n  nixlint exposure --unit web.service --rows\n" +
			"  nixlint exposure --systemd 252 --what-if ProtectHome=yes result/etc/systemd/system",
		RunE: func(cmd *cobra.Command, paths []string) error { return p.exposure(cmd.Context(), f, paths) },
	}
	flags := cmd.Flags()
	flags.IntVar(&f.options.Version, "systemd", exposure.Latest(), "version of systemd whose assessment is wanted: "+words(exposure.Versions()))
	flags.StringVar(&f.options.Arch, "arch", exposure.X86, "architecture whose system calls count: "+strings.Join(exposure.Architectures(), ", "))
	flags.StringArrayVar(&f.tried, "what-if", nil, "add KEY=VALUE to each service, behind what it has; repeatable")
	flags.StringArrayVar(&f.only, "unit", nil, "assess this service only; repeatable")
	flags.BoolVar(&f.rows, "rows", false, "list what can be gained by what, most first; of a single service that is done anyway")
	flags.StringArrayVar(&f.formats, "format", []string{"table"}, "table, json or jsonl, as NAME or NAME=FILE; repeatable")
	f.sources.addTo(cmd)
	return cmd
}

func words(numbers []int) string {
	return strings.Trim(strings.ReplaceAll(fmt.Sprint(numbers), " ", ", "), "[]")
}

func (p *process) exposure(ctx context.Context, f exposureFlags, paths []string) error {
	outs, err := outputs(f.formats, exposure.Formats())
	if err != nil {
		return err
	}
	scorer, err := exposure.NewScorer(f.options)
	if err != nil {
		return misuse("%w", err)
	}
	opts, err := f.sources.options(paths)
	if err != nil {
		return err
	}
	opts.Stdin = p.in
	inv, err := loader.Load(ctx, opts)
	if err != nil {
		return loadError(err)
	}
	assessed, err := assess(scorer, inv, f)
	if err != nil {
		return err
	}
	r := &exposure.Report{
		Version: f.options.Version, Arch: f.options.Arch, WhatIf: f.tried, Units: assessed, Prefix: fromHere(inv.Root),
		Rows: f.rows || len(assessed) == 1, Visible: report.Visible,
	}
	for _, o := range outs {
		if err := p.emit(o, func(w io.Writer) error { return r.Write(w, o.Format) }); err != nil {
			return err
		}
	}
	if stopped := failures(inv.Problems); len(stopped) > 0 {
		p.sayProblems(stopped, r.Prefix)
		return &statusError{code: unjudged}
	}
	return nil
}

// assess assesses the services that run, or are added to.
func assess(scorer *exposure.Scorer, inv *inventory.Inventory, f exposureFlags) ([]exposure.Assessed, error) {
	var all []exposure.Assessed
	var names []string
	for i := range inv.Hosts {
		for j := range inv.Hosts[i].Units {
			u := &inv.Hosts[i].Units[j]
			if u.Kind != "service" || !slices.Contains([]string{inventory.Active, inventory.Guarded, inventory.Override}, u.Status) {
				continue
			}
			names = append(names, u.Name)
			if len(f.only) > 0 && !slices.ContainsFunc(f.only, func(name string) bool { return report.Named(u, name) }) {
				continue
			}
			a := exposure.Assessed{Host: inv.Hosts[i].Name, Unit: u, Result: scorer.Score(u)}
			if len(f.tried) > 0 {
				changed, err := exposure.WhatIf(u, f.tried...)
				if err != nil {
					return nil, misuse("--what-if: %w", err)
				}
				a.Before, a.Result = a.Result, scorer.Score(changed)
			}
			all = append(all, a)
		}
	}
	if len(f.only) > 0 && len(all) == 0 {
		slices.Sort(names)
		return nil, unknown("unit", f.only[0], slices.Compact(names))
	}
	return all, nil
}

package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"github.com/nixlint/nixlint/checks"
	"github.com/nixlint/nixlint/loader"
	"github.com/nixlint/nixlint/report"
)

// levels are the values of --fail-level, from heavy to light.
var levels = []string{"error", "warning", "info"}

type checkFlags struct {
	policy, failLevel, color, root, config             string
	formats                                            []string
	showSuppressed, failOnUnknown, exitZero, noIgnores bool
}

func checkCommand(p *process) *cobra.Command {
	var f checkFlags
	cmd := &cobra.Command{
		Use:   "check [PATH...]",
		Short: "Judge the units and print the findings",
		Long: `check judges the systemd units that the Nix files under each PATH define (the working directory when none is given) and
prints the findings, each with the line of Nix that caused it.`,
		Example: "  nixlint check --policy strict\n  nixlint check --format text --format sarif=nixlint.sarif hosts/web",
		RunE:    func(cmd *cobra.Command, paths []string) error { return p.check(cmd.Context(), f, paths) },
	}
	flags := cmd.Flags()
	flags.StringVar(&f.policy, "policy", "", "`PROFILE` of rules: "+profileNames()+", one of the configuration, or a file (default: baseline, or what the configuration says)")
	flags.StringArrayVar(&f.formats, "format", []string{"text"}, "write `NAME[=FILE]`: text, json or sarif; repeatable")
	flags.StringVar(&f.failLevel, "fail-level", "", "exit with 1 from this `LEVEL` on: error, warning, info (default: warning, or what the configuration says)")
	flags.StringVar(&f.color, "color", "auto", "colour text `WHEN`: auto, always or never")
	flags.StringVar(&f.root, "root", "", rootUsage)
	flags.StringVar(&f.config, "config", "", configUsage)
	flags.BoolVar(&f.showSuppressed, "show-suppressed", false, "also show findings that a comment or a waiver suppresses")
	flags.BoolVar(&f.noIgnores, "no-ignores", false, "look at no comment and no waiver: show all that is found")
	flags.BoolVar(&f.failOnUnknown, "fail-on-unknown", false, "count what could not be told as a failure")
	flags.BoolVar(&f.exitZero, "exit-zero", false, "exit with 0 in spite of findings")
	return cmd
}

func (p *process) check(ctx context.Context, f checkFlags, paths []string) error {
	outs, err := outputs(f.formats, report.Formats())
	if err != nil {
		return err
	}
	if f.failLevel != "" {
		if err := choose("level", f.failLevel, levels); err != nil {
			return err
		}
	}
	colored, err := p.color(f.color)
	if err != nil {
		return err
	}
	load := loader.Options{Root: f.root, Paths: paths}
	c, err := configure(load, f.config)
	if err != nil {
		return err
	}
	f.failLevel = cmp.Or(f.failLevel, string(c.FailLevel), "warning")
	judge, options, err := p.judgement(c, &f)
	if err != nil {
		return err
	}
	inv, tree, err := loader.Open(ctx, load)
	if err != nil {
		return loadError(err)
	}
	defer tree.Close() //nolint:errcheck // read only
	left, err := c.narrow(inv, &options)
	if err != nil {
		return err
	}
	result, err := checks.Run(ctx, inv, judge, options)
	if err != nil {
		return fmt.Errorf("%w", err)
	}
	r := &report.Report{
		Version: version(), Policy: f.policy, Root: filepath.Clean(fromHere(inv.Root)), Result: result,
		ShowSuppressed: f.showSuppressed, Inventory: inv, Sources: tree, Configuration: c.shown, HostsLeft: left,
	}
	text := report.TextOptions{Color: colored, Prefix: fromHere(inv.Root)}
	for _, o := range outs {
		if err := p.emit(o, func(w io.Writer) error { return o.Write(w, r, text, fromRepository(inv.Root)) }); err != nil {
			return err
		}
	}
	p.sayUnseen(r, outs, text.Prefix)
	return outcome(f, r)
}

// sayUnseen says on standard error what the outputs do not show a person: problems, unless the text has them, and what was
// found, when all of it went into files.
func (p *process) sayUnseen(r *report.Report, outs []report.Output, prefix string) {
	if slices.Contains(outs, report.Output{Format: "text"}) {
		return
	}
	p.sayProblems(failures(r.Inventory.Problems), prefix)
	if !slices.ContainsFunc(outs, func(o report.Output) bool { return o.File == "" }) {
		p.say(r.Summary().String())
	}
}

// outcome is the exit status: what could not be judged comes before what was found.
func outcome(f checkFlags, r *report.Report) error {
	if len(failures(r.Inventory.Problems)) > 0 {
		return &statusError{code: unjudged}
	}
	reaches := func(finding checks.Finding) bool { return finding.Severity.AtLeast(checks.Level(f.failLevel)) }
	if !f.exitZero && slices.ContainsFunc(r.Result.Findings, reaches) {
		return &statusError{code: found}
	}
	return nil
}

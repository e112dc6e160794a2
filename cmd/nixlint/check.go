package main

import (
	"cmp"
	"context"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/nixlint/nixlint/checks"
	"github.com/nixlint/nixlint/loader/systemd"
	"github.com/nixlint/nixlint/report"
)

// levels are the values of --fail-level, from heavy to light.
var levels = []string{"error", "warning", "info"}

type checkFlags struct {
	policy, failLevel, color, config                   string
	baseline, since, analyze, built                    string
	acceptIgnores                                      bool
	sources                                            sources
	formats, rules                                     []string
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
	flags.StringVar(&f.policy, "policy", "", policyUsage())
	flags.StringArrayVar(&f.rules, "rules", nil, rulesUsage)
	flags.StringArrayVar(&f.formats, "format", []string{"text"}, "write `NAME[=FILE]`: text, json or sarif; repeatable")
	flags.StringVar(&f.failLevel, "fail-level", "", "exit with 1 from this `LEVEL` on: error, warning, info (default: warning, or what the configuration says)")
	flags.StringVar(&f.color, "color", "auto", "colour text `WHEN`: auto, always or never")
	f.sources.addTo(cmd)
	flags.StringVar(&f.analyze, "systemd-analyze", "never", "ask the systemd of this machine too, `WHEN`: auto (if it is there), always or never")
	flags.StringVar(&f.config, "config", "", configUsage)
	flags.StringVar(&f.baseline, "baseline", "", "do not show what this `FILE` has, which nixlint baseline wrote")
	flags.StringVar(&f.since, "new-from-merge-base", "", "show only what is new or worse since HEAD and `REVISION` parted")
	flags.StringVar(&f.built, "built", "", "judge the units of this `PATH`, which was built of the Nix files, and point at those")
	flags.BoolVar(&f.acceptIgnores, "accept-new-ignores", false, "with --new-from-merge-base: let comments that the change adds suppress what it adds")
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
	load, err := f.sources.options(paths)
	if err != nil {
		return err
	}
	load.Stdin = p.in
	c, err := configure(load, f.config)
	if err != nil {
		return err
	}
	users, err := namedRules(f.rules)
	if err != nil {
		return err
	}
	var past *revision
	if f.since != "" && f.built != "" {
		return misuse("--built and --new-from-merge-base do not go together: only one revision was built")
	}
	if f.since != "" {
		if past, err = p.revision(ctx, load, f.since); err != nil {
			return err
		}
		defer past.close()
		load.Tree, c.compares = past.now, true
		if f.config == "" {
			if c, err = past.configuration(c, users); err != nil {
				return err
			}
		}
	}
	f.failLevel = cmp.Or(f.failLevel, string(c.FailLevel), "warning")
	if err := choose("time to ask systemd-analyze", f.analyze, askSystemd); err != nil {
		return err
	}
	run, err := p.judgement(c, &f, users)
	if err != nil {
		return err
	}
	var before func() (checks.Before, error)
	if past != nil {
		before = past.judge(ctx, run)
	}
	done, err := run.judge(ctx, load)
	if err != nil {
		return err
	}
	defer done.tree.Close() //nolint:errcheck // read only
	inv := done.inventory
	was, err := f.onlyNew(done, before)
	if err != nil {
		return err
	}
	r := &report.Report{
		Version: version(), Policy: f.policy, Root: filepath.Clean(fromHere(inv.Root)), Result: done.result,
		ShowSuppressed: f.showSuppressed, Inventory: inv, Sources: done.tree, Configuration: c.shown, HostsLeft: done.left,
		Before: was, Systemd: done.systemd,
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

// onlyNew takes out of what was found what was there before, and names what that was.
func (f *checkFlags) onlyNew(done *judged, before func() (checks.Before, error)) (string, error) {
	var was []string
	if before != nil {
		b, err := before()
		if err != nil {
			return "", err
		}
		b.Changes, b.AcceptIgnores = systemd.Diff(b.Inventory, done.inventory), f.acceptIgnores
		if b.Harmless, err = harmless(); err != nil {
			return "", err
		}
		done.result.Since(b)
		done.inventory.Problems = append(done.inventory.Problems, b.Notices...)
		was = append(was, "the merge base")
	} else if f.acceptIgnores {
		return "", misuse("--accept-new-ignores goes with --new-from-merge-base REVISION")
	}
	if f.baseline != "" {
		file, err := readFile(f.baseline)
		if err != nil {
			return "", err
		}
		b, err := checks.ReadBaseline([]byte(file.Text))
		if err != nil {
			return "", misuse("%s: %w", f.baseline, err)
		}
		done.result.Without(b, len(done.inventory.Paths) == 0)
		was = append(was, "the baseline "+f.baseline)
	}
	return strings.Join(was, " and "), nil
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

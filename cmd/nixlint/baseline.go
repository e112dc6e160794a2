package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/nixlint/nixlint/checks"
	"github.com/nixlint/nixlint/report"
)

func baselineCommand(p *process) *cobra.Command {
	var f checkFlags
	var output string
	cmd := &cobra.Command{
		Use:   "baseline [PATH...]",
		Short: "Write down what is found today, so that check shows only what is new",
		Long: `baseline judges as check does and writes what it finds to a file, for check --baseline FILE. An entry holds no line: code may move. When
findings are fixed, check says so; write the file anew then, so that they cannot come back unseen.`,
		Example: "  nixlint baseline\n  nixlint check --baseline nixlint-baseline.json",
		RunE: func(cmd *cobra.Command, paths []string) error {
			return p.baseline(cmd.Context(), f, output, paths)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&output, "output", "nixlint-baseline.json", "`FILE` to write")
	flags.StringVar(&f.policy, "policy", "", policyUsage())
	flags.StringArrayVar(&f.rules, "rules", nil, rulesUsage)
	f.sources.addTo(cmd)
	flags.StringVar(&f.config, "config", "", configUsage)
	flags.BoolVar(&f.failOnUnknown, "fail-on-unknown", false, "count what could not be told as a failure")
	return cmd
}

func (p *process) baseline(ctx context.Context, f checkFlags, output string, paths []string) error {
	load, err := f.sources.options(paths)
	if err != nil {
		return err
	}
	c, err := configure(load, f.config)
	if err != nil {
		return err
	}
	users, err := namedRules(f.rules)
	if err != nil {
		return err
	}
	run, err := p.judgement(c, &f, users)
	if err != nil {
		return err
	}
	done, err := run.judge(ctx, load)
	if err != nil {
		return err
	}
	defer done.tree.Close() //nolint:errcheck // read only
	b := checks.NewBaseline(f.policy, done.result.Findings)
	if err := p.emit(report.Output{File: output}, b.Write); err != nil {
		return err
	}
	p.say(fmt.Sprintf("%d findings are in %s", len(b.Entries), output))
	if stopped := failures(done.inventory.Problems); len(stopped) > 0 {
		p.sayProblems(stopped, fromHere(done.inventory.Root))
		return &statusError{code: unjudged}
	}
	return nil
}

package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/nixlint/nixlint/checks/policy"
	"github.com/nixlint/nixlint/report"
)

func testCommand(p *process) *cobra.Command {
	var verbose bool
	cmd := &cobra.Command{
		Use:   "test FOLDER",
		Short: "Run the tests of rules of your own, with coverage",
		Long: `test runs the Rego tests of a folder of rules, the rules test_… in RULE_test.rego beside RULE.rego, with the library and the
limits that check gives them, and says which lines of the rules no test ran.

Exit status: 0 all pass, 1 one fails, 2 the folder holds no rules or no tests or they do not compile, 3 one could not be run.`,
		Example: "  nixlint test policies/site",
		Args:    arguments("FOLDER"),
		RunE:    func(cmd *cobra.Command, args []string) error { return p.test(cmd.Context(), args[0], verbose) },
	}
	cmd.Flags().BoolVarP(&verbose, "verbose", "v", false, "also name the tests that pass")
	return cmd
}

func (p *process) test(ctx context.Context, dir string, verbose bool) error {
	var tested *policy.Tested
	err := inFolder(dir, func(fsys fs.FS) error {
		var err error
		tested, err = policy.TestSet(ctx, fsys, dir, policy.Options{})
		if limit, ok := errors.AsType[*policy.LimitError](err); ok {
			return &statusError{code: unjudged, err: limit}
		}
		if err != nil {
			return misuse("%w", err)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if len(tested.Results) == 0 {
		return misuse("%s holds no tests: want RULE_test.rego with rules test_… beside RULE.rego", dir)
	}
	code := clean
	var b strings.Builder
	for _, r := range tested.Results {
		switch {
		case r.Err != nil:
			code = unjudged
			fmt.Fprintf(&b, "%s: %s: cannot be run: %v\n", r.Place, r.Name, r.Err)
		case !r.Passed:
			code = max(code, found)
			fmt.Fprintf(&b, "%s: %s: fails\n", r.Place, r.Name)
		case verbose:
			fmt.Fprintf(&b, "%s: %s: passes\n", r.Place, r.Name)
		}
		if !r.Passed && r.Output != "" {
			fmt.Fprintf(&b, "    %s\n", strings.ReplaceAll(strings.TrimSpace(r.Output), "\n", "\n    "))
		}
	}
	for _, c := range tested.Coverage {
		fmt.Fprintf(&b, "%s: %.0f %% covered", c.File, c.Percent)
		if len(c.Missing) > 0 {
			fmt.Fprintf(&b, ", not line %s", strings.Join(c.Missing, ", "))
		}
		b.WriteString("\n")
	}
	failed := slices.DeleteFunc(slices.Clone(tested.Results), func(r policy.TestResult) bool { return r.Passed })
	tests := "tests"
	if len(tested.Results) == 1 {
		tests = "test"
	}
	fmt.Fprintf(&b, "%d %s, %d fail\n", len(tested.Results), tests, len(failed))
	for line := range strings.Lines(b.String()) {
		fmt.Fprintln(p.out, report.Visible(strings.TrimSuffix(line, "\n")))
	}
	if code != clean {
		return &statusError{code: code}
	}
	return nil
}

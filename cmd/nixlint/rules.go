package main

import (
	"io"

	"github.com/spf13/cobra"

	"github.com/nixlint/nixlint/report"
)

func rulesCommand(p *process) *cobra.Command {
	var formats []string
	cmd := &cobra.Command{
		Use:   "rules",
		Short: "List the rules and their levels",
		Args:  arguments(),
		RunE:  func(*cobra.Command, []string) error { return p.rules(formats) },
	}
	cmd.Flags().StringArrayVar(&formats, "format", []string{"text"}, "write `NAME[=FILE]`: text or json; repeatable")
	return cmd
}

func (p *process) rules(formats []string) error {
	outs, err := outputs(formats, []string{"text", "json"})
	if err != nil {
		return err
	}
	rules, profiles, err := builtin()
	if err != nil {
		return err
	}
	for _, o := range outs {
		err := p.emit(o, func(w io.Writer) error {
			if o.Format == "json" {
				return report.RulesJSON(w, rules, profiles)
			}
			return report.RulesText(w, rules, profiles)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

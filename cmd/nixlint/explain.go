package main

import (
	"github.com/spf13/cobra"

	"github.com/nixlint/nixlint/loader"
	"github.com/nixlint/nixlint/policies"
	"github.com/nixlint/nixlint/report"
)

func explainCommand(p *process) *cobra.Command {
	var color, named string
	var dirs []string
	cmd := &cobra.Command{
		Use:     "explain RULE",
		Short:   "Say what a rule asks, why, and how to mend what it finds",
		Example: "  nixlint explain hardening/sandbox",
		Args:    arguments("RULE"),
		RunE:    func(_ *cobra.Command, args []string) error { return p.explain(color, named, dirs, args[0]) },
	}
	cmd.Flags().StringVar(&color, "color", "auto", "colour text `WHEN`: auto, always or never")
	cmd.Flags().StringVar(&named, "config", "", configUsage)
	cmd.Flags().StringArrayVar(&dirs, "rules", nil, rulesUsage)
	return cmd
}

func (p *process) explain(color, named string, dirs []string, name string) error {
	colored, err := p.color(color)
	if err != nil {
		return err
	}
	c, err := configure(loader.Options{}, named)
	if err != nil {
		return err
	}
	rules, profiles, err := rulesIn(c, dirs)
	if err != nil {
		return err
	}
	names := make([]string, 0, len(rules))
	for _, rule := range rules {
		if rule.ID == name {
			example, _ := policies.ExampleOf(name)
			return report.Explain(p.out, rule, profiles, report.Example(example), report.TextOptions{Color: colored})
		}
		names = append(names, rule.ID)
	}
	return unknownRule(name, names)
}

package main

import (
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/nixlint/nixlint/checks"
	"github.com/nixlint/nixlint/loader"
	"github.com/nixlint/nixlint/report"
)

type rulesFlags struct {
	formats, users               []string
	profile, category, framework string
	config                       string
}

func rulesCommand(p *process) *cobra.Command {
	var f rulesFlags
	cmd := &cobra.Command{
		Use:   "rules",
		Short: "List the rules and their levels",
		Long: `rules lists the rules and the level that check gives each of them here, by profile: those that nixlint brings along, and the rules
and profiles of the configuration of the working directory.`,
		Example: "  nixlint rules --profile baseline --category hardening",
		Args:    arguments(),
		RunE:    func(*cobra.Command, []string) error { return p.rules(f) },
	}
	flags := cmd.Flags()
	flags.StringArrayVar(&f.formats, "format", []string{"text"}, "write `NAME[=FILE]`: text or json; repeatable")
	flags.StringArrayVar(&f.users, "rules", nil, rulesUsage)
	flags.StringVar(&f.config, "config", "", configUsage)
	flags.StringVar(&f.profile, "profile", "", "only the rules that `PROFILE` has on")
	flags.StringVar(&f.category, "category", "", "only the rules of `CATEGORY`, such as hardening")
	flags.StringVar(&f.framework, "framework", "", "only the rules that check a control of `FRAMEWORK`, by the tags FRAMEWORK:CONTROL")
	return cmd
}

func (p *process) rules(f rulesFlags) error {
	outs, err := outputs(f.formats, []string{"text", "json"})
	if err != nil {
		return err
	}
	c, err := configure(loader.Options{}, f.config)
	if err != nil {
		return err
	}
	rules, profiles, err := rulesIn(c, f.users)
	if err != nil {
		return err
	}
	if rules, err = f.wanted(rules, profiles); err != nil {
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

// wanted are the rules that all the flags want. A word that no rule has is wrong use, never an empty list.
func (f *rulesFlags) wanted(rules []checks.Rule, profiles []report.Profile) ([]checks.Rule, error) {
	var names, categories, frameworks []string
	for _, p := range profiles {
		names = append(names, p.Name)
	}
	for _, r := range rules {
		categories = append(categories, category(r))
		frameworks = append(frameworks, frameworksOf(r)...)
	}
	for _, c := range []struct {
		what, word string
		choices    []string
	}{{"profile", f.profile, names}, {"category", f.category, categories}, {"framework", f.framework, frameworks}} {
		slices.Sort(c.choices)
		switch {
		case c.word == "":
			continue
		case len(c.choices) == 0:
			return nil, misuse("no rule names a %s", c.what)
		}
		if err := choose(c.what, c.word, slices.Compact(c.choices)); err != nil {
			return nil, err
		}
	}
	return slices.DeleteFunc(rules, func(r checks.Rule) bool {
		return f.profile != "" && !on(profiles, f.profile, r.ID) || f.category != "" && category(r) != f.category ||
			f.framework != "" && !slices.Contains(frameworksOf(r), f.framework)
	}), nil
}

func on(profiles []report.Profile, name, rule string) bool {
	return slices.ContainsFunc(profiles, func(p report.Profile) bool {
		level, ok := p.Levels[rule]
		return p.Name == name && ok && level != checks.Off
	})
}

func category(r checks.Rule) string {
	c, _, _ := strings.Cut(r.ID, "/")
	return c
}

// frameworksOf are the frameworks that a rule has a control of: what stands before the colon in its tags.
func frameworksOf(r checks.Rule) []string {
	var out []string
	for _, tag := range r.Tags {
		if framework, _, ok := strings.Cut(tag, ":"); ok {
			out = append(out, framework)
		}
	}
	return out
}

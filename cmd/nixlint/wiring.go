package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/checks"
	"github.com/nixlint/nixlint/checks/policy"
	"github.com/nixlint/nixlint/policies"
	"github.com/nixlint/nixlint/report"
)

// builtin are the rules that nixlint brings along, those of the run itself among them, and their level in each profile.
func builtin() ([]checks.Rule, []report.Profile, error) {
	var profiles []report.Profile
	own := checks.OwnRules()
	for _, name := range policies.Profiles() {
		data, err := policies.Profile(name)
		if err != nil {
			return nil, nil, fmt.Errorf("%w", err)
		}
		p := report.Profile{Name: name, Levels: map[string]checks.Level{}}
		for rule, level := range data.Rules {
			p.Levels[rule] = checks.Level(level.Level)
		}
		for _, rule := range own {
			p.Levels[rule.ID] = rule.Severity
		}
		profiles = append(profiles, p)
	}
	rules := slices.Concat(policy.Rules(), own)
	slices.SortFunc(rules, func(a, b checks.Rule) int { return strings.Compare(a.ID, b.ID) })
	return rules, profiles, nil
}

// judgement makes ready the rules of a profile: their judge and what each of them weighs.
func (p *process) judgement(c *configuration, f *checkFlags) (checks.Judge, checks.Options, error) {
	j, name, err := c.resolve(f.policy)
	if err != nil {
		return nil, checks.Options{}, err
	}
	f.policy = name
	options := c.options(j)
	options.FailOnUnknown, options.NoIgnores, options.Today = f.failOnUnknown, f.noIgnores, p.now()
	var enabled []string
	for rule, w := range j.Rules {
		if w.Level != checks.Off && !checks.IsOwn(rule) {
			enabled = append(enabled, rule)
		}
	}
	judge, err := policy.New(policy.Options{Warm: enabled, Site: j.Site})
	if err != nil {
		return nil, options, fmt.Errorf("%w", err)
	}
	return judge, options, nil
}

// profileNames is for the help of --policy.
func profileNames() string { return strings.Join(policies.Profiles(), ", ") }

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
func judgement(profile string, failOnUnknown bool) (checks.Judge, checks.Options, error) {
	options := checks.Options{Rules: map[string]checks.Weight{}, FailOnUnknown: failOnUnknown}
	if err := choose("profile", profile, policies.Profiles()); err != nil {
		return nil, options, err
	}
	data, err := policies.Profile(profile)
	if err != nil {
		return nil, options, fmt.Errorf("%w", err)
	}
	var enabled []string
	for rule, level := range data.Rules {
		w := checks.Weight{Level: checks.Level(level.Level), Minor: checks.Level(level.Minor), UnknownFails: level.Unknown == "fail"}
		options.Rules[rule] = w
		if w.Level != checks.Off {
			enabled = append(enabled, rule)
		}
	}
	judge, err := policy.New(policy.Options{Warm: enabled})
	if err != nil {
		return nil, options, fmt.Errorf("%w", err)
	}
	return judge, options, nil
}

// profileNames is for the help of --policy.
func profileNames() string { return strings.Join(policies.Profiles(), ", ") }

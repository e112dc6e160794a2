package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/checks"
	"github.com/nixlint/nixlint/checks/analyze"
	"github.com/nixlint/nixlint/checks/exposure"
	"github.com/nixlint/nixlint/checks/policy"
	"github.com/nixlint/nixlint/loader"
	"github.com/nixlint/nixlint/loader/inventory"
	"github.com/nixlint/nixlint/loader/source"
	"github.com/nixlint/nixlint/policies"
	"github.com/nixlint/nixlint/report"
)

// rulesIn are the rules that nixlint brings along, those of the run itself and of systemd among them, and the user's own, with the level
// that check gives them in each profile: the built-in ones and those of the configuration.
func rulesIn(c *configuration, dirs []string) ([]checks.Rule, []report.Profile, error) {
	users, err := namedRules(dirs)
	if err == nil {
		users, err = c.userRules(users)
	}
	if err == nil {
		err = users.ready()
	}
	if err != nil {
		return nil, nil, err
	}
	k, err := known(users.rules)
	if err != nil {
		return nil, nil, err
	}
	others := slices.Concat(checks.OwnRules(), analyze.Rules(), users.rules)
	var profiles []report.Profile
	names := policies.Profiles()
	for _, name := range c.ProfileNames(k) {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	for _, name := range names {
		j, err := c.Resolve(name, k)
		if err != nil {
			return nil, nil, misuse("%w", err)
		}
		p := report.Profile{Name: name, Levels: map[string]checks.Level{}}
		for _, rule := range others { // on, unless a profile or the configuration says otherwise
			p.Levels[rule.ID] = rule.Severity
		}
		for rule, w := range j.Rules {
			p.Levels[rule] = w.Level
		}
		profiles = append(profiles, p)
	}
	rules := slices.Concat(policy.Rules(), others)
	slices.SortFunc(rules, func(a, b checks.Rule) int { return strings.Compare(a.ID, b.ID) })
	return rules, profiles, nil
}

// judgement is how things are judged: the rules of a profile, and what each of them weighs.
type judgement struct {
	configuration *configuration
	users         *userRules
	rules         checks.Judge
	options       checks.Options
	systemd       string // when the systemd of the machine is asked too: one of askSystemd
	built         string // what was built of the Nix files, to be judged in their place
}

// judgement makes ready the rules of a profile, and those of the user's own, of which named are those that --rules names.
func (p *process) judgement(c *configuration, f *checkFlags, named *userRules) (*judgement, error) {
	users, err := c.userRules(named)
	if err != nil {
		return nil, err
	}
	j, name, err := c.resolve(f.policy, users.rules)
	if err != nil {
		return nil, err
	}
	f.policy = name
	for _, r := range users.rules { // a rule of the user's own is on, unless a profile or the configuration says otherwise
		if _, ok := j.Rules[r.ID]; !ok {
			j.Rules[r.ID] = checks.Weight{Level: r.Severity}
		}
	}
	options := c.options(j)
	options.FailOnUnknown, options.NoIgnores, options.Today = f.failOnUnknown, f.noIgnores, p.now()
	var enabled []string
	for _, rule := range analyze.Rules() {
		options.Elsewhere = append(options.Elsewhere, rule.ID)
	}
	for rule, w := range j.Rules {
		if w.Level != checks.Off && !checks.IsOwn(rule) && !slices.Contains(options.Elsewhere, rule) {
			enabled = append(enabled, rule)
		}
	}
	assess, err := exposureOf(enabled)
	if err != nil {
		return nil, err
	}
	judge, err := policy.New(policy.Options{Site: j.Site, Sets: users.sets, Exposure: assess})
	if err != nil {
		return nil, misuse("%w", err)
	}
	return &judgement{c, users, judge, options, f.analyze, f.built}, nil
}

// exposureOf is the native assessment, for the rule that asks for it; nil where it is off.
func exposureOf(enabled []string) (func(*inventory.Unit) policy.Exposure, error) {
	if !slices.Contains(enabled, "hardening/exposure-limit") {
		return nil, nil //nolint:nilnil // nobody asks
	}
	scorer, err := exposure.NewScorer(exposure.Options{})
	if err != nil {
		return nil, fmt.Errorf("%w", err)
	}
	return func(u *inventory.Unit) policy.Exposure {
		result := scorer.Score(u)
		return policy.Exposure{Min: result.Exposure.Min, Max: result.Exposure.Max, Gains: result.Advice(5)}
	}, nil
}

// harmless asks the assessment whether a directive protects a service less than it did.
func harmless() (func(*inventory.Change, inventory.DirectiveChange) bool, error) {
	scorer, err := exposure.NewScorer(exposure.Options{})
	if err != nil {
		return nil, fmt.Errorf("%w", err)
	}
	return func(c *inventory.Change, d inventory.DirectiveChange) bool {
		if d.Section != "Service" || c.Old == nil || c.New == nil || c.New.Kind != "service" {
			return false
		}
		weaker, known := scorer.Weaker(c.Old, c.New, d.Name)
		return known && !weaker
	}, nil
}

// judged is what was loaded and what was found in it.
type judged struct {
	inventory *inventory.Inventory
	tree      *source.Tree // that the places of the inventory are in; whoever asked closes it
	result    *checks.Result
	left      int // hosts that the configuration leaves out
	systemd   *report.Systemd
}

// judge loads and judges.
func (j *judgement) judge(ctx context.Context, opts loader.Options) (*judged, error) {
	find := systemdJudge(ctx, j.systemd)
	inv, tree, err := loader.Open(ctx, opts)
	if bad := j.users.ready(); bad != nil {
		if err == nil {
			tree.Close() //nolint:errcheck // read only
		}
		return nil, bad
	}
	if err != nil {
		return nil, loadError(err)
	}
	options := j.options
	if j.built != "" {
		if inv, options.Predictions, err = withBuilt(ctx, inv, j.built); err != nil {
			tree.Close() //nolint:errcheck // read only
			return nil, err
		}
	}
	done := &judged{inventory: inv, tree: tree}
	systemd, problems := find()
	if done.left, err = j.configuration.narrow(inv, &options); err == nil {
		done.result, err = checks.Run(ctx, inv, withSystemd(j.rules, systemd, &options), options)
	}
	if systemd != nil {
		problems = systemd.Problems()
		done.systemd = &report.Systemd{Version: systemd.Version(), Units: systemd.Units()}
	}
	inv.Problems = slices.Concat(inv.Problems, problems)
	if err != nil {
		tree.Close() //nolint:errcheck // read only
		return nil, fmt.Errorf("%w", err)
	}
	return done, nil
}

// withBuilt puts the units that were built in the place of those that the Nix files let expect.
func withBuilt(ctx context.Context, nix *inventory.Inventory, path string) (*inventory.Inventory, []checks.Prediction, error) {
	isUnits := func(h inventory.Host) bool { return h.Source == "units" }
	if slices.ContainsFunc(nix.Hosts, isUnits) {
		return nil, nil, misuse("--built goes with Nix files: what was built is judged by itself as a PATH")
	}
	built, err := loader.Load(ctx, loader.Options{Paths: []string{path}})
	if err != nil {
		return nil, nil, loadError(err)
	}
	if !slices.ContainsFunc(built.Hosts, isUnits) {
		return nil, nil, misuse("--built %s holds no units: it wants a built system, such as result", path)
	}
	joined, differences, err := checks.JoinBuilt(nix, built)
	if err != nil {
		return nil, nil, misuse("--built %s: %w", path, err)
	}
	return joined, differences, nil
}

// policyUsage is the help of --policy.
func policyUsage() string {
	return "`PROFILE` of rules: " + strings.Join(policies.Profiles(), ", ") +
		", one of the configuration, or a file (default: what the configuration says, else baseline)"
}

package config_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/nixlint/nixlint/checks"
	"github.com/nixlint/nixlint/checks/config"
	"github.com/nixlint/nixlint/loader/source"
	"github.com/nixlint/nixlint/policies"
)

func known() config.Known {
	level := func(l checks.Level) config.Rule { return config.Rule{Level: l} }
	return config.Known{
		Rules: []string{"coverage/undecided", "gpu/allow", "gpu/groups", "hardening/sandbox", "timers/persistent"},
		Own:   []string{"coverage/undecided"},
		Profiles: map[string]config.Profile{
			"baseline": {Rules: map[string]config.Rule{"hardening/sandbox": level("info"), "timers/persistent": level("warning")}},
			"strict":   {Rules: map[string]config.Rule{"hardening/sandbox": level("error"), "timers/persistent": {Level: "error", Unknown: "fail"}}},
		},
		Site: policies.Site(),
		Reads: func(rule string) []string {
			return map[string][]string{"gpu/allow": {"gpu"}, "gpu/groups": {"gpu"}, "timers/persistent": {"timers"}}[rule]
		},
	}
}

func resolve(t *testing.T, profile, text string) (*config.Judgement, error) {
	t.Helper()
	c, err := read(text)
	if err != nil {
		t.Fatal(err)
	}
	return c.Resolve(profile, known())
}

func TestProfilesExtendAndOverride(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		profile, text string
		want          map[string]checks.Weight
	}{
		"a built-in one": {"baseline", "", map[string]checks.Weight{"hardening/sandbox": {Level: "info"}, "timers/persistent": {Level: "warning"}}},
		"rules over it": {
			"baseline", "rules: {hardening/sandbox: off, gpu/allow: error}",
			map[string]checks.Weight{"hardening/sandbox": {Level: "off"}, "gpu/allow": {Level: "error"}, "timers/persistent": {Level: "warning"}},
		},
		"a field over a field": {
			"strict", "rules: {timers/persistent: {level: info, minor: off}}",
			map[string]checks.Weight{"hardening/sandbox": {Level: "error"}, "timers/persistent": {Level: "info", Minor: "off", UnknownFails: true}},
		},
		"unknown as a note": {
			"strict", "rules: {timers/persistent: {unknown: note}}",
			map[string]checks.Weight{"hardening/sandbox": {Level: "error"}, "timers/persistent": {Level: "error"}},
		},
		"one of the configuration": {
			"ours", "profiles: {ours: {extends: theirs, rules: {gpu/allow: info}}, theirs: {extends: baseline, rules: {timers/persistent: error}}}",
			map[string]checks.Weight{"hardening/sandbox": {Level: "info"}, "timers/persistent": {Level: "error"}, "gpu/allow": {Level: "info"}},
		},
		"one that starts from nothing": {"few", "profiles: {few: {rules: {gpu/allow: error}}}", map[string]checks.Weight{"gpu/allow": {Level: "error"}}},
		"a rule of the run":            {"few", "profiles: {few: {rules: {gpu/allow: error, coverage/undecided: warning}}}", map[string]checks.Weight{"gpu/allow": {Level: "error"}, "coverage/undecided": {Level: "warning"}}},
	} {
		j, err := resolve(t, c.profile, c.text)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if len(j.Rules) != len(c.want) {
			t.Errorf("%s: %+v", name, j.Rules)
		}
		for id, w := range c.want {
			if j.Rules[id] != w {
				t.Errorf("%s: %s weighs %+v, want %+v", name, id, j.Rules[id], w)
			}
		}
	}
}

func TestWrongNamesAndParameters(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ profile, text, want string }{
		"no such profile":           {"stric", "", `unknown profile "stric": did you mean strict? (profiles: baseline, strict)`},
		"no such policy":            {"strict", "policy: strickt", `unknown profile "strickt": did you mean strict?`},
		"no such rule":              {"strict", "rules: {hardening/sandbo: off}", `.nixlint.yaml:1:9: unknown rule "hardening/sandbo": did you mean hardening/sandbox?`},
		"no such locked rule":       {"strict", "locked: [gpu/alow]", `.nixlint.yaml:1:10: unknown rule "gpu/alow": did you mean gpu/allow?`},
		"no such rule of a profile": {"strict", "profiles: {a: {rules: {x/y: off}}}", `unknown rule "x/y"; nixlint rules lists them`},
		"no such base":              {"strict", "profiles: {a: {extends: b}}", `unknown profile "b"`},
		"a circle":                  {"strict", "profiles: {a: {extends: b}, b: {extends: a}}", "the profiles extend each other: b, a, b"},
		"itself":                    {"strict", "profiles: {a: {extends: a}}", "the profiles extend each other: a, a"},
		"a built-in name":           {"strict", "profiles: {strict: {}}", "the profile strict is built in"},
		"no rule":                   {"a", "profiles: {a: {}}", "no rule is selected"},
		"all off":                   {"baseline", "rules: {hardening/sandbox: off, timers/persistent: off}", "no rule is selected"},
		"only the run's own":        {"a", "profiles: {a: {rules: {coverage/undecided: error}}}", "no rule is selected"},
		"the run's own off":         {"strict", "rules: {coverage/undecided: off}", "the rule coverage/undecided cannot be off"},
		"no level":                  {"strict", "rules: {gpu/allow: {unknown: fail}}", "the rule gpu/allow has no level"},
		"no parameters":             {"strict", "rules: {hardening/sandbox: {parameters: {gpu: {groups: [x]}}}}", "the rule hardening/sandbox has no parameters"},
		"another's parameters":      {"strict", "rules: {timers/persistent: {parameters: {gpu: {groups: [x]}}}}", "does not read gpu; its parameters are: timers"},
		"two that differ": {
			"strict", "rules: {gpu/allow: {level: error, parameters: {gpu: {groups: [x]}}}, gpu/groups: {level: error, parameters: {gpu: {groups: [y]}}}}",
			"the rules gpu/allow and gpu/groups share gpu and state it differently",
		},
		"half an entry": {"strict", "site: {gpu: {units: {whisper: {groups: [nvidia]}}}}", ".nixlint.yaml:1:1: site.gpu.units.whisper has no always, want true or false"},
	} {
		_, err := resolve(t, c.profile, c.text)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v\nwant %s", name, err, c.want)
		}
	}
}

func TestFactsAreLaidOverTheDefaults(t *testing.T) {
	t.Parallel()
	j, err := resolve(t, "strict", `
site:
  gpu: {devices: [/dev/dri/card0], units: {jupyter: null, ollama: {always: false}, whisper: {groups: [render], always: true}}}
  tmpfiles: {/nowhere: null}
rules: {timers/persistent: {parameters: {timers: {backup: {RandomizedDelaySec: [1h]}}}}}
`)
	if err != nil {
		t.Fatal(err)
	}
	var facts struct {
		GPU struct {
			Devices, Groups []string
			Units           map[string]struct {
				Groups []string
				Always bool
			}
		}
		Timers map[string]map[string][]string
		SSHD   struct{ Units []string }
	}
	if err := json.Unmarshal(j.Site, &facts); err != nil {
		t.Fatal(err)
	}
	g := facts.GPU
	_, jupyter := g.Units["jupyter"]
	if len(g.Devices) != 1 || len(g.Groups) != 3 || jupyter || g.Units["ollama"].Always || len(g.Units["ollama"].Groups) != 2 ||
		!g.Units["whisper"].Always || len(facts.Timers) != 2 || len(facts.SSHD.Units) != 2 {
		t.Errorf("%s", j.Site)
	}
	if j, err := resolve(t, "strict", "policy: strict"); err != nil || j.Site != nil {
		t.Errorf("without facts: %s, %v", j.Site, err)
	}
}

func TestProfileFromAFile(t *testing.T) {
	t.Parallel()
	p, err := config.ReadProfile(source.NewFile("p.json", `{"extends": "strict", "rules": {"timers/persistent": "off"}}`))
	if err != nil {
		t.Fatal(err)
	}
	j, err := (&config.Config{}).ResolveProfile(p, known())
	if err != nil || j.Rules["timers/persistent"].Level != checks.Off || j.Rules["hardening/sandbox"].Level != checks.Error {
		t.Errorf("%+v, %v", j, err)
	}
	if _, err := config.ReadProfile(source.NewFile("p.yaml", "extend: strict")); err == nil || !strings.Contains(err.Error(), "p.yaml:1:1: unknown key") {
		t.Errorf("%v", err)
	}
}

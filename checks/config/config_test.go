package config_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/nixlint/nixlint/checks/config"
	"github.com/nixlint/nixlint/loader/source"
)

func read(text string) (*config.Config, error) {
	return config.Read(source.NewFile(config.Name, text))
}

// mistakes are documents and what must be said of them.
var mistakes = map[string]struct{ text, want string }{
	"an unknown key":                {"polcy: strict\n", `.nixlint.yaml:1:1: unknown key "polcy": did you mean policy?`},
	"an unknown key, nothing near":  {"zzz: 1\n", `.nixlint.yaml:1:1: unknown key "zzz" (keys: policy, fail-level, rules,`},
	"an unknown key far down":       {"site:\n  gpu:\n    device: []\n", `.nixlint.yaml:3:5: unknown key "device": did you mean devices?`},
	"an unknown key of a waiver":    {"waivers:\n  - rule: a/b\n    unit: x\n    reson: y\n", `.nixlint.yaml:4:5: unknown key "reson": did you mean reason?`},
	"a level":                       {"fail-level: warn\n", `1:13: fail-level is "warn", want error, warning, info`},
	"off as a fail level":           {"fail-level: off\n", `1:13: fail-level is "off", want error, warning, info`},
	"a list for a text":             {"policy: [a]\n", "1:9: policy is a list, want a name of letters"},
	"a mapping for a list":          {"hosts: {a: b}\n", "1:8: hosts is a mapping, want a list"},
	"a text for a list":             {"exclude: vendor\n", "1:10: exclude is a text, want a list"},
	"a list for all":                {"- a\n", "1:1: the configuration is a list, want a mapping"},
	"nothing for a mapping":         {"rules:\n", "rules is empty, want a mapping"},
	"a number for a text":           {"site: {tmpfiles: {/a: {type: d, mode: 0755}}}\n", `site.tmpfiles./a.mode is the number 0755, want an octal mode in quotes, such as "0750"; quote it: "0755"`},
	"no mode":                       {"site: {credentials: {mode: rwx}}\n", `site.credentials.mode is "rwx", want an octal mode`},
	"a text for a truth value":      {"site: {gpu: {units: {a: {always: 'yes'}}}}\n", "site.gpu.units.a.always is a text, want true or false"},
	"a port out of range":           {"site: {ports: {defaults: {a: 70000}}}\n", "site.ports.defaults.a is 70000, want a whole number from 1 to 65535"},
	"a port that is no number":      {"site: {ports: {defaults: {a: http}}}\n", "site.ports.defaults.a is a text, want a whole number"},
	"a rule of no category":         {"rules: {sandbox: off}\n", `rules: the key "sandbox" is not the name of a rule such as hardening/sandbox`},
	"a level of a rule":             {"rules: {a/b: {level: of}}\n", `rules.a/b.level is "of", want error, warning, info, off: did you mean off?`},
	"a number for a rule":           {"rules: {a/b: 1}\n", `rules.a/b is the number 1, want error, warning, info, off`},
	"null for a rule":               {"rules: {a/b: }\n", `rules.a/b is empty, want error, warning, info, off`},
	"a key that is stated twice":    {"policy: a\npolicy: b\n", "2:1: policy is stated twice; first on line 1"},
	"a waiver without a reason":     {"waivers:\n  - rule: a/b\n    unit: x\n", "2:5: waivers[0] has no reason"},
	"a waiver with an empty reason": {"waivers:\n  - {rule: a/b, unit: x, reason: ' '}\n", `waivers[0].reason is " ", want a text that is not empty`},
	"a waiver of everything":        {"waivers:\n  - {rule: a/b, reason: x}\n", "waivers[0] has neither unit nor path"},
	"a date":                        {"waivers:\n  - {rule: a/b, unit: x, reason: y, expires: 2027-02-30}\n", `expires is "2027-02-30", want a date such as 2027-01-31`},
	"a path that leads out":         {"exclude: [a/../../b]\n", `exclude[0] is "a/../../b", want a path below the folder of the configuration, without ..`},
	"a path from the top":           {"rule-directories: [/etc]\n", `rule-directories[0] is "/etc", want a path below`},
	"a glob that is none":           {"hosts: ['a[']\n", `hosts[0] is "a[", want a glob`},
	"no host":                       {"hosts: []\n", "hosts: want at least 1 entry"},
	"an alias":                      {"hosts: &h [a]\nexclude: *h\n", "2:10: exclude: anchors and aliases are not read"},
	"a merge key":                   {"<<: {policy: a}\n", "1:1: the configuration: want a key that is a plain text"},
	"a type of one's own":           {"policy: !secret x\n", "1:9: policy is a value of type !secret, want"},
	"a mapping as a key":            {"? {a: b}\n: c\n", "the configuration: want a key that is a plain text"},
	"a second document":             {"policy: a\n---\npolicy: b\n", "there is a second document"},
	"no YAML":                       {"policy: [a\n", "this is no YAML"},
	"a tab":                         {"rules:\n\ta: b\n", "2:1: this is no YAML"},
}

func TestMistakesHaveTheirPlaceAndTheRightWord(t *testing.T) {
	t.Parallel()
	for name, c := range mistakes {
		_, err := read(c.text)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v\nwant %s", name, err, c.want)
		}
	}
}

func TestAllMistakesAreSaidAtOnce(t *testing.T) {
	t.Parallel()
	_, err := read("fail-level: warn\npolcy: a\n")
	if err == nil || strings.Count(err.Error(), "\n") != 1 {
		t.Errorf("%v", err)
	}
}

func TestColumnsCountBytes(t *testing.T) {
	t.Parallel()
	_, err := read("waivers: [{rule: a/b, unit: x, reason: 'für müde', ownr: y}]\n")
	if err == nil || !strings.Contains(err.Error(), ":1:54: unknown key") {
		t.Errorf("%v", err)
	}
}

// An alias that doubles itself thirty times is small to write and large to read.
func TestBombsAreRefused(t *testing.T) {
	t.Parallel()
	var bomb strings.Builder
	bomb.WriteString("a0: &a0 [x]\n")
	for i := 1; i <= 30; i++ {
		fmt.Fprintf(&bomb, "a%d: &a%d [*a%d, *a%d]\n", i, i, i-1, i-1)
	}
	if _, err := read(bomb.String()); err == nil {
		t.Error("it is read")
	}
	if _, err := read("# " + strings.Repeat("x", config.MaxFile) + "\n"); err == nil || !strings.Contains(err.Error(), "more than") {
		t.Errorf("a large file: %v", err)
	}
	if _, err := read(strings.Repeat("[", 20000)); err == nil {
		t.Error("a deep one is read")
	}
}

const full = `# everything
policy: site
fail-level: error
rules:
  hardening/sandbox: off
  timers/persistent: {level: error, minor: info, unknown: fail, parameters: {timers: {a: {b: [c]}}}}
profiles:
  site: {description: d, extends: strict, rules: {timers/persistent: warning}}
site:
  gpu: {devices: [/dev/nvidia7], units: {jupyter: null, whisper: {groups: [nvidia], always: true}}}
  ports: {defaults: {whisper: 9000}}
  organization: {root: modules/units}
hosts: [web, "db-*"]
exclude: ["vendor/**"]
waivers:
  - {rule: hardening/sandbox, unit: nginx, path: "hosts/**", reason: r, owner: o, expires: "2027-01-31"}
rule-directories: [policies]
locked: [secrets/environment]
`

func TestReadsEverything(t *testing.T) {
	t.Parallel()
	c, err := read(full)
	if err != nil {
		t.Fatal(err)
	}
	w := c.Waivers[0]
	if c.Policy != "site" || c.FailLevel != "error" || c.Rules["hardening/sandbox"].Level != "off" ||
		c.Rules["timers/persistent"].Unknown != "fail" || c.Profiles["site"].Extends.Value != "strict" ||
		w.Rule != "hardening/sandbox" || w.Owner != "o" || w.Expires != "2027-01-31" || w.At.String() != ".nixlint.yaml:16:12" ||
		c.RuleDirectories[0].Value != "policies" || c.Locked[0].At.String() != ".nixlint.yaml:18:10" {
		t.Errorf("%+v", c)
	}
	for _, fine := range []string{"waivers: [{rule: a/b, unit: x, reason: y, expires: 2027-01-31}]\n", "", "# nothing\n", "---\n", "{}\n", "null\n"} {
		if _, err := read(fine); err != nil {
			t.Errorf("%q: %v", fine, err)
		}
	}
}

func TestGlobs(t *testing.T) {
	t.Parallel()
	c, err := read(full)
	if err != nil {
		t.Fatal(err)
	}
	for name, ok := range map[string]bool{
		"vendor": c.Excluded("vendor/a/b.nix"), "another folder": !c.Excluded("hosts/a.nix"), "not below": !c.Excluded("a/vendor/b.nix"),
		"host": c.HasHost("web"), "host by glob": c.HasHost("db-1"), "another host": !c.HasHost("mail"),
		"waiver":         c.Waivers[0].Covers("nginx.service", "hosts/web/a.nix"),
		"another unit":   !c.Waivers[0].Covers("nginx-acme.service", "hosts/web/a.nix"),
		"another path":   !c.Waivers[0].Covers("nginx.service", "modules/a.nix"),
		"about no unit":  !c.Waivers[0].Covers("", "hosts/web/a.nix"),
		"not configured": !(&config.Config{}).Excluded("a.nix") && (&config.Config{}).HasHost("a"),
	} {
		if !ok {
			t.Error(name)
		}
	}
}

func BenchmarkRead(b *testing.B) {
	for b.Loop() {
		if _, err := read(full); err != nil {
			b.Fatal(err)
		}
	}
}

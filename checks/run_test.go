package checks_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nixlint/nixlint/checks"
	"github.com/nixlint/nixlint/loader/inventory"
)

// told is a judge that says what it was told.
type told []checks.Judgement

var ids = []string{"hardening/one", "hardening/two", "locked/rule"}

func (told) Rules() []checks.Rule {
	var rules []checks.Rule
	for _, id := range ids {
		rules = append(rules, checks.Rule{ID: id, Kind: "unit", Severity: checks.Error})
	}
	return rules
}

func (j told) Judge(_ context.Context, _ *inventory.Inventory, enabled []string) ([]checks.Judgement, error) {
	var out []checks.Judgement
	for _, judgement := range j {
		if slices.Contains(enabled, judgement.Rule) {
			out = append(out, judgement)
		}
	}
	return out, nil
}

func at(file string, line, column, endLine, endColumn int) *inventory.Location {
	return &inventory.Location{File: file, Line: line, Column: column, EndLine: endLine, EndColumn: endColumn}
}

func setting(value string, place *inventory.Location) inventory.Setting {
	return inventory.Setting{Alternatives: []inventory.Alternative{{Value: value, Known: true, Priority: 100, At: place}}}
}

// repository is one host with sshd.service, which states PrivateTmp on line 3 and two devices on lines 5 and 6.
func repository() *inventory.Inventory {
	return &inventory.Inventory{
		Hosts: []inventory.Host{{
			Name: "web", Source: "flake",
			Units: []inventory.Unit{{
				Name: "sshd.service", Kind: "service", Scope: inventory.System, Status: inventory.Active, Completeness: inventory.Own,
				Definitions: []inventory.Location{*at("a.nix", 2, 3, 9, 5)},
				Sections: map[string]map[string][]inventory.Setting{"Service": {
					"PrivateTmp":  {setting("false", at("a.nix", 3, 20, 3, 25))},
					"DeviceAllow": {setting("/dev/a rw", at("a.nix", 5, 7, 5, 18)), setting("/dev/b rw", at("a.nix", 6, 7, 6, 18))},
				}},
			}},
		}},
		Files: []inventory.File{{Path: "a.nix", Modules: true}},
	}
}

func about(rule string, verdict checks.Verdict, path ...any) checks.Judgement {
	return checks.Judgement{Rule: rule, Verdict: verdict, Message: "m", Line: -1, Path: append([]any{"sections", "Service"}, path...)}
}

func options() checks.Options {
	return checks.Options{Rules: map[string]checks.Weight{
		"hardening/one": {Level: checks.Error, UnknownFails: true},
		"hardening/two": {Level: checks.Warning},
	}}
}

func run(t *testing.T, inv *inventory.Inventory, o checks.Options, j ...checks.Judgement) *checks.Result {
	t.Helper()
	r, err := checks.Run(t.Context(), inv, told(j), o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func one(t *testing.T, r *checks.Result) checks.Finding {
	t.Helper()
	if len(r.Findings) != 1 {
		t.Fatalf("%d findings, want 1: %+v", len(r.Findings), r.Findings)
	}
	return r.Findings[0]
}

func TestAbsenceStandsAtTheDefinitionThatSaysWhatRuns(t *testing.T) {
	t.Parallel()
	inv := repository()
	unit := &inv.Hosts[0].Units[0]
	unit.Definitions = []inventory.Location{*at("more.nix", 1, 1, 3, 2), *at("a.nix", 2, 3, 9, 5)}
	absent := about("hardening/one", checks.Fail, "ProtectHome")
	if f := one(t, run(t, inv, options(), absent)); *f.At != unit.Definitions[0] {
		t.Errorf("without a command it stands at %+v", f.At)
	}
	unit.Sections["Service"]["ExecStart"] = []inventory.Setting{setting("/bin/sshd", at("a.nix", 4, 20, 4, 30))}
	if f := one(t, run(t, inv, options(), absent)); *f.At != unit.Definitions[1] {
		t.Errorf("it stands at %+v, want the definition of the command", f.At)
	}
}

func TestFindingStandsAtWhatItsPathNames(t *testing.T) {
	for name, c := range map[string]struct {
		path []any
		want inventory.Location
		text string
	}{
		"an assignment":              {[]any{"DeviceAllow", 1}, *at("a.nix", 6, 7, 6, 18), "Service.DeviceAllow[1]"},
		"the last of a directive":    {[]any{"DeviceAllow"}, *at("a.nix", 6, 7, 6, 18), "Service.DeviceAllow"},
		"an absence":                 {[]any{"ProtectHome"}, *at("a.nix", 2, 3, 9, 5), "Service.ProtectHome"},
		"an index that is not there": {[]any{"DeviceAllow", 7}, *at("a.nix", 2, 3, 9, 5), "Service.DeviceAllow[7]"},
	} {
		f := one(t, run(t, repository(), options(), about("hardening/one", checks.Fail, c.path...)))
		if f.At == nil || *f.At != c.want || f.Path != c.text {
			t.Errorf("%s: %v %s, want %v %s", name, f.At, f.Path, c.want, c.text)
		}
	}
}

func TestFindingAboutAFactStandsAtItsFieldOrTheFact(t *testing.T) {
	inv := repository()
	inv.Hosts[0].Facts = inventory.Facts{
		Accounts: []inventory.Fact{{Name: "alice", At: at("u.nix", 3, 1, 9, 2), Fields: map[string][]inventory.Setting{
			"extraGroups": {setting("wheel", at("u.nix", 5, 3, 5, 10)), setting("docker", at("u.nix", 6, 3, 6, 11))},
		}}},
		OpenSSH:  &inventory.Fact{Name: "openssh", Fields: map[string][]inventory.Setting{"PermitRootLogin": {setting("yes", at("s.nix", 2, 1, 2, 4))}}},
		Packages: []inventory.Setting{setting("<pkgs.a>", at("p.nix", 1, 1, 1, 4)), setting("<pkgs.b>", at("p.nix", 2, 1, 2, 4))},
	}
	for _, test := range []struct {
		path []any
		file string
		line int
	}{
		{[]any{"facts", "accounts", 0, "fields", "extraGroups", 1}, "u.nix", 6},
		{[]any{"facts", "accounts", 0, "extraGroups"}, "u.nix", 5},
		{[]any{"facts", "accounts", 0, "fields", "uid"}, "u.nix", 3},
		{[]any{"facts", "accounts", 0}, "u.nix", 3},
		{[]any{"facts", "openssh", "fields", "PermitRootLogin", 0}, "s.nix", 2},
		{[]any{"facts", "packages", 1}, "p.nix", 2},
	} {
		j := checks.Judgement{Rule: "hardening/one", Verdict: checks.Fail, Message: "m", Unit: -1, Line: -1, Path: test.path}
		got := run(t, inv, options(), j).Findings
		if len(got) != 1 || got[0].At == nil || got[0].At.File != test.file || got[0].At.Line != test.line {
			t.Errorf("%v: %+v, want %s:%d", test.path, got, test.file, test.line)
		}
	}
}

func TestFindingStandsInTheUnitAndNamesTheHelper(t *testing.T) {
	inv := repository()
	a := &inv.Hosts[0].Units[0].Sections["Service"]["PrivateTmp"][0]
	a.Alternatives[0].At = at("lib.nix", 1, 1, 1, 6)
	a.Alternatives[0].Via = []inventory.Location{*at("a.nix", 3, 5, 3, 30), *at("b.nix", 1, 1, 1, 9)}
	a.Overrides = []inventory.Alternative{{Value: "true", Priority: 1000, At: at("c.nix", 1, 1, 1, 5)}}
	f := one(t, run(t, inv, options(), about("hardening/one", checks.Fail, "PrivateTmp", 0)))
	if *f.At != *at("a.nix", 3, 5, 3, 30) {
		t.Errorf("stands at %v", f.At)
	}
	var notes []string
	for _, n := range f.Notes {
		notes = append(notes, n.At.File+" "+n.Message)
	}
	want := "b.nix it comes through here; lib.nix the value stands here; c.nix it overrides true (priority 1000)"
	if got := strings.Join(notes, "; "); got != want {
		t.Errorf("notes %q, want %q", got, want)
	}
}

func TestFindingInAScriptStandsAtItsLine(t *testing.T) {
	inv := repository()
	u := &inv.Hosts[0].Units[0]
	u.Scripts = map[string]inventory.Setting{"start": {Alternatives: []inventory.Alternative{{
		Value: "true\ndocker pull a:latest", Known: true, At: at("a.nix", 4, 14, 7, 5),
		Lines: []inventory.Location{*at("a.nix", 5, 5, 5, 9), *at("a.nix", 6, 5, 6, 25)},
	}}}}
	f := one(t, run(t, inv, options(), checks.Judgement{
		Rule: "hardening/one", Verdict: checks.Fail, Message: "m", Line: -1, Path: []any{"scripts", "start"}, Match: "a:latest",
	}))
	if *f.At != *at("a.nix", 6, 17, 6, 25) || f.Path != "scripts.start" {
		t.Errorf("stands at %v, path %s", f.At, f.Path)
	}
}

func TestOnlyWhatWasAskedForIsSaid(t *testing.T) {
	for path, want := range map[string]int{"a.nix": 1, "lib.nix": 1, "b.nix": 0, "a": 0, ".": 1} {
		inv := repository()
		inv.Paths = []string{path}
		tmp := &inv.Hosts[0].Units[0].Sections["Service"]["PrivateTmp"][0].Alternatives[0]
		tmp.At, tmp.Via = at("lib.nix", 1, 1, 1, 6), []inventory.Location{*at("a.nix", 3, 5, 3, 30)}
		if got := len(run(t, inv, options(), about("hardening/one", checks.Fail, "PrivateTmp", 0)).Findings); got != want {
			t.Errorf("%s: %d findings, want %d", path, got, want)
		}
	}
}

func TestLevels(t *testing.T) {
	o := checks.Options{Rules: map[string]checks.Weight{
		"hardening/one": {Level: checks.Error},
		"hardening/two": {Level: checks.Warning, Minor: checks.Off},
	}}
	minor := about("hardening/one", checks.Fail, "PrivateTmp", 0)
	minor.Minor = true
	if f := one(t, run(t, repository(), o, minor)); f.Severity != checks.Info {
		t.Errorf("a lesser case has level %s", f.Severity)
	}
	minor.Rule = "hardening/two"
	if r := run(t, repository(), o, minor); len(r.Findings) > 0 {
		t.Errorf("a lesser case that is off is found: %+v", r.Findings)
	}
	delete(o.Rules, "hardening/two")
	if r := run(t, repository(), o, about("hardening/two", checks.Fail, "PrivateTmp", 0)); len(r.Findings) > 0 {
		t.Errorf("a rule that is off finds %+v", r.Findings)
	}
}

func TestProfileWithAnUnknownRuleIsAnError(t *testing.T) {
	o := checks.Options{Rules: map[string]checks.Weight{"hardening/three": {Level: checks.Error}}}
	if _, err := checks.Run(t.Context(), repository(), told(nil), o); err == nil || !strings.Contains(err.Error(), `"hardening/three", which does not exist`) {
		t.Errorf("got %v", err)
	}
}

func TestUnknownIsNeverSilent(t *testing.T) {
	named, general := about("hardening/one", checks.Unknown, "PrivateTmp", 0), about("hardening/two", checks.Unknown, "DeviceAllow", 0)
	if f := one(t, run(t, repository(), options(), named)); f.Severity != checks.Error || f.Verdict != checks.Unknown || f.Rule != "hardening/one" {
		t.Errorf("a demand of a named unit: %+v", f)
	}
	other := general
	other.Path = []any{"sections", "Service", "PrivateTmp"}
	f := one(t, run(t, repository(), options(), general, other))
	if f.Severity != checks.Info || f.Rule != "coverage/undecided" || f.Message != "not decided for sshd.service: hardening/two" || len(f.Notes) != 2 {
		t.Errorf("general rules: %+v", f)
	}
	o := options()
	o.FailOnUnknown = true
	if f := one(t, run(t, repository(), o, general)); f.Severity != checks.Warning || f.Rule != "hardening/two" {
		t.Errorf("with FailOnUnknown: %+v", f)
	}
}

func TestUnitsThatDoNotRunHaveNoFindings(t *testing.T) {
	inv := repository()
	inv.Hosts[0].Units[0].Status = inventory.Commented
	if r := run(t, inv, options(), about("hardening/one", checks.Fail, "PrivateTmp", 0)); len(r.Findings) > 0 {
		t.Errorf("%+v", r.Findings)
	}
}

func TestSameFindingOfSeveralHostsIsOne(t *testing.T) {
	inv := repository()
	second := repository().Hosts[0]
	second.Name = "db"
	inv.Hosts = append(inv.Hosts, second)
	a, b := about("hardening/one", checks.Fail, "PrivateTmp", 0), about("hardening/one", checks.Fail, "PrivateTmp", 0)
	b.Host = 1
	f := one(t, run(t, inv, options(), a, b, a))
	if !slices.Equal(f.Hosts, []string{"db", "web"}) {
		t.Errorf("hosts %v", f.Hosts)
	}
}

// A helper that makes two units has one place to mend.
func TestSameFindingOfGeneratedUnitsIsOne(t *testing.T) {
	inv := repository()
	second := repository().Hosts[0].Units[0]
	second.Name = "sshd2.service"
	inv.Hosts[0].Units = append(inv.Hosts[0].Units, second)
	a, b := about("hardening/one", checks.Fail, "PrivateTmp", 0), about("hardening/one", checks.Fail, "PrivateTmp", 0)
	b.Unit = 1
	f := one(t, run(t, inv, options(), a, b, b))
	if f.Unit != "sshd.service" || len(f.Notes) != 1 || f.Notes[0].Message != "so for sshd2.service" {
		t.Errorf("%+v", f)
	}
}

func TestFindingsAreSorted(t *testing.T) {
	r := run(t, repository(), options(),
		about("hardening/two", checks.Fail, "DeviceAllow", 1), about("hardening/two", checks.Fail, "PrivateTmp", 0),
		about("hardening/one", checks.Fail, "PrivateTmp", 0), about("hardening/one", checks.Fail, "DeviceAllow", 0))
	var got []string
	for _, f := range r.Findings {
		got = append(got, f.Rule+" "+f.Path)
	}
	want := []string{"hardening/one Service.PrivateTmp[0]", "hardening/two Service.PrivateTmp[0]", "hardening/one Service.DeviceAllow[0]", "hardening/two Service.DeviceAllow[1]"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}

func TestFingerprintSurvivesWhatDoesNotMatter(t *testing.T) {
	base := one(t, run(t, repository(), options(), about("hardening/one", checks.Fail, "DeviceAllow", 1))).Fingerprint
	for name, change := range map[string]func(*inventory.Inventory, *checks.Judgement){
		"another line": func(inv *inventory.Inventory, _ *checks.Judgement) {
			inv.Hosts[0].Units[0].Sections["Service"]["DeviceAllow"][1].Alternatives[0].At = at("b.nix", 70, 1, 70, 4)
		},
		"another host":    func(inv *inventory.Inventory, _ *checks.Judgement) { inv.Hosts[0].Name = "mail" },
		"another message": func(_ *inventory.Inventory, j *checks.Judgement) { j.Message = "said better" },
		"a new first entry": func(inv *inventory.Inventory, j *checks.Judgement) {
			s := inv.Hosts[0].Units[0].Sections["Service"]
			s["DeviceAllow"] = append([]inventory.Setting{setting("/dev/c rw", at("a.nix", 4, 7, 4, 18))}, s["DeviceAllow"]...)
			j.Path[3] = 2
		},
		"another layout": func(inv *inventory.Inventory, _ *checks.Judgement) {
			inv.Hosts[0].Units[0].Sections["Service"]["DeviceAllow"][1].Alternatives[0].Value = " /dev/b   rw"
		},
	} {
		inv, j := repository(), about("hardening/one", checks.Fail, "DeviceAllow", 1)
		change(inv, &j)
		if got := one(t, run(t, inv, options(), j)).Fingerprint; got != base {
			t.Errorf("%s changes the fingerprint", name)
		}
	}
	for name, j := range map[string]checks.Judgement{
		"another rule":  about("hardening/two", checks.Fail, "DeviceAllow", 1),
		"another value": about("hardening/one", checks.Fail, "DeviceAllow", 0),
		"another path":  about("hardening/one", checks.Fail, "PrivateTmp", 0),
	} {
		if got := one(t, run(t, repository(), options(), j)).Fingerprint; got == base {
			t.Errorf("%s keeps the fingerprint", name)
		}
	}
}

func TestFingerprintsOfEqualFindingsDiffer(t *testing.T) {
	inv := repository()
	s := inv.Hosts[0].Units[0].Sections["Service"]
	s["DeviceAllow"][1].Alternatives[0].Value = "/dev/a rw"
	r := run(t, inv, options(), about("hardening/one", checks.Fail, "DeviceAllow", 0), about("hardening/one", checks.Fail, "DeviceAllow", 1))
	if len(r.Findings) != 2 || r.Findings[0].Fingerprint == r.Findings[1].Fingerprint {
		t.Errorf("%+v", r.Findings)
	}
}

func directive(text string, line, from, to int) inventory.Directive {
	return inventory.Directive{Text: text, At: *at("a.nix", line, 5, line, 40), Covers: *at("a.nix", from, 1, to, 40)}
}

func TestSuppressions(t *testing.T) {
	tmp := about("hardening/one", checks.Fail, "PrivateTmp", 0)  // on line 3
	absent := about("hardening/one", checks.Fail, "ProtectHome") // at the unit, from line 2
	for name, c := range map[string]struct {
		directive inventory.Directive
		judgement checks.Judgement
		want      []string // rules that are left
	}{
		"covers":                   {directive("ignore hardening/one -- because", 2, 3, 3), tmp, nil},
		"several rules":            {directive("ignore hardening/two, hardening/one -- because", 2, 3, 3), tmp, []string{"suppressions/unused"}},
		"covers the unit":          {directive("ignore hardening/one -- because", 1, 2, 9), tmp, nil},
		"covers an absence":        {directive("ignore hardening/one -- because", 1, 2, 9), absent, nil},
		"another line":             {directive("ignore hardening/one -- because", 4, 5, 5), tmp, []string{"hardening/one", "suppressions/unused"}},
		"not the unit's absences":  {directive("ignore hardening/one -- because", 4, 5, 5), absent, []string{"hardening/one", "suppressions/unused"}},
		"another rule":             {directive("ignore hardening/two -- because", 2, 3, 3), tmp, []string{"suppressions/unused", "hardening/one"}},
		"no reason":                {directive("ignore hardening/one", 2, 3, 3), tmp, []string{"suppressions/reason", "hardening/one"}},
		"an empty reason":          {directive("ignore hardening/one -- ", 2, 3, 3), tmp, []string{"suppressions/reason", "hardening/one"}},
		"a rule that is not there": {directive("ignore hardening/three -- because", 2, 3, 3), tmp, []string{"suppressions/unknown-rule", "hardening/one"}},
		"no rule":                  {directive("ignore -- because", 2, 3, 3), tmp, []string{"suppressions/unknown-rule", "hardening/one"}},
		"another verb":             {directive("disable hardening/one -- because", 2, 3, 3), tmp, []string{"suppressions/unknown-rule", "hardening/one"}},
		"until its last day":       {directive("ignore hardening/one until=2027-01-31 -- because", 2, 3, 3), tmp, nil},
		"until in the reason":      {directive("ignore hardening/one -- because until=2027-01-31", 2, 3, 3), tmp, nil},
		"ended":                    {directive("ignore hardening/one until=2027-01-30 -- because", 2, 3, 3), tmp, []string{"suppressions/expired", "hardening/one"}},
		"ended by its reason":      {directive("ignore hardening/one -- because until=2027-01-30", 2, 3, 3), tmp, []string{"suppressions/expired", "hardening/one"}},
		"until no date":            {directive("ignore hardening/one until=2027-02-30 -- because", 2, 3, 3), tmp, []string{"suppressions/expired", "hardening/one"}},
		"until nothing":            {directive("ignore hardening/one until= -- because", 2, 3, 3), tmp, []string{"suppressions/expired", "hardening/one"}},
		"a locked rule":            {directive("ignore locked/rule -- because", 2, 3, 3), tmp, []string{"suppressions/locked", "hardening/one"}},
		"what speaks of them":      {directive("ignore suppressions/unused -- because", 2, 3, 3), tmp, []string{"suppressions/unknown-rule", "hardening/one"}},
	} {
		inv := repository()
		inv.Files[0].Directives = []inventory.Directive{c.directive}
		o := options()
		o.Today, o.Locked = time.Date(2027, 1, 31, 23, 0, 0, 0, time.UTC), []string{"locked/rule"}
		r := run(t, inv, o, c.judgement)
		var got []string
		for _, f := range r.Findings {
			got = append(got, f.Rule)
			if f.Fingerprint == "" {
				t.Errorf("%s: %s has no fingerprint", name, f.Rule)
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: left %q, want %q", name, got, c.want)
		}
		suppressed := !slices.Contains(got, "hardening/one")
		if suppressed != (len(r.Suppressed) == 1) || suppressed && r.Suppressed[0].Suppressed != "because" || r.Summary.Suppressed != len(r.Suppressed) {
			t.Errorf("%s: suppressed %+v", name, r.Suppressed)
		}
	}
}

// A unit that two modules define leaves something out in both: a comment at either speaks of it.
func TestAbsenceIsSuppressedAtAnyDefinition(t *testing.T) {
	inv := repository()
	inv.Hosts[0].Units[0].Definitions = append(inv.Hosts[0].Units[0].Definitions, *at("b.nix", 2, 1, 4, 2))
	inv.Files = append(inv.Files, inventory.File{Path: "b.nix"})
	d := directive("ignore hardening/one -- because", 1, 2, 4)
	d.At.File, d.Covers.File = "b.nix", "b.nix"
	inv.Files[1].Directives = []inventory.Directive{d}
	if r := run(t, inv, options(), about("hardening/one", checks.Fail, "ProtectHome")); len(r.Findings) > 0 || len(r.Suppressed) != 1 {
		t.Errorf("the absence: %+v", r.Findings)
	}
	if r := run(t, inv, options(), about("hardening/one", checks.Fail, "PrivateTmp", 0)); len(r.Suppressed) > 0 {
		t.Errorf("a directive of the other file: %+v", r.Suppressed)
	}
}

func waiver(rule, unit, expires string) checks.Waiver {
	return checks.Waiver{
		Rule: rule, Reason: "because", Owner: "web team", Expires: expires, At: at(".nixlint.yaml", 3, 5, 3, 9),
		Covers: func(u, _ string) bool { return u == unit },
	}
}

func TestWaivers(t *testing.T) {
	tmp := about("hardening/one", checks.Fail, "PrivateTmp", 0)
	for name, c := range map[string]struct {
		waiver checks.Waiver
		want   []string
	}{
		"covers":                   {waiver("hardening/one", "sshd.service", ""), nil},
		"on its last day":          {waiver("hardening/one", "sshd.service", "2027-01-31"), nil},
		"ended":                    {waiver("hardening/one", "sshd.service", "2027-01-30"), []string{"suppressions/expired", "hardening/one"}},
		"another unit":             {waiver("hardening/one", "web.service", ""), []string{"suppressions/unused", "hardening/one"}},
		"another rule":             {waiver("hardening/two", "sshd.service", ""), []string{"suppressions/unused", "hardening/one"}},
		"a rule that is not there": {waiver("hardening/three", "sshd.service", ""), []string{"suppressions/unknown-rule", "hardening/one"}},
	} {
		o := options()
		// What a comment cannot suppress, a waiver can.
		o.Today, o.Waivers, o.Locked = time.Date(2027, 1, 31, 0, 0, 0, 0, time.UTC), []checks.Waiver{c.waiver}, []string{"hardening/one"}
		r := run(t, repository(), o, tmp)
		var got []string
		for _, f := range r.Findings {
			got = append(got, f.Rule)
			if f.Rule != "hardening/one" && (f.At == nil || f.At.File != ".nixlint.yaml" || f.At.Line != 3) {
				t.Errorf("%s: %s stands at %v", name, f.Rule, f.At)
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: left %q, want %q", name, got, c.want)
		}
		if len(c.want) == 0 && !strings.HasPrefix(r.Suppressed[0].Suppressed, "because (web team") {
			t.Errorf("%s: %q", name, r.Suppressed[0].Suppressed)
		}
		o.NoIgnores = true
		if f := one(t, run(t, repository(), o, tmp)); f.Rule != "hardening/one" {
			t.Errorf("%s: without ignores: %s", name, f.Rule)
		}
	}
}

// One place that makes two units has one finding: the waiver of one unit must not hide what the other has.
func TestWaiverOfOneUnitDoesNotHideAnother(t *testing.T) {
	inv := repository()
	second := repository().Hosts[0].Units[0]
	second.Name = "sshd2.service"
	inv.Hosts[0].Units = append(inv.Hosts[0].Units, second)
	a, b := about("hardening/one", checks.Fail, "PrivateTmp", 0), about("hardening/one", checks.Fail, "PrivateTmp", 0)
	b.Unit = 1
	o := options()
	o.Waivers = []checks.Waiver{waiver("hardening/one", "sshd.service", "")}
	if r := run(t, inv, o, a, b); len(r.Suppressed) > 0 {
		t.Errorf("%+v", r.Suppressed)
	}
}

func TestUnusedIsNotSaidOfWhatIsJudgedInPart(t *testing.T) {
	inv := repository()
	inv.Files[0].Directives = []inventory.Directive{directive("ignore hardening/one -- because", 2, 3, 3)}
	o := options()
	o.Partly = func(file string) bool { return file == "a.nix" }
	if r := run(t, inv, o); len(r.Findings) > 0 {
		t.Errorf("%+v", r.Findings)
	}
}

func TestExcludedFilesHaveNoFindings(t *testing.T) {
	o := options()
	o.Excluded = func(file string) bool { return file == "a.nix" }
	if r := run(t, repository(), o, about("hardening/one", checks.Fail, "PrivateTmp", 0)); len(r.Findings) > 0 || r.Summary.Excluded != 1 {
		t.Errorf("%+v", r)
	}
}

func TestLevelOfTheRunsOwnRules(t *testing.T) {
	o := options()
	o.Rules["coverage/undecided"] = checks.Weight{Level: checks.Error}
	if f := one(t, run(t, repository(), o, about("hardening/two", checks.Unknown, "PrivateTmp", 0))); f.Severity != checks.Error {
		t.Errorf("%+v", f)
	}
}

func TestSuppressionOfARuleThatIsOffIsNotUnused(t *testing.T) {
	inv := repository()
	inv.Files[0].Directives = []inventory.Directive{directive("ignore hardening/two -- because", 2, 3, 3)}
	o := options()
	delete(o.Rules, "hardening/two")
	if r := run(t, inv, o); len(r.Findings) > 0 {
		t.Errorf("%+v", r.Findings)
	}
}

func TestUnknownRuleSuggestsTheNearest(t *testing.T) {
	inv := repository()
	inv.Files[0].Directives = []inventory.Directive{directive("ignore hardning/one -- because", 2, 3, 3)}
	if f := one(t, run(t, inv, options())); f.Message != `there is no rule "hardning/one", did you mean hardening/one?` {
		t.Errorf("%s", f.Message)
	}
}

func TestSummaryCounts(t *testing.T) {
	inv := repository()
	inv.Hosts[0].Units[0].Sections["Service"]["User"] = []inventory.Setting{{Alternatives: []inventory.Alternative{{Value: "<unknown: x>", Why: "x"}}}}
	s := run(t, inv, options(),
		about("hardening/one", checks.Fail, "PrivateTmp", 0), about("hardening/two", checks.Fail, "PrivateTmp", 0),
		about("hardening/two", checks.Unknown, "User", 0)).Summary
	if s.Errors != 1 || s.Warnings != 1 || s.Infos != 1 || s.Unknown != 1 || s.Units != 1 || s.Hosts != 1 || s.Rules != 2 ||
		s.SettingsJudged != 4 || s.SettingsUnknown != 1 || !slices.Equal(s.Reasons, []checks.Reason{{Why: "x", Count: 1}}) {
		t.Errorf("%+v", s)
	}
}

type failing struct{ told }

var errJudge = errors.New("rule a/b: broken")

func (failing) Judge(context.Context, *inventory.Inventory, []string) ([]checks.Judgement, error) {
	return nil, errJudge
}

func TestErrorOfARuleIsAnError(t *testing.T) {
	if _, err := checks.Run(t.Context(), repository(), failing{}, options()); !errors.Is(err, errJudge) {
		t.Errorf("got %v", err)
	}
}

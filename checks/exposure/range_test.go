package exposure_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/nixlint/nixlint/checks/exposure"
	"github.com/nixlint/nixlint/loader/inventory"
)

// service is a unit of settings such as "PrivateTmp=yes". "?yes|no" are alternatives, of which "-" is absent; "?" is not known.
func service(settings ...string) *inventory.Unit {
	u := &inventory.Unit{Name: "a.service", Kind: "service", Completeness: inventory.Own, Sections: map[string]map[string][]inventory.Setting{
		"Service": {}, "Unit": {},
	}}
	for _, s := range settings {
		name, value, _ := strings.Cut(s, "=")
		section := "Service"
		if name == "DefaultDependencies" {
			section = "Unit"
		}
		u.Sections[section][name] = append(u.Sections[section][name], inventory.Setting{Alternatives: alternatives(value)})
	}
	return u
}

func alternatives(value string) []inventory.Alternative {
	text, undecided := strings.CutPrefix(value, "?")
	if !undecided {
		return []inventory.Alternative{{Value: value, Known: true}}
	}
	if text == "" {
		return []inventory.Alternative{{Value: "<unknown: it is not said>", Why: "it is not said"}}
	}
	var out []inventory.Alternative
	for a := range strings.SplitSeq(text, "|") {
		if a == "-" {
			out = append(out, inventory.Alternative{Known: true, Absent: true})
			continue
		}
		out = append(out, inventory.Alternative{Value: a, Known: true})
	}
	return out
}

func TestRangeOfUndecidedSettings(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name     string
		settings []string
		ends     [2][]string // settings whose exposures are the ends of the range
	}{
		{"a boolean", []string{"PrivateNetwork=?yes|no"}, [2][]string{{"PrivateNetwork=yes"}, {"PrivateNetwork=no"}}},
		{"present or absent", []string{"PrivateNetwork=?yes|-"}, [2][]string{{"PrivateNetwork=yes"}, nil}},
		{"not known", []string{"PrivateNetwork=?"}, [2][]string{{"PrivateNetwork=yes"}, nil}},
		{"overridden later", []string{"PrivateNetwork=?", "PrivateNetwork=yes"}, [2][]string{{"PrivateNetwork=yes"}, {"PrivateNetwork=yes"}}},
		{"the user", []string{"User=?"}, [2][]string{{"User=a"}, nil}},
		{"dynamic user", []string{"DynamicUser=?yes|no"}, [2][]string{{"DynamicUser=yes"}, nil}},
		{"a list that is reset", []string{"CapabilityBoundingSet=?", "CapabilityBoundingSet="}, [2][]string{{"CapabilityBoundingSet="}, {"CapabilityBoundingSet="}}},
		{"capabilities that are added", []string{"CapabilityBoundingSet=?CAP_SYS_ADMIN|-", "CapabilityBoundingSet=CAP_KILL"}, [2][]string{
			{"CapabilityBoundingSet=CAP_KILL"}, {"CapabilityBoundingSet=CAP_KILL CAP_SYS_ADMIN"},
		}},
		{"a filter", []string{"SystemCallFilter=?@system-service|~@mount"}, [2][]string{{"SystemCallFilter=@system-service"}, {"SystemCallFilter=~@mount"}}},
		{"what does not count", []string{"ExecStart=?"}, [2][]string{nil, nil}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := score(t, service(test.settings...), 0).Exposure
			least, most := score(t, service(test.ends[0]...), 0).Exposure, score(t, service(test.ends[1]...), 0).Exposure
			if got.Min != least.Min || got.Max != most.Max {
				t.Errorf("%v, want from %v to %v", got, least, most)
			}
		})
	}
}

// TestRangeOfWordsOfLaterVersions: what a version ignores does not decide.
func TestRangeOfWordsOfLaterVersions(t *testing.T) {
	t.Parallel()
	u := service("PrivateUsers=?yes|no", "PrivateUsers=identity")
	if before, after := score(t, u, 252).Exposure, score(t, u, 257).Exposure; before.Decided() || !after.Decided() {
		t.Errorf("252: %v, 257: %v", before, after)
	}
}

func TestRangeOfUndecidedDependencies(t *testing.T) {
	t.Parallel()
	r := score(t, service("DefaultDependencies=?"), 0)
	i := slices.IndexFunc(r.Rows, func(r exposure.Row) bool { return r.Field == "ProtectHome" })
	if row := r.Rows[i]; r.Weight.Decided() || !row.Applies || row.Sure || row.Good() != nil {
		t.Errorf("the weight is %v and the row %+v", r.Weight, row)
	}
}

// TestRangeHoldsWhatMayBe: whatever is not known, or said elsewhere, the exposure of the whole unit is in the range.
func TestRangeHoldsWhatMayBe(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(7, 7))
	for range 300 {
		whole := parse("a.service", generate(random, true))
		want := score(t, whole, 0)
		open := parse("a.service", "")
		open.Completeness = inventory.Partial
		blurred := parse("a.service", "")
		for section, directives := range whole.Sections {
			open.Sections[section], blurred.Sections[section] = map[string][]inventory.Setting{}, map[string][]inventory.Setting{}
			for _, name := range order {
				name = strings.TrimPrefix(name, "Unit.")
				settings := directives[name]
				// What the tree says stands behind what the base says.
				open.Sections[section][name] = settings[random.IntN(len(settings)+1):]
				for _, s := range settings {
					if random.IntN(3) == 0 {
						s = inventory.Setting{Alternatives: alternatives("?")}
					}
					blurred.Sections[section][name] = append(blurred.Sections[section][name], s)
				}
			}
		}
		for what, u := range map[string]*inventory.Unit{"open": open, "blurred": blurred} {
			got := score(t, u, 0)
			if got.Exposure.Min > want.Exposure.Min || got.Exposure.Max < want.Exposure.Max {
				t.Errorf("%s: exposure %v is not in %v:\n%s", what, want.Exposure, got.Exposure, show(whole))
			}
			for i, row := range got.Rows {
				w := want.Rows[i]
				if w.Applies && (!row.Applies || row.Badness.Min > w.Badness.Min || row.Badness.Max < w.Badness.Max) {
					t.Errorf("%s: %s: %v is not in %v:\n%s", what, row.Field, w.Badness, row.Badness, show(whole))
				}
			}
		}
	}
}

// TestFixMakesGood: the assignment that a row names, added last, makes it good.
func TestFixMakesGood(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(8, 8))
	for i := range 50 {
		text := strings.ToValidUTF8(generate(random, true), "")
		if i == 0 {
			text = ""
		}
		for _, row := range score(t, parse("a.service", text), 0).Gains() {
			if row.Fix == "" {
				continue
			}
			fixed := score(t, parse("a.service", text+"\n[Service]\n"+row.Fix+"\n"), 0)
			for _, r := range fixed.Rows {
				if r.Field == row.Field && r.Applies && r.Badness.Max > 0 {
					t.Errorf("%s: %s leaves it at %v:\n%s", row.Field, row.Fix, r.Badness, text)
				}
			}
		}
	}
}

func TestRowsSayWhatAndWhere(t *testing.T) {
	t.Parallel()
	r := score(t, parse("units/a.service", "[Service]\nExecStart=/x\nPrivateTmp=no\n"), 0)
	for i := range r.Rows {
		row := &r.Rows[i]
		if row.Description == "" || row.Directive == "" || row.Weight == 0 || row.Scale == 0 {
			t.Errorf("%+v", row)
		}
		if at := row.At; row.Field == "PrivateTmp" && (at == nil || at.File != "units/a.service" || at.Line != 3) {
			t.Errorf("PrivateTmp= stands at %+v", at)
		}
	}
	gains := r.Gains()
	if len(gains) < 60 || gains[0].Field != "PrivateNetwork" || gains[0].Exposure != 5 {
		t.Errorf("%d rows, the first is %+v", len(gains), gains[0])
	}
}

func TestUserUnitsShareTheirKeyring(t *testing.T) {
	t.Parallel()
	u := service()
	u.Scope = inventory.User
	if of, system := score(t, u, 0), score(t, service(), 0); of.Badness.Max-system.Badness.Max != 1000 {
		t.Errorf("%v, for the system %v", of.Badness, system.Badness)
	}
}

func TestScoreRefusesWhatItDoesNotKnow(t *testing.T) {
	t.Parallel()
	for _, o := range []exposure.Options{{Version: 251}, {Arch: "vax"}} {
		if _, err := exposure.Score(service(), o); err == nil {
			t.Errorf("%+v: no error", o)
		}
	}
}

// TestNoFilterIsBadEverywhere: also of a group whose calls the architecture does not have.
func TestNoFilterIsBadEverywhere(t *testing.T) {
	t.Parallel()
	for settings, want := range map[string]int{"": 10, "SystemCallFilter=~@keyring": 0, "SystemCallFilter=~@nosuch": 10, "SystemCallFilter=@keyring": 0} {
		r, err := exposure.Score(parse("a.service", "[Service]\n"+settings), exposure.Options{Arch: exposure.ARM})
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(r.Rows, func(r exposure.Row) bool { return r.Field == "SystemCallFilter_cpu_emulation" })
		if got := r.Rows[i].Badness.Max; got != want {
			t.Errorf("%q: %d, want %d", settings, got, want)
		}
	}
}

func TestArchitecturesDiffer(t *testing.T) {
	t.Parallel()
	// x86_64 has system calls that only CPU emulation needs.
	u := service("SystemCallFilter=@system-service", "SystemCallFilter=modify_ldt")
	on := map[string]int{}
	for _, arch := range exposure.Architectures() {
		r, err := exposure.Score(u, exposure.Options{Arch: arch})
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(r.Rows, func(r exposure.Row) bool { return r.Field == "SystemCallFilter_cpu_emulation" })
		on[arch] = r.Rows[i].Badness.Max
	}
	if on[exposure.X86] != 9 || on[exposure.ARM] != 0 {
		t.Errorf("%v", on)
	}
}

func TestVerdicts(t *testing.T) {
	t.Parallel()
	for tenths, want := range map[int]string{0: "PERFECT", 1: "SAFE", 9: "SAFE", 10: "OK", 49: "OK", 50: "MEDIUM", 75: "EXPOSED", 90: "UNSAFE", 100: "DANGEROUS"} {
		if got := exposure.Verdict(tenths); got != want {
			t.Errorf("%d: %s, want %s", tenths, got, want)
		}
	}
}

func BenchmarkScore(b *testing.B) {
	random := rand.New(rand.NewPCG(9, 9))
	units := make([]*inventory.Unit, 1000)
	for i := range units {
		units[i] = parse("a.service", generate(random, true))
	}
	s, err := exposure.NewScorer(exposure.Options{})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		for _, u := range units {
			s.Score(u)
		}
	}
}

func BenchmarkScoreOverrides(b *testing.B) {
	u := service("PrivateTmp=yes", "User=?", "SystemCallFilter=?@system-service|-")
	u.Completeness = inventory.Partial
	s, err := exposure.NewScorer(exposure.Options{})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		s.Score(u)
	}
}

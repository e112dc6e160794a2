package inventory_test

import (
	"slices"
	"testing"

	"github.com/nixlint/nixlint/loader/inventory"
)

func stated(values ...string) []inventory.Setting {
	out := make([]inventory.Setting, len(values))
	for i, v := range values {
		out[i] = inventory.Setting{Alternatives: []inventory.Alternative{{Value: v, Known: true, At: &inventory.Location{File: "a.nix", Line: i + 1}}}}
	}
	return out
}

func machine(units ...inventory.Unit) *inventory.Inventory {
	return &inventory.Inventory{Hosts: []inventory.Host{{Name: "web", Units: units}}}
}

func unit(name string, directives map[string][]inventory.Setting) inventory.Unit {
	return inventory.Unit{
		Name: name, Scope: inventory.System, Status: inventory.Active, Sections: map[string]map[string][]inventory.Setting{"Service": directives},
		Definitions: []inventory.Location{{File: "a.nix", Line: 3}},
	}
}

func TestDiffSaysWhatTheMachinesWouldRunOtherwise(t *testing.T) {
	t.Parallel()
	before := machine(
		unit("a.service", map[string][]inventory.Setting{"PrivateTmp": stated("true"), "Nice": stated("1"), "DeviceAllow": stated("x", "", "y")}),
		unit("gone.service", nil), unit("same.service", map[string][]inventory.Setting{"Nice": stated("1")}),
	)
	moved := unit("same.service", map[string][]inventory.Setting{"Nice": stated("1")})
	moved.Definitions[0].File = "b.nix"
	after := machine(
		unit("a.service", map[string][]inventory.Setting{"PrivateTmp": stated("false"), "ProtectHome": stated("true"), "DeviceAllow": stated("", "y")}),
		moved, unit("new.service", nil),
	)
	changes := inventory.Diff(before, after)
	var got []string
	for _, c := range changes {
		got = append(got, c.Kind+" "+c.Unit)
	}
	if want := []string{"changed a.service", "removed gone.service", "added new.service"}; !slices.Equal(got, want) {
		t.Fatalf("got %q, want %q", got, want)
	}
	loses := map[string]bool{}
	for _, d := range changes[0].Directives {
		loses[d.Name] = d.Loses()
	}
	if len(loses) != 3 || !loses["PrivateTmp"] || !loses["Nice"] || loses["ProtectHome"] {
		t.Errorf("%+v", changes[0].Directives)
	}
}

func TestDiffSeesUndecidedValuesStatusAndScripts(t *testing.T) {
	t.Parallel()
	if d := inventory.Diff(machine(unit("a.service", nil)), machine(unit("a.service", nil))); len(d) > 0 {
		t.Errorf("equal ones differ: %+v", d)
	}
	for name, change := range map[string]func(*inventory.Unit){
		"status": func(u *inventory.Unit) { u.Status = inventory.Disabled },
		"script": func(u *inventory.Unit) { u.Scripts = map[string]inventory.Setting{"start": stated("x")[0]} },
		"link":   func(u *inventory.Unit) { u.Links = []inventory.Link{{Type: "wants", Target: stated("x")[0]}} },
		"condition": func(u *inventory.Unit) {
			u.Sections["Service"] = map[string][]inventory.Setting{"Nice": {{Alternatives: []inventory.Alternative{
				{Value: "1", Known: true}, {Absent: true, Known: true, Conditions: []inventory.Condition{{Text: "x", Verdict: "unknown"}}},
			}}}}
		},
	} {
		u := unit("a.service", nil)
		change(&u)
		if len(inventory.Diff(machine(unit("a.service", nil)), machine(u))) != 1 {
			t.Errorf("%s is not seen", name)
		}
	}
}

func TestNarrowKeepsWhatAHostRuns(t *testing.T) {
	t.Parallel()
	inv := &inventory.Inventory{
		Hosts: []inventory.Host{
			{Name: "web", Units: []inventory.Unit{unit("a.service", nil)}},
			{Name: "mail", Units: []inventory.Unit{unit("a.service", nil)}},
			{Name: "other", Source: "loose", Units: []inventory.Unit{unit("a.service", nil)}},
		},
		Files:    []inventory.File{{Path: "a.nix"}, {Path: "b.nix"}},
		Problems: []inventory.Problem{{Severity: "failure", At: &inventory.Location{File: "a.nix"}}, {Severity: "failure", At: &inventory.Location{File: "b.nix"}}, {Severity: "failure"}},
	}
	inv.Narrow(func(h string) bool { return h == "web" }, func(f string) bool { return f == "a.nix" })
	if len(inv.Hosts) != 1 || inv.Hosts[0].Name != "web" || len(inv.Hosts[0].Units) != 1 || len(inv.Files) != 1 {
		t.Errorf("%+v", inv)
	}
	if inv.Problems[0].Severity != "notice" || inv.Problems[1].Severity != "failure" || inv.Problems[2].Severity != "failure" {
		t.Errorf("%+v", inv.Problems)
	}
}

func TestUnknownsAreWhatNeitherSideKnows(t *testing.T) {
	t.Parallel()
	dim := func(value, why string) inventory.Unit {
		return unit("a.service", map[string][]inventory.Setting{"Nice": {{Alternatives: []inventory.Alternative{{Value: value, Why: why}}}}})
	}
	same := inventory.Unknowns(machine(dim("<unknown: x>", "x")), machine(dim("<unknown: x>", "x")))
	if len(same) != 1 || same[0].Name != "Nice" || same[0].Why != "x" {
		t.Errorf("%+v", same)
	}
	if other := inventory.Unknowns(machine(dim("<unknown: y>", "y")), machine(dim("<unknown: x>", "x"))); len(other) > 0 {
		t.Errorf("a difference that Diff says is counted too: %+v", other)
	}
	open := unit("a.service", nil)
	open.Open = "a module is missing"
	if got := inventory.Unknowns(machine(open), machine(unit("a.service", nil))); len(got) != 1 || got[0].Name != "" || got[0].Why != open.Open {
		t.Errorf("%+v", got)
	}
}

func TestDiffTellsUnitsOfOneNameApart(t *testing.T) {
	t.Parallel()
	a, b := unit("a.service", map[string][]inventory.Setting{"Nice": stated("1")}), unit("a.service", map[string][]inventory.Setting{"Nice": stated("2")})
	other := unit("a.service", map[string][]inventory.Setting{"Nice": stated("3")})
	if d := inventory.Diff(machine(a, b), machine(other, b)); len(d) != 1 {
		t.Errorf("of two loose modules one differs: %+v", d)
	}
}

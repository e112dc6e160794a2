package policy

import (
	"testing"

	"github.com/nixlint/nixlint/loader/inventory"
	"github.com/nixlint/nixlint/policies"
)

func plainly(values ...string) []inventory.Setting {
	var out []inventory.Setting
	for _, v := range values {
		out = append(out, inventory.Setting{Alternatives: []inventory.Alternative{{Value: v, Known: true}}})
	}
	return out
}

// various are units that differ in all that a clue can ask.
func various() []inventory.Unit {
	service := map[string][]inventory.Setting{
		"ExecStart": plainly("/usr/bin/docker run --gpu-layers 3 x"), "PrivateTmp": plainly("yes"), "DynamicUser": plainly("true"),
		"Environment": plainly("CUDA_HOME=/x", "TOKEN=abc"), "SupplementaryGroups": plainly("docker"),
	}
	undecided := []inventory.Setting{{Alternatives: []inventory.Alternative{
		{Value: "full", Known: true, Conditions: []inventory.Condition{{Text: "a", Verdict: "unknown"}}},
		{Absent: true, Known: true},
		{Value: "<unknown: x>", Why: "x"},
	}, Overrides: []inventory.Alternative{{Value: "strict", Known: true, Priority: 100}}}}
	return []inventory.Unit{
		{Name: "a.service", Kind: "service", Scope: inventory.System, Status: inventory.Active, Completeness: inventory.Own},
		{
			Name: "sshd.service", Kind: "service", Scope: inventory.System, Status: inventory.Override, Completeness: inventory.Partial, Base: "nixpkgs 0123456789ab",
			BaseClosed: []string{"Service"}, BaseSections: map[string]map[string][]inventory.Setting{"Service": {"Restart": plainly("always")}},
			Sections: map[string]map[string][]inventory.Setting{"Service": {"ProtectSystem": undecided, "PrivateTmp": plainly("maybe"), "Privatetmp": plainly("yes")}},
		},
		{
			Name: "jupyter.service", Kind: "service", Scope: inventory.User, Status: inventory.Guarded, Completeness: inventory.Own, Open: "something adds",
			Sections: map[string]map[string][]inventory.Setting{"Service": service, "Unit": {"After": plainly("network.target"), "Nonsense": plainly("x")}},
			Links:    []inventory.Link{{Type: "wants", Target: plainly("multi-user.target")[0]}},
			Scripts:  map[string]inventory.Setting{"start": plainly("curl x | sh")[0], "preStart": undecided[0]},
		},
		{
			Name: "backup.timer", Kind: "timer", Scope: inventory.System, Status: inventory.Active, Completeness: inventory.Own,
			Sections: map[string]map[string][]inventory.Setting{"Timer": {"OnCalendar": plainly("weekly", "", "daily")}, "Service": {}},
		},
	}
}

// A view answers from the unit what the rules see in the projection, and two units have one digest when they are the same there.
func TestViewsAnswerAsProjectionsDo(t *testing.T) {
	site, err := valueOfJSON(policies.Site())
	if err != nil {
		t.Fatal(err)
	}
	profiles, err := builtinProfiles()
	if err != nil {
		t.Fatal(err)
	}
	s := newScreen(site)
	for _, rule := range sortedKeys(profiles) {
		s.add(rule, profiles[rule])
	}
	p := newPlan(nil)
	units := various()
	yes := 0
	for id, c := range s.clues {
		seen := map[key]string{}
		for i := range units {
			u := &units[i]
			projected := termOf(p.projector.unit(u, p.projector.derive(u)))
			var v view
			v.reset(s, p, &subject{unit: u, id: p.hash.unit(u)})
			if c.kind != clueValue {
				if got, want := v.answer(id), answerOf(t, c, projected); got != want {
					t.Errorf("%s of %s: %v, the projection says %v", c, u.Name, got, want)
				}
				if v.answer(id) {
					yes++
				}
				continue
			}
			text := "nothing"
			if term := at(projected, c.path); term != nil {
				text = term.String()
			}
			if old, ok := seen[v.digest(id)]; ok && old != text {
				t.Errorf("%s: one digest for %s and %s", c, old, text)
			}
			seen[v.digest(id)] = text
		}
	}
	if yes < 30 {
		t.Errorf("%d clues hold", yes)
	}
}

func BenchmarkProject(b *testing.B) {
	p := newPlan(nil)
	u := various()[2]
	for b.Loop() {
		p.projector.unit(&u, p.projector.derive(&u))
	}
}

// A rule that asks whether a value is forced does not share what it says with a unit whose value is not.
func TestWhetherAValueIsForcedIsPartOfItsKey(t *testing.T) {
	unit := func(name string, priorities ...int) inventory.Unit {
		s := inventory.Setting{}
		for i, p := range priorities {
			s.Alternatives = append(s.Alternatives, inventory.Alternative{Value: []string{"false", "no"}[i], Known: true, Priority: p})
		}
		return inventory.Unit{
			Name: name, Kind: "service", Scope: inventory.System, Status: inventory.Override, Completeness: inventory.Partial,
			Sections: map[string]map[string][]inventory.Setting{"Service": {"PrivateTmp": {s}}},
		}
	}
	for _, c := range []struct{ plainly, forced []int }{
		{[]int{100}, []int{50}},
		{[]int{100, 100}, []int{50, 50}},
	} {
		inv := &inventory.Inventory{Hosts: []inventory.Host{{Source: "flake", Units: []inventory.Unit{unit("a.service", c.plainly...), unit("b.service", c.forced...)}}}}
		j, err := New(Options{})
		if err != nil {
			t.Fatal(err)
		}
		got, err := j.Judge(t.Context(), inv, []string{"units/weakened-silently"})
		if err != nil || len(got) != 1 || got[0].Unit != 1 {
			t.Errorf("%v: got %v %v", c, got, err)
		}
	}
}

package exposure_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/nixlint/nixlint/checks/exposure"
	"github.com/nixlint/nixlint/loader/inventory"
)

func set(values ...string) []inventory.Setting {
	var out []inventory.Setting
	for _, v := range values {
		out = append(out, inventory.Setting{Alternatives: []inventory.Alternative{{Value: v, Known: true, Priority: 100}}})
	}
	return out
}

// An override is assessed on its base where that is known; what the base leaves to an option stays a range.
func TestBaseNarrowsAnOverride(t *testing.T) {
	override := inventory.Unit{
		Name: "a.service", Kind: "service", Scope: inventory.System, Status: inventory.Override, Completeness: inventory.Partial,
		Sections: map[string]map[string][]inventory.Setting{"Service": {"PrivateTmp": set("yes")}},
	}
	score := func(u inventory.Unit) exposure.Range {
		r, err := exposure.Score(&u, exposure.Options{})
		if err != nil {
			t.Fatal(err)
		}
		return r.Exposure
	}
	open := score(override)
	based := override
	based.Base = "nixpkgs 0123456789ab"
	based.BaseSections = map[string]map[string][]inventory.Setting{"Service": {"NoNewPrivileges": set("yes"), "User": set("a")}, "Unit": {}}
	partly := score(based)
	based.BaseClosed = []string{"Service", "Unit"}
	whole := score(based)
	if open.Decided() || partly.Decided() || !whole.Decided() {
		t.Errorf("open %v, partly %v, whole %v", open, partly, whole)
	}
	if partly.Max >= open.Max || whole.Max > partly.Max {
		t.Errorf("a base does not narrow: open %v, partly %v, whole %v", open, partly, whole)
	}
	own := override
	own.Completeness = inventory.Own
	own.Sections = map[string]map[string][]inventory.Setting{"Service": {"PrivateTmp": set("yes"), "NoNewPrivileges": set("yes"), "User": set("a")}}
	if same := score(own); same != whole {
		t.Errorf("on its base %v, stated whole %v", whole, same)
	}
	based.BaseSections["Service"]["ProtectHome"] = []inventory.Setting{{Alternatives: []inventory.Alternative{
		{Value: "yes", Known: true, Conditions: []inventory.Condition{{Text: "services.a.b", Verdict: "unknown"}}},
		{Absent: true, Known: true, Conditions: []inventory.Condition{{Text: "!(services.a.b)", Verdict: "unknown"}}},
	}}}
	if maybe := score(based); maybe.Decided() {
		t.Errorf("what depends on an option is decided: %v", maybe)
	}
}

func TestReportNamesTheBase(t *testing.T) {
	u := inventory.Unit{Name: "a.service", Kind: "service", Scope: inventory.System, Completeness: inventory.Partial, Base: "nixpkgs 0123456789ab"}
	result, err := exposure.Score(&u, exposure.Options{})
	if err != nil {
		t.Fatal(err)
	}
	r := exposure.Report{Version: exposure.Latest(), Arch: exposure.X86, Units: []exposure.Assessed{{Unit: &u, Result: result}}, Visible: func(s string) string { return s }}
	var table, text bytes.Buffer
	if err := r.Write(&table, "table"); err != nil {
		t.Fatal(err)
	}
	if err := r.Write(&text, "json"); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(table.String(), "a.service (base as of nixpkgs 0123456789ab)") {
		t.Errorf("table: %s", table.String())
	}
	var out struct{ Units []struct{ Base string } }
	if err := json.Unmarshal(text.Bytes(), &out); err != nil || len(out.Units) != 1 || out.Units[0].Base != u.Base {
		t.Errorf("json: %v %+v", err, out)
	}
}

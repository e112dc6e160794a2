package checks_test

import (
	"testing"

	"github.com/nixlint/nixlint/checks"
	"github.com/nixlint/nixlint/loader/inventory"
)

// An instance that only a link names stands where its template does, and is no difference.
func TestJoinBuiltPlacesInstancesAtTheirTemplate(t *testing.T) {
	host := &inventory.Location{File: "flake.nix", Line: 1}
	unit := func(name, file string, line int) inventory.Unit {
		at := &inventory.Location{File: file, Line: line}
		return inventory.Unit{
			Name: name, Kind: "service", Scope: inventory.System, Status: inventory.Active, Completeness: inventory.Own,
			Definitions: []inventory.Location{*at},
			Sections: map[string]map[string][]inventory.Setting{"Service": {"ExecStart": {{
				Alternatives: []inventory.Alternative{{Value: "/bin/backup %i", Known: true, At: at}},
			}}}},
		}
	}
	nix := &inventory.Inventory{Hosts: []inventory.Host{{Name: "web", At: host, Units: []inventory.Unit{unit("backup@.service", "backup.nix", 7)}}}}
	built := &inventory.Inventory{Hosts: []inventory.Host{{Name: "web", Units: []inventory.Unit{
		unit("backup@.service", "etc/backup@.service", 2), unit("backup@home.service", "etc/backup@.service", 2), unit("other@x.service", "etc/other@.service", 2),
	}}}}
	joined, differences, err := checks.JoinBuilt(nix, built)
	if err != nil || len(differences) > 0 {
		t.Fatal(differences, err)
	}
	for i, want := range []inventory.Location{{File: "backup.nix", Line: 7}, {File: "backup.nix", Line: 7}, *host} {
		u := &joined.Hosts[0].Units[i]
		if u.Definitions[0] != want {
			t.Errorf("%s stands at %v, want %v", u.Name, u.Definitions[0], want)
		}
		if at := u.Sections["Service"]["ExecStart"][0].Alternatives[0].At; want != *host && (at == nil || *at != want) {
			t.Errorf("ExecStart of %s stands at %v, want %v", u.Name, at, want)
		}
	}
}

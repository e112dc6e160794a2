package report_test

import (
	"strings"
	"testing"

	"github.com/nixlint/nixlint/loader/inventory"
	"github.com/nixlint/nixlint/report"
)

func TestRenderedFilesStayInTheFolder(t *testing.T) {
	unit := func(name string) inventory.Unit {
		return inventory.Unit{
			Name: name, Kind: "service", Scope: inventory.System, Status: inventory.Active, Completeness: inventory.Own,
			Definitions: []inventory.Location{{File: "../../x/y.nix", Line: 1}},
		}
	}
	inv := &inventory.Inventory{Hosts: []inventory.Host{
		{Name: "../up", Source: "flake", Units: []inventory.Unit{unit("../../etc/x.service"), unit(".."), unit("")}},
		{Name: "loose", Source: "loose", Units: []inventory.Unit{unit("a/b.service")}},
	}}
	want := "..-up/system/..-..-etc-x.service, ..-up/system/_.., ..-up/system/_, _loose/..-..-x-y.nix/system/a-b.service"
	var got []string
	for _, f := range report.Tree(inv) {
		got = append(got, f.Path)
	}
	if strings.Join(got, ", ") != want {
		t.Errorf("got %s, want %s", strings.Join(got, ", "), want)
	}
}

package report_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/nixlint/nixlint/loader/inventory"
	"github.com/nixlint/nixlint/report"
)

// unitAt is a unit of the system that a line defines.
func unitAt(name, status string, line int) inventory.Unit {
	return inventory.Unit{
		Name: name, Kind: "service", Scope: inventory.System, Status: status, Completeness: inventory.Own,
		Definitions: []inventory.Location{{File: "job.nix", Line: line, Column: 1, EndLine: line, EndColumn: 9}},
	}
}

func written(t *testing.T, format string, hosts ...inventory.Host) string {
	t.Helper()
	var out bytes.Buffer
	if err := report.WriteInventory(&out, format, &inventory.Inventory{Hosts: hosts}, 0); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestAUnitIsOneRowWhereverItIsDisabled(t *testing.T) {
	t.Parallel()
	off := unitAt("job.service", inventory.Disabled, 4)
	hosts := []inventory.Host{
		{Name: "a", Units: []inventory.Unit{off, unitAt("never.service", inventory.Disabled, 9)}},
		{Name: "b", Units: []inventory.Unit{unitAt("job.service", inventory.Active, 4), unitAt("never.service", inventory.Disabled, 9)}},
		{Name: "c", Units: []inventory.Unit{off}},
	}
	table := `HOST  UNIT           KIND     STATUS            KNOWN  WHERE
a, b  never.service  service  disabled          -      job.nix:9
b     job.service    service  active, off on 2  -      job.nix:4
`
	if got := written(t, "table", hosts...); !strings.HasPrefix(got, table) {
		t.Errorf("the table is\n%s\nwant\n%s", got, table)
	}
	got := written(t, "markdown", hosts...)
	for _, want := range []string{
		"| `job.nix` | 1 + 1 disabled | 0 |", "system, active, lines 4–4, hosts: b; disabled on a, c\n", "system, disabled, lines 9–9, hosts: a, b\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in\n%s", want, got)
		}
	}
}

func TestTheTableFitsATerminal(t *testing.T) {
	t.Parallel()
	long := unitAt("a-service-with-a-name-that-goes-on-and-on-for-ever.service", inventory.Active, 4)
	long.Definitions[0].File = "modules/deep/down/below/services/日本語/long.nix"
	inv := &inventory.Inventory{Hosts: []inventory.Host{
		{Name: "a-host-with-a-long-name", Units: []inventory.Unit{long, unitAt("\x1b[31mred\u202e.service", inventory.Active, 9)}},
	}}
	for width, want := range map[int]string{
		0: `HOST                     UNIT                                                        KIND     STATUS  KNOWN  WHERE
a-host-with-a-long-name  a-service-with-a-name-that-goes-on-and-on-for-ever.service  service  active  -      modules/deep/down/below/services/日本語/long.nix:4
a-host-with-a-long-name  \x1b[31mred\u202e.service                                   service  active  -      job.nix:9
`,
		80: `HOST          UNIT                           STATUS  KNOWN  WHERE
a-host-with…  a-service-with-a-nam….service  active  -      …s/日本語/long.nix:4
a-host-with…  \x1b[31mred\u202e.service      active  -      job.nix:9
`,
	} {
		var out bytes.Buffer
		if err := report.WriteInventory(&out, "table", inv, width); err != nil {
			t.Fatal(err)
		}
		if got, _, _ := strings.Cut(out.String(), "\n\n"); got+"\n" != want {
			t.Errorf("in %d columns\n%s\nwant\n%s", width, got, want)
		}
	}
}

package systemd_test

import (
	"testing"

	"github.com/nixlint/nixlint/loader/systemd"
)

func TestDirective(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		section, name string
		want          systemd.Kind
	}{
		{"Service", "PrivateTmp", systemd.Choice},
		{"service", "PrivateTmp", systemd.Choice},
		{"Service", "NoNewPrivileges", systemd.Boolean},
		{"Service", "ExecStart", systemd.Commands},
		{"Service", "Type", systemd.Choice},
		{"Mount", "Type", systemd.Text},
		{"Unit", "After", systemd.Dependencies},
		{"Unit", "StartLimitIntervalSec", systemd.Timespan},
		{"Service", "StartLimitIntervalSec", systemd.Unlisted},
		{"Unit", "Type", systemd.Unlisted},
		{"Service", "privatetmp", systemd.Unlisted},
		{"Service", "X-Foo", systemd.Unlisted},
		{"Nowhere", "After", systemd.Unlisted},
		{"Timer", "OnCalendar", systemd.Timers},
		{"Path", "PathExists", systemd.Watches},
		{"Socket", "ListenStream", systemd.Listeners},
		{"Slice", "MemoryMax", systemd.Size},
		{"Install", "WantedBy", systemd.Words},
	} {
		got, ok := systemd.Directive(c.section, c.name)
		if got != c.want || ok != (c.want != systemd.Unlisted) {
			t.Errorf("[%s] %s is of kind %d, %t; want %d", c.section, c.name, got, ok, c.want)
		}
	}
}

func TestNearest(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"EnviromentFile": "EnvironmentFile", "privatetmp": "PrivateTmp", "PrivatTmp": "PrivateTmp", "ProtectSytsem": "ProtectSystem",
		"NoNewPriviledges": "NoNewPrivileges", "ExecSart": "ExecStart", "Frobnicate": "", "": "", "X": "",
		"RestartSecs": "RestartSec", "CapabilitiesBoundingSet": "CapabilityBoundingSet",
	} {
		if got := systemd.Nearest("service", name); got != want {
			t.Errorf("nearest to %s is %q, want %q", name, got, want)
		}
	}
}

func TestParseBoolean(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][2]bool{
		"yes": {true, true}, "1": {true, true}, "On": {true, true}, "no": {false, true}, "F": {false, true}, "": {}, "2": {}, "ja": {},
	} {
		if value, ok := systemd.ParseBoolean(text); value != want[0] || ok != want[1] {
			t.Errorf("%q is %t, %t", text, value, ok)
		}
	}
}

package systemd_test

import (
	"testing"

	"github.com/nixlint/nixlint/loader/inventory"
	"github.com/nixlint/nixlint/loader/systemd"
)

func web() *inventory.Unit {
	u := service(
		"Restart=always", "ExecStart=<pkgs.unit-script-web@x-start>/bin/web-start ", "X-StopIfChanged=false", "CapabilityBoundingSet=",
		"DeviceAllow=/dev/a", "DeviceAllow=/dev/b", `Environment="A=1"`, `Environment="PATH=<pkgs.coreutils>/bin:<pkgs.jq>/bin"`,
		"Unit.Description=Web", "Unit.After=a.target", "Unit.After=b.target", "Unit.X-Restart-Triggers=x",
	)
	for directive, option := range map[string]string{"Environment": "environment", "X-StopIfChanged": "stopIfChanged"} {
		for i := range u.Sections["Service"][directive] {
			u.Sections["Service"][directive][i].Option = option
		}
	}
	for i := range u.Sections["Unit"]["After"] {
		u.Sections["Unit"]["After"][i].Option = "after"
	}
	u.Links = []inventory.Link{{Type: "wants", Target: is("multi-user.target")}, {Type: "requires", Target: is("c.target")}}
	return u
}

func TestRenderLaysOutAsNixOS(t *testing.T) {
	t.Parallel()
	const want = `[Unit]
After=a.target b.target
Description=Web
X-Restart-Triggers=x

[Service]
Environment="A=1"
Environment="PATH=<pkgs.coreutils>/bin:<pkgs.jq>/bin"
X-StopIfChanged=false
CapabilityBoundingSet=
DeviceAllow=/dev/a
DeviceAllow=/dev/b
ExecStart=<pkgs.unit-script-web@x-start>/bin/web-start 
Restart=always

[Install]
WantedBy=multi-user.target
`
	got, partial := systemd.Render(web(), systemd.Show)
	if got != want || partial {
		t.Errorf("partial %t\n got %s\nwant %s", partial, got, want)
	}
}

func TestRenderGivesPackagesStorePathsInStageMode(t *testing.T) {
	t.Parallel()
	const want = `[Unit]

[Service]
ExecStart=/nix/store/00000000000000000000000000000000-unit-script-web-x-start/bin/web-start 
`
	got, partial := systemd.Render(service("ExecStart=<pkgs.unit-script-web@x-start>/bin/web-start "), systemd.Stage)
	if got != want || partial {
		t.Errorf("partial %t\n got %s\nwant %s", partial, got, want)
	}
}

func TestRenderOfWhatIsNotKnown(t *testing.T) {
	t.Parallel()
	u := set(service("Type=simple"), "Service", "User", unknown("<unknown: no such option>", "no such option"))
	set(u, "Service", "PrivateTmp", inventory.Setting{Alternatives: []inventory.Alternative{
		{Value: "true", Known: true, Conditions: []inventory.Condition{{Text: "cfg.safe", Verdict: "true"}}},
		{Known: true, Absent: true, Conditions: []inventory.Condition{{Text: "cfg.safe", Verdict: "false"}}},
	}})
	set(u, "Unit", "After", is("a.target"), unknown("<unknown: x>", "x"), either("-"))
	for i := range u.Sections["Unit"]["After"] {
		u.Sections["Unit"]["After"][i].Option = "after"
	}
	for mode, want := range map[systemd.Mode]string{
		systemd.Show: `[Unit]
After=a.target <unknown: x>

[Service]
# PrivateTmp=true   # if cfg.safe
# PrivateTmp is not set   # if not cfg.safe
Type=simple
User=<unknown: no such option>
`,
		systemd.Stage: `[Unit]
After=a.target

[Service]
Type=simple
`,
	} {
		got, partial := systemd.Render(u, mode)
		if got != want || !partial {
			t.Errorf("mode %d, partial %t\n got %s\nwant %s", mode, partial, got, want)
		}
	}
}

func TestRenderOfAnOverrideIsPartial(t *testing.T) {
	t.Parallel()
	u := service("PrivateTmp=true")
	u.Completeness = inventory.Partial
	if _, partial := systemd.Render(u, systemd.Show); !partial {
		t.Error("an override is not partial")
	}
}

func TestRenderOfOtherKinds(t *testing.T) {
	t.Parallel()
	timer := &inventory.Unit{Name: "a.timer", Kind: "timer", Completeness: inventory.Own}
	set(timer, "Timer", "OnCalendar", is("weekly"))
	set(timer, "Timer", "Persistent", is("true"))
	set(timer, "Install", "WantedBy", is("timers.target"))
	const want = "[Unit]\n\n[Timer]\nOnCalendar=weekly\nPersistent=true\n\n[Install]\nWantedBy=timers.target\n"
	if got, _ := systemd.Render(timer, systemd.Stage); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	target := &inventory.Unit{Name: "a.target", Kind: "target", Completeness: inventory.Own}
	if got, _ := systemd.Render(target, systemd.Stage); got != "[Unit]\n\n" {
		t.Errorf("got %s", got)
	}
}

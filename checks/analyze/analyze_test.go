package analyze_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/nixlint/nixlint/checks/analyze"
	"github.com/nixlint/nixlint/fixtures/oracle"
	"github.com/nixlint/nixlint/loader/inventory"
)

// unit is a unit that the tree defines whole, of "Section.Key=value" lines; a section that is left out is Service.
func unit(name string, lines ...string) inventory.Unit {
	u := inventory.Unit{
		Name: name, Kind: strings.TrimPrefix(filepath.Ext(name), "."), Scope: inventory.System, Status: inventory.Active,
		Completeness: inventory.Own, Sections: map[string]map[string][]inventory.Setting{},
	}
	for _, l := range lines {
		key, value, _ := strings.Cut(l, "=")
		section, key, ok := strings.Cut(key, ".")
		if !ok {
			section, key = "Service", section
		}
		if u.Sections[section] == nil {
			u.Sections[section] = map[string][]inventory.Setting{}
		}
		u.Sections[section][key] = append(u.Sections[section][key], setting(value, true))
	}
	return u
}

func setting(value string, known bool) inventory.Setting {
	return inventory.Setting{Alternatives: []inventory.Alternative{{Value: value, Known: known}}}
}

func override(u inventory.Unit) inventory.Unit {
	u.Completeness, u.Status = inventory.Partial, inventory.Override
	return u
}

func user(u inventory.Unit) inventory.Unit {
	u.Scope = inventory.User
	return u
}

const start = "ExecStart=<pkgs.web>/bin/web --port 80"

func stage(t *testing.T, units ...inventory.Unit) *analyze.Root {
	t.Helper()
	root, err := analyze.Stage(t.TempDir(), units)
	if err != nil {
		t.Fatal(err)
	}
	return root
}

func verify(t *testing.T, units ...inventory.Unit) []analyze.Message {
	t.Helper()
	messages, err := analyze.Verify(t.Context(), analyze.Program(oracle.Systemd(t)), stage(t, units...))
	if err != nil {
		t.Fatal(err)
	}
	return messages
}

func TestVerifyIsSilentOnGoodUnits(t *testing.T) {
	t.Parallel()
	messages := verify(t,
		unit("web.service", start, "ExecStartPre=-<pkgs.jq>/bin/jq a ; +/run/wrappers/bin/b", "Unit.After=network.target postgresql.service",
			"Unit.Requires=postgresql.service", "Unit.Wants=network-online.target", "Type=oneshot", "Install.WantedBy=multi-user.target"),
		unit("web.timer", "Timer.OnCalendar=weekly", "Install.WantedBy=timers.target"),
		unit("worker@.service", "ExecStart=<pkgs.web>/bin/worker %i"),
		unit("web.socket", "Socket.ListenStream=80"),
		unit("web.path", "Path.PathExists=/run/web"),
		unit("all.target"),
		override(unit("nginx.service", "PrivateTmp=true")),
		override(unit("logrotate.timer", "Timer.Persistent=true")),
		override(unit("dbus.socket", "Socket.SocketMode=0600")),
		override(unit("cups.path", "Path.MakeDirectory=true")),
		user(unit("jupyter.service", start, "Unit.After=network.target", "Install.WantedBy=default.target")),
	)
	for _, m := range messages {
		t.Errorf("%+v", m)
	}
}

func TestVerifyNamesThePlace(t *testing.T) {
	t.Parallel()
	bad := unit("a.service", start, "ReadWritePaths=/a", "ReadWritePaths=b", "Restrat=always", "PrivateTmp=ture", "Unit.Type=simple")
	bad.Sections["Service"]["ReadWritePaths"] = slices.Insert(bad.Sections["Service"]["ReadWritePaths"], 0, setting("<unknown: x>", false))
	want := map[string]int{"Unit.Type": 0, "Service.ReadWritePaths": 2, "Service.Restrat": 0, "Service.PrivateTmp": 0}
	for _, u := range []inventory.Unit{bad, user(bad)} {
		messages := verify(t, u)
		for _, m := range messages {
			index, ok := want[m.Section+"."+m.Key]
			if !ok || m.Unit != "a.service" || m.Scope != u.Scope || m.Index != index || m.Text == "" {
				t.Errorf("%s: %+v", u.Scope, m)
			}
		}
		if len(messages) != len(want) {
			t.Errorf("%s: %d messages, want %d", u.Scope, len(messages), len(want))
		}
	}
}

func TestVerifyNamesTheUnit(t *testing.T) {
	t.Parallel()
	messages := verify(t, unit("idle.service", "Type=simple"), unit("lost.socket", "Socket.ListenStream=80"))
	for _, want := range []string{"idle.service", "lost.socket"} {
		if !slices.ContainsFunc(messages, func(m analyze.Message) bool { return m.Unit == want && m.Index < 0 }) {
			t.Errorf("no message about %s: %+v", want, messages)
		}
	}
	if !slices.ContainsFunc(messages, func(m analyze.Message) bool { return m.Key == "ExecStart" }) {
		t.Errorf("no message names ExecStart: %+v", messages)
	}
}

func TestSecurityScoresCompleteServices(t *testing.T) {
	t.Parallel()
	root := stage(
		t,
		unit("open.service", start),
		unit("broken.service", "Type=simple"),
		unit("closed.service", start, "DynamicUser=true", "CapabilityBoundingSet=", "SystemCallFilter=@system-service", "SystemCallFilter=~@privileged @resources",
			"SystemCallArchitectures=native", "RestrictNamespaces=true", "RestrictAddressFamilies=AF_UNIX", "PrivateNetwork=true", "PrivateUsers=true",
			"PrivateDevices=true", "ProtectKernelTunables=true", "ProtectKernelModules=true", "ProtectKernelLogs=true", "ProtectControlGroups=true",
			"ProtectClock=true", "ProtectHostname=true", "ProtectHome=true", "ProtectProc=invisible", "ProcSubset=pid", "LockPersonality=true",
			"MemoryDenyWriteExecute=true", "RestrictRealtime=true", "UMask=0077"),
		unit("at@.service", start),
		override(unit("base.service", "PrivateTmp=true")),
		user(unit("mine.service", start)),
		unit("some.timer", "Timer.OnCalendar=daily"),
	)
	all, err := analyze.Security(t.Context(), analyze.Program(oracle.Systemd(t)), root)
	if err != nil {
		t.Fatal(err)
	}
	between := map[string][2]int{"open.service": {90, 100}, "closed.service": {0, 20}, "at@instance.service": {90, 100}}
	for _, a := range all {
		want, ok := between[a.Unit]
		if !ok || a.Exposure < want[0] || a.Exposure > want[1] || len(a.Rows) < 70 {
			t.Errorf("%s: exposure %d of %d rows, want %v", a.Unit, a.Exposure, len(a.Rows), want)
		}
	}
	if len(all) != len(between) {
		t.Errorf("%d assessments, want %d", len(all), len(between))
	}
}

func TestStageLeavesOut(t *testing.T) {
	t.Parallel()
	var units []inventory.Unit
	for _, status := range []string{inventory.Disabled, inventory.Commented, inventory.Upstream} {
		u := unit(status+".service", start)
		u.Status = status
		units = append(units, u)
	}
	initrd := unit("early.service", start)
	initrd.Scope = inventory.Initrd
	if root := stage(t, append(units, initrd)...); len(root.Units) != 0 {
		t.Errorf("%+v", root.Units)
	}
}

func TestStageRefuses(t *testing.T) {
	t.Parallel()
	for name, units := range map[string][]inventory.Unit{
		"a name with a slash": {unit("../a.service", start)},
		"no name":             {unit("", start)},
		"two of one name":     {unit("a.service", start), unit("a.service", start)},
	} {
		if _, err := analyze.Stage(t.TempDir(), units); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if _, err := analyze.Stage(filepath.Join(t.TempDir(), "no/such"), nil); err == nil {
		t.Error("a folder that is not there: no error")
	}
}

func TestStageStaysInside(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	inside := filepath.Join(dir, "root")
	if err := os.Mkdir(inside, 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := analyze.Stage(inside, []inventory.Unit{unit("a.service", "ExecStart=/../../escaped", "Unit.After=../escaped.service")}); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 {
		t.Errorf("%v, %v", entries, err)
	}
}

func TestVersion(t *testing.T) {
	t.Parallel()
	version, err := analyze.Program(oracle.Systemd(t)).Version(t.Context())
	if err != nil || version == "" || strings.Trim(version, "0123456789") != "" {
		t.Errorf("%q, %v", version, err)
	}
	if _, err := analyze.Program("/no/such/systemd-analyze").Version(t.Context()); err == nil {
		t.Error("a program that is not there: no error")
	}
}

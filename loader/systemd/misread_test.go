package systemd_test

import (
	"slices"
	"testing"

	"github.com/nixlint/nixlint/loader/systemd"
)

func TestWantedIsEmptyForWhatSystemdReads(t *testing.T) {
	for _, c := range []struct{ section, name, value string }{
		{"Service", "PrivateTmp", "true"},
		{"Service", "PrivateTmp", "disconnected"},
		{"Service", "ProtectSystem", "strict"},
		{"Service", "RestartSec", "1min 30s"},
		{"Service", "TimeoutStartSec", "infinity"},
		{"Service", "RestartSec", "0.5"},
		{"Service", "UMask", "0077"},
		{"Service", "CapabilityBoundingSet", "~CAP_SYS_ADMIN cap_chown"},
		{"Unit", "After", "network.target dev-sda1.device"},
		{"Unit", "RequiresMountsFor", "/srv"},
		{"Service", "User", "nobody"},
		{"Service", "ExecStart", "<pkgs.hello>/bin/hello --to '<unknown: it depends on x>'"},
		{"Service", "MemoryMax", "<unknown: it depends on x>G"},
		{"Service", "ReadWritePaths", "<pkgs.hello>/share <unknown: it is not known> %S/a"},
		{"Service", "SystemCallFilter", "~@privileged <unknown: it is not known>"},
		{"Unit", "After", "<unknown: it is not known>.service a@%i.service"},
		{"Timer", "OnCalendar", "<unknown: it is not known>"},
		{"Service", "WorkingDirectory", "<nixpkgs>/lib"},
		{"Service", "ReadWritePaths", ""},
	} {
		if got, _ := systemd.Wanted(c.section, c.name, c.value); got != "" {
			t.Errorf("%s=%s: wants %s", c.name, c.value, got)
		}
	}
}

func TestWantedSaysWhatSystemdWouldHaveRead(t *testing.T) {
	for _, c := range []struct{ section, name, value, want string }{
		{"Service", "MemoryMax", "1GB", "a size such as 512M, a share such as 10%, or infinity (did you mean 1G?)"},
		{"Service", "LimitNOFILE", "unlimited", "a number, soft:hard, or infinity (did you mean infinity?)"},
		{"Service", "TasksMax", "max", "a number, a share such as 10%, or infinity (did you mean infinity?)"},
		{"Service", "KillSignal", "SIGTREM", "a signal such as SIGTERM (did you mean SIGTERM?)"},
		{"Service", "SystemCallFilter", "@system-servce", "names of system calls or groups of them, which @system-servce is not (did you mean @system-service?)"},
		{"Service", "ReadWritePaths", "/srv var/lib", "absolute paths, which var/lib is not"},
		{"Service", "ExecStart", "bin/true", "an absolute path, or the name of a program without a slash"},
		{"Service", "ExecStart", `/bin/sh -c "x`, "balanced quotes, and a character behind each backslash"},
		{"Service", "RestartSec", "", "a value, as the empty one resets nothing"},
		{"Timer", "OnCalendar", "dialy", "a calendar event such as daily or Mon *-*-* 03:00 (did you mean daily?)"},
		{"Socket", "ListenStream", "localhost:80", "a port, an address and a port such as 127.0.0.1:80 or [::1]:80, or an absolute path; systemd resolves no names"},
		{"Service", "IPAddressAllow", "10.0.0.0/33", "names of addresses such as 10.0.0.0/8, ::1 or localhost, which 10.0.0.0/33 is not"},
		{"Service", "Environment", "A=b c", "words NAME=VALUE, which c is not; a value with blanks stands in quotes"},
		{"Service", "NoNewPrivileges", "ture", "yes or no"},
		{"Service", "KillMode", "all", "one of control-group, mixed, none, process"},
		{"Service", "RestartSec", "5 secs", "a time span such as 90 or 1min 30s"},
		{"Service", "UMask", "u=rwx", "an octal mode such as 0750"},
		{"Service", "CapabilityBoundingSet", "CAP_FOO", "names of capabilities, which CAP_FOO is not"},
		{"Unit", "After", "network", "names of units with their suffix, which network has not"},
	} {
		if got, _ := systemd.Wanted(c.section, c.name, c.value); got != c.want {
			t.Errorf("%s=%s: wants %q, want %q", c.name, c.value, got, c.want)
		}
	}
}

func TestBelongs(t *testing.T) {
	if got := systemd.Belongs("service", "StartLimitIntervalSec"); !slices.Equal(got, []string{"Unit"}) {
		t.Errorf("StartLimitIntervalSec belongs to %q", got)
	}
	if got := systemd.Belongs("timer", "ExecStart"); len(got) != 0 {
		t.Errorf("ExecStart of a timer belongs to %q", got)
	}
}

func TestSupport(t *testing.T) {
	for _, c := range []struct {
		section, name string
		want          systemd.Range
		text          string
	}{
		{"Service", "PrivateTmp", systemd.Range{}, ""},
		{"Service", "RestartMode", systemd.Range{Since: 254}, " (from systemd 254 on)"},
		{"Service", "MemoryLimit", systemd.Range{Until: 258}, " (up to systemd 257)"},
		{"Service", "DefaultStartupMemoryLow", systemd.Range{Since: 254, Until: 258}, " (from systemd 254 to 257)"},
		{"Unit", "WantsMountsFor", systemd.Range{Since: 256}, " (from systemd 256 on)"},
		{"Install", "UpheldBy", systemd.Range{Since: 254}, " (from systemd 254 on)"},
	} {
		got, ok := systemd.Support(c.section, c.name)
		if got != c.want || !ok || got.String() != c.text {
			t.Errorf("[%s] %s: %v%s, %t", c.section, c.name, got, got, ok)
		}
	}
	if _, ok := systemd.Support("Unit", "RestartMode"); ok {
		t.Error("[Unit] has RestartMode")
	}
}

func TestHasSection(t *testing.T) {
	for _, c := range []struct {
		kind, section string
		has, known    bool
	}{
		{"service", "Service", true, true},
		{"service", "Timer", false, true},
		{"target", "Service", false, true},
		{"nspawn", "Exec", true, false},
	} {
		if has, known := systemd.HasSection(c.kind, c.section); has != c.has || known != c.known {
			t.Errorf("%s [%s]: %t %t", c.kind, c.section, has, known)
		}
	}
}

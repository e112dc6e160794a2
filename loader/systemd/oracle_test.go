package systemd_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/nixlint/nixlint/fixtures/oracle"
	"github.com/nixlint/nixlint/loader/systemd"
)

// ignored gives each line to the real systemd-analyze in a service of its own, behind a line that sets up what it changes, and
// returns whether a message stands at it.
func ignored(t *testing.T, lines []string) map[string]string {
	t.Helper()
	root := t.TempDir()
	args := []string{"verify", "--man=no", "--generators=no", "--recursive-errors=no", "--root=" + root}
	for i, l := range lines {
		name := fmt.Sprintf("d%d.service", i)
		write(t, filepath.Join(root, "etc/systemd/system", name), "[Service]\n"+l+"\n")
		args = append(args, name)
	}
	write(t, filepath.Join(root, "tmp/.keep"), "")
	command := exec.CommandContext(t.Context(), oracle.Systemd(t), args...)
	command.Env = append(command.Environ(), "LC_ALL=C.UTF-8")
	out, _ := command.CombinedOutput()
	said := map[string]string{}
	for _, m := range regexp.MustCompile(`(?m)/d(\d+)\.service:2: (.*)$`).FindAllStringSubmatch(string(out), -1) {
		n, _ := strconv.Atoi(m[1])
		said[lines[n]] = m[2]
	}
	return said
}

// TestSystemdIgnoresWhatWeIgnore compares on scalars: an assignment that systemd ignores leaves a directive absent, or as it was.
func TestSystemdIgnoresWhatWeIgnore(t *testing.T) {
	t.Parallel()
	var lines []string
	for _, name := range []string{
		"PrivateTmp", "NoNewPrivileges", "DynamicUser", "ProtectSystem", "ProtectHome", "ProtectProc", "ProcSubset", "Restart", "Type",
		"KillMode", "DevicePolicy", "KeyringMode", "OOMPolicy", "NotifyAccess", "RuntimeDirectoryPreserve", "UtmpMode", "ExitType",
		"TimeoutStopFailureMode", "ManagedOOMPreference", "PrivateDevices", "RemainAfterExit", "MountAPIVFS", "IOSchedulingClass",
	} {
		for _, value := range []string{
			"", "yes", "No", "TRUE", "t", "f", "0", "1", "on", "OFF", "2", "ture", "full", "strict", "Strict", "read-only", "tmpfs", "invisible",
			"noaccess", "ptraceable", "default", "all", "pid", "always", "on-failure", "on-success", "on-abnormal", "on-abort", "on-watchdog",
			"simple", "exec", "forking", "oneshot", "dbus", "notify", "idle", "none", "process", "mixed", "control-group", "auto", "closed",
			"inherit", "private", "shared", "stop", "kill", "continue", "main", "restart", "init", "login", "user", "cgroup", "abort",
			"terminate", "avoid", "omit", "realtime", "best-effort", "a b",
		} {
			lines = append(lines, name+"="+value)
		}
	}
	said := ignored(t, lines)
	for _, line := range lines {
		name, _, _ := strings.Cut(line, "=")
		got := systemd.EffectiveOf(service(line))["Service"][name]
		message := said[line]
		if strings.Contains(message, "Support for") || strings.Contains(message, "updating") {
			message = "" // it is obsolete, and is read
		}
		if ours := got[0].Absent; ours != (message != "") {
			t.Errorf("%s: we make it %s, systemd says %q", line, show(got), message)
		}
	}
}

// TestTableHasEveryDirective compares with the installed systemd, when it is of the version the table is made from.
func TestTableHasEveryDirective(t *testing.T) {
	t.Parallel()
	out, err := exec.CommandContext(t.Context(), oracle.Systemd(t), "--version").Output()
	if err != nil || !strings.HasPrefix(string(out), "systemd 252 ") {
		t.Skipf("the table is that of systemd 252, here is %.20s", out)
	}
	dump, err := exec.CommandContext(t.Context(), "/lib/systemd/systemd", "--dump-configuration-items").Output()
	if err != nil {
		t.Skip("no service manager is installed")
	}
	section, count := "", 0
	for line := range strings.Lines(string(dump)) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "[") {
			section = strings.Trim(line, "[]")
		}
		name, typ, ok := strings.Cut(line, "=")
		if !ok {
			continue
		}
		count++
		kind, ok := systemd.Directive(section, name)
		if !ok || kind == systemd.Unlisted || (typ == "BOOLEAN") != (kind == systemd.Boolean) && name != "MountAPIVFS" {
			t.Errorf("[%s] %s=%s: kind %d", section, name, typ, kind)
		}
	}
	if count < 1000 {
		t.Errorf("only %d directives", count)
	}
}

// TestSecurityAgrees compares sets with what the real assessment makes of them: a row is good or bad by what is left in the set.
func TestSecurityAgrees(t *testing.T) {
	t.Parallel()
	program := oracle.Systemd(t)
	rows := map[string][2]string{ // description in the assessment: directive, word whose presence makes it bad
		"CapabilityBoundingSet_CAP_SYS_ADMIN":  {"CapabilityBoundingSet", "CAP_SYS_ADMIN"},
		"CapabilityBoundingSet_CAP_SYS_MODULE": {"CapabilityBoundingSet", "CAP_SYS_MODULE"},
		"CapabilityBoundingSet_CAP_SYS_PTRACE": {"CapabilityBoundingSet", "CAP_SYS_PTRACE"},
		"CapabilityBoundingSet_CAP_SYS_BOOT":   {"CapabilityBoundingSet", "CAP_SYS_BOOT"},
		"CapabilityBoundingSet_CAP_SYSLOG":     {"CapabilityBoundingSet", "CAP_SYSLOG"},
		"RestrictNamespaces_net":               {"RestrictNamespaces", "net"},
		"RestrictNamespaces_user":              {"RestrictNamespaces", "user"},
		"RestrictNamespaces_pid":               {"RestrictNamespaces", "pid"},
		"RestrictAddressFamilies_AF_UNIX":      {"RestrictAddressFamilies", "AF_UNIX"},
		"RestrictAddressFamilies_AF_PACKET":    {"RestrictAddressFamilies", "AF_PACKET"},
		"RestrictAddressFamilies_AF_NETLINK":   {"RestrictAddressFamilies", "AF_NETLINK"},
		"PrivateTmp":                           {"PrivateTmp", ""},
		"NoNewPrivileges":                      {"NoNewPrivileges", ""},
		"RestrictSUIDSGID":                     {"RestrictSUIDSGID", ""},
	}
	units := [][]string{
		{"CapabilityBoundingSet=CAP_SYS_ADMIN", "CapabilityBoundingSet=CAP_SYS_BOOT"},
		{"CapabilityBoundingSet=CAP_SYS_ADMIN CAP_SYSLOG", "CapabilityBoundingSet=~cap_syslog"},
		{"CapabilityBoundingSet=~CAP_SYS_ADMIN", "CapabilityBoundingSet=CAP_SYS_ADMIN"},
		{"CapabilityBoundingSet=CAP_SYS_ADMIN", "CapabilityBoundingSet=CAP_FOO"},
		{"CapabilityBoundingSet=CAP_SYS_ADMIN", "CapabilityBoundingSet=~CAP_FOO"},
		{"CapabilityBoundingSet=", "CapabilityBoundingSet=~CAP_SYSLOG"},
		{"CapabilityBoundingSet=~", "CapabilityBoundingSet=CAP_SYSLOG"},
		{"CapabilityBoundingSet=CAP_SYS_PTRACE CAP_SYS_MODULE", "ProtectKernelModules=yes"},
		{"CapabilityBoundingSet=~CAP_SYS_PTRACE", "ProtectKernelLogs=1"},
		{"CapabilityBoundingSet=12 CAP_SYS_BOOT"},
		{"RestrictNamespaces=net"},
		{"RestrictNamespaces=~net pid"},
		{"RestrictNamespaces=net", "RestrictNamespaces=pid"},
		{"RestrictNamespaces=net", "RestrictNamespaces=~net"},
		{"RestrictNamespaces=yes", "RestrictNamespaces=net"},
		{"RestrictNamespaces=no", "RestrictNamespaces=~net"},
		{"RestrictNamespaces=net", "RestrictNamespaces=", "RestrictNamespaces=~pid"},
		{"RestrictNamespaces=net", "RestrictNamespaces=pid foo"},
		{"RestrictNamespaces=~user", "RestrictNamespaces=user"},
		{"RestrictAddressFamilies=AF_UNIX"},
		{"RestrictAddressFamilies=none"},
		{"RestrictAddressFamilies=none", "RestrictAddressFamilies=AF_PACKET"},
		{"RestrictAddressFamilies=none", "RestrictAddressFamilies=~AF_PACKET"},
		{"RestrictAddressFamilies=~AF_UNIX", "RestrictAddressFamilies=AF_UNIX AF_PACKET"},
		{"RestrictAddressFamilies=AF_UNIX AF_FOO", "RestrictAddressFamilies=~AF_UNIX"},
		{"RestrictAddressFamilies=~AF_UNIX", "RestrictAddressFamilies=~AF_NETLINK"},
		{"RestrictAddressFamilies=AF_UNIX", "RestrictAddressFamilies="},
		{"DynamicUser=yes", "NoNewPrivileges=no"},
		{"DynamicUser=yes", "DynamicUser=no"},
		{"PrivateTmp=ON", "PrivateTmp="},
	}
	root := t.TempDir()
	policy := filepath.Join(root, "policy.json")
	write(t, policy, "{}")
	args := []string{"security", "--offline=true", "--no-pager", "--json=short", "--security-policy=" + policy}
	for i, lines := range units {
		file := filepath.Join(root, "units", fmt.Sprintf("s%d.service", i))
		write(t, file, "[Service]\nExecStart=/bin/true\n"+strings.Join(lines, "\n")+"\n")
		args = append(args, file)
	}
	command := exec.CommandContext(t.Context(), program, args...)
	command.Env = append(command.Environ(), "LC_ALL=C.UTF-8", "SYSTEMD_UNIT_PATH="+filepath.Join(root, "units"))
	out, err := command.Output()
	if err != nil {
		t.Fatal(err)
	}
	// One array a unit, in their order.
	answers := json.NewDecoder(bytes.NewReader(out))
	for _, lines := range units {
		var assessment []row
		if err := answers.Decode(&assessment); err != nil {
			t.Fatal(err)
		}
		compareRows(t, lines, assessment, rows)
	}
}

func compareRows(t *testing.T, lines []string, assessment []row, rows map[string][2]string) {
	t.Helper()
	effective := systemd.EffectiveOf(service(lines...))["Service"]
	for _, row := range assessment {
		of, ok := rows[row.Name]
		if !ok || row.Set == nil {
			continue
		}
		if ours := restricted(effective[of[0]], of[0], of[1]); ours != *row.Set {
			t.Errorf("%q: %s: we make it %s, systemd says %t", lines, row.Name, show(effective[of[0]]), *row.Set)
		}
	}
}

// restricted tells from what we compute whether a row of the assessment is good.
func restricted(possibles []systemd.Possible, name, word string) bool {
	if len(possibles) != 1 || possibles[0].Absent {
		return false
	}
	var texts []string
	for _, v := range possibles[0].Values {
		texts = append(texts, v.Text)
	}
	switch name {
	case "RestrictNamespaces":
		return len(texts) > 0 && !slices.Contains(texts, "no") && !slices.Contains(texts, word)
	case "RestrictAddressFamilies":
		if len(texts) == 0 || strings.HasPrefix(texts[0], "~") {
			return slices.Contains(texts, "~"+word)
		}
	case "CapabilityBoundingSet":
	default:
		return slices.Equal(texts, []string{"yes"})
	}
	return !slices.Contains(texts, word)
}

type row struct {
	Name string `json:"json_field"`
	Set  *bool  `json:"set"`
}

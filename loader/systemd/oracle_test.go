package systemd_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
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

// release is a systemd to compare with.
type release struct {
	version          int
	analyze, manager []string // how they are run
}

// releases are the systemd that is installed, and those of the folder that scripts/systemd-versions filled.
func releases(t *testing.T) []release {
	t.Helper()
	program := oracle.Systemd(t)
	all := []release{{analyze: []string{program}, manager: []string{"/lib/systemd/systemd"}}}
	folder := os.Getenv("NIXLINT_SYSTEMD_VERSIONS")
	roots, _ := filepath.Glob(filepath.Join(folder, "[0-9]*"))
	for _, root := range roots {
		find := func(patterns ...string) (found []string) {
			for _, p := range patterns {
				more, _ := filepath.Glob(filepath.Join(root, p))
				found = append(found, more...)
			}
			return found
		}
		libraries := find("usr/lib/*-linux-gnu", "lib/*-linux-gnu", "usr/lib/*-linux-gnu/systemd", "lib/*-linux-gnu/systemd")
		run := []string{find("lib64/ld-linux-*", "usr/lib64/ld-linux-*")[0], "--library-path", strings.Join(libraries, ":")}
		all = append(all, release{
			analyze: append(slices.Clip(run), find("usr/bin/systemd-analyze")...),
			manager: append(slices.Clip(run), find("usr/lib/systemd/systemd", "lib/systemd/systemd")[0]),
		})
	}
	if folder != "" && len(roots) == 0 {
		t.Fatalf("%s holds no version of systemd", folder)
	}
	for i := range all {
		out, err := command(t, all[i].analyze, "--version").Output()
		if _, scan := fmt.Sscanf(string(out), "systemd %d", &all[i].version); err != nil || scan != nil {
			t.Fatalf("%q says its version is %q: %v", all[i].analyze, out, err)
		}
	}
	return all
}

func command(t *testing.T, program []string, args ...string) *exec.Cmd {
	t.Helper()
	c := exec.CommandContext(t.Context(), program[0], append(slices.Clip(program[1:]), args...)...)
	c.Env = append(c.Environ(), "LC_ALL=C.UTF-8")
	return c
}

// line is an assignment in a section.
type line struct{ section, text string }

// answer is what systemd says of a line, and whether it does not load the unit for it.
type answer struct {
	text    string
	refused bool
}

// answers gives each line to the real systemd-analyze in a unit of its own, and returns what stands at it. Messages that something is
// obsolete but read are left out.
func (r release) answers(t *testing.T, lines []line) map[line]answer {
	t.Helper()
	root := t.TempDir()
	var names []string
	for i, l := range lines {
		kind := strings.ToLower(l.section)
		if kind == "unit" || kind == "install" || kind == "scope" {
			kind = "service"
		}
		name := fmt.Sprintf("d%d.%s", i, kind)
		write(t, filepath.Join(root, "etc/systemd/system", name), "["+strings.Replace(l.section, "Scope", "Service", 1)+"]\n"+l.text+"\n")
		names = append(names, name)
	}
	write(t, filepath.Join(root, "tmp/.keep"), "")
	said := map[line]answer{}
	for batch := range slices.Chunk(names, 5000) {
		args := append([]string{"verify", "--man=no", "--generators=no", "--recursive-errors=one", "--root=" + root}, batch...)
		out, _ := command(t, r.analyze, args...).CombinedOutput()
		for _, m := range atUnitLine.FindAllStringSubmatch(string(out), -1) {
			n, _ := strconv.Atoi(m[1])
			if !strings.Contains(m[2], "updating") && !strings.Contains(m[2], "will be removed") && !strings.Contains(strings.ToLower(m[2]), "please update") {
				said[lines[n]] = answer{text: m[2]}
			}
		}
		for _, m := range fatalError.FindAllStringSubmatch(string(out), -1) {
			n, _ := strconv.Atoi(m[1])
			said[lines[n]] = answer{said[lines[n]].text, true}
		}
	}
	return said
}

var (
	atUnitLine = regexp.MustCompile(`(?m)/d(\d+)\.[a-z]+:2: (.*)$`)
	fatalError = regexp.MustCompile(`(?m)^d(\d+)\.[a-z]+: Unit configuration has fatal error`)
)

// ignored is answers without what happens to the unit.
func (r release) ignored(t *testing.T, lines []line) map[line]string {
	t.Helper()
	said := map[line]string{}
	for l, a := range r.answers(t, lines) {
		said[l] = a.text
	}
	return said
}

// TestSystemdIgnoresWhatWeIgnore compares on scalars: an assignment that systemd ignores leaves a directive absent, or as it was.
func TestSystemdIgnoresWhatWeIgnore(t *testing.T) {
	t.Parallel()
	var lines []line
	for _, name := range []string{
		"PrivateTmp", "NoNewPrivileges", "DynamicUser", "ProtectSystem", "ProtectHome", "ProtectProc", "ProcSubset", "Restart", "Type",
		"KillMode", "DevicePolicy", "KeyringMode", "OOMPolicy", "NotifyAccess", "RuntimeDirectoryPreserve", "UtmpMode", "ExitType",
		"TimeoutStopFailureMode", "ManagedOOMPreference", "PrivateDevices", "RemainAfterExit", "MountAPIVFS", "IOSchedulingClass",
		"PrivateUsers", "ProtectControlGroups", "ProtectHostname", "PrivateMounts", "RestartMode", "MemoryPressureWatch", "StandardOutput",
		"StandardInput", "SyslogLevel", "FailureAction", "FileDescriptorStorePreserve", "MemoryKSM", "PrivatePIDs", "CPUAccounting",
	} {
		for _, value := range []string{
			"", "yes", "No", "TRUE", "t", "f", "0", "1", "on", "OFF", "2", "ture", "full", "strict", "Strict", "read-only", "tmpfs", "invisible",
			"noaccess", "ptraceable", "default", "all", "pid", "always", "on-failure", "on-success", "on-abnormal", "on-abort", "on-watchdog",
			"simple", "exec", "forking", "oneshot", "dbus", "notify", "idle", "none", "process", "mixed", "control-group", "auto", "closed",
			"inherit", "private", "shared", "stop", "kill", "continue", "main", "restart", "init", "login", "user", "cgroup", "abort",
			"terminate", "avoid", "omit", "realtime", "best-effort", "a b", "connected", "disconnected", "self", "identity", "managed", "direct",
			"debug", "notify-reload", "null", "file:/var/log/a", "append:/a", "journal", "tty", "kexec", "soft-reboot", "skip", "err",
		} {
			lines = append(lines, line{"Service", name + "=" + value})
		}
	}
	for _, r := range releases(t) {
		said := r.ignored(t, lines)
		for _, l := range lines {
			name, _, _ := strings.Cut(l.text, "=")
			got := systemd.EffectiveOf(service(l.text), r.version)["Service"][name]
			if ours := got[0].Absent; ours != (said[l] != "") {
				t.Errorf("systemd %d: %s: we make it %s, systemd says %q", r.version, l.text, show(got), said[l])
			}
		}
	}
}

// TestTableHasEveryDirective compares with what each systemd lists, both ways.
func TestTableHasEveryDirective(t *testing.T) {
	t.Parallel()
	for _, r := range releases(t) {
		dump, err := command(t, r.manager, "--dump-configuration-items").Output()
		if err != nil {
			t.Skip("no service manager is installed")
		}
		section, has := "", map[[2]string]bool{}
		for l := range strings.Lines(string(dump)) {
			l = strings.TrimSpace(l)
			if strings.HasPrefix(l, "[") {
				section = strings.Trim(l, "[]")
			}
			name, _, ok := strings.Cut(l, "=")
			if !ok {
				continue
			}
			has[[2]string{section, name}] = true
			in, ok := systemd.Support(section, name)
			if !ok || r.version < in.Since || in.Until > 0 && r.version >= in.Until {
				t.Errorf("systemd %d has [%s] %s, we say%s %t", r.version, section, name, in, ok)
			}
		}
		if len(has) < 1000 {
			t.Errorf("systemd %d: only %d directives", r.version, len(has))
		}
		for _, d := range systemd.Directives() {
			if r.version >= d.Since && (d.Until == 0 || r.version < d.Until) && !has[[2]string{d.Section, d.Name}] {
				t.Errorf("systemd %d has no [%s] %s", r.version, d.Section, d.Name)
			}
		}
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
	effective := systemd.EffectiveOf(service(lines...), 252)["Service"]
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

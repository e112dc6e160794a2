package systemd_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
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

// ignored gives each line to the real systemd-analyze in a unit of its own, and returns what stands at it. Messages that something is
// obsolete but read are left out.
func (r release) ignored(t *testing.T, lines []line) map[line]string {
	t.Helper()
	root := t.TempDir()
	args := []string{"verify", "--man=no", "--generators=no", "--recursive-errors=one", "--root=" + root}
	for i, l := range lines {
		kind := strings.ToLower(l.section)
		if kind == "unit" || kind == "install" {
			kind = "service"
		}
		name := fmt.Sprintf("d%d.%s", i, kind)
		write(t, filepath.Join(root, "etc/systemd/system", name), "["+l.section+"]\n"+l.text+"\n")
		args = append(args, name)
	}
	write(t, filepath.Join(root, "tmp/.keep"), "")
	out, _ := command(t, r.analyze, args...).CombinedOutput()
	said := map[line]string{}
	for _, m := range regexp.MustCompile(`(?m)/d(\d+)\.[a-z]+:2: (.*)$`).FindAllStringSubmatch(string(out), -1) {
		n, _ := strconv.Atoi(m[1])
		if !strings.Contains(m[2], "updating") && !strings.Contains(m[2], "will be removed") && !strings.Contains(strings.ToLower(m[2]), "please update") {
			said[lines[n]] = m[2]
		}
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

// TestWantedAgrees compares what no version reads, in our judgement, with each of them, and the other way round where Wanted judges a
// kind at all.
func TestWantedAgrees(t *testing.T) {
	t.Parallel()
	values := []string{
		"yes", "ture", "no", "5", "-5", "20", "-21", "0", "1001", "5s", "1min 30s", "5 secs", "infinity", "1.5h", "0750", "888", "u=rwx", "SIGTERM", "TERM",
		"SIGFOO", "65", "RTMIN+1", "SIGRTMIN", "cap_chown", "CAP_FOO", "~CAP_SYS_ADMIN CAP_FOO", "AF_INET", "AF_FOO", "none", "~AF_UNIX AF_NOPE",
		"net", "~pid foo", "user mnt", "time", "a.service", "network", "a.target b", "/abs", "relative", "word", "simple", "all", "mixd", "journal",
	}
	judged := map[systemd.Kind]bool{
		systemd.Boolean: true, systemd.Choice: true, systemd.Timespan: true, systemd.FileMode: true, systemd.Signal: true, systemd.Families: true,
		systemd.Namespaces: true,
	}
	names := map[string][]string{
		"Unit": {"After", "Requires", "JobTimeoutSec", "DefaultDependencies", "CollectMode", "FailureAction", "StartLimitIntervalSec", "OnFailureJobMode"},
		"Service": {
			"PrivateTmp", "Restart", "Type", "KillMode", "KillSignal", "ReloadSignal", "UMask", "StateDirectoryMode", "RestartSec", "TimeoutStartSec",
			"TimeoutStopSec", "RuntimeMaxSec", "WatchdogSec", "CapabilityBoundingSet", "AmbientCapabilities", "RestrictAddressFamilies",
			"RestrictNamespaces", "Nice", "OOMScoreAdjust", "IOSchedulingPriority", "CPUSchedulingPriority", "StandardOutput", "ProtectHome", "MemoryKSM",
			"RestartMode", "RestartMaxDelaySec", "LogRateLimitIntervalSec", "CPUSchedulingPolicy", "Personality", "SyslogFacility", "NUMAPolicy",
		},
		"Timer":  {"AccuracySec", "RandomizedDelaySec", "Persistent", "DeferReactivation", "RandomizedOffsetSec"},
		"Socket": {"SocketMode", "DirectoryMode", "Accept", "KeepAliveTimeSec", "BindIPv6Only", "Timestamping", "PollLimitIntervalSec", "DeferTrigger"},
		"Mount":  {"DirectoryMode", "TimeoutSec", "LazyUnmount"},
	}
	var lines []line
	for _, section := range slices.Sorted(maps.Keys(names)) {
		for _, name := range names[section] {
			for _, v := range values {
				lines = append(lines, line{section, name + "=" + v})
			}
		}
	}
	read, tried := map[line]bool{}, map[line]bool{}
	for _, r := range releases(t) {
		said := r.ignored(t, lines)
		for _, l := range lines {
			name, value, _ := strings.Cut(l.text, "=")
			in, _ := systemd.Support(l.section, name)
			if r.version < in.Since || in.Until > 0 && r.version >= in.Until {
				continue
			}
			want := systemd.Wanted(l.section, name, value)
			kind, _ := systemd.Directive(l.section, name)
			read[l], tried[l] = read[l] || said[l] == "", true
			if want != "" && said[l] == "" && kind != systemd.Capabilities { // of which it says nothing: the other test knows what is left
				t.Errorf("systemd %d reads [%s] %s, we want %s", r.version, l.section, l.text, want)
			}
		}
	}
	for _, l := range lines {
		name, value, _ := strings.Cut(l.text, "=")
		_, err := strconv.Atoi(value)
		if kind, _ := systemd.Directive(l.section, name); err == nil && kind == systemd.Choice {
			continue // a choice that has numbers too
		} else if tried[l] && !read[l] && judged[kind] && systemd.Wanted(l.section, name, value) == "" {
			t.Errorf("[%s] %s is read by no systemd here, and we want nothing else", l.section, l.text)
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

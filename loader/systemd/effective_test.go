package systemd_test

import (
	"strings"
	"testing"

	"github.com/nixlint/nixlint/loader/inventory"
	"github.com/nixlint/nixlint/loader/systemd"
)

// is is a decided setting.
func is(value string) inventory.Setting {
	return inventory.Setting{Alternatives: []inventory.Alternative{{Value: value, Known: true}}}
}

// unknown is a setting whose value has an unknown piece.
func unknown(value, why string) inventory.Setting {
	return inventory.Setting{Alternatives: []inventory.Alternative{{Value: value, Why: why}}}
}

// either is a setting with an alternative for each value; "-" is the absence.
func either(values ...string) inventory.Setting {
	var s inventory.Setting
	for _, v := range values {
		a := inventory.Alternative{Value: v, Known: true}
		if v == "-" {
			a = inventory.Alternative{Known: true, Absent: true}
		}
		s.Alternatives = append(s.Alternatives, a)
	}
	return s
}

// service is a service that the tree defines whole, of "Key=value" lines.
func service(lines ...string) *inventory.Unit {
	u := &inventory.Unit{
		Name: "a.service", Kind: "service", Completeness: inventory.Own,
	}
	for _, l := range lines {
		name, value, _ := strings.Cut(l, "=")
		section := "Service"
		if s, n, ok := strings.Cut(name, "."); ok {
			section, name = s, n
		}
		set(u, section, name, is(value))
	}
	return u
}

func set(u *inventory.Unit, section, name string, settings ...inventory.Setting) *inventory.Unit {
	if u.Sections == nil {
		u.Sections = map[string]map[string][]inventory.Setting{}
	}
	if u.Sections[section] == nil {
		u.Sections[section] = map[string][]inventory.Setting{}
	}
	u.Sections[section][name] = append(u.Sections[section][name], settings...)
	return u
}

// show writes what is possible: values joined by blanks, alternatives by " | ", "?why" for what is not known, "-" for absence.
func show(possibles []systemd.Possible) string {
	var all []string
	for _, p := range possibles {
		var words []string
		for _, v := range p.Values {
			w := v.Text
			if strings.ContainsAny(w, " ") {
				w = "«" + w + "»"
			}
			if v.Index == systemd.Implied {
				w = "*" + w
			}
			words = append(words, w)
		}
		if !p.Known {
			words = append(words, "?"+p.Why)
		}
		if p.Absent {
			words = append(words, "-")
		}
		all = append(all, strings.Join(words, " "))
	}
	return strings.Join(all, " | ")
}

func TestEffectiveOfDecidedSettings(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, of, want string
		lines          []string
	}{
		{"the last scalar holds", "User", "b", []string{"User=a", "User=b"}},
		{"the empty assignment resets a text", "User", "", []string{"User=a", "User="}},
		{"a boolean is normalised", "PrivateTmp", "yes", []string{"PrivateTmp=On"}},
		{"the empty assignment of a boolean is ignored", "PrivateTmp", "yes", []string{"PrivateTmp=1", "PrivateTmp="}},
		{"a misspelt boolean is ignored", "PrivateTmp", "no", []string{"PrivateTmp=f", "PrivateTmp=ture"}},
		{"only ignored assignments are none", "PrivateTmp", "-", []string{"PrivateTmp=ture"}},
		{"a choice keeps its word", "ProtectSystem", "strict", []string{"ProtectSystem=full", "ProtectSystem=strict"}},
		{"a choice that is a boolean is normalised", "ProtectSystem", "yes", []string{"ProtectSystem=true"}},
		{"a word outside of the choice is ignored", "ProtectSystem", "full", []string{"ProtectSystem=full", "ProtectSystem=strickt"}},
		{"Restart knows no booleans", "Restart", "-", []string{"Restart=false"}},
		{"Restart=no is a word", "Restart", "no", []string{"Restart=no"}},
		{"KillMode is reset", "KillMode", "", []string{"KillMode=process", "KillMode="}},
		{"an empty mode is ignored", "UMask", "0077", []string{"UMask=0077", "UMask="}},
		{"an empty timespan is ignored", "RestartSec", "10", []string{"RestartSec=10", "RestartSec="}},
		{"an empty number resets", "Nice", "", []string{"Nice=19", "Nice="}},
		{"words are split and unquoted", "ReadWritePaths", "/a «/b c» -/d", []string{`ReadWritePaths=/a "/b c"`, "ReadWritePaths=-/d"}},
		{"the empty assignment resets words", "ReadWritePaths", "/c", []string{"ReadWritePaths=/a /b", "ReadWritePaths=", "ReadWritePaths=/c"}},
		{"what stands before an unbalanced quote counts", "ReadWritePaths", "/a", []string{`ReadWritePaths=/a "/b`}},
		{"dependencies cannot be reset", "Unit.After", "a.service b.service", []string{"Unit.After=a.service", "Unit.After=", "Unit.After=b.service"}},
		{"a line is an item", "DeviceAllow", "«/dev/nvidia0 rw» /dev/null", []string{"DeviceAllow=/dev/nvidia0 rw", "DeviceAllow=/dev/null"}},
		{"the empty assignment resets lines", "DeviceAllow", "", []string{"DeviceAllow=/dev/nvidia0 rw", "DeviceAllow="}},
		{"a command is a line", "ExecStart", "«/bin/a -b \"c d\"»", []string{`ExecStart=/bin/a -b "c d" `}},
		{"lines continue", "ExecStart", "«/bin/a  -b  -c»", []string{"ExecStart=/bin/a \\\n  -b \\\n# not this\n  -c\n"}},
		{"lines that do not continue", "ExecStart", "/bin/a ?the value of ExecStart has several lines, and systemd reads all but the first as directives of their own", []string{"ExecStart=/bin/a\nUser=b\n"}},
		{"variables are unquoted", "Environment", "«A=b c» D=e", []string{`Environment="A=b c"`, "Environment=D=e"}},
		{"the last value of a variable holds", "Environment", "A=2 B=1", []string{"Environment=A=1 B=1", `Environment="A=2"`}},
		{"after a reset variables stand anew", "Environment", "C=3 A=4", []string{"Environment=A=1 B=1", "Environment=", "Environment=C=3 A=2", "Environment=A=4"}},
		{"a word without a name is ignored", "Environment", "A=1", []string{"Environment=A=1 b"}},
		{"colons part", "ExecSearchPath", "/a /b /c", []string{"ExecSearchPath=/a:/b", "ExecSearchPath=/c"}},
		{"capabilities add up", "CapabilityBoundingSet", "CAP_CHOWN CAP_KILL", []string{"CapabilityBoundingSet=cap_chown", "CapabilityBoundingSet=CAP_KILL"}},
		{"capabilities are removed", "CapabilityBoundingSet", "CAP_KILL", []string{"CapabilityBoundingSet=CAP_CHOWN CAP_KILL", "CapabilityBoundingSet=~CAP_CHOWN CAP_FOO"}},
		{"unknown capabilities close the set", "CapabilityBoundingSet", "", []string{"CapabilityBoundingSet=CAP_CHOWN", "CapabilityBoundingSet=CAP_FOO"}},
		{"the empty set is no absence", "CapabilityBoundingSet", "", []string{"CapabilityBoundingSet="}},
		{"ambient capabilities start empty", "AmbientCapabilities", "CAP_NET_BIND_SERVICE", []string{"AmbientCapabilities=CAP_NET_BIND_SERVICE"}},
		{"a system call filter keeps its words in order", "SystemCallFilter", "@system-service ~@privileged ~@resources", []string{"SystemCallFilter=@system-service", "SystemCallFilter=~@privileged @resources"}},
		{"a system call filter is reset", "SystemCallFilter", "@system-service", []string{"SystemCallFilter=~@mount", "SystemCallFilter=", "SystemCallFilter=@system-service"}},
		{"families are removed", "RestrictAddressFamilies", "AF_UNIX", []string{"RestrictAddressFamilies=AF_INET AF_UNIX", "RestrictAddressFamilies=~AF_INET"}},
		{"families are denied", "RestrictAddressFamilies", "~AF_PACKET", []string{"RestrictAddressFamilies=~AF_PACKET AF_INET", "RestrictAddressFamilies=AF_INET"}},
		{"families have two names, in any case", "RestrictAddressFamilies", "AF_UNIX AF_NETLINK", []string{"RestrictAddressFamilies=af_local AF_ROUTE AF_NOPE AF_UNIX"}},
		{"families that are no longer denied", "RestrictAddressFamilies", "", []string{"RestrictAddressFamilies=~AF_UNIX", "RestrictAddressFamilies=AF_UNIX", "RestrictAddressFamilies=AF_INET"}},
		{"no family", "RestrictAddressFamilies", "none", []string{"RestrictAddressFamilies=none"}},
		{"families after none", "RestrictAddressFamilies", "AF_UNIX", []string{"RestrictAddressFamilies=none", "RestrictAddressFamilies=AF_UNIX"}},
		{"no family is left", "RestrictAddressFamilies", "none", []string{"RestrictAddressFamilies=AF_UNIX", "RestrictAddressFamilies=~AF_UNIX"}},
		{"namespaces as a boolean", "RestrictNamespaces", "yes", []string{"RestrictNamespaces=net", "RestrictNamespaces=true"}},
		{"namespaces as a list", "RestrictNamespaces", "net ipc", []string{"RestrictNamespaces=net", "RestrictNamespaces=ipc"}},
		{"namespaces denied", "RestrictNamespaces", "cgroup ipc mnt pid uts", []string{"RestrictNamespaces=~user net"}},
		{"namespaces denied after yes", "RestrictNamespaces", "yes", []string{"RestrictNamespaces=yes", "RestrictNamespaces=~user"}},
		{"namespaces denied after a reset", "RestrictNamespaces", "cgroup ipc net mnt pid uts", []string{"RestrictNamespaces=net", "RestrictNamespaces=", "RestrictNamespaces=~user"}},
		{"a namespace that is not restricted", "RestrictNamespaces", "yes", []string{"RestrictNamespaces=time"}},
		{"a bad namespace spoils the assignment", "RestrictNamespaces", "net", []string{"RestrictNamespaces=net", "RestrictNamespaces=ipc foo"}},
		{"delegation adds up", "Delegate", "cpu memory", []string{"Delegate=yes", "Delegate=cpu", "Delegate=memory"}},
		{"names that no section knows keep all", "X-Foo", " a  b", []string{"X-Foo=", "X-Foo=a", "X-Foo=", "X-Foo=b"}},
		{"a condition of another name resets", "Unit.ConditionHost", "", []string{"Unit.ConditionHost=a", "Unit.ConditionUser="}},
		{"a condition resets no assertion", "Unit.AssertHost", "a", []string{"Unit.AssertHost=a", "Unit.ConditionUser="}},
		{"a timer of another name resets", "Timer.OnBootSec", "", []string{"Timer.OnBootSec=5", "Timer.OnCalendar=", "Timer.OnCalendar=daily"}},
		{"a timer resets what stands before it only", "Timer.OnCalendar", "daily", []string{"Timer.OnBootSec=", "Timer.OnCalendar=daily"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			section, name := "Service", c.of
			if s, n, ok := strings.Cut(c.of, "."); ok {
				section, name = s, n
			}
			if got := show(systemd.EffectiveOf(service(c.lines...), systemd.Newest)[section][name]); got != c.want {
				t.Errorf("%q\n got %s\nwant %s", c.lines, got, c.want)
			}
		})
	}
}

func TestEffectiveOfInvertedCapabilities(t *testing.T) {
	t.Parallel()
	for lines, want := range map[string]int{
		"CapabilityBoundingSet=~":                                   41,
		"CapabilityBoundingSet=~CAP_SYS_ADMIN cap_net_admin":        39,
		"CapabilityBoundingSet=~CAP_FOO":                            41,
		"CapabilityBoundingSet=~\nCapabilityBoundingSet=CAP_KILL":   1,
		"CapabilityBoundingSet=\nCapabilityBoundingSet=~CAP_KILL":   0,
		"CapabilityBoundingSet=~0\nCapabilityBoundingSet=CAP_CHOWN": 41,
	} {
		got := systemd.EffectiveOf(service(strings.Split(lines, "\n")...), systemd.Newest)["Service"]["CapabilityBoundingSet"]
		if len(got) != 1 || len(got[0].Values) != want {
			t.Errorf("%q: %s, want %d capabilities", lines, show(got), want)
		}
	}
}

func TestEffectiveOfAlternatives(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, of, want string
		settings       []inventory.Setting
	}{
		{"each alternative", "PrivateTmp", "yes | no", []inventory.Setting{either("true", "false")}},
		{"alternatives that amount to the same", "PrivateTmp", "yes", []inventory.Setting{either("true", "yes")}},
		{"an absence", "PrivateTmp", "yes | -", []inventory.Setting{either("true", "-")}},
		{"an absence among lines", "DeviceAllow", "/dev/a /dev/b | /dev/a", []inventory.Setting{is("/dev/a"), either("/dev/b", "-")}},
		{"the product", "DeviceAllow", "a c | a d | b c | b d", []inventory.Setting{either("a", "b"), either("c", "d")}},
		{"a decided scalar ends doubts", "User", "b", []inventory.Setting{unknown("<unknown: x>", "x"), is("b")}},
		{"a reset ends doubts", "DeviceAllow", "/dev/b", []inventory.Setting{unknown("<unknown: x>", "x"), is(""), is("/dev/b")}},
		{"an ignored scalar ends none", "PrivateTmp", "«<unknown: x>» ?x", []inventory.Setting{unknown("<unknown: x>", "x"), is("ture")}},
		{"an unknown word keeps its neighbours", "ReadWritePaths", "/a «<unknown: no such>/b» /c ?no such", []inventory.Setting{unknown("/a <unknown: no such>/b /c", "no such")}},
		{"an unknown alternative", "User", "a | «<unknown: x>» ?x", []inventory.Setting{{Alternatives: []inventory.Alternative{{Value: "a", Known: true}, {Value: "<unknown: x>", Why: "x"}}}}},
		{"sixteen combinations", "DeviceAllow", "a e | a f | a g | a h | b e | b f | b g | b h | c e | c f | c g | c h | d e | d f | d g | d h", []inventory.Setting{either("a", "b", "c", "d"), either("e", "f", "g", "h")}},
		{"more than that", "DeviceAllow", "?the settings of DeviceAllow that are not decided have too many combinations", []inventory.Setting{either("a", "b", "c", "d"), either("a", "b", "c", "d"), either("a", "b")}},
		{"no alternative at all", "User", "-", []inventory.Setting{{}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			u := set(service(), "Service", c.of, c.settings...)
			if got := show(systemd.EffectiveOf(u, systemd.Newest)["Service"][c.of]); got != c.want {
				t.Errorf("\n got %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestEffectiveOfKeepsOpposedConditionsApart(t *testing.T) {
	t.Parallel()
	at := &inventory.Location{File: "a.nix", Line: 1}
	under := func(value string, conditions ...inventory.Condition) inventory.Alternative {
		return inventory.Alternative{Value: value, Known: true, Absent: value == "", Conditions: conditions}
	}
	gpu, no := inventory.Condition{Text: "cfg.gpu", Verdict: "unknown", At: at}, inventory.Condition{Text: "!cfg.gpu", Verdict: "unknown", At: at}
	big := inventory.Condition{Text: "cfg.n > 1", Verdict: "unknown", At: at}
	for name, c := range map[string]struct {
		yes, no []inventory.Condition
		want    string
	}{
		"one condition":     {[]inventory.Condition{gpu}, []inventory.Condition{no}, "a b | -"},
		"in parentheses":    {[]inventory.Condition{big}, []inventory.Condition{{Text: "!(cfg.n > 1)", Verdict: "unknown", At: at}}, "a b | -"},
		"two conditions":    {[]inventory.Condition{gpu, big}, []inventory.Condition{{Text: "!(cfg.gpu && cfg.n > 1)", Verdict: "unknown", At: at}}, "a b | -"},
		"by their verdicts": {[]inventory.Condition{{Text: "x", Verdict: "true"}}, []inventory.Condition{{Text: "x", Verdict: "false"}}, "a b | -"},
		"not opposed":       {[]inventory.Condition{gpu}, []inventory.Condition{big}, "a b | a | b | -"},
	} {
		u := set(service(), "Service", "DeviceAllow",
			inventory.Setting{Alternatives: []inventory.Alternative{under("a", c.yes...), under("", c.no...)}},
			inventory.Setting{Alternatives: []inventory.Alternative{under("b", c.yes...), under("", c.no...)}})
		if got := show(systemd.EffectiveOf(u, systemd.Newest)["Service"]["DeviceAllow"]); got != c.want {
			t.Errorf("%s: got %s, want %s", name, got, c.want)
		}
	}
}

func TestEffectiveOfManySettingsUnderOneCondition(t *testing.T) {
	t.Parallel()
	u := service()
	var all []string
	for i := range 30 {
		value := string(rune('A' + i%26))
		all = append(all, value)
		set(u, "Service", "DeviceAllow", inventory.Setting{Alternatives: []inventory.Alternative{
			{Value: value, Known: true, Conditions: []inventory.Condition{{Text: "x", Verdict: "unknown"}}},
			{Known: true, Absent: true, Conditions: []inventory.Condition{{Text: "!x", Verdict: "unknown"}}},
		}})
	}
	if got, want := show(systemd.EffectiveOf(u, systemd.Newest)["Service"]["DeviceAllow"]), strings.Join(all, " ")+" | -"; got != want {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
}

func TestEffectiveOfIndices(t *testing.T) {
	t.Parallel()
	got := systemd.EffectiveOf(service("ReadWritePaths=/a", "ReadWritePaths=", "ReadWritePaths=/b /c"), systemd.Newest)["Service"]["ReadWritePaths"][0].Values
	for _, v := range got {
		if v.Index != 2 {
			t.Errorf("%s comes from assignment %d, want 2", v.Text, v.Index)
		}
	}
}

func TestEffectiveOfImplications(t *testing.T) {
	t.Parallel()
	override := func(u *inventory.Unit) *inventory.Unit {
		u.Completeness = inventory.Partial
		return u
	}
	for _, c := range []struct {
		name, of, want string
		unit           *inventory.Unit
	}{
		{"DynamicUser", "PrivateTmp", "*yes", service("DynamicUser=true")},
		{"DynamicUser against no", "NoNewPrivileges", "*yes", service("DynamicUser=true", "NoNewPrivileges=false")},
		{"DynamicUser beside yes", "RemoveIPC", "yes", service("DynamicUser=true", "RemoveIPC=true")},
		{"DynamicUser is strict", "ProtectSystem", "*strict", service("DynamicUser=true", "ProtectSystem=full")},
		{"DynamicUser and homes", "ProtectHome", "*read-only", service("DynamicUser=true")},
		{"DynamicUser keeps what is stricter", "ProtectHome", "tmpfs", service("DynamicUser=true", "ProtectHome=tmpfs")},
		{"DynamicUser over a base", "ProtectHome", "*read-only | *yes | *tmpfs", override(service("DynamicUser=true"))},
		{"no DynamicUser", "PrivateTmp", "", service("DynamicUser=false")},
		{"perhaps DynamicUser", "PrivateTmp", "- | *yes", set(service(), "Service", "DynamicUser", either("true", "-"))},
		{"perhaps DynamicUser, stated", "ProtectSystem", "full | *strict", set(service("ProtectSystem=full"), "Service", "DynamicUser", unknown("<unknown: x>", "x"))},
		{"PrivateDevices closes", "DevicePolicy", "*closed", service("PrivateDevices=true")},
		{"PrivateDevices leaves strict", "DevicePolicy", "strict", service("PrivateDevices=true", "DevicePolicy=strict")},
		{"PrivateDevices and capabilities", "CapabilityBoundingSet", "CAP_CHOWN", service("PrivateDevices=true", "CapabilityBoundingSet=CAP_CHOWN CAP_MKNOD")},
		{"ProtectKernelModules and capabilities", "CapabilityBoundingSet", "CAP_CHOWN", service("ProtectKernelModules=true", "CapabilityBoundingSet=CAP_SYS_MODULE CAP_CHOWN")},
		{"a bounding set that is not stated", "CapabilityBoundingSet", "", service("ProtectClock=true")},
		{"a bounding set that is perhaps less", "CapabilityBoundingSet", "CAP_SYSLOG | ", set(service("CapabilityBoundingSet=CAP_SYSLOG"), "Service", "ProtectKernelLogs", either("true", "false"))},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := show(systemd.EffectiveOf(c.unit, systemd.Newest)["Service"][c.of]); got != c.want {
				t.Errorf("\n got %s\nwant %s", got, c.want)
			}
		})
	}
}

package policy_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"runtime/debug"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"testing/fstest"
	"time"

	"github.com/nixlint/nixlint/checks"
	"github.com/nixlint/nixlint/checks/policy"
	"github.com/nixlint/nixlint/checks/policy/planner"
	"github.com/nixlint/nixlint/loader/inventory"
	"github.com/nixlint/nixlint/policies"
)

// service is a unit of the tree's own; directives of the service section, each value an assignment.
func service(name string, directives map[string][]string) inventory.Unit {
	u := inventory.Unit{
		Name: name + ".service", Kind: "service", Scope: inventory.System, Status: inventory.Active, Completeness: inventory.Own,
		Definitions: []inventory.Location{{File: "a.nix", Line: 1, Column: 1, EndLine: 9, EndColumn: 2}},
		Sections:    map[string]map[string][]inventory.Setting{"Service": {}},
	}
	for d, values := range directives {
		for _, v := range values {
			u.Sections["Service"][d] = append(u.Sections["Service"][d], inventory.Setting{Alternatives: []inventory.Alternative{{Value: v, Known: true}}})
		}
	}
	return u
}

func sshd() inventory.Unit {
	u := service("sshd", map[string][]string{
		"PrivateTmp": {"true"}, "ProtectSystem": {"strict"}, "CapabilityBoundingSet": {"CAP_NET_BIND_SERVICE", "CAP_DAC_READ_SEARCH"},
		"SystemCallFilter": {"@system-service"},
	})
	u.Completeness, u.Status = inventory.Partial, inventory.Override
	return u
}

func ids(rules []checks.Rule) []string {
	var out []string
	for _, r := range rules {
		out = append(out, r.ID)
	}
	return out
}

func judge(tb testing.TB, o policy.Options, inv *inventory.Inventory) []checks.Judgement {
	tb.Helper()
	j, err := policy.New(o)
	if err != nil {
		tb.Fatal(err)
	}
	got, err := j.Judge(context.Background(), inv, ids(j.Rules()))
	if err != nil {
		tb.Fatal(err)
	}
	return got
}

func TestGeneratedFilesAreCurrent(t *testing.T) {
	l, err := policy.Link(policies.Sources(), planner.Make)
	if err != nil {
		t.Fatal(err)
	}
	files, err := l.Files()
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range files {
		got, err := os.ReadFile(filepath.FromSlash(name))
		if err != nil {
			t.Fatal(err)
		}
		if string(got) != want {
			t.Errorf("%s is not what go generate ./checks/policy writes", name)
		}
	}
	if !reflect.DeepEqual(policy.Rules(), l.Rules) {
		t.Error("the rule index differs from METADATA")
	}
}

func TestJudgeSpeaksOfTheLockout(t *testing.T) {
	inv := &inventory.Inventory{Hosts: []inventory.Host{{Name: "a", Source: "flake", Units: []inventory.Unit{sshd()}}}}
	got := map[string]checks.Verdict{}
	for _, j := range judge(t, policy.Options{}, inv) {
		if j.Host != 0 || j.Unit != 0 && j.Unit != -1 {
			t.Errorf("%+v is about another unit", j)
		}
		got[j.Rule+" "+fmt.Sprint(j.Path...)] = j.Verdict
	}
	for what, want := range map[string]checks.Verdict{
		"compat/sshd-lockout sectionsServiceCapabilityBoundingSet0":      checks.Fail,
		"compat/sshd-lockout sectionsServiceSystemCallFilter0":           checks.Fail,
		"hardening/sshd-sandbox sectionsServiceProtectHome":              checks.Unknown,
		"hardening/sshd-sandbox sectionsServicePrivateTmp0":              "",
		"compat/sshd-session-sandbox sectionsServiceProtectSystem0":      checks.Fail,
		"hardening/sshd-sandbox sectionsServiceCapabilityBoundingSet0":   "",
		"compat/sshd-session-sandbox sectionsServiceNoNewPrivileges":     "",
		"hardening/sshd-sandbox sectionsServiceProtectKernelTunables":    checks.Unknown,
		"hardening/sshd-sandbox sectionsServiceSystemCallFilter0":        "",
		"hardening/sandbox sectionsService":                              "",
		"compat/sshd-session-sandbox sectionsServiceSystemCallFilter0":   "",
		"compat/user-sandbox-namespace sectionsServiceProtectSystem0":    "",
		"hardening/clamav-daemon-sandbox sectionsServiceProtectSystem0":  "",
		"compat/sshd-session-sandbox sectionsServiceCapabilityBounding0": "",
	} {
		if got[what] != want {
			t.Errorf("%s: got %q, want %q", what, got[what], want)
		}
	}
}

func TestFindingsAreOnlyForUnitsThatRun(t *testing.T) {
	for status, want := range map[string]bool{
		inventory.Active: true, inventory.Guarded: true, inventory.Override: true,
		inventory.Disabled: false, inventory.Commented: false, inventory.Upstream: false,
	} {
		u := service("a", map[string][]string{"ExecStart": {"/bin/x"}})
		u.Status = status
		inv := &inventory.Inventory{Hosts: []inventory.Host{{Source: "flake", Units: []inventory.Unit{u}}}}
		if got := len(judge(t, policy.Options{}, inv)) > 0; got != want {
			t.Errorf("%s: judged %v, want %v", status, got, want)
		}
	}
}

// choices are what services differ in: each takes the first of them two times in three.
var choices = []struct {
	directive string
	values    [][]string
}{
	{"Type", [][]string{{"simple"}, {"oneshot"}, {"notify"}, {"exec"}, {"forking"}}},
	{"Restart", [][]string{{"always"}, {"on-failure"}, {"no"}}},
	{"RestartSec", [][]string{{"10"}, {"5s"}, {"1min"}}},
	{"PrivateTmp", [][]string{{"true"}, {"false"}, {"yes"}}},
	{"ProtectSystem", [][]string{{"strict"}, {"full"}, {"true"}}},
	{"ProtectHome", [][]string{{"true"}, {"read-only"}, {"false"}}},
	{"NoNewPrivileges", [][]string{{"true"}, {"false"}}},
	{"SystemCallFilter", [][]string{{"@system-service", "~@privileged"}, {"@system-service"}, {"~@mount"}}},
	{"CapabilityBoundingSet", [][]string{{""}, {"CAP_NET_BIND_SERVICE"}, {"CAP_NET_ADMIN CAP_NET_RAW"}}},
	{"Environment", [][]string{{"A=b", "PATH=/bin"}, {"HOME=/var/lib/x"}, {"CUDA_VISIBLE_DEVICES=0"}}},
	{"LockPersonality", [][]string{{"true"}, {"false"}}},
	{"RestrictRealtime", [][]string{{"true"}, {"false"}}},
	{"ProtectKernelTunables", [][]string{{"true"}, {"false"}}},
	{"ProtectKernelModules", [][]string{{"true"}, {"false"}}},
	{"ProtectControlGroups", [][]string{{"true"}, {"false"}}},
	{"SupplementaryGroups", [][]string{{"audio"}, {"docker"}, {"video", "render"}}},
}

// diverse are the directives of the nth service.
func diverse(n int) map[string][]string {
	r := rand.New(rand.NewPCG(uint64(n), 1))
	out := map[string][]string{
		"ExecStart": {fmt.Sprintf("<pkgs.x>/bin/x --port %d", 9000+n)}, "User": {fmt.Sprintf("x%d", n%50)}, "StateDirectory": {"x"},
		"WorkingDirectory": {fmt.Sprintf("/srv/%d", n)},
	}
	for _, c := range choices {
		if i := r.IntN(3 * len(c.values)); i < len(c.values) {
			out[c.directive] = c.values[i]
		} else {
			out[c.directive] = c.values[0]
		}
		if r.IntN(10) == 0 {
			delete(out, c.directive)
		}
	}
	if r.IntN(10) == 0 {
		out["ExecStart"] = []string{fmt.Sprintf("/usr/bin/x | tee /var/log/%d --token=abc", n)}
	}
	return out
}

// fleet has hosts of units, some of them distinct.
func fleet(hosts, units, distinct int) *inventory.Inventory {
	inv := &inventory.Inventory{}
	for h := range hosts {
		host := inventory.Host{Name: fmt.Sprintf("host%03d", h), Source: "flake"}
		for i := range units {
			n := (h*units + i) % distinct
			u := service(fmt.Sprintf("unit%04d", n), diverse(n))
			u.Links = []inventory.Link{{Type: "wants", Target: inventory.Setting{Alternatives: []inventory.Alternative{{Value: "multi-user.target", Known: true}}}}}
			host.Units = append(host.Units, u)
		}
		inv.Hosts = append(inv.Hosts, host)
	}
	return inv
}

func TestParallelAndSerialAgree(t *testing.T) {
	inv := fleet(3, 20, 15)
	inv.Hosts[1].Units = append(inv.Hosts[1].Units, sshd(), sshd())
	serial := judge(t, policy.Options{Workers: 1}, inv)
	for range 3 {
		if parallel := judge(t, policy.Options{Workers: 8}, inv); !reflect.DeepEqual(serial, parallel) {
			t.Fatal("several workers give another result than one")
		}
	}
}

// What is judged once for all that are equal is what each alone would get.
func TestMemoAgreesWithJudgingAlone(t *testing.T) {
	inv := fleet(2, 6, 4)
	inv.Hosts[0].Units[0].Sections["Service"]["PrivateTmp"][0].Alternatives[0].Value = "false"
	together := map[string][]string{}
	for _, j := range judge(t, policy.Options{}, inv) {
		if j.Unit >= 0 && j.Rule != "organization/centralized" && !strings.HasPrefix(j.Rule, "network/port") {
			k := fmt.Sprint(j.Host, " ", j.Unit)
			together[k] = append(together[k], j.Rule+j.Message)
		}
	}
	for h := range inv.Hosts {
		for u := range inv.Hosts[h].Units {
			one := &inventory.Inventory{Hosts: []inventory.Host{{Source: "flake", Units: inv.Hosts[h].Units[u : u+1]}}}
			var alone []string
			for _, j := range judge(t, policy.Options{}, one) {
				if j.Rule != "organization/centralized" {
					alone = append(alone, j.Rule+j.Message)
				}
			}
			if want := together[fmt.Sprint(h, " ", u)]; !reflect.DeepEqual(alone, want) {
				t.Errorf("host %d unit %d: alone %q, together %q", h, u, alone, want)
			}
		}
	}
}

// A host of four times as many units, settings and lines takes four times as many rounds, whatever the rule.
func TestRulesOfHostsGrowLinearly(t *testing.T) {
	host := func(n int) *inventory.Host {
		setting := func(v string) inventory.Setting {
			return inventory.Setting{Alternatives: []inventory.Alternative{{Value: v, Known: true}}}
		}
		h := &inventory.Host{Name: "a", Source: "flake"}
		h.Facts.Complete = true
		for i := range n {
			u := service(fmt.Sprintf("a%d", i), diverse(i))
			u.Sections["Service"]["User"] = []inventory.Setting{setting(fmt.Sprintf("user%d", i))}
			u.Sections["Unit"] = map[string][]inventory.Setting{
				"After": {setting(fmt.Sprintf("a%d.service b%d.service", i/2, i))}, "Requires": {setting(fmt.Sprintf("a%d.service", i/3))},
			}
			u.Scripts = map[string]inventory.Setting{"start": setting(fmt.Sprintf("/bin/x --port %d > /var/log/x%d", i, i))}
			timer := service(fmt.Sprintf("t%d", i), nil)
			timer.Name, timer.Kind, timer.Sections = fmt.Sprintf("a%d.timer", i), "timer", map[string]map[string][]inventory.Setting{"Timer": {"OnCalendar": {setting("daily")}}}
			timer.Links = []inventory.Link{{Type: "wants", Target: setting("timers.target")}}
			h.Units = append(h.Units, u, timer)
			h.Settings = append(h.Settings, inventory.HostSetting{Path: fmt.Sprintf("services.x%d.enable", i), Setting: setting("true")})
			h.Facts.Accounts = append(h.Facts.Accounts, inventory.Fact{Name: fmt.Sprintf("account%d", i), Fields: map[string][]inventory.Setting{"extraGroups": {setting("wheel")}}})
			h.Tmpfiles = append(h.Tmpfiles, inventory.TmpfilesRule{Line: setting(fmt.Sprintf("d /var/lib/a%d 0750 user%d - -", i, i))})
		}
		return h
	}
	small, large := host(60), host(240)
	for _, r := range policy.Rules() {
		if r.Kind != "host" {
			continue
		}
		few, err := policy.Rounds(r.ID, small)
		if err != nil {
			t.Fatal(err)
		}
		many, err := policy.Rounds(r.ID, large)
		if err != nil {
			t.Fatal(err)
		}
		if many > 5*few+100 {
			t.Errorf("%s: %d rounds for 60 units and %d for 240", r.ID, few, many)
		}
	}
}

func TestJudgeHonoursItsContext(t *testing.T) {
	j, err := policy.New(policy.Options{})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := j.Judge(ctx, fleet(1, 3, 3), ids(j.Rules())); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestJudgeIsBoundedInTime(t *testing.T) {
	j, err := policy.New(policy.Options{Limit: time.Nanosecond})
	if err != nil {
		t.Fatal(err)
	}
	_, err = j.Judge(t.Context(), fleet(1, 50, 50), ids(j.Rules()))
	if err == nil || !strings.Contains(err.Error(), "the rules took longer than 1ns") {
		t.Errorf("got %v", err)
	}
}

func TestUnknownRuleIsAnError(t *testing.T) {
	j, err := policy.New(policy.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := j.Judge(t.Context(), &inventory.Inventory{}, []string{"hardening/nothing"}); err == nil || !strings.Contains(err.Error(), `unknown rule "hardening/nothing"`) {
		t.Errorf("got %v", err)
	}
}

const metadata = `# METADATA
# title: t
# description: d
# related_resources:
#   - https://example.org
# custom:
#   kind: unit
#   severity: error
#   precision: high
#   tags: [x]
#   fix: f
`

func TestLinkRefuses(t *testing.T) {
	body := "package nixlint.rules.a.b\nimport future.keywords.not\n"
	for name, c := range map[string]struct{ text, want string }{
		"no metadata":          {body, "no METADATA of its package"},
		"another package":      {metadata + "package nixlint.rules.a.c\n", "want data.nixlint.rules.a.b"},
		"another kind":         {strings.Replace(metadata, "unit", "uint", 1) + body, `custom.kind is "uint", want one of unit, tmpfiles, host, repository`},
		"no fix":               {strings.Replace(metadata, "#   fix: f\n", "", 1) + body, "METADATA needs"},
		"the clock":            {metadata + body + "report contains time.now_ns()\n", "undefined function time.now_ns"},
		"the network":          {metadata + body + `report contains http.send({"url": "x"})` + "\n", "undefined function http.send"},
		"a variable too many":  {metadata + body + "report contains 1 if { x := 1 }\n", "x unused"},
		"a name of two parts":  {metadata + body + "report contains 1 if x.y\n\nx[input.a] := 1\n", "has several parts"},
		"a name that is wrong": {metadata + body + "report contains lib.nothing\n", "var lib is unsafe"},
	} {
		_, err := policy.Link(fstest.MapFS{"a/b/b.rego": {Data: []byte(c.text)}}, planner.Make)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", name, err, c.want)
		}
	}
}

func BenchmarkColdLoad(b *testing.B) {
	inv := fleet(1, 12, 12)
	for b.Loop() {
		judge(b, policy.Options{}, inv)
	}
}

// cpu is the time that the process has spent on all processors.
func cpu(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func benchmark(b *testing.B, inv *inventory.Inventory, rules ...string) {
	b.Helper()
	const asTheCommand = 200 // percent, see cmd/nixlint/main.go
	defer debug.SetGCPercent(debug.SetGCPercent(asTheCommand))
	// The assessment has a benchmark of its own.
	j, err := policy.New(policy.Options{Exposure: func(*inventory.Unit) policy.Exposure { return policy.Exposure{Min: 40, Max: 50} }})
	if err != nil {
		b.Fatal(err)
	}
	units := 0
	for i := range inv.Hosts {
		units += len(inv.Hosts[i].Units)
	}
	if len(rules) == 0 {
		rules = ids(j.Rules())
	}
	before := cpu(b)
	for b.Loop() {
		if _, err := j.Judge(b.Context(), inv, rules); err != nil {
			b.Fatal(err)
		}
	}
	used := (cpu(b) - before) / time.Duration(b.N)
	b.ReportMetric(float64(used.Milliseconds()), "cpu-ms")
	b.ReportMetric(float64(used.Microseconds())/float64(units), "cpu-µs/unit")
}

// The growth is linear when a unit costs the same in both.
func BenchmarkDistinctUnits(b *testing.B) {
	for _, n := range []int{1000, 10000} {
		b.Run(strconv.Itoa(n), func(b *testing.B) { benchmark(b, fleet(n/100, 100, n)) })
	}
}

func BenchmarkFleet(b *testing.B) { benchmark(b, fleet(500, 100, 300)) }

// BenchmarkEachRule shows which rules are dear.
func BenchmarkEachRule(b *testing.B) {
	inv := fleet(10, 100, 1000)
	for _, r := range policy.Rules() {
		b.Run(r.ID, func(b *testing.B) { benchmark(b, inv, r.ID) })
	}
}

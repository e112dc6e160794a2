package systemd_test

import (
	"math/rand/v2"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/nixlint/nixlint/loader/systemd"
)

// general are values that every directive is tried with.
var general = []string{
	"", "yes", "ture", "-5", "20", "1min 30s", "infinity", "0750", "SIGTERM", "CAP_FOO", "a.service", "network", "/abs", "relative/b", "all",
	"1GB", "50%", "/a:/b", "/a/../b", `"quoted`, `a\qb`, "~", "A=b", "é", "a b",
}

// dropped are directives of which systemd drops words that it does not know without saying so.
var dropped = []string{"SecureBits", "CapabilityBoundingSet", "AmbientCapabilities", "DisableControllers"}

// unjudged are directives whose values are not looked at here, but by systemd.
var unjudged = []string{
	"RootImagePolicy", "MountImagePolicy", "ExtensionImagePolicy", "XAttrAccept", "XAttrEntryPoint", "XAttrListen", "OOMRules", "LUOSession",
}

// zoned is a calendar whose last word may be the zone of a machine.
var zoned = regexp.MustCompile(`^OnCalendar=.* [A-Z][^ ]*$`)

// widened are directives that later versions than 252 read more values of. Without those versions, what they do not read is not compared.
var widened = []string{
	"BindToDevice", "ConfigurationDirectory", "ExecStart", "ListenStream", "ListenDatagram", "MessageQueueMessageSize", "ProtectHostname",
	"RestrictNetworkInterfaces", "SocketBindAllow", "SystemCallFilter", "SystemCallArchitectures", "Timestamping", "What", "StateDirectory", "PrivateMounts",
}

// TestWantedAgrees compares what no version reads, in our judgement, with each of them, and the other way round: for the values of
// testdata/values.txt, variants of them, and all directives with the general ones.
func TestWantedAgrees(t *testing.T) {
	t.Parallel()
	compareWanted(t, valueLines(t))
}

func valueLines(t *testing.T) []line {
	t.Helper()
	var lines []line
	tried := map[string]bool{} // one section does: a grammar hardly ever differs between them
	for _, d := range systemd.Directives() {
		if tried[d.Name] {
			continue
		}
		tried[d.Name] = true
		for _, v := range general {
			lines = append(lines, line{d.Section, d.Name + "=" + v})
		}
	}
	text, err := os.ReadFile("testdata/values.txt")
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(seed(t), 1)) // to be the same each time
	for l := range strings.Lines(string(text)) {
		section, rest, _ := strings.Cut(strings.TrimRight(l, "\n"), " ")
		name, values, ok := strings.Cut(rest, "=")
		if !ok || section == "#" {
			continue
		}
		all := strings.Split(values, " | ")
		for _, v := range all {
			lines = append(lines, line{section, name + "=" + v})
			for range variants {
				lines = append(lines, line{section, name + "=" + vary(random, v, all)})
			}
		}
	}
	lines = slices.DeleteFunc(lines, func(l line) bool { return strings.HasSuffix(l.text, `\`) }) // which continues
	slices.SortFunc(lines, func(a, b line) int { return strings.Compare(a.section+a.text, b.section+b.text) })
	return slices.Compact(lines)
}

// seed is another one where NIXLINT_SEED names it.
func seed(t *testing.T) uint64 {
	t.Helper()
	if s := os.Getenv("NIXLINT_SEED"); s != "" {
		n, err := strconv.ParseUint(s, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	return 1
}

// variants is how many are made of each value.
const variants = 1

// vary changes a character or joins two values.
func vary(random *rand.Rand, value string, others []string) string {
	if value == "" {
		return value
	}
	at := random.IntN(len(value) + 1)
	piece := []string{" ", ":", "/", "-", ".", "~", "5", "0", "a", "A", "K", "%", `"`, `\`, "@", ",", "=", "+", "!", ";", "..", "//", "x", "é"}[random.IntN(24)]
	switch random.IntN(4) {
	case 0:
		return value[:at] + piece + value[at:]
	case 1:
		return value[:max(0, at-1)] + value[at:]
	case 2:
		return value[:max(0, at-1)] + piece + value[at:]
	}
	return value + piece + others[random.IntN(len(others))]
}

func compareWanted(t *testing.T, lines []line) {
	t.Helper()
	read, tried, refused := map[line]bool{}, map[line]bool{}, map[line]bool{}
	newest := 0
	for _, r := range releases(t) {
		newest = max(newest, r.version)
		said := r.answers(t, lines)
		for _, l := range lines {
			name, value, _ := strings.Cut(l.text, "=")
			in, _ := systemd.Support(l.section, name)
			if r.version < in.Since || in.Until > 0 && r.version >= in.Until {
				continue
			}
			want, _ := systemd.Wanted(l.section, name, value)
			read[l], tried[l], refused[l] = read[l] || said[l].text == "", true, refused[l] || said[l].refused
			if want != "" && said[l].text == "" && !slices.Contains(dropped, name) {
				t.Errorf("systemd %d reads [%s] %s, we want %s", r.version, l.section, l.text, want)
			}
		}
	}
	for _, l := range lines {
		name, value, _ := strings.Cut(l.text, "=")
		want, effect := systemd.Wanted(l.section, name, value)
		switch {
		case !tried[l] || newest < systemd.Newest && slices.Contains(widened, name), slices.Contains(unjudged, name), zoned.MatchString(l.text):
		case name == "BindPaths" && strings.Contains(value, `"`): // quotes in the middle join parts in ways of their own
		case !read[l] && want == "" && !strings.Contains(value, "%"):
			t.Errorf("[%s] %s is read by no systemd here, and we want nothing else", l.section, l.text)
		case want != "" && !read[l] && refused[l] != (effect == systemd.Refused):
			t.Errorf("[%s] %s: systemd does not load the unit: %t, we say %q", l.section, l.text, refused[l], effect)
		}
	}
	t.Logf("%d assignments", len(lines))
}

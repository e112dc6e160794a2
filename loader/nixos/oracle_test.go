package nixos_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/nixlint/nixlint/fixtures/oracle"
	"github.com/nixlint/nixlint/loader/inventory"
	"github.com/nixlint/nixlint/loader/systemd"
)

// Real Nix with nixpkgs' lib and the modules of NixOS that make unit text: NIXLINT_NIXPKGS_LIB is the folder lib of nixpkgs,
// NIXLINT_NIXOS_MODULES its folder nixos.

// realNix evaluates modules as NixOS does.
type realNix struct{ program, lib, nixos, expr string }

// realUnit is what NixOS makes of one unit.
type realUnit struct {
	Enable                                  bool
	Text                                    string
	WantedBy, RequiredBy, UpheldBy, Aliases []string
	OverrideStrategy                        string
}

// realHost is what NixOS makes of modules. Failed units do not evaluate; Tmpfiles are nil where they do not.
type realHost struct {
	Units    map[string]realUnit
	Failed   map[string]string
	Tmpfiles map[string][]string
}

func newRealNix(tb testing.TB) realNix {
	tb.Helper()
	lib, modules := os.Getenv("NIXLINT_NIXPKGS_LIB"), os.Getenv("NIXLINT_NIXOS_MODULES")
	if lib == "" || modules == "" {
		tb.Skip("NIXLINT_NIXPKGS_LIB or NIXLINT_NIXOS_MODULES is not set")
	}
	expr, err := filepath.Abs("testdata/oracle.nix")
	if err != nil {
		tb.Fatal(err)
	}
	return realNix{oracle.Nix(tb), lib, modules, expr}
}

var errNix = errors.New("nix-instantiate failed")

func (n realNix) eval(expr string, out any) error {
	cmd := exec.CommandContext(context.Background(), n.program, "--eval", "--strict", "--json", "--readonly-mode", "--expr", expr)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	text, err := cmd.Output()
	if err != nil {
		return fmt.Errorf("%w: %s", errNix, regexp.MustCompile(`(?s)error: .*`).FindString(stderr.String()))
	}
	text = regexp.MustCompile(`/nix/store/[0-9a-z]{32}-`).ReplaceAll(text, []byte("/nix/store/"+systemd.StoreHash+"-"))
	return json.Unmarshal(text, out) //nolint:wrapcheck // the caller prints it
}

// host evaluates modules, absolute paths. A unit that does not evaluate is left out with its reason.
func (n realNix) host(root string, modules []string, names map[string]bool) (realHost, error) {
	var quoted strings.Builder
	for _, name := range slices.Sorted(maps.Keys(names)) {
		quoted.WriteString(` "` + name + `"`)
	}
	var expr string
	out := realHost{Units: map[string]realUnit{}, Failed: map[string]string{}}
	var first error
	for _, mode := range []string{"", "home = true;", "free = true;", "free = true; home = true;"} {
		expr = fmt.Sprintf("(import %s { lib = import %s; nixos = %s; root = %q; modules = [ %s ]; names = [ %s ]; %s })",
			n.expr, n.lib, n.nixos, root, strings.Join(modules, " "), quoted.String(), mode)
		err := n.eval(expr+".units", &out.Units)
		if err == nil {
			first = nil
			break
		}
		if first == nil {
			first = err
		}
	}
	if first != nil {
		expr = strings.Replace(expr, " home = true;", "", 1)
		var units []string
		if err := n.eval(expr+".unitNames", &units); err != nil {
			return out, first
		}
		for _, name := range units {
			var u realUnit
			if err := n.eval(expr+".units."+quoteNix(name), &u); err != nil {
				out.Failed[name] = err.Error()
				continue
			}
			out.Units[name] = u
		}
		if len(out.Units) == 0 {
			return out, first
		}
	}
	if err := n.eval(expr+".tmpfiles", &out.Tmpfiles); err != nil {
		out.Tmpfiles = nil
	}
	source := systemd.StorePaths("<pkgs.source>")
	for name, u := range out.Units {
		u.Text = strings.ReplaceAll(u.Text, root, source)
		out.Units[name] = u
	}
	for _, lines := range out.Tmpfiles {
		for i := range lines {
			lines[i] = strings.ReplaceAll(lines[i], root, source)
		}
	}
	return out, nil
}

func quoteNix(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "${", `\${`).Replace(s) + `"`
}

// tally counts what was compared.
type tally struct {
	units, bytes        int // units compared; equal to the byte
	directives, decided int // that NixOS writes; of which nixlint says all
	lines, saidLines    int // of tmpfiles.d, likewise
	wrong               []string
	undecided           map[string]int // why
	hosts, failed       int
}

func (c *tally) add(o tally) {
	c.units, c.bytes, c.directives, c.decided = c.units+o.units, c.bytes+o.bytes, c.directives+o.directives, c.decided+o.decided
	c.lines, c.saidLines = c.lines+o.lines, c.saidLines+o.saidLines
	c.wrong = append(c.wrong, o.wrong...)
	c.hosts++
	if c.undecided == nil {
		c.undecided = map[string]int{}
	}
	for why, n := range o.undecided {
		c.undecided[why] += n
	}
}

func (c *tally) String() string {
	return fmt.Sprintf("%d hosts, %d units (%d equal to the byte), %d directives, %d decided, %d lines of tmpfiles.d, %d decided, %d wrong",
		c.hosts, c.units, c.bytes, c.directives, c.decided, c.lines, c.saidLines, len(c.wrong))
}

// compareHost compares all that nixlint calls decided with what NixOS makes.
func compareHost(inv *inventory.Inventory, real realHost) tally {
	c := tally{undecided: map[string]int{}}
	if len(inv.Hosts) == 0 {
		return c
	}
	host := &inv.Hosts[0]
	seen := map[string]bool{}
	for i := range host.Units {
		u := &host.Units[i]
		key := u.Scope + "/" + u.Name
		r, ok := real.Units[key]
		seen[key] = true
		if _, failed := real.Failed[key]; failed || u.Status == inventory.Commented || u.Status == inventory.Upstream {
			continue
		}
		if !ok {
			if u.Status == inventory.Active || u.Status == inventory.Override {
				c.wrong = append(c.wrong, key+": NixOS makes no such unit")
			}
			continue
		}
		c.unit(key, u, r)
	}
	for _, key := range slices.Sorted(maps.Keys(real.Units)) {
		if !seen[key] && len(host.Missing) == 0 {
			c.wrong = append(c.wrong, key+": the unit is lost")
		}
	}
	c.tmpfiles(host, real.Tmpfiles)
	return c
}

// tmpfiles compares the lines of tmpfiles.d: those that are decided must all be there, in that order, and no other one.
func (c *tally) tmpfiles(host *inventory.Host, real map[string][]string) {
	if real == nil {
		return
	}
	mine, open := map[string][]string{}, map[string]bool{}
	for _, rule := range host.Tmpfiles {
		switch {
		case rule.Scope != "":
		case !rule.Line.Decided():
			open[rule.File] = true
		case !rule.Line.Alternatives[0].Absent:
			mine[rule.File] = append(mine[rule.File], systemd.StorePaths(rule.Line.Alternatives[0].Value))
		}
	}
	for _, file := range slices.Compact(slices.Sorted(slices.Values(append(slices.Collect(maps.Keys(mine)), slices.Collect(maps.Keys(real))...)))) {
		c.lines += len(real[file])
		c.saidLines += len(mine[file])
		switch {
		case open[file] && !subset(mine[file], real[file]), !open[file] && len(host.Missing) == 0 && !slices.Equal(mine[file], real[file]):
			c.wrong = append(c.wrong, fmt.Sprintf("tmpfiles.d/%s is %q, NixOS has %q", file, mine[file], real[file]))
		}
	}
}

func (c *tally) unit(key string, u *inventory.Unit, r realUnit) {
	c.units++
	text, partial := systemd.Render(u, systemd.Stage)
	same := text == r.Text
	if same {
		c.bytes++
	}
	bad := len(c.wrong)
	mine, theirs := unitLines(text), unitLines(r.Text)
	for _, name := range slices.Sorted(maps.Keys(theirs)) {
		c.directives++
		section, directive, _ := strings.Cut(name, ".")
		settings := u.Sections[section][directive]
		why := undecided(settings)
		if section == "Install" {
			targets := make([]inventory.Setting, len(u.Links))
			for i, l := range u.Links {
				targets[i] = l.Target
			}
			why = undecided(targets)
		}
		switch {
		case why == "" && slices.Equal(mine[name], theirs[name]):
			c.decided++
		case u.Completeness == inventory.Partial && name == "Service.Environment" && why == "" && subset(mine[name], theirs[name]):
			c.directives-- // what else there is depends on the base
		case why != "":
			c.undecided[why]++
		case len(settings) == 0 && section != "Install" && (u.Open != ""):
			c.undecided["the unit may have more: "+u.Open]++
		default:
			c.decided++
			c.wrong = append(c.wrong, fmt.Sprintf("%s: %s is %q, NixOS has %q", key, name, mine[name], theirs[name]))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(mine)) {
		section, directive, _ := strings.Cut(name, ".")
		if len(theirs[name]) == 0 && undecided(u.Sections[section][directive]) == "" {
			c.wrong = append(c.wrong, fmt.Sprintf("%s: %s is %q, NixOS has none", key, name, mine[name]))
		}
	}
	c.links(key, u, r)
	if !same && !partial && len(c.wrong) == bad {
		c.wrong = append(c.wrong, fmt.Sprintf("%s: the text differs:\n%s\nNixOS:\n%s", key, text, r.Text))
	}
	if u.Status == inventory.Disabled && r.Enable || u.Status == inventory.Active && !r.Enable {
		c.wrong = append(c.wrong, fmt.Sprintf("%s: status %s, NixOS has enable = %v", key, u.Status, r.Enable))
	}
}

func (c *tally) links(key string, u *inventory.Unit, r realUnit) {
	for kind, want := range map[string][]string{"wants": r.WantedBy, "requires": r.RequiredBy, "upholds": r.UpheldBy, "alias": r.Aliases} {
		var got []string
		known := true
		for _, l := range u.Links {
			if l.Type != kind {
				continue
			}
			known = known && undecided([]inventory.Setting{l.Target}) == ""
			if len(l.Target.Alternatives) > 0 && !l.Target.Alternatives[0].Absent {
				got = append(got, l.Target.Alternatives[0].Value)
			}
		}
		if known && u.Open == "" && !slices.Equal(got, want) {
			c.wrong = append(c.wrong, fmt.Sprintf("%s: links %s are %q, NixOS has %q", key, kind, got, want))
		}
	}
}

// subset reports that all of a is in b, but for a PATH that has more there.
func subset(a, b []string) bool {
	for _, line := range a {
		if !slices.Contains(b, line) {
			return false
		}
	}
	return true
}

// undecided is why settings are not decided, empty when they are.
func undecided(settings []inventory.Setting) string {
	for _, s := range settings {
		if !s.Decided() {
			if len(s.Alternatives) == 1 {
				return s.Alternatives[0].Why
			}
			return "alternatives"
		}
	}
	return ""
}

// unitLines are the values of a unit file by section and directive.
func unitLines(text string) map[string][]string {
	out := map[string][]string{}
	section := ""
	for line := range strings.SplitSeq(text, "\n") {
		if strings.HasPrefix(line, "[") && strings.HasSuffix(line, "]") {
			section = line[1 : len(line)-1]
			continue
		}
		if name, value, ok := strings.Cut(line, "="); ok {
			out[section+"."+name] = append(out[section+"."+name], value)
		}
	}
	return out
}

var identifier = regexp.MustCompile(`[A-Za-z_][A-Za-z0-9_'-]*`)

// notPackages are attributes that would change what a set is.
var notPackages = []string{
	"_type", "__toString", "__functor", "__functionArgs", "type", "outPath", "recurseForDerivations", "name", "check", "merge", "or", "if", "then",
	"else", "let", "in", "with", "inherit", "rec", "assert", "imports", "config", "options",
}

// packageNames are all that could be the name of a package in files.
func packageNames(texts ...string) map[string]bool {
	out := map[string]bool{}
	for _, text := range texts {
		for _, name := range identifier.FindAllString(text, -1) {
			out[name] = true
		}
	}
	for _, name := range notPackages {
		delete(out, name)
	}
	return out
}

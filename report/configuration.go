package report

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/nixlint/nixlint/checks"
	"github.com/nixlint/nixlint/loader/inventory"
)

// Configuration writes a .nixlint.yaml to start from: what holds without one, and as comments what may be said, with what an
// inventory has and what was found in it. A line that starts with "#" and no blank is an example; so are those below it, indented.
func Configuration(w io.Writer, inv *inventory.Inventory, result *checks.Result) error {
	c := &starter{inv: inv, result: result}
	c.head()
	c.hosts()
	c.exclude()
	c.rules()
	c.site()
	c.waivers()
	return flush(w, c.out.Bytes())
}

type starter struct {
	out    bytes.Buffer
	inv    *inventory.Inventory
	result *checks.Result
}

func (c *starter) line(format string, args ...any) { fmt.Fprintf(&c.out, format+"\n", args...) }

func (c *starter) head() {
	c.line("# yaml-language-server: $schema=https://raw.githubusercontent.com/nixlint/nixlint/main/checks/config/schema.json")
	c.line("# What nixlint asks of this repository. `nixlint config verify` says whether this file is right.")
	c.line("")
	c.line("# baseline is for any repository; strict adds demands on particular services (nixlint rules).")
	c.line("policy: baseline")
	c.line("")
	c.line("# Findings of this level and above fail a run: error, warning or info.")
	c.line("fail-level: warning")
}

func (c *starter) hosts() {
	var names []string
	for i := range c.inv.Hosts {
		if h := &c.inv.Hosts[i]; h.Source != loose && !slices.Contains(names, h.Name) {
			names = append(names, quoted(h.Name))
		}
	}
	if len(names) == 0 {
		return
	}
	c.line("")
	c.line("# Only these hosts are judged; without this, all that are found.")
	c.line("#hosts: [%s]", strings.Join(names, ", "))
}

// exclude proposes folders whose names say that somebody else wrote what is in them.
func (c *starter) exclude() {
	foreign := []string{"vendor", "third_party", "third-party", "external", "node_modules", "npins", "nix/sources"}
	var found []string
	for i := range c.inv.Files {
		for dir := path.Dir(c.inv.Files[i].Path); dir != "."; dir = path.Dir(dir) {
			if slices.Contains(foreign, path.Base(dir)) && !slices.Contains(found, quoted(dir+"/**")) {
				found = append(found, quoted(dir+"/**"))
			}
		}
	}
	example := cmp.Or(strings.Join(found, ", "), `"vendor/**"`)
	c.line("")
	c.line("# Files that are not judged. What a host imports from them runs there all the same.")
	c.line("#exclude: [%s]", example)
}

func (c *starter) rules() {
	counts := map[string]int{}
	for i := range c.result.Findings {
		counts[c.result.Findings[i].Rule]++
	}
	ids := slices.SortedFunc(maps.Keys(counts), func(a, b string) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), strings.Compare(a, b))
	})
	c.line("")
	c.line("# Another level for a rule: error, warning, info, off. `nixlint explain RULE` says what it asks.")
	c.line("#rules:")
	if len(ids) == 0 {
		ids = []string{"hardening/sandbox"}
	}
	for _, id := range ids {
		c.line("#  %s: %s # %s today", id, c.level(id), count(counts[id], "finding"))
	}
}

func (c *starter) level(rule string) checks.Level {
	for i := range c.result.Findings {
		if f := &c.result.Findings[i]; f.Rule == rule {
			return f.Severity
		}
	}
	return checks.Info
}

// site proposes what is particular here: where services are defined, and which of them use a GPU.
func (c *starter) site() {
	root, n, all := c.servicesRoot()
	c.line("")
	c.line("# Facts about the machines, over the defaults that rules have. A list replaces a list; null removes an entry.")
	c.line("#site:")
	c.line("#  organization:")
	c.line("#    root: %s # %d of %s stand there", quoted(root), n, count(all, "unit"))
	if gpu := c.gpuServices(); len(gpu) > 0 {
		c.line("#  gpu:")
		c.line("#    units:")
		for _, name := range gpu {
			c.line("#      %s: {groups: [video], always: true}", quoted(name))
		}
	}
}

// servicesRoot is the folder, two levels deep at most, under which most units are defined.
func (c *starter) servicesRoot() (root string, n, all int) {
	counts := map[string]int{}
	c.units(func(u *inventory.Unit) {
		if len(u.Definitions) == 0 {
			return
		}
		all++
		if steps := strings.Split(path.Dir(u.Definitions[0].File), "/"); steps[0] != "." {
			counts[strings.Join(steps[:min(2, len(steps))], "/")]++
		}
	})
	root = "modules/services"
	for _, dir := range slices.Sorted(maps.Keys(counts)) {
		if counts[dir] > n {
			root, n = dir, counts[dir]
		}
	}
	return root, n, all
}

func (c *starter) gpuServices() []string {
	var out []string
	c.units(func(u *inventory.Unit) {
		for _, settings := range u.Sections["Service"] {
			for i := range settings {
				for _, a := range settings[i].Alternatives {
					name := strings.TrimSuffix(u.Name, ".service")
					if (strings.Contains(a.Value, "/dev/nvidia") || strings.Contains(a.Value, "CUDA_")) && !slices.Contains(out, name) {
						out = append(out, name)
					}
				}
			}
		}
	})
	slices.Sort(out)
	return out
}

func (c *starter) units(each func(*inventory.Unit)) {
	for i := range c.inv.Hosts {
		for k := range c.inv.Hosts[i].Units {
			if u := &c.inv.Hosts[i].Units[k]; checks.Judged(u) {
				each(u)
			}
		}
	}
}

func (c *starter) waivers() {
	c.line("")
	c.line("# Findings that are accepted, each with its reason. One that has ended, or that nothing needs, is a finding itself.")
	c.line("#waivers:")
	rule, unit := "hardening/sandbox", "example"
	for i := range c.result.Findings {
		if f := &c.result.Findings[i]; f.Unit != "" && !checks.IsOwn(f.Rule) {
			rule, unit = f.Rule, f.Unit
			break
		}
	}
	c.line("#  - rule: %s", rule)
	c.line("#    unit: %s", quoted(unit))
	c.line("#    reason: waits for a release of its vendor")
	c.line("#    owner: platform team")
	c.line("#    expires: 2099-12-31")
	c.line("")
	c.line("# Rules that no comment in the code can suppress: a waiver must stand here.")
	c.line("#locked: [secrets/environment, secrets/inline-argument]")
}

// quoted is a text of the repository in YAML: on one line, whatever is in it.
func quoted(s string) string { return strconv.QuoteToASCII(s) }

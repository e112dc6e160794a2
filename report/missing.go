package report

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/loader/inventory"
)

// shownReasons is how many reasons are named why something is not in sight; --format json has all.
const shownReasons = 8

// hidden says what is not in the tree, in lines: the flake inputs first, those that give modules to hosts apart, with the way to read them;
// then a line for each other reason, with what it hides and from how many hosts.
func hidden(inv *inventory.Inventory) []string {
	whats, hosts := map[string][]string{}, map[string][]string{}
	var modules, others []string
	for i := range inv.Hosts {
		h := &inv.Hosts[i]
		for _, m := range h.Missing {
			if input := flakeInput(m.Why); input != "" {
				if m.Name != input {
					modules = add(modules, input)
				}
				others = add(others, input)
				continue
			}
			whats[m.Why] = add(whats[m.Why], m.Name)
			hosts[m.Why] = add(hosts[m.Why], h.Name)
		}
	}
	others = slices.DeleteFunc(others, func(name string) bool { return slices.Contains(modules, name) })
	var lines []string
	if len(modules) > 0 {
		lines = append(lines, listed(count(len(modules), "flake input")+" with modules that hosts use, not on disk", modules)...)
	}
	if len(others) > 0 {
		lines = append(lines, listed(count(len(others), "flake input")+" not on disk", others)...)
	}
	if len(lines) > 0 {
		lines = append(lines, "  read them with --input NAME=PATH, or those of the lock file with --use-store")
	}
	for i, why := range slices.Sorted(maps.Keys(whats)) {
		if i == shownReasons {
			return append(lines, fmt.Sprintf("and %s; --format json has all", count(len(whats)-i, "other reason")))
		}
		line := oneLine(why) + ": " + few(whats[why])
		if len(inv.Hosts) > 1 {
			line += " (" + fewHosts(inv, hosts[why]) + ")"
		}
		lines = append(lines, line)
	}
	return lines
}

// flakeInput is the input that a reason is about; empty for other reasons.
func flakeInput(why string) string {
	name, ok := strings.CutPrefix(why, "flake input ")
	name, in := strings.CutSuffix(name, " is not in the tree")
	if !ok || !in {
		return ""
	}
	return name
}

// listed is a heading and names, wrapped.
func listed(heading string, names []string) []string {
	return wrap(strings.Fields(heading + ": " + strings.Join(names, ", ")))
}

// fewHosts names one or two hosts, or counts them.
func fewHosts(inv *inventory.Inventory, hosts []string) string {
	if len(hosts) > 2 {
		return count(len(hosts), "host")
	}
	names := slices.Clone(hosts)
	for i := range inv.Hosts {
		if at := slices.Index(names, inv.Hosts[i].Name); at >= 0 && inv.Hosts[i].Source == loose {
			names[at] = "loose modules"
		}
	}
	return Visible(strings.Join(names, ", "))
}

package config

import (
	"path"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/nixlint/nixlint/loader/source"
)

// Excluded reports whether a file is left out. Its path is relative to the folder of the configuration.
func (c *Config) Excluded(file string) bool {
	for _, g := range c.Exclude {
		if under(g.Value, file) {
			return true
		}
	}
	return false
}

// HasHost reports whether a host is to be judged.
func (c *Config) HasHost(name string) bool {
	for _, g := range c.Hosts {
		if doublestar.MatchUnvalidated(g.Value, name) {
			return true
		}
	}
	return len(c.Hosts) == 0
}

// UnmatchedHost is the first entry of Hosts that none of the names meets, and its place; empty when all are met.
func (c *Config) UnmatchedHost(names []string) (string, source.Span) {
	for _, g := range c.Hosts {
		if !slices.ContainsFunc(names, func(n string) bool { return doublestar.MatchUnvalidated(g.Value, n) }) {
			return g.Value, g.At
		}
	}
	return "", source.Span{}
}

// Covers reports whether the waiver is about a unit that is in a file. The unit is empty for what is about none.
func (w *Waiver) Covers(unit, file string) bool {
	if w.Unit != "" && !doublestar.MatchUnvalidated(w.Unit, unit) && !doublestar.MatchUnvalidated(w.Unit+".service", unit) {
		return false
	}
	return w.Path == "" || under(w.Path, file)
}

// under reports whether a glob matches a file or a folder that it lies in.
func under(glob, file string) bool {
	glob = strings.TrimSuffix(path.Clean(glob), "/")
	return doublestar.MatchUnvalidated(glob, file) || doublestar.MatchUnvalidated(glob+"/**", file)
}

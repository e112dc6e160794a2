// Package config reads .nixlint.yaml: the profile, the levels and parameters of rules, facts of the site, what is left out,
// waivers, and the profiles of a repository's own. It does not know the rules and the built-in profiles, which are handed
// to it, and it opens no file but through a source.Tree.
package config

import (
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/nixlint/nixlint/checks"
	"github.com/nixlint/nixlint/loader/source"
)

// Name is the name of the file.
const Name = ".nixlint.yaml"

// Config is what a configuration says; the zero value is that of a repository without one. Globs and folders are relative
// to the folder of the file.
type Config struct {
	Policy    string
	FailLevel checks.Level
	Profile   // rules of the file's own, over the profile; it extends nothing
	Profiles  map[string]Profile
	Site      map[string]any // what is laid over the default facts; a nil value takes an entry away
	Hosts     []Text
	Exclude   []Text
	Waivers   []Waiver
	// RuleDirectories are folders of the repository's own rules.
	RuleDirectories []Text
	Locked          []Text
	// Path is where the file lies in the tree it was found in; empty when there is none.
	Path string

	file *source.File
	site source.Span
}

// Text is a text and its place.
type Text struct {
	Value string
	At    source.Span
}

// Profile is a set of rules with their levels.
type Profile struct {
	Description string
	Extends     Text // empty for a profile that starts from nothing
	Rules       map[string]Rule
	at          source.Span
}

// Rule is what a profile says of a rule. Empty fields say nothing.
type Rule struct {
	Level, Minor checks.Level
	Unknown      string         // "fail" or "note"
	Parameters   map[string]any // facts, laid over those of the site
	at           source.Span
}

// Waiver accepts the findings of a rule in some units or files.
type Waiver struct {
	Rule, Unit, Path, Reason, Owner, Expires string
	At                                       source.Span
}

// Read reads a configuration. The error says all that is wrong with it, each mistake with its line and column.
func Read(f *source.File) (*Config, error) {
	r := &reader{file: f}
	g := grammar()
	n := r.document()
	if n != nil {
		r.is(n, &g, "")
	}
	if err := r.err(); err != nil {
		return nil, err
	}
	c := &Config{file: f, Profile: Profile{Rules: map[string]Rule{}}, Profiles: map[string]Profile{}}
	d := decoder{r}
	for k, v := range pairs(n) {
		switch k.Value {
		case "policy":
			c.Policy = v.Value
		case "fail-level":
			c.FailLevel = checks.Level(v.Value)
		case "rules":
			c.Rules = d.rules(v)
		case "profiles":
			for name, p := range pairs(v) {
				c.Profiles[name.Value] = d.profile(name, p)
			}
		case "site":
			c.Site, c.site = facts(v), r.at(k)
		case "hosts":
			c.Hosts = d.texts(v)
		case "exclude":
			c.Exclude = d.texts(v)
		case "waivers":
			for _, w := range v.Content {
				c.Waivers = append(c.Waivers, d.waiver(w))
			}
		case "rule-directories":
			c.RuleDirectories = d.texts(v)
		case "locked":
			c.Locked = d.texts(v)
		}
	}
	return c, nil
}

// ReadProfile reads a file that is one profile, in YAML or JSON.
func ReadProfile(f *source.File) (Profile, error) {
	r := &reader{file: f}
	s := profileShape()
	n := r.document()
	if n != nil {
		r.is(n, &s, "")
	}
	if err := r.err(); err != nil {
		return Profile{}, err
	}
	return decoder{r}.profile(n, n), nil
}

// Text is the file as it was read; empty when there is none.
func (c *Config) Text() string {
	if c.file == nil {
		return ""
	}
	return c.file.Text
}

// decoder takes nodes apart that meet their shape.
type decoder struct{ r *reader }

// pairs are the keys and values of a mapping.
func pairs(n *yaml.Node) func(func(k, v *yaml.Node) bool) {
	return func(yield func(k, v *yaml.Node) bool) {
		if n == nil {
			return
		}
		for i := 0; i+1 < len(n.Content); i += 2 {
			if !yield(n.Content[i], n.Content[i+1]) {
				return
			}
		}
	}
}

func (d decoder) texts(n *yaml.Node) []Text {
	out := make([]Text, len(n.Content))
	for i, e := range n.Content {
		out[i] = Text{e.Value, d.r.at(e)}
	}
	return out
}

func (d decoder) profile(at, n *yaml.Node) Profile {
	p := Profile{Rules: map[string]Rule{}}
	if at != nil {
		p.at = d.r.at(at)
	}
	for k, v := range pairs(n) {
		switch k.Value {
		case "description":
			p.Description = v.Value
		case "extends":
			p.Extends = Text{v.Value, d.r.at(v)}
		case "rules":
			p.Rules = d.rules(v)
		}
	}
	return p
}

func (d decoder) rules(n *yaml.Node) map[string]Rule {
	out := map[string]Rule{}
	for k, v := range pairs(n) {
		r := Rule{at: d.r.at(k)}
		if v.Kind == yaml.ScalarNode {
			r.Level = checks.Level(v.Value)
		}
		for k, v := range pairs(v) {
			switch k.Value {
			case "level":
				r.Level = checks.Level(v.Value)
			case "minor":
				r.Minor = checks.Level(v.Value)
			case "unknown":
				r.Unknown = v.Value
			case "parameters":
				r.Parameters = facts(v)
			}
		}
		out[k.Value] = r
	}
	return out
}

func (d decoder) waiver(n *yaml.Node) Waiver {
	w := Waiver{At: d.r.at(n)}
	fields := map[string]*string{
		"rule": &w.Rule, "unit": &w.Unit, "path": &w.Path, "reason": &w.Reason, "owner": &w.Owner, "expires": &w.Expires,
	}
	for k, v := range pairs(n) {
		*fields[k.Value] = strings.TrimSpace(v.Value)
		if k.Value == "rule" {
			w.At = d.r.at(v)
		}
	}
	return w
}

// facts are a mapping as JSON would have it.
func facts(n *yaml.Node) map[string]any {
	out := map[string]any{}
	for k, v := range pairs(n) {
		out[k.Value] = plain(v)
	}
	return out
}

func plain(n *yaml.Node) any {
	switch n.Kind {
	case yaml.MappingNode:
		return facts(n)
	case yaml.SequenceNode:
		out := make([]any, len(n.Content))
		for i, e := range n.Content {
			out[i] = plain(e)
		}
		return out
	case yaml.DocumentNode, yaml.ScalarNode, yaml.AliasNode:
	}
	switch n.ShortTag() {
	case "!!null":
		return nil
	case "!!int":
		var i int
		if n.Decode(&i) == nil {
			return float64(i) // as encoding/json reads it
		}
	case "!!bool":
		return strings.EqualFold(n.Value, "true")
	}
	return n.Value
}

// names are the keys of a map, sorted.
func names[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// Package policies holds the rules that nixlint brings along: Rego with its tests, the facts of the site that they are
// parametrised by, and the profiles that say which rules are on. It is data: package checks/policy runs it.
package policies

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
)

//go:embed */*.rego */*/*.rego
var sources embed.FS

//go:embed data/site.json profiles/*.json
var data embed.FS

// Sources are the rules and their library: CATEGORY/RULE/RULE.rego and lib/NAME.rego, with RULE_test.rego beside.
func Sources() fs.FS { return sources }

// Site are the facts that the rules read as data.site, in JSON: names of units, devices, modes, ports and paths.
func Site() []byte {
	text, err := data.ReadFile("data/site.json")
	if err != nil {
		return nil // it is embedded
	}
	return text
}

var fact = regexp.MustCompile(`\bsite\.([a-z_]+)`)

// Reads are the facts that a built-in rule reads: the keys of Site, sorted. They are its parameters.
func Reads(rule string) []string {
	text, err := sources.ReadFile(rule + "/" + path.Base(rule) + ".rego")
	if err != nil {
		return nil // it is none
	}
	var names []string
	for _, m := range fact.FindAllSubmatch(text, -1) {
		names = append(names, string(m[1]))
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// Level is what a profile says of one rule.
type Level struct {
	Level   string `json:"level"`             // "error", "warning", "info" or "off"
	Unknown string `json:"unknown,omitempty"` // "fail" when what cannot be told counts as a failure
	Minor   string `json:"minor,omitempty"`   // the level of the rule's lesser cases, "info" when empty
}

// ProfileData is a profile, with what it extends already in it. A rule it does not name is off.
type ProfileData struct {
	Name        string           `json:"name"`
	Description string           `json:"description"`
	Rules       map[string]Level `json:"rules"`
}

// Profiles are the names of the profiles, sorted.
func Profiles() []string {
	entries, err := data.ReadDir("profiles")
	if err != nil {
		return nil // it is embedded
	}
	var names []string
	for _, e := range entries {
		names = append(names, strings.TrimSuffix(e.Name(), ".json"))
	}
	slices.Sort(names)
	return names
}

// Profile reads a profile by its name.
func Profile(name string) (ProfileData, error) {
	if !slices.Contains(Profiles(), name) {
		return ProfileData{}, fmt.Errorf("unknown profile %q: want %s", name, strings.Join(Profiles(), " or "))
	}
	text, err := data.ReadFile(path.Join("profiles", name+".json"))
	if err != nil {
		return ProfileData{}, fmt.Errorf("profile %s: %w", name, err)
	}
	var p struct {
		ProfileData
		Extends string `json:"extends"`
	}
	if err := json.Unmarshal(text, &p); err != nil {
		return ProfileData{}, fmt.Errorf("profile %s: %w", name, err)
	}
	p.Name = name
	if p.Extends == "" {
		return p.ProfileData, nil
	}
	base, err := Profile(p.Extends)
	if err != nil {
		return ProfileData{}, fmt.Errorf("profile %s: %w", name, err)
	}
	for rule, level := range base.Rules {
		if _, ok := p.Rules[rule]; !ok {
			p.Rules[rule] = level
		}
	}
	return p.ProfileData, nil
}

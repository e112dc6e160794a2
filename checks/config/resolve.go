package config

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/checks"
	"github.com/nixlint/nixlint/loader/source"
)

// Known is what there is to name: rules and profiles that are built in, and the facts they read.
type Known struct {
	Rules    []string           // by ID, sorted, those of the run itself and of the repository too
	Own      []string           // those of Rules that the run itself has: they have a level, and cannot be off
	Profiles map[string]Profile // built in, by name, with what they extend already in them
	Site     []byte             // the default facts, in JSON
	// Reads names the facts that a rule reads: keys of site, sorted.
	Reads func(rule string) []string
}

// Judgement is what a run is to be done with.
type Judgement struct {
	Rules map[string]checks.Weight
	Site  []byte // the facts, in JSON; nil when they are the default ones
}

// Resolve works out the rules of a profile, with what the configuration says over it, and the facts. Name is a profile of
// the configuration or a built-in one. The error says what is wrong in the configuration, with line and column.
func (c *Config) Resolve(name string, known Known) (*Judgement, error) {
	p, ok := c.profile(name, known)
	if !ok {
		return nil, fmt.Errorf("unknown profile %q%s (profiles: %s)", name, didYouMean(name, c.ProfileNames(known)),
			strings.Join(c.ProfileNames(known), ", "))
	}
	return c.ResolveProfile(p, known)
}

// ResolveProfile is Resolve for a profile that has no name.
func (c *Config) ResolveProfile(p Profile, known Known) (*Judgement, error) {
	r := resolver{c: c, known: known, reader: reader{file: c.file}}
	r.names()
	rules := r.flatten(p, nil)
	r.over(rules, c.Rules)
	j := &Judgement{Rules: map[string]checks.Weight{}}
	for _, id := range names(rules) {
		rule := rules[id]
		switch {
		case rule.Level == "" && (rule.Minor != "" || rule.Unknown != "" || rule.Parameters != nil):
			r.problem(rule.at, "the rule %s has no level: the profile does not have it on; add level: warning, say", id)
		case rule.Level == checks.Off && slices.Contains(known.Own, id):
			r.problem(rule.at, "the rule %s cannot be off: it says what nobody else does", id)
		}
		j.Rules[id] = checks.Weight{Level: rule.Level, Minor: rule.Minor, UnknownFails: rule.Unknown == "fail"}
	}
	site := r.facts(rules)
	if err := r.err(); err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(names(j.Rules), func(id string) bool { return j.Rules[id].Level != checks.Off && !slices.Contains(known.Own, id) }) {
		return nil, errors.New("no rule is selected: every rule of the profile is off")
	}
	j.Site = site
	return j, nil
}

// ProfileNames are the profiles that can be named, sorted.
func (c *Config) ProfileNames(known Known) []string {
	return slices.Sorted(maps.Keys(mergedProfiles(c, known)))
}

func mergedProfiles(c *Config, known Known) map[string]Profile {
	all := maps.Clone(known.Profiles)
	maps.Copy(all, c.Profiles)
	return all
}

func (c *Config) profile(name string, known Known) (Profile, bool) {
	p, ok := mergedProfiles(c, known)[name]
	return p, ok
}

// resolver joins profiles; what is wrong with the names in the configuration is a problem of it.
type resolver struct {
	reader
	c     *Config
	known Known
}

// names checks what the configuration names outside of the profile that is asked for.
func (r *resolver) names() {
	for name, p := range r.c.Profiles {
		if _, ok := r.known.Profiles[name]; ok {
			r.problem(p.at, "the profile %s is built in; give it another name, and extends: %s", name, name)
		}
		r.flatten(p, nil)
	}
	for _, l := range r.c.Locked {
		r.rule(l.Value, l.At)
	}
	r.policy()
}

func (r *resolver) policy() {
	if r.c.Policy == "" {
		return
	}
	if _, ok := r.c.profile(r.c.Policy, r.known); !ok {
		r.unknown(r.c.file.Span(0, 0), "profile", r.c.Policy, r.c.ProfileNames(r.known))
	}
}

func (r *resolver) rule(id string, at source.Span) {
	if _, ok := slices.BinarySearch(r.known.Rules, id); !ok {
		if near := checks.Nearest(id, r.known.Rules); near != "" {
			r.problem(at, "unknown rule %q: did you mean %s?", id, near)
		} else {
			r.problem(at, "unknown rule %q; nixlint rules lists them", id)
		}
	}
}

// flatten are the rules of a profile with those of what it extends below them.
func (r *resolver) flatten(p Profile, through []string) map[string]Rule {
	rules := map[string]Rule{}
	if base := p.Extends.Value; base != "" {
		below, ok := r.c.profile(base, r.known)
		switch {
		case slices.Contains(through, base):
			r.problem(p.Extends.At, "the profiles extend each other: %s", strings.Join(append(through, base), ", "))
		case !ok:
			r.unknown(p.Extends.At, "profile", base, r.c.ProfileNames(r.known))
		default:
			rules = r.flatten(below, append(slices.Clone(through), base))
		}
	}
	r.over(rules, p.Rules)
	return rules
}

// over lays rules over others, field by field.
func (r *resolver) over(rules, upper map[string]Rule) {
	for _, id := range names(upper) {
		up, rule := upper[id], rules[id]
		if up.at.Valid() {
			r.rule(id, up.at)
			rule.at = up.at
		}
		if up.Level != "" {
			rule.Level = up.Level
		}
		if up.Minor != "" {
			rule.Minor = up.Minor
		}
		if up.Unknown != "" {
			rule.Unknown = up.Unknown
		}
		if up.Parameters != nil {
			rule.Parameters = laidOver(rule.Parameters, up.Parameters)
		}
		rules[id] = rule
	}
}

// facts are the default ones with those of the site and the parameters of the rules over them; nil when nothing is.
func (r *resolver) facts(rules map[string]Rule) []byte {
	over, by := r.parameters(rules)
	if len(r.c.Site) == 0 && len(over) == 0 {
		return nil
	}
	var all map[string]any
	if err := json.Unmarshal(r.known.Site, &all); err != nil {
		r.problem(source.Span{}, "the default facts: %v", err)
		return nil
	}
	all = laidOver(laidOver(all, r.c.Site), over)
	s := factsShape("")
	r.whole(all, &s, "site", by)
	out, err := json.Marshal(all)
	if err != nil {
		r.problem(source.Span{}, "the facts: %v", err)
	}
	return out
}

// parameters joins those of all rules. A fact is there once, so two rules cannot have it differently.
func (r *resolver) parameters(rules map[string]Rule) (facts map[string]any, at source.Span) {
	facts, at = map[string]any{}, r.c.site
	by := map[string]string{}
	for _, id := range names(rules) {
		rule := rules[id]
		if rule.Level == checks.Off {
			continue
		}
		for _, name := range names(rule.Parameters) {
			reads := r.known.Reads(id)
			value := rule.Parameters[name]
			switch {
			case !slices.Contains(reads, name) && len(reads) == 0:
				r.problem(rule.at, "the rule %s has no parameters", id)
			case !slices.Contains(reads, name):
				r.problem(rule.at, "the rule %s does not read %s; its parameters are: %s", id, name, strings.Join(reads, ", "))
			case by[name] != "" && !reflect.DeepEqual(facts[name], value):
				r.problem(rule.at, "the rules %s and %s share %s and state it differently; state it once, under site", by[name], id, name)
			}
			by[name], facts[name] = id, value
			at = rule.at
		}
	}
	return facts, at
}

// laidOver is a mapping over another one: mappings entry by entry, all else whole; nil takes an entry away.
func laidOver(below, upper map[string]any) map[string]any {
	out := maps.Clone(below)
	if out == nil {
		out = map[string]any{}
	}
	for k, v := range upper {
		up, isMap := v.(map[string]any)
		down, wasMap := out[k].(map[string]any)
		switch {
		case v == nil:
			delete(out, k)
		case isMap && wasMap:
			out[k] = laidOver(down, up)
		case isMap:
			out[k] = laidOver(nil, up) // what it would take away is not there
		default:
			out[k] = v
		}
	}
	return out
}

// whole checks that entries which are new have all that the rules read of them.
func (r *resolver) whole(v any, s *shape, where string, at source.Span) {
	m, ok := v.(map[string]any)
	if !ok {
		return
	}
	for _, k := range names(m) {
		if s.kind == table {
			r.whole(m[k], s.each, join(where, k), at)
		}
	}
	if s.kind != object {
		return
	}
	for i := range s.keys {
		k := &s.keys[i]
		if _, ok := m[k.name]; !ok && k.whole {
			r.problem(at, "%s has no %s, want %s", where, k.name, k.described())
		}
		r.whole(m[k.name], &k.shape, join(where, k.name), at)
	}
}

func didYouMean(word string, choices []string) string {
	if near := checks.Nearest(word, choices); near != "" {
		return ": did you mean " + near + "?"
	}
	return ""
}

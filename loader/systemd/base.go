package systemd

import (
	"maps"
	"slices"

	"github.com/nixlint/nixlint/loader/inventory"
)

// Open reports whether a unit may have directives in a section that are not in sight: a further module may add them, or its base is
// elsewhere and is not known whole.
func Open(u *inventory.Unit, section string) bool {
	return u.Open != "" || u.Completeness == inventory.Partial && !slices.Contains(u.BaseClosed, section)
}

// ofBase counts, by section and directive, how many of the settings in front are the base's.
type ofBase map[string]map[string]int

// own turns indices into merged settings into those of the unit's own: what the base states is Implied.
func (o ofBase) own(section, name string, all []Possible) []Possible {
	n := o[section][name]
	if n == 0 {
		return all
	}
	for i := range all {
		for k := range all[i].Values {
			v := &all[i].Values[k]
			v.Index = max(v.Index-n, Implied)
		}
	}
	return distinct(all)
}

// WithBase is a unit with what its base states before what it states itself, as NixOS merges them: by directive the stronger
// definitions hold, equally strong ones all do, the base's first. from counts the settings of the base. A unit without a known base
// is returned as it is.
func WithBase(u *inventory.Unit) (based *inventory.Unit, from ofBase) {
	if len(u.BaseSections) == 0 {
		return u, nil
	}
	out := *u
	out.Sections = maps.Clone(u.Sections)
	if out.Sections == nil {
		out.Sections = map[string]map[string][]inventory.Setting{}
	}
	from = ofBase{}
	for section, directives := range u.BaseSections {
		merged := maps.Clone(out.Sections[section])
		if merged == nil {
			merged = map[string][]inventory.Setting{}
		}
		from[section] = map[string]int{}
		for name, base := range directives {
			merged[name], from[section][name] = over(section, name, base, u.Sections[section][name])
		}
		out.Sections[section] = merged
	}
	return &out, from
}

// over is a directive of which a base and an override say something, and how many of the settings are the base's.
func over(section, name string, base, own []inventory.Setting) (settings []inventory.Setting, ofBase int) {
	if len(own) == 0 {
		return base, len(base)
	}
	low, high := strengths(base)
	first, last := strengths(own)
	kind, _ := Directive(section, name)
	switch {
	case last == 0: // the override makes no assignment
	case first > high: // the override is only a default
		if conditional(base) {
			return doubted, len(doubted)
		}
		return base, len(base)
	case last < low && !conditional(own):
		return own, 0
	case last < low && !scalar(kind):
		return doubted, len(doubted) // under its condition the override drops the base's list
	}
	return slices.Concat(base, own), len(base)
}

const whyDoubted = "whether the override or its base holds is not decided"

// doubted stands for settings of which it is not decided which hold.
var doubted = []inventory.Setting{{Alternatives: []inventory.Alternative{{Value: "<unknown: " + whyDoubted + ">", Why: whyDoubted}}}}

// strengths are the lowest and the highest priority that settings are made with; the highest is 0 when none is made.
func strengths(settings []inventory.Setting) (low, high int) {
	const plain = 100
	low, high = int(^uint(0)>>1), 0
	for _, s := range settings {
		for _, a := range s.Alternatives {
			if a.Absent {
				continue
			}
			p := a.Priority
			if p == 0 {
				p = plain
			}
			low, high = min(low, p), max(high, p)
		}
	}
	return low, high
}

// conditional reports that it is not decided whether some of the settings are made.
func conditional(settings []inventory.Setting) bool {
	return slices.ContainsFunc(settings, func(s inventory.Setting) bool {
		return slices.ContainsFunc(s.Alternatives, func(a inventory.Alternative) bool { return a.Absent })
	})
}

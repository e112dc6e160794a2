package checks

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/loader/inventory"
)

// Before is what was found before a change, and what the change does to the units.
type Before struct {
	Result    *Result
	Inventory *inventory.Inventory
	Changes   []inventory.Change // from then to now
	// Harmless reports that a directive of a changed unit protects it no less than it did, whatever it lost; nil knows none such.
	Harmless func(*inventory.Change, inventory.DirectiveChange) bool
	Notices  []inventory.Problem // to say about the comparison
	// AcceptIgnores lets comments that the change adds suppress what the change adds.
	AcceptIgnores bool
}

// Since keeps the findings that a change adds: those that were not there, and those that it made worse. A finding is worse when it
// is heavier or certain now, when it holds on a host that was there and did not have it, or when it says something that it did not
// because the change took something from its unit; it is not where the value is another one on the way to what is wanted. What only a comment of the change itself suppresses is a finding.
func (r *Result) Since(b Before) {
	s := since{Before: b, open: map[string]*Finding{}, hidden: map[string]bool{}, comments: map[comment]bool{}, loses: map[string]bool{}, hosts: map[string]bool{}}
	s.index()
	there := s.match(r)
	var fresh, suppressed []Finding
	for i := range r.Findings {
		f := &r.Findings[i]
		if s.isNew(f) {
			fresh = append(fresh, *f)
		} else {
			r.Summary.Known++
		}
	}
	for i := range r.Suppressed {
		f := &r.Suppressed[i]
		if s.hidden[f.Fingerprint] || b.AcceptIgnores || s.comments[commentOf(f)] || !s.isNew(f) {
			suppressed = append(suppressed, *f)
			continue
		}
		f.Notes = append(f.Notes, Note{Message: fmt.Sprintf("the comment that would suppress it (%q) comes with the same change: "+
			"land it first, or take such comments with --accept-new-ignores", f.Suppressed)})
		f.Suppressed = ""
		fresh = append(fresh, *f)
	}
	for f := range s.open {
		if !there[f] {
			r.Summary.Fixed++
		}
	}
	r.Findings, r.Suppressed = append([]Finding{}, fresh...), suppressed
	sortFindings(r.Findings)
	r.recount()
}

type since struct {
	Before
	open     map[string]*Finding // by fingerprint, also those that were of another value
	hidden   map[string]bool     // fingerprints of what was suppressed
	comments map[comment]bool    // that suppressed something
	hosts    map[string]bool     // that there were
	loses    map[string]bool     // units that lose something, by host, scope and name
}

// comment is a suppression as far as it is the same after a change: the rule and unit it spoke of, and its words.
type comment struct{ rule, scope, unit, reason string }

func commentOf(f *Finding) comment { return comment{f.Rule, f.Scope, f.Unit, f.Suppressed} }

func (s *since) index() {
	for i := range s.Result.Findings {
		f := &s.Result.Findings[i]
		s.open[f.Fingerprint] = f
	}
	for i := range s.Result.Suppressed {
		f := &s.Result.Suppressed[i]
		s.hidden[f.Fingerprint] = true
		if f.Unit != "" {
			s.comments[commentOf(f)] = true
		}
	}
	for i := range s.Inventory.Hosts {
		s.hosts[s.Inventory.Hosts[i].Name] = true
	}
	for i := range s.Changes {
		c := &s.Changes[i]
		if slices.ContainsFunc(c.Directives, func(d inventory.DirectiveChange) bool { return d.Loses() && (s.Harmless == nil || !s.Harmless(c, d)) }) {
			s.loses[place3(c.Host, c.Scope, c.Unit)] = true
		}
	}
}

// match finds what was found before of the values that a change has replaced, and returns the fingerprints of all that is there still.
// Another value has another fingerprint: a finding on it is new, unless the assessment knows that the change goes towards what is wanted.
func (s *since) match(r *Result) map[string]bool {
	there := map[string]bool{}
	came, gone := map[string][]*Finding{}, map[string][]*Finding{}
	for _, findings := range [][]Finding{r.Findings, r.Suppressed} {
		for i := range findings {
			f := &findings[i]
			there[f.Fingerprint] = true
			if s.open[f.Fingerprint] == nil {
				came[aboutWhat(f)] = append(came[aboutWhat(f)], f)
			}
		}
	}
	for fingerprint, f := range s.open {
		if !there[fingerprint] {
			gone[aboutWhat(f)] = append(gone[aboutWhat(f)], f)
		}
	}
	for what, is := range came {
		if was := gone[what]; len(is) == 1 && len(was) == 1 && s.nearer(was[0], is[0]) {
			s.open[is[0].Fingerprint] = was[0]
			there[was[0].Fingerprint] = true
		}
	}
	return there
}

// aboutWhat is what a finding is about, whatever the value is.
func aboutWhat(f *Finding) string {
	return strings.Join([]string{f.Rule, f.Scope, f.Unit, withoutIndices(f.Path)}, "\x00")
}

// nearer reports whether the directive of a finding has another value, wherever the finding holds, while it wants the same as before, and
// it is known that this protects no less than the one before, and no more than the one that is wanted.
func (s *since) nearer(was, f *Finding) bool {
	section, name, _ := strings.Cut(withoutIndices(f.Path), ".")
	_, demand, _ := strings.Cut(f.Message, wants)
	want, _, ok := strings.Cut(demand, ": ")
	if s.Harmless == nil || !ok || !strings.HasSuffix(was.Message, wants+demand) {
		return false
	}
	changed := false
	for _, host := range f.Hosts {
		if !s.hosts[host] {
			continue
		}
		for _, unit := range f.about() {
			i := slices.IndexFunc(s.Changes, func(c inventory.Change) bool {
				return c.Host == host && c.Scope == f.Scope && c.Unit == unit && c.New != nil
			})
			if i < 0 || !s.between(&s.Changes[i], section, name, want) {
				return false
			}
			changed = true
		}
	}
	return changed
}

// between reports whether a directive of a changed unit is on the way to another value.
func (s *since) between(c *inventory.Change, section, name, want string) bool {
	i := slices.IndexFunc(c.Directives, func(d inventory.DirectiveChange) bool { return d.Section == section && d.Name == name })
	if i < 0 || c.New.Sections[section] == nil || !s.Harmless(c, c.Directives[i]) {
		return false
	}
	there := *c.New
	there.Sections = maps.Clone(c.New.Sections)
	there.Sections[section] = maps.Clone(c.New.Sections[section])
	there.Sections[section][name] = []inventory.Setting{{Alternatives: []inventory.Alternative{{Value: want, Known: true}}}}
	return s.Harmless(&inventory.Change{Kind: inventory.Changed, Old: c.New, New: &there}, inventory.DirectiveChange{Section: section, Name: name})
}

// wants stands in a message before the value that is asked for: "UMask=0000, want 0077: …".
const wants = ", want "

func place3(host, scope, unit string) string { return host + "\x00" + scope + "\x00" + unit }

// isNew reports whether a finding was not there, or is worse; it then has a note that says why, where that is not plain.
func (s *since) isNew(f *Finding) bool {
	was := s.open[f.Fingerprint]
	switch {
	case was == nil:
		return true
	case f.Verdict == Fail && was.Verdict == Unknown:
		f.Notes = append(f.Notes, Note{Message: "before this change it was not certain"})
		return true
	case !was.Severity.AtLeast(f.Severity):
		f.Notes = append(f.Notes, Note{Message: "before this change it was of level " + string(was.Severity)})
		return true
	}
	for _, h := range f.Hosts {
		if s.hosts[h] && !slices.Contains(was.Hosts, h) {
			f.Notes = append(f.Notes, Note{Message: "before this change it did not hold on " + h})
			return true
		}
	}
	if was.Fingerprint == f.Fingerprint && saysMore(was.Message, f.Message) && s.lost(f) {
		f.Notes = append(f.Notes, Note{Message: "before this change: " + was.Message})
		return true
	}
	return false
}

// saysMore reports whether a message says more than part of what another one does. Where it has numbers, another one may mean anything.
func saysMore(was, is string) bool {
	if was == is {
		return false
	}
	known := pieces(was)
	return strings.ContainsAny(was+is, "0123456789") || slices.ContainsFunc(pieces(is), func(s string) bool { return !slices.Contains(known, s) })
}

// pieces are what a message lists, "a: b, c; d: e", each with what it is listed as.
func pieces(message string) []string {
	var out []string
	for clause := range strings.SplitSeq(message, "; ") {
		head, list, ok := strings.Cut(clause, ": ")
		if !ok {
			head, list = "", clause
		}
		for item := range strings.SplitSeq(list, ", ") {
			out = append(out, head+": "+item)
		}
	}
	return out
}

// lost reports whether the change took something from a unit of the finding.
func (s *since) lost(f *Finding) bool {
	for _, h := range f.Hosts {
		for _, unit := range f.about() {
			if s.loses[place3(h, f.Scope, unit)] {
				return true
			}
		}
	}
	return false
}

// recount counts the findings that are left.
func (r *Result) recount() {
	s := &r.Summary
	s.Errors, s.Warnings, s.Infos, s.Unknown, s.Suppressed = 0, 0, 0, 0, len(r.Suppressed)
	s.findings(r.Findings)
}

package checks

import (
	"cmp"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/loader/inventory"
)

// Summary counts what was found, and how much could be known.
type Summary struct {
	Errors          int      `json:"errors"`
	Warnings        int      `json:"warnings"`
	Infos           int      `json:"infos"`
	Unknown         int      `json:"unknown"` // findings whose verdict is Unknown
	Suppressed      int      `json:"suppressed"`
	Excluded        int      `json:"excluded"` // findings in files that the configuration excludes
	Known           int      `json:"known"`    // findings that were there before, in the baseline or at the merge base
	Fixed           int      `json:"fixed"`    // of those that were there before, the ones that are not any more
	SettingsJudged  int      `json:"settingsJudged"`
	SettingsUnknown int      `json:"settingsUnknown"` // of those, the ones with a value that is not known
	Reasons         []Reason `json:"reasons"`         // why, the most frequent first
	Units           int      `json:"units"`           // that were judged
	Hosts           int      `json:"hosts"`
	Rules           int      `json:"rules"` // that were asked
}

// Reason is why settings are not known.
type Reason struct {
	Why   string `json:"why"`
	Count int    `json:"count"`
}

func summarise(inv *inventory.Inventory, r *Result, rules int) Summary {
	s := Summary{Suppressed: len(r.Suppressed), Hosts: len(inv.Hosts), Rules: rules, Reasons: []Reason{}}
	s.findings(r.Findings)
	reasons := map[string]int{}
	for i := range inv.Hosts {
		h := &inv.Hosts[i]
		for k := range h.Units {
			if u := &h.Units[k]; Judged(u) {
				s.Units++
				s.count(u, reasons)
			}
		}
		for k := range h.Tmpfiles {
			s.setting(&h.Tmpfiles[k].Line, reasons)
		}
	}
	for why, n := range reasons {
		s.Reasons = append(s.Reasons, Reason{why, n})
	}
	slices.SortFunc(s.Reasons, func(a, b Reason) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), strings.Compare(a.Why, b.Why))
	})
	return s
}

func (s *Summary) findings(all []Finding) {
	for i := range all {
		switch all[i].Severity {
		case Error:
			s.Errors++
		case Warning:
			s.Warnings++
		default:
			s.Infos++
		}
		if all[i].Verdict == Unknown {
			s.Unknown++
		}
	}
}

func (s *Summary) count(u *inventory.Unit, reasons map[string]int) {
	for _, directives := range u.Sections {
		for _, settings := range directives {
			for i := range settings {
				s.setting(&settings[i], reasons)
			}
		}
	}
	for name := range u.Scripts {
		script := u.Scripts[name]
		s.setting(&script, reasons)
	}
}

func (s *Summary) setting(x *inventory.Setting, reasons map[string]int) {
	s.SettingsJudged++
	for i := range x.Alternatives {
		if a := &x.Alternatives[i]; !a.Known {
			s.SettingsUnknown++
			reasons[cmp.Or(a.Why, "no reason given")]++
			return
		}
	}
}

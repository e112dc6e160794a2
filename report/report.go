// Package report writes what a person or a service reads: findings as text, JSON and SARIF, rules, and the inventory as
// JSON. It does not judge, and it does not choose where the output goes: it writes to an io.Writer.
package report

import (
	"fmt"
	"io"
	"slices"

	"github.com/nixlint/nixlint/checks"
	"github.com/nixlint/nixlint/loader/inventory"
	"github.com/nixlint/nixlint/loader/source"
)

// Sources gives the files that findings point into. *source.Tree is one.
type Sources interface {
	// File returns the file of a path relative to the root, as it was judged.
	File(name string) (*source.File, error)
}

// Report is all there is to say about one run. Findings, suppressed ones and problems are written in the order given.
type Report struct {
	Version    string        // of nixlint
	Policy     string        // the name of the profile
	Root       string        // as a person would name it from where the command ran
	Rules      []checks.Rule // that were asked, sorted by ID
	Findings   []checks.Finding
	Suppressed []checks.Finding // empty unless they are to be shown
	Problems   []inventory.Problem
	Inventory  *inventory.Inventory
	Sources    Sources
	// SuppressedCount is how many findings were suppressed, shown or not.
	SuppressedCount int
}

// Summary counts what was found, and how much could be known.
type Summary struct {
	Findings   int `json:"findings"`
	Error      int `json:"error"`
	Warning    int `json:"warning"`
	Info       int `json:"info"`
	Fail       int `json:"fail"`
	Unknown    int `json:"unknown"`
	Suppressed int `json:"suppressed"`
	Failures   int `json:"failures"` // problems that stopped a judgement
	Notices    int `json:"notices"`
	Rules      int `json:"rules"`
	Hosts      int `json:"hosts"` // without the loose modules
	Units      int `json:"units"` // that were judged, host by host
	Tmpfiles   int `json:"tmpfiles"`
	Settings   int `json:"settings"` // of the judged units
	Known      int `json:"known"`    // of the settings: those with one known value
}

// Summary counts the report.
func (r *Report) Summary() Summary {
	s := Summary{Findings: len(r.Findings), Suppressed: max(r.SuppressedCount, len(r.Suppressed)), Rules: len(r.Rules)}
	for _, f := range r.Findings {
		switch f.Severity {
		case checks.Error:
			s.Error++
		case checks.Warning:
			s.Warning++
		case checks.Info, checks.Off:
			s.Info++
		}
		if f.Verdict == checks.Unknown {
			s.Unknown++
		} else {
			s.Fail++
		}
	}
	for _, p := range r.Problems {
		if isNotice(p) {
			s.Notices++
		} else {
			s.Failures++
		}
	}
	if r.Inventory != nil {
		for _, h := range r.Inventory.Hosts {
			s.countHost(h)
		}
	}
	return s
}

// String is the headline: "2 findings: 1 error, 1 warning, 0 notes (2 certain, 0 unknown)".
func (s Summary) String() string {
	if s.Findings > 0 {
		return fmt.Sprintf("%s: %s, %s, %s (%d certain, %d unknown)", count(s.Findings, "finding"),
			count(s.Error, "error"), count(s.Warning, "warning"), count(s.Info, "note"), s.Fail, s.Unknown)
	}
	if s.Failures > 0 {
		return "no findings in what could be judged"
	}
	return "no findings"
}

func (s *Summary) countHost(h inventory.Host) {
	if h.Source != "loose" {
		s.Hosts++
	}
	s.Tmpfiles += len(h.Tmpfiles)
	for _, u := range h.Units {
		switch u.Status {
		case inventory.Active, inventory.Guarded, inventory.Override:
			s.Units++
			s.countSettings(u)
		}
	}
}

func (s *Summary) countSettings(u inventory.Unit) {
	for _, section := range u.Sections {
		for _, settings := range section {
			s.Settings += len(settings)
			for _, setting := range settings {
				if setting.Decided() {
					s.Known++
				}
			}
		}
	}
}

func isNotice(p inventory.Problem) bool { return p.Severity == source.Notice.String() }

// rule returns the documentation of a rule; a rule that is not in the list (of a suppression, say) has only its name.
func (r *Report) rule(id string) checks.Rule {
	i, ok := slices.BinarySearchFunc(r.Rules, id, func(rule checks.Rule, id string) int {
		switch {
		case rule.ID < id:
			return -1
		case rule.ID > id:
			return 1
		}
		return 0
	})
	if !ok {
		return checks.Rule{ID: id, Title: id}
	}
	return r.Rules[i]
}

// place is where a finding stands. One about the whole repository that names no place stands at the first line of
// flake.nix, else of the first file: formats and people need a line to point at.
func (r *Report) place(at *inventory.Location) inventory.Location {
	if at != nil && at.File != "" {
		return *at
	}
	home := inventory.Location{File: "flake.nix", Line: 1, Column: 1, EndLine: 1, EndColumn: 1}
	if r.Inventory == nil || len(r.Inventory.Files) == 0 {
		return home
	}
	if !slices.ContainsFunc(r.Inventory.Files, func(f inventory.File) bool { return f.Path == home.File }) {
		home.File = r.Inventory.Files[0].Path
	}
	return home
}

// file returns the file of a location, or nil when it cannot be had.
func (r *Report) file(name string) *source.File {
	if r.Sources == nil {
		return nil
	}
	f, err := r.Sources.File(name)
	if err != nil {
		return nil
	}
	return f
}

// count is "1 finding" or "2 findings".
func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

func flush(w io.Writer, text []byte) error {
	if _, err := w.Write(text); err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	return nil
}

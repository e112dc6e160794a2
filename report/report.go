// Package report writes what a person or a service reads: findings as text, JSON and SARIF, rules, and the inventory as
// JSON. It does not judge, and it does not choose where the output goes: it writes to an io.Writer.
package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/checks"
	"github.com/nixlint/nixlint/loader/inventory"
	"github.com/nixlint/nixlint/loader/source"
)

// Sources gives the files that findings point into. *source.Tree is one.
type Sources interface {
	// File returns the file of a path relative to the root, as it was judged.
	File(name string) (*source.File, error)
}

// Report is all there is to say about one run. Findings and problems are written in the order given.
type Report struct {
	Version        string // of nixlint
	Policy         string // the name of the profile
	Root           string // as a person would name it from where the command ran
	Result         *checks.Result
	ShowSuppressed bool
	Inventory      *inventory.Inventory
	Sources        Sources
	Configuration  string // the path of the configuration, as a person would name it; empty when there is none
	HostsLeft      int    // hosts that the configuration leaves out
	// Before names what was there before: "the baseline f.json", "the merge base 1234567"; empty when all findings are shown.
	Before  string
	Systemd *Systemd // nil when it was not asked
}

// Systemd is the systemd of the machine that was asked too.
type Systemd struct {
	Version string `json:"version"`
	Units   int    `json:"units"` // that were given to it, of all hosts; equal hosts are asked about once
}

// Summary counts what was found, what could not be judged, and how much could be known.
type Summary struct {
	Findings int `json:"findings"`
	checks.Summary
	Tmpfiles int `json:"tmpfiles"` // lines, host by host
	Failures int `json:"failures"` // problems that stopped a judgement
	Notices  int `json:"notices"`
}

// Summary counts the report.
func (r *Report) Summary() Summary {
	s := Summary{Findings: len(r.Result.Findings), Summary: r.Result.Summary}
	for _, p := range r.Inventory.Problems {
		if isNotice(p) {
			s.Notices++
		} else {
			s.Failures++
		}
	}
	for i := range r.Inventory.Hosts {
		s.Tmpfiles += len(r.Inventory.Hosts[i].Tmpfiles)
	}
	return s
}

// String is the headline: "2 findings: 1 error, 1 warning, 0 notes; 1 of them unknown".
func (s Summary) String() string {
	switch {
	case s.Findings > 0:
		line := count(s.Findings, "finding") + ": " + count(s.Errors, "error") + ", " + count(s.Warnings, "warning") + ", " + count(s.Infos, "note")
		if s.Unknown > 0 {
			line += fmt.Sprintf("; %d of them unknown", s.Unknown)
		}
		return line
	case s.Failures > 0:
		return "no findings in what could be judged"
	}
	return "no findings"
}

// suppressed are the suppressed findings that are to be shown.
func (r *Report) suppressed() []checks.Finding {
	if !r.ShowSuppressed {
		return nil
	}
	return r.Result.Suppressed
}

func isNotice(p inventory.Problem) bool { return p.Severity == source.Notice.String() }

// rule returns the documentation of a rule; a rule that is not in the list has only its name.
func (r *Report) rule(id string) checks.Rule {
	i, ok := slices.BinarySearchFunc(r.Result.Rules, id, func(rule checks.Rule, id string) int { return strings.Compare(rule.ID, id) })
	if !ok {
		return checks.Rule{ID: id, Title: id}
	}
	return r.Result.Rules[i]
}

// place is where a finding stands. One about the whole repository that names no place stands at the first line of
// flake.nix, else of the first file: formats and people need a line to point at.
func (r *Report) place(at *inventory.Location) inventory.Location {
	if at != nil && at.File != "" {
		return *at
	}
	home := inventory.Location{File: "flake.nix", Line: 1, Column: 1, EndLine: 1, EndColumn: 1}
	if len(r.Inventory.Files) == 0 {
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

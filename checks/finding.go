// Package checks turns verdicts into findings: it locates them, applies levels and suppressions, fingerprints, merges and
// sorts them. It does not judge (a Judge does) and does not print (package report does).
package checks

import (
	"context"

	"github.com/nixlint/nixlint/loader/inventory"
)

// Level is how much a finding weighs.
type Level string

// The levels, from heavy to none. A rule that is Off is not run.
const (
	Error   Level = "error"
	Warning Level = "warning"
	Info    Level = "info"
	Off     Level = "off"
)

// Verdict is one of the two verdicts that are said; a pass is silent.
type Verdict string

// Fail means that every alternative breaks the rule; Unknown that it could not be told.
const (
	Fail    Verdict = "fail"
	Unknown Verdict = "unknown"
)

// Rule is a rule and its documentation, from the METADATA of its policy.
type Rule struct {
	ID               string   `json:"id"` // "hardening/sshd-sandbox"
	Title            string   `json:"title"`
	Description      string   `json:"description"` // what breaks if it is ignored
	Fix              string   `json:"fix"`         // how to mend it, with a Nix snippet; Markdown
	Kind             string   `json:"kind"`        // "unit", "tmpfiles", "host" or "repository"
	Severity         Level    `json:"severity"`    // where a profile says nothing else
	Precision        string   `json:"precision"`   // "very-high", "high", "medium" or "low"
	SecuritySeverity string   `json:"securitySeverity,omitempty"`
	Tags             []string `json:"tags,omitempty"`
	Links            []string `json:"links,omitempty"`
}

// Finding is one thing to say about one place.
type Finding struct {
	Rule        string              `json:"rule"`
	Severity    Level               `json:"severity"`
	Verdict     Verdict             `json:"verdict"`
	Message     string              `json:"message"`
	Unit        string              `json:"unit,omitempty"`
	Scope       string              `json:"scope,omitempty"`
	Path        string              `json:"path"` // of the judged value in the unit: "Service.DeviceAllow[1]"
	At          *inventory.Location `json:"at,omitempty"`
	Hosts       []string            `json:"hosts"`
	Fingerprint string              `json:"fingerprint"`
	Notes       []Note              `json:"notes"`
	Suppressed  string              `json:"suppressed,omitempty"` // the reason given, when a comment or a waiver covers it

	units       []string             // when one place makes several
	definitions []inventory.Location // of the unit, when the finding is about something it leaves out
}

// Note is another place that helps to understand a finding: the helper a value came from, what it overrode.
type Note struct {
	Message string              `json:"message"`
	At      *inventory.Location `json:"at,omitempty"`
}

// Judge says what an inventory breaks: by unit, before places, hosts and levels are added.
type Judge interface {
	// Rules are the rules it knows, by ID, sorted.
	Rules() []Rule
	// Judge evaluates the enabled rules over the inventory.
	Judge(ctx context.Context, inv *inventory.Inventory, enabled []string) ([]Judgement, error)
}

// Judgement is one verdict about one thing of one host.
type Judgement struct {
	Rule    string
	Verdict Verdict
	Message string
	Host    int    // index into Inventory.Hosts; -1 for the whole repository
	Unit    int    // index into Host.Units; -1 when it is about no unit
	Line    int    // index into Host.Tmpfiles; -1 when it is about no line
	Path    []any  // into the judge's input, such as "sections", "Service", "ExecStart", 0; an absence names what is absent
	Match   string // the piece of a text that is meant; empty for the whole value
	Minor   bool   // a lesser case of the rule: a profile says what those weigh
	// Repeats are rules that say the same where they find something at this path: then the judgement is left out.
	Repeats []string
	// At is set by a judge that knows the place better than Path does.
	At *inventory.Location
}

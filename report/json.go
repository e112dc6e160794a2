package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"

	"github.com/nixlint/nixlint/checks"
	"github.com/nixlint/nixlint/loader/inventory"
)

// FindingsSchema names the format of JSON. Fields may be added under /1; a changed meaning is /2.
const FindingsSchema = "nixlint.findings/1"

// JSON writes the report in the format nixlint.findings/1, which findings.schema.json describes.
func JSON(w io.Writer, r *Report) error {
	out := jsonReport{
		Schema: FindingsSchema, Version: r.Version, Policy: r.Policy, Root: r.Root,
		Findings: r.jsonFindings(r.Result.Findings), Suppressed: r.jsonFindings(r.suppressed()),
		Problems: []jsonProblem{}, Summary: r.Summary(), Systemd: r.Systemd,
	}
	out.Summary.Reasons = list(out.Summary.Reasons)
	for _, p := range r.Inventory.Problems {
		problem := jsonProblem{Severity: p.Severity, Message: p.Message, jsonPlace: placed(p.At)}
		for _, n := range p.Notes {
			problem.Notes = append(problem.Notes, jsonNote{Message: n.Message, jsonPlace: placed(n.At)})
		}
		out.Problems = append(out.Problems, problem)
	}
	return encode(w, out)
}

type jsonReport struct {
	Schema     string        `json:"schema"`
	Version    string        `json:"version"`
	Policy     string        `json:"policy"`
	Root       string        `json:"root"`
	Findings   []jsonFinding `json:"findings"`
	Suppressed []jsonFinding `json:"suppressed"`
	Problems   []jsonProblem `json:"problems"`
	Summary    Summary       `json:"summary"`
	Systemd    *Systemd      `json:"systemd,omitempty"`
}

type jsonFinding struct {
	Rule     string         `json:"rule"`
	Severity checks.Level   `json:"severity"`
	Verdict  checks.Verdict `json:"verdict"`
	Message  string         `json:"message"`
	Unit     string         `json:"unit,omitempty"`
	Scope    string         `json:"scope,omitempty"`
	Path     string         `json:"path"`
	jsonPlace
	Hosts       []string   `json:"hosts"`
	Fingerprint string     `json:"fingerprint"`
	Notes       []jsonNote `json:"notes"`
	Reason      string     `json:"reason,omitempty"` // of a suppressed one
}

// jsonPlace is a location laid out flat; nothing of it is written for no place.
type jsonPlace struct {
	File      string `json:"file,omitempty"`
	Line      int    `json:"line,omitempty"`
	Column    int    `json:"column,omitempty"`
	EndLine   int    `json:"endLine,omitempty"`
	EndColumn int    `json:"endColumn,omitempty"`
}

type jsonNote struct {
	Message string `json:"message"`
	jsonPlace
}

type jsonProblem struct {
	Severity string `json:"severity"`
	Message  string `json:"message"`
	jsonPlace
	Notes []jsonNote `json:"notes,omitempty"`
}

func (r *Report) jsonFindings(findings []checks.Finding) []jsonFinding {
	out := make([]jsonFinding, 0, len(findings))
	for _, f := range findings {
		at := r.place(f.At)
		j := jsonFinding{
			Rule: f.Rule, Severity: f.Severity, Verdict: f.Verdict, Message: f.Message, Unit: f.Unit, Scope: f.Scope,
			Path: f.Path, jsonPlace: placed(&at), Hosts: list(f.Hosts), Fingerprint: f.Fingerprint,
			Notes: make([]jsonNote, 0, len(f.Notes)), Reason: f.Suppressed,
		}
		for _, n := range f.Notes {
			j.Notes = append(j.Notes, jsonNote{Message: n.Message, jsonPlace: placed(n.At)})
		}
		out = append(out, j)
	}
	return out
}

func placed(at *inventory.Location) jsonPlace {
	if at == nil {
		return jsonPlace{}
	}
	return jsonPlace(*at)
}

// Inventory writes an inventory as JSON, in the format that loader/inventory/schema.json describes: lists that may be empty
// are written as empty lists.
func Inventory(w io.Writer, inv *inventory.Inventory) error {
	return encode(w, filled(*inv))
}

// filled is a copy of an inventory in which the lists that the schema asks for are there.
func filled(inv inventory.Inventory) inventory.Inventory {
	inv.Files, inv.Options, inv.Problems = list(inv.Files), list(inv.Options), list(inv.Problems)
	inv.Hosts = append([]inventory.Host{}, inv.Hosts...)
	for i := range inv.Hosts {
		h := &inv.Hosts[i]
		h.Tmpfiles = list(h.Tmpfiles)
		h.Units = append([]inventory.Unit{}, h.Units...)
		for k := range h.Units {
			h.Units[k].Definitions = list(h.Units[k].Definitions)
			if h.Units[k].Sections == nil {
				h.Units[k].Sections = map[string]map[string][]inventory.Setting{}
			}
		}
	}
	return inv
}

func list[T any](items []T) []T {
	if items == nil {
		return []T{}
	}
	return items
}

// encode writes indented JSON as it is, without escapes for HTML.
func encode(w io.Writer, v any) error {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		return fmt.Errorf("encode: %w", err)
	}
	return flush(w, b.Bytes())
}

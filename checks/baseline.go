package checks

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// BaselineSchema names the format of a baseline. Fields may be added under /1; a changed meaning is /2.
const BaselineSchema = "nixlint.baseline/1"

// Baseline is what was found on the day a repository took nixlint up. Entries hold no line, so that code may move.
type Baseline struct {
	Schema  string          `json:"schema"`
	Policy  string          `json:"policy"` // the profile it was found by
	Entries []BaselineEntry `json:"entries"`
}

// BaselineEntry is one finding. Only the fingerprint and the verdict are compared; the rest is for people.
type BaselineEntry struct {
	Fingerprint string  `json:"fingerprint"`
	Verdict     Verdict `json:"verdict"`
	Rule        string  `json:"rule"`
	Unit        string  `json:"unit,omitempty"`
	File        string  `json:"file,omitempty"`
	Message     string  `json:"message"`
}

// NewBaseline is a baseline of findings.
func NewBaseline(policy string, findings []Finding) *Baseline {
	b := &Baseline{Schema: BaselineSchema, Policy: policy, Entries: make([]BaselineEntry, 0, len(findings))}
	for i := range findings {
		f := &findings[i]
		e := BaselineEntry{Fingerprint: f.Fingerprint, Verdict: f.Verdict, Rule: f.Rule, Unit: f.Unit, Message: f.Message}
		if f.At != nil {
			e.File = f.At.File
		}
		b.Entries = append(b.Entries, e)
	}
	slices.SortFunc(b.Entries, func(x, y BaselineEntry) int {
		return cmp.Or(strings.Compare(x.Rule, y.Rule), strings.Compare(x.File, y.File), strings.Compare(x.Unit, y.Unit),
			strings.Compare(x.Fingerprint, y.Fingerprint))
	})
	return b
}

// ReadBaseline reads a baseline. One of another schema, and one that is not whole, is an error.
func ReadBaseline(text []byte) (*Baseline, error) {
	var head struct {
		Schema string `json:"schema"`
	}
	if err := json.Unmarshal(text, &head); err != nil {
		return nil, fmt.Errorf("it is no baseline: %w", err)
	}
	if head.Schema != BaselineSchema {
		return nil, fmt.Errorf("it has the schema %q, want %q; nixlint baseline writes it anew", head.Schema, BaselineSchema)
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	var b Baseline
	if err := d.Decode(&b); err != nil {
		return nil, fmt.Errorf("it is no baseline: %w", err)
	}
	if b.Entries == nil {
		return nil, errors.New("it is no baseline: it has no entries")
	}
	seen := map[string]bool{}
	for i, e := range b.Entries {
		switch {
		case len(e.Fingerprint) != 2*fingerprintSize || e.Rule == "" || e.Verdict != Fail && e.Verdict != Unknown:
			return nil, fmt.Errorf("it is no baseline: entry %d has no fingerprint, rule or verdict", i+1)
		case seen[e.Fingerprint]:
			return nil, fmt.Errorf("it is no baseline: the fingerprint %s is there twice", e.Fingerprint)
		}
		seen[e.Fingerprint] = true
	}
	return &b, nil
}

// Write writes the baseline, one entry after another, so that it can be reviewed.
func (b *Baseline) Write(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(b); err != nil {
		return fmt.Errorf("write baseline: %w", err)
	}
	return nil
}

// Without takes out of a result the findings that a baseline has. An entry whose finding is certain now and was not is new. Whole
// says that all was judged that the baseline was made of: what is not found then is fixed.
func (r *Result) Without(b *Baseline, whole bool) {
	verdicts := map[string]Verdict{}
	for _, e := range b.Entries {
		verdicts[e.Fingerprint] = e.Verdict
	}
	asked := map[string]bool{}
	for _, rule := range r.Rules {
		asked[rule.ID] = true
	}
	there := map[string]bool{}
	for i := range r.Suppressed {
		there[r.Suppressed[i].Fingerprint] = true
	}
	left := []Finding{}
	for _, f := range r.Findings {
		there[f.Fingerprint] = true
		switch was, ok := verdicts[f.Fingerprint]; {
		case !ok:
			left = append(left, f)
		case was == Unknown && f.Verdict == Fail:
			f.Notes = append(f.Notes, Note{Message: "when the baseline was made, it was not certain"})
			left = append(left, f)
		default:
			r.Summary.Known++
		}
	}
	for _, e := range b.Entries {
		if whole && asked[e.Rule] && !there[e.Fingerprint] {
			r.Summary.Fixed++
		}
	}
	r.Findings = left
	r.recount()
}

package exposure

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/nixlint/nixlint/loader/inventory"
)

// Assessed is a unit of a host with its assessment.
type Assessed struct {
	Host   string
	Unit   *inventory.Unit
	Result *Result
	Before *Result // without what is tried; nil when nothing is
}

// Formats are the forms that Write knows.
func Formats() []string { return []string{"table", "json", "jsonl"} }

// Report is what is written.
type Report struct {
	Version int
	Arch    string
	WhatIf  []string
	Units   []Assessed
	Prefix  string // before a path, so that it can be opened; of the table
	Rows    bool   // the table lists, of each unit, the rows that something can be gained by
	// Visible makes a text of the user harmless for where the table is shown.
	Visible func(string) string
}

// Write writes the report in one of Formats.
func (r *Report) Write(w io.Writer, format string) error {
	b := bufio.NewWriter(w)
	var err error
	switch format {
	case "json":
		err = r.json(b)
	case "jsonl":
		err = r.jsonl(b)
	default:
		r.table(b)
	}
	if err == nil {
		err = b.Flush()
	}
	if err != nil {
		return fmt.Errorf("write the exposure: %w", err)
	}
	return nil
}

// Schema names the JSON. Fields may be added under /1; a changed meaning is /2.
const Schema = "nixlint.exposure/1"

type jsonReport struct {
	Schema  string     `json:"schema"`
	Systemd int        `json:"systemd"`
	Arch    string     `json:"arch"`
	WhatIf  []string   `json:"whatIf,omitempty"`
	Units   []jsonUnit `json:"units"`
}

type jsonUnit struct {
	Host     string    `json:"host"`
	Unit     string    `json:"unit"`
	Scope    string    `json:"scope"`
	Base     string    `json:"base,omitempty"` // what an override was assessed on: a reading of nixpkgs
	Exposure Range     `json:"exposure"`
	Before   *Range    `json:"before,omitempty"`
	Verdict  string    `json:"verdict"`
	Badness  Range     `json:"badness"`
	Weight   Range     `json:"weight"`
	Rows     []jsonRow `json:"rows"`
}

type jsonRow struct {
	Field       string              `json:"field"`
	Name        string              `json:"name"`
	Description string              `json:"description"`
	Applies     *bool               `json:"applies"` // null when it is not decided
	Good        *bool               `json:"good"`    // null when it is not decided or the row does not apply
	Badness     Range               `json:"badness"`
	Range       int                 `json:"range"`
	Weight      int                 `json:"weight"`
	Exposure    int                 `json:"exposure"`
	Directive   string              `json:"directive"`
	Fix         string              `json:"fix,omitempty"`
	At          *inventory.Location `json:"at,omitempty"`
}

func (r *Report) json(w io.Writer) error {
	out := jsonReport{Schema: Schema, Systemd: r.Version, Arch: r.Arch, WhatIf: r.WhatIf, Units: []jsonUnit{}}
	for _, a := range r.Units {
		u := jsonUnit{
			Host: a.Host, Unit: a.Unit.Name, Scope: a.Unit.Scope, Base: a.Unit.Base, Exposure: a.Result.Exposure, Verdict: a.Result.Verdict(),
			Badness: a.Result.Badness, Weight: a.Result.Weight,
		}
		if a.Before != nil {
			u.Before = &a.Before.Exposure
		}
		for i := range a.Result.Rows {
			u.Rows = append(u.Rows, jsonRowOf(&a.Result.Rows[i]))
		}
		out.Units = append(out.Units, u)
	}
	return encode(w, out, "  ")
}

func jsonRowOf(r *Row) jsonRow {
	j := jsonRow{
		Field: r.Field, Name: r.Name, Description: r.Description, Good: r.Good(), Badness: r.Badness, Range: r.Scale, Weight: r.Weight,
		Exposure: r.Exposure, Directive: r.Directive, Fix: r.Fix, At: r.At,
	}
	if r.Sure {
		j.Applies = &r.Applies
	}
	return j
}

// line is a unit in the form that measurements of the real tool are kept in. What is not decided is a list of the least and the most.
type line struct {
	Host     string            `json:"host,omitempty"`
	Unit     string            `json:"unit"`
	Exposure any               `json:"exposure"`
	Badness  any               `json:"badness_sum"`
	Weight   any               `json:"weight_sum"`
	Rows     map[string]any    `json:"badness"` // null where the row does not apply
	Items    map[string]string `json:"item_exposure"`
}

func (r *Report) jsonl(w io.Writer) error {
	for _, a := range r.Units {
		l := line{
			Host: a.Host, Unit: a.Unit.Name, Exposure: numbers(a.Result.Exposure), Badness: numbers(a.Result.Badness),
			Weight: numbers(a.Result.Weight), Rows: map[string]any{}, Items: map[string]string{},
		}
		for i := range a.Result.Rows {
			row := &a.Result.Rows[i]
			l.Rows[row.Field] = nil
			if row.Applies {
				l.Rows[row.Field] = numbers(row.Badness)
			}
			if row.Exposure > 0 {
				l.Items[row.Field] = Tenths(row.Exposure)
			}
		}
		if err := encode(w, l, ""); err != nil {
			return err
		}
	}
	return nil
}

func numbers(r Range) any {
	if r.Decided() {
		return r.Min
	}
	return [2]int{r.Min, r.Max}
}

func encode(w io.Writer, value any, indent string) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", indent)
	if err := e.Encode(value); err != nil {
		return fmt.Errorf("%w", err)
	}
	return nil
}

// Tenths writes an exposure as the tool does: 96 is "9.6".
func Tenths(n int) string { return fmt.Sprintf("%d.%d", n/10, n%10) }

// tenths writes an exposure as "9.6", or "5.1-9.6" when it is not decided.
func tenths(r Range) string {
	if r.Decided() {
		return Tenths(r.Min)
	}
	return Tenths(r.Min) + "-" + Tenths(r.Max)
}

func (r *Report) table(w io.Writer) {
	tried := ""
	if len(r.WhatIf) > 0 {
		tried = ", if " + r.Visible(strings.Join(r.WhatIf, ", "))
	}
	fmt.Fprintf(w, "exposure by systemd %d on %s%s\n", r.Version, r.Arch, tried)
	width := 0
	for _, a := range r.Units {
		width = max(width, len(verdictsOf(a.Result.Exposure)))
	}
	for _, a := range r.Units {
		was := ""
		if a.Before != nil {
			was = fmt.Sprintf(" (was %s)", tenths(a.Before.Exposure))
		}
		name := a.Unit.Name
		if a.Unit.Scope != inventory.System && a.Unit.Scope != "" {
			name += ", " + a.Unit.Scope
		}
		if a.Host != "" {
			name = a.Host + ": " + name
		}
		if a.Unit.Base != "" {
			name += " (base as of " + a.Unit.Base + ")"
		}
		fmt.Fprintf(w, "%8s  %-*s  %s%s\n", tenths(a.Result.Exposure), width, verdictsOf(a.Result.Exposure), r.Visible(name), was)
		if r.Rows {
			r.gains(w, a.Result)
		}
	}
}

// verdictsOf is the tool's word, or the first and the last of several.
func verdictsOf(r Range) string {
	if best, worst := Verdict(r.Min), Verdict(r.Max); best != worst {
		return best + " to " + worst
	}
	return Verdict(r.Max)
}

// gains lists the rows of a unit that something can be gained by.
func (r *Report) gains(w io.Writer, of *Result) {
	for _, row := range of.Gains() {
		sure := ""
		if !row.Sure || !row.Badness.Decided() {
			sure = ", perhaps"
		}
		fix := row.Fix
		if fix == "" {
			fix = row.Name
		}
		fmt.Fprintf(w, "    %s%s  %s: it %s", Tenths(row.Exposure), sure, fix, row.Description)
		if row.At != nil {
			fmt.Fprintf(w, " (%s%s:%d)", r.Visible(r.Prefix), r.Visible(row.At.File), row.At.Line)
		}
		fmt.Fprintln(w)
	}
}

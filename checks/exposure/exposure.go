// Package exposure is the assessment of "systemd-analyze security", computed from settings: what a service could still do if
// it were taken over. It agrees with the tool of systemd 252, 257 and 262 in every row, needs no systemd, and gives a range where
// settings are not decided. It does not find units, read files, or say whether systemd would load a unit at all.
package exposure

import (
	"fmt"
	"slices"

	"github.com/nixlint/nixlint/loader/inventory"
)

// Options say whose assessment is wanted. The zero Options are the newest version, on x86_64.
type Options struct {
	Version int    // of systemd: one of Versions
	Arch    string // one of Architectures
}

// X86 and ARM are the architectures whose system calls are known.
const (
	X86 = "x86_64"
	ARM = "aarch64"
)

// Versions are the versions of systemd whose assessment is known, in order.
func Versions() []int { return slices.Clone(versions[:]) }

// Latest is the newest version of systemd whose assessment is known.
func Latest() int { return versions[len(versions)-1] }

// Architectures are those whose system calls are known.
func Architectures() []string { return []string{X86, ARM} }

// Range is what a number lies between; Min and Max are equal when it is decided.
type Range struct {
	Min int `json:"min"`
	Max int `json:"max"`
}

// Decided reports that there is one number.
func (r Range) Decided() bool { return r.Min == r.Max }

func (r Range) union(o Range) Range { return Range{min(r.Min, o.Min), max(r.Max, o.Max)} }

func (r Range) plus(o Range) Range { return Range{r.Min + o.Min, r.Max + o.Max} }

// Result is the assessment of a unit.
type Result struct {
	Unit     string
	Version  int
	Arch     string
	Exposure Range // in tenths: 96 is shown as 9.6
	Badness  Range // the sum over the rows that apply
	Weight   Range // likewise; what the badness can be at most
	Rows     []Row // by field
}

// Verdict is the tool's word for the exposure, at its worst.
func (r *Result) Verdict() string { return Verdict(r.Exposure.Max) }

// Verdict is the tool's word for an exposure in tenths.
func Verdict(tenths int) string {
	for _, v := range verdicts {
		if tenths >= v.from {
			return v.word
		}
	}
	return ""
}

var verdicts = [...]struct {
	from int
	word string
}{{100, "DANGEROUS"}, {90, "UNSAFE"}, {75, "EXPOSED"}, {50, "MEDIUM"}, {10, "OK"}, {1, "SAFE"}, {0, "PERFECT"}}

// Item is one thing that is assessed, the same for every unit.
type Item struct {
	Field       string // the tool's json_field
	Name        string // the tool's name of the row: "CapabilityBoundingSet=~CAP_KILL"
	Description string // what a service can do while the row is not good
	Weight      int
	Scale       int    // the tool's range: the worst badness
	Directive   string // what to set
	Fix         string // an assignment that, added last, makes the row good; empty when that takes more than one
}

// Row is an item of a unit.
type Row struct {
	*Item
	Applies bool  // it counts; a row that may count applies
	Sure    bool  // whether it counts is decided
	Badness Range // from 0, good, to Scale
	// Exposure is how much of the unit's exposure, in tenths, the row makes up at its worst: what is gained by fixing it.
	Exposure int
	// At is the last assignment of the directive, else of another one that decides the row; nil when there is none.
	At *inventory.Location
}

// Good is what the tool calls set: true when nothing is left to fix; nil when it is not decided or the row does not apply.
func (r *Row) Good() *bool {
	if !r.Applies || !r.Sure || !r.Badness.Decided() {
		return nil
	}
	good := r.Badness.Max == 0
	return &good
}

// share is a row's part of the sum of badness.
func (t *row) share(badness int) int { return up(badness*t.weight, t.scale) }

// up divides and rounds up.
func up(a, b int) int { return (a + b - 1) / b }

// Score assesses a service.
func Score(u *inventory.Unit, o Options) (*Result, error) {
	s, err := NewScorer(o)
	if err != nil {
		return nil, err
	}
	return s.Score(u), nil
}

// Scorer assesses units for one version and architecture. It is safe for concurrent use.
type Scorer struct{ model *model }

// NewScorer returns the assessment of a version and an architecture, or an error when it is not known.
func NewScorer(o Options) (*Scorer, error) {
	if o.Version == 0 {
		o.Version = Latest()
	}
	if o.Arch == "" {
		o.Arch = X86
	}
	if !slices.Contains(versions[:], o.Version) {
		return nil, fmt.Errorf("the assessment of systemd %d is not known, those of %v are", o.Version, versions)
	}
	if !slices.Contains(Architectures(), o.Arch) {
		return nil, fmt.Errorf("the system calls of %q are not known, those of %v are", o.Arch, Architectures())
	}
	return &Scorer{modelOf(o.Version, o.Arch)}, nil
}

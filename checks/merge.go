package checks

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/nixlint/nixlint/loader/inventory"
)

// merge makes one finding of what has rule, place and message in common: of several hosts, or of units that one place
// generates. Then it sorts and fingerprints.
func merge(drafts []draft) []Finding {
	type same struct {
		rule, unit, message string
		severity            Level
		verdict             Verdict
		at                  inventory.Location
	}
	index := map[same]int{}
	var merged []draft
	for _, d := range drafts {
		k := same{d.Rule, "", d.Message, d.Severity, d.Verdict, inventory.Location{}}
		if d.At != nil {
			k.at = *d.At
		} else {
			k.unit = d.Scope + " " + d.Unit + " " + d.Path // without a place nothing else tells them apart
		}
		i, ok := index[k]
		if !ok {
			i = len(merged)
			index[k] = i
			merged = append(merged, d)
		}
		if first := &merged[i]; d.Unit != first.Unit {
			if !slices.Contains(first.about(), d.Unit) {
				first.units = append(first.about(), d.Unit)
			}
			also := Note{Message: "so for " + d.Unit}
			if !slices.Contains(first.Notes, also) {
				first.Notes = append(first.Notes, also)
			}
		}
		if d.host != "" && !slices.Contains(merged[i].Hosts, d.host) {
			merged[i].Hosts = append(merged[i].Hosts, d.host)
		}
	}
	slices.SortStableFunc(merged, func(a, b draft) int { return compare(&a.Finding, &b.Finding) })
	occurrences := map[string]int{}
	findings := make([]Finding, len(merged))
	for i := range merged {
		d := &merged[i]
		slices.Sort(d.Hosts)
		base := strings.Join([]string{d.Rule, d.Scope, d.Unit, withoutIndices(d.Path), normal(d.value)}, "\x00")
		d.Fingerprint = fingerprint(base, occurrences[base])
		occurrences[base]++
		findings[i] = d.Finding
	}
	return findings
}

func sortFindings(findings []Finding) {
	slices.SortStableFunc(findings, func(a, b Finding) int { return compare(&a, &b) })
}

// compare orders by file, line, column, rule and unit; what has no place comes last.
func compare(a, b *Finding) int {
	x, y := a.At, b.At
	switch {
	case x == nil && y != nil:
		return 1
	case x != nil && y == nil:
		return -1
	case x != nil && y != nil:
		if c := cmp.Or(strings.Compare(x.File, y.File), cmp.Compare(x.Line, y.Line), cmp.Compare(x.Column, y.Column)); c != 0 {
			return c
		}
	}
	return cmp.Or(
		strings.Compare(a.Rule, b.Rule), strings.Compare(a.Unit, b.Unit), strings.Compare(a.Scope, b.Scope),
		strings.Compare(a.Path, b.Path), strings.Compare(a.Message, b.Message),
	)
}

// fingerprint names a finding without its place, so that code that moves keeps it.
func fingerprint(base string, occurrence int) string {
	sum := sha256.Sum256([]byte(base + "\x00" + strconv.Itoa(occurrence)))
	return hex.EncodeToString(sum[:fingerprintSize])
}

// fingerprintSize is how many bytes a fingerprint has.
const fingerprintSize = 16

// withoutIndices takes the positions in lists off a path: a new first entry does not make all others new.
func withoutIndices(path string) string {
	return regexp.MustCompile(`\[\d+\]`).ReplaceAllString(path, "")
}

// normal is a value without its layout.
func normal(value string) string { return strings.Join(strings.Fields(value), " ") }

package exposure

import (
	"slices"

	"github.com/nixlint/nixlint/loader/inventory"
)

// severalValues are the directives whose assignments add up or name something: another value of theirs takes from one thing and gives to
// another, of which the rows may see neither.
var severalValues = []directive{
	ambientCapabilities, capabilityBoundingSet, delegate, deviceAllow, ipAddressAllow, ipAddressDeny, ipEgressFilterPath, ipIngressFilterPath,
	loadCredentialEncrypted, mountImages, restrictAddressFamilies, restrictNamespaces, rootDirectory, rootImage, setCredentialEncrypted,
	supplementaryGroups, systemCallArchitectures, systemCallFilter, user,
}

// Weaker reports whether a directive protects a service less than it did: a row that reads it is worse than it was, or may be. It is not
// known of a directive that no row reads, nor of one of several values.
func (s *Scorer) Weaker(was, is *inventory.Unit, name string) (weaker, known bool) {
	d := slices.IndexFunc(readers[:], func(r reader) bool { return r.name == name })
	if d < 0 || slices.Contains(severalValues, directive(d)) { //nolint:gosec // an index of readers
		return false, false
	}
	before, after := s.Score(was), s.Score(is)
	for i := range table {
		if !slices.Contains(table[i].reads, directive(d)) { //nolint:gosec // an index of readers
			continue
		}
		known = true
		a, b := before.Rows[i].counted(), after.Rows[i].counted()
		weaker = weaker || b.Max > a.Max || b.Min > a.Min
	}
	return weaker, known
}

// counted is the badness of a row, none where it does not apply.
func (r *Row) counted() Range {
	if !r.Applies {
		return Range{}
	}
	return r.Badness
}

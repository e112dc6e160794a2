package systemd

import (
	"cmp"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/loader/inventory"
)

// DiffTmpfiles compares the lines of tmpfiles.d of two inventories, by the type and the path of a line: what is written in another way or
// stands in another file, and amounts to the same, is no change. Changes are ordered by host, scope and path. What neither side knows, and
// says the same of, may differ all the same.
func DiffTmpfiles(before, after *inventory.Inventory) ([]inventory.LineChange, []inventory.Unseen) {
	old, now := linesOf(before), linesOf(after)
	var changes []inventory.LineChange
	var unseen []inventory.Unseen
	for k, is := range now {
		was := old[k]
		if was == nil {
			changes = append(changes, lineChange(k, nil, is))
		} else if !sameLine(was, is) {
			changes = append(changes, lineChange(k, was, is))
		} else if i := slices.IndexFunc(is.Line.Alternatives, func(a inventory.Alternative) bool { return !a.Known }); i >= 0 {
			a := &is.Line.Alternatives[i]
			unseen = append(unseen, inventory.Unseen{
				Host: k.host, Scope: k.scope, Section: "tmpfiles", Name: k.path, Why: cmp.Or(a.Why, "it is not known"), At: a.Place(),
			})
		}
	}
	for k, was := range old {
		if now[k] == nil {
			changes = append(changes, lineChange(k, was, nil))
		}
	}
	slices.SortFunc(changes, func(a, b inventory.LineChange) int {
		return cmp.Or(strings.Compare(a.Host, b.Host), strings.Compare(a.Scope, b.Scope), strings.Compare(a.Path, b.Path),
			strings.Compare(a.Before, b.Before), strings.Compare(a.After, b.After))
	})
	slices.SortFunc(unseen, func(a, b inventory.Unseen) int {
		return cmp.Or(strings.Compare(a.Host, b.Host), strings.Compare(a.Scope, b.Scope), strings.Compare(a.Name, b.Name), strings.Compare(a.Why, b.Why))
	})
	return changes, unseen
}

// lineKey names a line. Those with the same are counted.
type lineKey struct {
	host, scope, letter, path string
	n                         int
}

func linesOf(inv *inventory.Inventory) map[lineKey]*inventory.TmpfilesRule {
	out := map[lineKey]*inventory.TmpfilesRule{}
	for i := range inv.Hosts {
		h := &inv.Hosts[i]
		for j := range h.Tmpfiles {
			r := &h.Tmpfiles[j]
			if len(r.Line.Alternatives) == 0 {
				continue
			}
			parsed, _ := ParseTmpfiles(r.Line.Alternatives[0].Value) // what could be read names it
			k := lineKey{h.Name, r.Scope, parsed.Letter, cmp.Or(parsed.Path, r.Line.Alternatives[0].Value), 0}
			for out[k] != nil {
				k.n++
			}
			out[k] = r
		}
	}
	return out
}

func lineChange(k lineKey, was, is *inventory.TmpfilesRule) inventory.LineChange {
	c := inventory.LineChange{Host: k.host, Scope: k.scope, Path: k.path, Kind: inventory.Changed}
	switch {
	case was == nil:
		c.Kind = inventory.Added
	case is == nil:
		c.Kind = inventory.Removed
	}
	if was != nil {
		c.Before, c.Was = lineText(was), was.Line.Alternatives[0].Place()
	}
	if is != nil {
		c.After, c.At = lineText(is), is.Line.Alternatives[0].Place()
	}
	return c
}

// lineText is what a line may be, with the conditions around it.
func lineText(r *inventory.TmpfilesRule) string {
	all := []string{r.Line.Possible()}
	for _, c := range r.Guards {
		all = append(all, c.Text)
	}
	return strings.Join(all, " if ")
}

// sameLine reports whether two lines amount to the same. What is not decided is compared as it is written.
func sameLine(was, is *inventory.TmpfilesRule) bool {
	if lineText(was) == lineText(is) {
		return true
	}
	if !was.Line.Decided() || !is.Line.Decided() || len(was.Guards)+len(is.Guards) > 0 {
		return false
	}
	a, errA := ParseTmpfiles(was.Line.Alternatives[0].Value)
	b, errB := ParseTmpfiles(is.Line.Alternatives[0].Value)
	a.Mode, b.Mode = strings.TrimLeft(a.Mode, "0"), strings.TrimLeft(b.Mode, "0")
	return errA == nil && errB == nil && a == b
}

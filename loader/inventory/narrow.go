package inventory

import "slices"

// loose is the source of the host that holds modules which no machine imports.
const loose = "loose"

// Narrow takes out of an inventory the hosts that are not wanted, and what stands in excluded files: hosts, loose modules and
// the comments there. What could not be read in such a file becomes a notice. What a host that stays imports from them
// stays: it runs there.
func (inv *Inventory) Narrow(wanted, excluded func(string) bool) {
	out := func(at *Location) bool { return at != nil && excluded(at.File) }
	inv.Hosts = slices.DeleteFunc(inv.Hosts, func(h Host) bool { return h.Source != loose && !wanted(h.Name) || out(h.At) })
	for i := range inv.Hosts {
		if h := &inv.Hosts[i]; h.Source == loose {
			h.Units = slices.DeleteFunc(h.Units, func(u Unit) bool {
				return len(u.Definitions) > 0 && !slices.ContainsFunc(u.Definitions, func(d Location) bool { return !excluded(d.File) })
			})
			h.Tmpfiles = slices.DeleteFunc(h.Tmpfiles, func(t TmpfilesRule) bool { return out(placeOf(&t.Line)) })
		}
	}
	inv.Hosts = slices.DeleteFunc(inv.Hosts, func(h Host) bool { return h.Source == loose && len(h.Units)+len(h.Tmpfiles) == 0 })
	inv.Files = slices.DeleteFunc(inv.Files, func(f File) bool { return excluded(f.Path) })
	for i := range inv.Problems {
		if p := &inv.Problems[i]; out(p.At) && p.Severity != "notice" {
			p.Severity, p.Message = "notice", p.Message+" (the configuration excludes this file)"
		}
	}
}

// placeOf is where a setting stands; nil when none of its alternatives stands anywhere.
func placeOf(s *Setting) *Location {
	for _, a := range s.Alternatives {
		if at := a.Place(); at != nil {
			return at
		}
	}
	return nil
}

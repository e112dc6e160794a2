package nixos

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/loader/eval"
	"github.com/nixlint/nixlint/loader/source"
)

// notApplied says what overlays do here. A package is a name, so an overlay changes nothing that is known of it.
const notApplied = "overlays are not applied: a package is known by its name only, and what they change in it is not"

// overlays says once a host that it has overlays.
func (s *system) overlays() {
	if s.r.overlaid[s.host.Name] {
		return
	}
	said := len(s.r.problems)
	defs := s.decide(s.root.child("nixpkgs").child("overlays").defs())
	s.r.problems = s.r.problems[:said] // what does not evaluate is not asked for either
	for _, d := range defs {
		list, isList := d.val.(*eval.List)
		if at := d.place(); inRepository(at) && (!isList || len(list.Elems) > 0) {
			s.r.overlaid[s.host.Name] = true
			s.r.notice(at, notApplied)
			return
		}
	}
}

// inRepository reports whether a place is in a file of the repository.
func inRepository(at source.Span) bool { return inTree(at) && !mounted(at) }

// overlaysOf records the overlays that nixpkgs is imported with.
func (r *repository) overlaysOf(in *eval.Interp, arg eval.Value) {
	set, err := in.Set(arg, source.Span{})
	if err != nil {
		return // what nixpkgs is given is not looked at otherwise
	}
	a := set.Find("overlays")
	if a == nil || !inRepository(spanOf(a.Site)) {
		return
	}
	if v, err := in.Force(a.Val); err == nil {
		if list, ok := v.(*eval.List); ok && len(list.Elems) == 0 {
			return
		}
	}
	r.imported = append(r.imported, spanOf(a.Site))
}

// overlaysOfFlakes says once a flake that it imports nixpkgs with overlays: at the first place, whichever host came by it.
func (r *repository) overlaysOfFlakes(flakes []string) {
	slices.SortFunc(r.imported, func(a, b source.Span) int {
		return cmp.Or(strings.Compare(a.File.Path, b.File.Path), cmp.Compare(a.Start, b.Start))
	})
	said := map[string]bool{}
	for _, at := range r.imported {
		dir := path.Dir(at.File.Path)
		for dir != "." && !slices.Contains(flakes, path.Join(dir, "flake.nix")) {
			dir = path.Dir(dir)
		}
		if !said[dir] {
			said[dir] = true
			r.notice(at, notApplied)
		}
	}
}

package nixos

import (
	"slices"

	"github.com/nixlint/nixlint/loader/eval"
	"github.com/nixlint/nixlint/loader/source"
)

// registry is a table of nixpkgs' lib with an entry of each name: licences, maintainers, teams. An entry is a set, and what nixlint
// does not know of it is unknown.
type registry struct {
	eval.Ext
	name  string                        // "lib.licenses"
	entry func(name string) []eval.Attr // what is known of an entry; nil for nothing
}

func (r *registry) TypeName() string { return "set" }

// Attr is the entry of a name: there is one for all that nixlint knows.
func (r *registry) Attr(_ *eval.Interp, name string) (eval.Value, bool, error) {
	set := &eval.Set{Open: eval.NewUnknown(r.name+"."+name+" depends on nixpkgs", source.Span{})}
	if r.entry != nil {
		set.Attrs = r.entry(name)
	}
	return set, true, nil
}

// Guesses reports that only nixpkgs knows whether there is such an entry.
func (r *registry) Guesses(string) bool { return true }

func (r *registry) All(*eval.Interp) (*eval.Set, error) {
	return &eval.Set{Open: eval.NewUnknown("what is in "+r.name+" depends on nixpkgs", source.Span{})}, nil
}

func (r *registry) Call(*eval.Interp, eval.Value) (eval.Value, error) {
	return eval.NewUnknown(r.name+" is called", source.Span{}), nil
}

func (r *registry) Text() (*eval.String, bool) { return nil, false }

// license is what a name tells of a licence: its short name, but for the few that have another.
func license(name string) []eval.Attr {
	if slices.Contains([]string{"ecl20", "nvidiaCuda", "nvidiaCudaRedist", "tsl"}, name) {
		return nil
	}
	return []eval.Attr{{Name: "shortName", Val: eval.Str(name)}}
}

package exposure

import (
	"cmp"
	"slices"

	"github.com/nixlint/nixlint/loader/inventory"
)

// describe fills in what a row says, in a unit whose rows weigh so much.
func describe(r *Row, t *row, u *inventory.Unit, weight int) {
	r.Field, r.Name, r.Description, r.Fix = t.field, t.name, texts[t.field].can, texts[t.field].fix
	r.Weight, r.Scale = t.weight, t.scale
	if r.Applies {
		r.Exposure = up(up(r.Badness.Max*t.weight*100, t.scale), weight)
	}
	d := t.reads[0]
	r.Directive = readers[d].name
	for _, d := range t.reads {
		if r.At = lastPlace(u, d); r.At != nil || d != user {
			break
		}
	}
}

func lastPlace(u *inventory.Unit, d directive) *inventory.Location {
	settings := u.Sections[d.section()][readers[d].name]
	for _, s := range slices.Backward(settings) {
		for i := range s.Alternatives {
			if at := s.Alternatives[i].Place(); at != nil {
				return at
			}
		}
	}
	return nil
}

// Gains lists the rows that something is left to gain by, most first.
func (r *Result) Gains() []*Row {
	var out []*Row
	for i := range r.Rows {
		if r.Rows[i].Badness.Max > 0 {
			out = append(out, &r.Rows[i])
		}
	}
	slices.SortStableFunc(out, func(a, b *Row) int { return cmp.Compare(b.share(), a.share()) })
	return out
}

func (r *Row) share() int { return up(r.Badness.Max*r.Weight, r.Scale) }

package exposure

import (
	"cmp"
	"slices"

	"github.com/nixlint/nixlint/loader/inventory"
)

// items are by row of the table.
var items = func() (of [len(table)]Item) {
	for i := range table {
		t := &table[i]
		of[i] = Item{
			Field: t.field, Name: t.name, Description: texts[t.field].can, Fix: texts[t.field].fix,
			Weight: t.weight, Scale: t.scale, Directive: readers[t.reads[0]].name,
		}
	}
	return of
}()

// describe fills in what is said of row i, in a unit whose rows weigh so much.
func (c *cases) describe(r *Row, i, weight int) {
	t := &table[i]
	r.Item = &items[i]
	if r.Applies {
		r.Exposure = up(up(r.Badness.Max*t.weight*100, t.scale), weight)
	}
	for _, d := range t.reads {
		if r.At = c.places[d]; r.At != nil {
			break
		}
	}
}

// place is where the last of the settings stands.
func place(settings []inventory.Setting) *inventory.Location {
	for i := range slices.Backward(settings) {
		alternatives := settings[i].Alternatives
		for j := range alternatives {
			if at := alternatives[j].Place(); at != nil {
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

// Advice is what to write for the rows that most is gained by, at most n, each directive once.
func (r *Result) Advice(n int) []string {
	var out []string
	for _, row := range r.Gains() {
		text := cmp.Or(row.Fix, row.Name)
		if !slices.Contains(out, text) {
			out = append(out, text)
		}
		if len(out) == n {
			break
		}
	}
	return out
}

func (r *Row) share() int { return up(r.Badness.Max*r.Weight, r.Scale) }

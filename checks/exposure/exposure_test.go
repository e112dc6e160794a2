package exposure_test

import (
	"strings"
	"testing"

	"github.com/nixlint/nixlint/checks/exposure"
	"github.com/nixlint/nixlint/loader/inventory"
	"github.com/nixlint/nixlint/loader/source"
	"github.com/nixlint/nixlint/loader/unit"
)

// parse reads the text of a unit.
func parse(name, text string) *inventory.Unit {
	f, _ := unit.Parse(source.NewFile(name, text))
	u := &inventory.Unit{
		Name: name, Kind: "service", Scope: inventory.System, Status: inventory.Active, Completeness: inventory.Generated,
		Sections: map[string]map[string][]inventory.Setting{},
	}
	unit.Add(u, f)
	return u
}

func score(t *testing.T, u *inventory.Unit, version int) *exposure.Result {
	t.Helper()
	r, err := exposure.Score(u, exposure.Options{Version: version})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// answer is what the real tool says of a unit, in the form that the command writes.
type answer struct {
	Unit     string            `json:"unit,omitempty"`
	Exposure int               `json:"exposure"`
	Badness  int               `json:"badness_sum"`
	Weight   int               `json:"weight_sum"`
	Rows     map[string]*int   `json:"badness"`
	Items    map[string]string `json:"item_exposure,omitempty"`
	Refused  string            `json:"refused,omitempty"`
}

// compare reports every row and sum that differs, and returns how many rows were compared.
func compare(t *testing.T, r *exposure.Result, want *answer, text string) int {
	t.Helper()
	var said []string
	say := func(what string, got, want any) {
		if got != want {
			said = append(said, what)
			t.Errorf("%s, systemd %d: %s is %v, the real tool says %v", r.Unit, r.Version, what, got, want)
		}
	}
	say("exposure", r.Exposure, exposure.Range{Min: want.Exposure, Max: want.Exposure})
	say("the sum of badness", r.Badness, exposure.Range{Min: want.Badness, Max: want.Badness})
	say("the sum of weight", r.Weight, exposure.Range{Min: want.Weight, Max: want.Weight})
	for i := range r.Rows {
		row := &r.Rows[i]
		badness, ok := want.Rows[row.Field]
		if !ok || badness == nil {
			say(row.Field+" applies", row.Applies, false)
			continue
		}
		say(row.Field, row.Badness, exposure.Range{Min: *badness, Max: *badness})
		if item, ok := want.Items[row.Field]; ok {
			say(row.Field+" of the exposure", tenths(row.Exposure), item)
		}
	}
	say("the number of rows", len(r.Rows), len(want.Rows))
	if len(said) > 0 {
		t.Logf("%s:\n%s", strings.Join(said, ", "), text)
	}
	return len(r.Rows)
}

func tenths(n int) string { return string(rune('0'+n/10)) + "." + string(rune('0'+n%10)) }

package systemd

import (
	"slices"
	"strings"

	"github.com/nixlint/nixlint/loader/inventory"
)

// MaxPossible is how many combinations of undecided settings are told apart.
const MaxPossible = 16

// Effective is what the settings of a unit amount to: by section and directive, what may hold, one entry when it is decided.
type Effective map[string]map[string][]Possible

// Possible is one thing that may hold for a directive. Words of a list are single values, booleans are "yes" and "no",
// capabilities and allowed namespaces are the whole set. No values mean an empty list, or for capabilities the empty set.
type Possible struct {
	Values []Value `json:"values"`
	Known  bool    `json:"known"`
	Why    string  `json:"why"` // why it is not known
	// Absent means that no assignment stands: systemd's default holds.
	Absent bool `json:"absent,omitempty"`
}

// Value is one value and the assignment it comes from.
type Value struct {
	Text  string `json:"text"`
	Index int    `json:"index"` // position in Unit.Sections[section][directive]; -1 when another directive implies it
}

// Implied is the Index of a value that no assignment of the directive itself made.
const Implied = -1

// EffectiveOf computes what the settings of a unit amount to: what the unit itself states, and what its base does as far as that is
// known. Assignments that the version of systemd ignores (an empty or misspelt boolean, a directive that it has not yet or no more)
// are left out; a directive all of whose assignments are ignored is Absent. Directives the table does not know keep every assignment.
// The version is one that Within takes.
func EffectiveOf(u *inventory.Unit, version int) Effective {
	version = Within(version)
	based, from := WithBase(u)
	e := Effective{}
	for section, directives := range based.Sections {
		e[section] = make(map[string][]Possible, len(directives))
		for name, settings := range directives {
			d, ok := find(section, name)
			if !ok {
				d = directive{name: name}
			}
			if !d.in(version) {
				e[section][name] = []Possible{{Values: []Value{}, Known: true, Absent: true}}
				continue
			}
			e[section][name] = from.own(section, name, possibles(versioned{d, version}, settings))
		}
		resetFamilies(section, directives, e[section])
	}
	imply(u, e)
	return e
}

// Assignment is one alternative of one setting, taken.
type Assignment struct {
	Index int
	Text  string // the logical line
	Known bool
	Why   string
}

// Histories lists the combinations of the alternatives of a directive's settings that do not exclude each other, each the
// assignments that then stand, in order. Of a list, what stands before a reset is left out. It is not ok when there are more than
// MaxPossible.
func Histories(section, name string, settings []inventory.Setting) (all [][]Assignment, ok bool) {
	d, ok := find(section, name)
	if !ok {
		d = directive{name: name}
	}
	first := 0
	if !scalar(d.kind) { // whether an assignment of one value is ignored differs between versions
		first = lastDecisive(versioned{d, Newest}, settings)
	}
	return histories(versioned{d, Newest}, settings, first)
}

func histories(d versioned, settings []inventory.Setting, first int) (all [][]Assignment, ok bool) {
	c := combiner{versioned: d, settings: settings, first: first}
	c.walk(c.first)
	return c.all, !c.over && len(c.all) > 0 && len(c.all) <= MaxPossible
}

// possibles folds each combination of the alternatives of the settings.
func possibles(d versioned, settings []inventory.Setting) []Possible {
	if as, ok := plain(d, settings); ok {
		return []Possible{fold(d, as)}
	}
	all, ok := histories(d, settings, lastDecisive(d, settings))
	if !ok {
		return []Possible{{Values: []Value{}, Why: "the settings of " + d.name + " that are not decided have too many combinations"}}
	}
	out := make([]Possible, len(all))
	for i, as := range all {
		out[i] = fold(d, as)
	}
	return distinct(out)
}

// plain are the assignments of settings that have one alternative each, which depends on nothing: most directives of most units.
func plain(d versioned, settings []inventory.Setting) ([]Assignment, bool) {
	out := make([]Assignment, 0, len(settings))
	for i := range settings {
		all := settings[i].Alternatives
		if len(all) != 1 || len(all[0].Conditions) > 0 {
			return nil, false
		}
		if a := &all[0]; !a.Absent {
			out = append(out, assignment(d, i, a))
		}
	}
	return out, true
}

// maxSteps bounds the search for combinations whose conditions do not exclude each other.
const maxSteps = 64 * MaxPossible

type combiner struct {
	versioned
	settings []inventory.Setting
	first    int // the settings before it do not matter
	taken    []inventory.Alternative
	all      [][]Assignment
	steps    int
	over     bool // there is too much to tell apart
}

// walk takes each alternative of setting i that the taken ones allow. It stops when there are more combinations than are told apart.
func (c *combiner) walk(i int) {
	if i == len(c.settings) {
		c.all = append(c.all, assignments(c.versioned, c.taken, c.first))
		return
	}
	alternatives := c.settings[i].Alternatives
	if len(alternatives) == 0 {
		alternatives = []inventory.Alternative{{Known: true, Absent: true}}
	}
	for _, a := range alternatives {
		if len(alternatives) > 1 {
			c.steps++
		}
		c.over = c.over || c.steps > maxSteps || len(c.all) > MaxPossible
		if c.over {
			return
		}
		if contradicts(c.taken, a) {
			continue
		}
		c.taken = append(c.taken, a)
		c.walk(i + 1)
		c.taken = c.taken[:len(c.taken)-1]
	}
}

// lastDecisive returns the first setting that matters: a decided one after which what stood before has no effect.
func lastDecisive(d versioned, settings []inventory.Setting) int {
	for i, s := range slices.Backward(settings) {
		if !s.Decided() || s.Alternatives[0].Absent {
			continue
		}
		text, _ := LogicalLine(s.Alternatives[0].Value)
		if decisive(d, text) {
			return i
		}
	}
	return 0
}

func decisive(d versioned, text string) bool {
	switch {
	case d.kind == Unlisted || d.kind == Dependencies:
		return false
	case scalar(d.kind):
		_, ok := take(d, text)
		return ok
	}
	return text == ""
}

func assignments(d versioned, taken []inventory.Alternative, first int) []Assignment {
	var out []Assignment
	for i := range taken {
		if a := &taken[i]; !a.Absent {
			out = append(out, assignment(d, first+i, a))
		}
	}
	return out
}

// assignment is an alternative of the setting at an index, taken.
func assignment(d versioned, index int, a *inventory.Alternative) Assignment {
	text, more := LogicalLine(a.Value)
	as := Assignment{Index: index, Text: text, Known: a.Known && !more, Why: a.Why}
	if more && a.Known {
		as.Why = "the value of " + d.name + " has several lines, and systemd reads all but the first as directives of their own"
	}
	if d.kind == Unlisted {
		as.Text = a.Value
	}
	return as
}

// contradicts reports whether a holds only where one of the taken does not: the conditions of one are the opposite of those of
// the other.
func contradicts(taken []inventory.Alternative, a inventory.Alternative) bool {
	for _, t := range taken {
		if excludes(t.Conditions, a.Conditions) || excludes(a.Conditions, t.Conditions) {
			return true
		}
	}
	return false
}

// excludes reports whether one of the conditions is the opposite of one of the others, or of all of them together.
func excludes(some, others []inventory.Condition) bool {
	texts := make([]string, len(others))
	for i, o := range others {
		texts[i] = o.Text
	}
	all := strings.Join(texts, " && ")
	for _, c := range some {
		if len(others) > 1 && negates(c.Text, all) {
			return true
		}
		if slices.ContainsFunc(others, func(o inventory.Condition) bool { return opposite(c, o) }) {
			return true
		}
	}
	return false
}

func opposite(a, b inventory.Condition) bool {
	const yes, no = "true", "false"
	if (a.At == nil) != (b.At == nil) || a.At != nil && *a.At != *b.At {
		return false
	}
	if a.Text == b.Text {
		return a.Verdict == yes && b.Verdict == no || a.Verdict == no && b.Verdict == yes
	}
	return a.Verdict == b.Verdict && negates(a.Text, b.Text)
}

// negates reports whether a is written as the negation of b.
func negates(a, b string) bool { return a == "!"+b || a == "!("+b+")" }

func distinct(all []Possible) []Possible {
	var out []Possible
	for _, p := range all {
		if !slices.ContainsFunc(out, func(o Possible) bool { return same(p, o) }) {
			out = append(out, p)
		}
	}
	return out
}

func same(a, b Possible) bool {
	return a.Known == b.Known && a.Absent == b.Absent && a.Why == b.Why && slices.Equal(a.Values, b.Values)
}

// families are the directives that one empty assignment of any of them resets together.
func family(kind Kind, name string) string {
	switch kind {
	case Conditions:
		if strings.HasPrefix(name, "Assert") {
			return "Assert"
		}
		return "Condition"
	case Timers:
		return "On"
	case Listeners:
		return "Listen"
	case Watches:
		return "Path"
	default:
		return ""
	}
}

// resetFamilies applies an empty assignment to the directives of its family that stand before it. An inventory has no
// order between directives, and NixOS writes them in the order of their names: so that is the order.
func resetFamilies(section string, directives map[string][]inventory.Setting, effective map[string][]Possible) {
	for name := range directives {
		kind, _ := Directive(section, name)
		fam := family(kind, name)
		if fam == "" {
			continue
		}
		for later, settings := range directives {
			kind, _ := Directive(section, later)
			if later <= name || family(kind, later) != fam {
				continue
			}
			switch sure, maybe := resets(settings); {
			case sure:
				effective[name] = []Possible{{Values: []Value{}, Known: true}}
			case maybe && len(effective[name][0].Values) > 0:
				effective[name] = []Possible{{Values: []Value{}, Why: "it is not decided whether " + later + " resets it"}}
			}
		}
	}
}

func resets(settings []inventory.Setting) (sure, maybe bool) {
	for _, s := range settings {
		all := len(s.Alternatives) > 0
		for _, a := range s.Alternatives {
			text, _ := LogicalLine(a.Value)
			empty := a.Known && !a.Absent && text == ""
			all, maybe = all && empty, maybe || empty
		}
		sure = sure || all
	}
	return sure, maybe
}

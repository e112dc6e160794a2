package systemd

import (
	"slices"
	"strings"
)

// fold is what assignments amount to, in their order.
func fold(d versioned, as []Assignment) Possible {
	f := folder{versioned: d, p: Possible{Values: []Value{}, Known: true, Absent: true}}
	step := f.stepOf()
	for _, a := range as {
		step(a)
	}
	return f.p
}

type folder struct {
	versioned
	p    Possible
	mode mode           // of address families
	at   map[string]int // see variables
	seen int            // how many values are in it
}

// mode is what a filter does with the names it lists.
type mode uint8

const (
	unset mode = iota
	allowing
	denying
)

func scalar(kind Kind) bool { return kind >= Boolean && kind <= Signal }

func (f *folder) stepOf() func(Assignment) {
	switch f.kind {
	case Words, Colons, Variables, Dependencies:
		return f.words
	case Lines, Commands, Conditions, Timers, Listeners, Watches:
		return f.line
	case Capabilities:
		return f.capabilities
	case Syscalls, Filter:
		return f.filter
	case Families:
		return f.families
	case Namespaces:
		return f.namespaces
	case Delegation:
		return f.delegation
	case Unlisted:
		return f.keep
	default:
		return f.scalar
	}
}

// doubt makes the outcome unknown, for the first reason given.
func (f *folder) doubt(a Assignment) {
	if a.Known {
		return
	}
	if f.p.Known {
		f.p.Why = a.Why
	}
	f.p.Known = false
}

// reset is what an empty assignment does to a list: all that stood before is gone, doubts too.
func (f *folder) reset() {
	f.p = Possible{Values: []Value{}, Known: true}
	f.at, f.seen = nil, 0
}

func (f *folder) add(text string, index int) {
	f.p.Values = append(f.p.Values, Value{text, index})
}

func (f *folder) keep(a Assignment) {
	f.p.Absent = false
	f.doubt(a)
	f.add(a.Text, a.Index)
}

func (f *folder) line(a Assignment) {
	if a.Text == "" && a.Known {
		f.reset()
		return
	}
	f.keep(a)
}

// take reads the value of a scalar; not ok when systemd ignores it.
func take(d versioned, text string) (value string, ok bool) {
	if text == "" {
		return "", !d.keeps()
	}
	if d.kind == Boolean || d.kind == Choice {
		return choose(d.name, d.kind, text, d.version)
	}
	return text, true
}

func (f *folder) scalar(a Assignment) {
	text, ok := a.Text, true
	if a.Known {
		text, ok = take(f.versioned, a.Text)
	}
	if !ok {
		return
	}
	f.reset()
	f.doubt(a)
	if text != "" || !a.Known {
		f.add(text, a.Index)
	}
}

func (f *folder) words(a Assignment) {
	var words []string
	switch f.kind {
	case Variables:
		words = splitWords(a.Text, escaped)
	case Colons:
		words = strings.FieldsFunc(a.Text, func(r rune) bool { return r == ':' })
	default:
		words = splitWords(a.Text, literal)
	}
	if len(words) == 0 && a.Known {
		if f.kind != Dependencies && a.Text == "" {
			f.reset()
		}
		return
	}
	f.p.Absent = false
	f.doubt(a)
	for _, w := range words {
		if f.kind == Variables && a.Known {
			f.variable(w, a.Index)
			continue
		}
		f.add(w, a.Index)
	}
}

// variable sets one variable; a word without a name is ignored.
func (f *folder) variable(word string, index int) {
	name, _, ok := strings.Cut(word, "=")
	if !ok || name == "" {
		return
	}
	if i, ok := f.variables()[name]; ok {
		f.p.Values[i] = Value{word, index}
		return
	}
	f.at[name] = len(f.p.Values)
	f.add(word, index)
	f.seen = len(f.p.Values)
}

// variables are the places of the variables by name, of those too that came with what is not known.
func (f *folder) variables() map[string]int {
	if f.at == nil {
		f.at = map[string]int{}
	}
	for ; f.seen < len(f.p.Values); f.seen++ {
		if name, _, ok := strings.Cut(f.p.Values[f.seen].Text, "="); ok {
			if _, twice := f.at[name]; !twice {
				f.at[name] = f.seen
			}
		}
	}
	return f.at
}

// signed splits off the ~ that inverts a whole assignment.
func signed(text string) (rest string, inverted bool) { return strings.CutPrefix(text, "~") }

// filter keeps each word in order, "~" before those of an inverted assignment: the first word tells whether the filter
// allows or denies. Members of @groups are not looked at.
func (f *folder) filter(a Assignment) {
	if a.Text == "" && a.Known {
		f.p = Possible{Values: []Value{}, Known: true}
		return
	}
	f.p.Absent = false
	f.doubt(a)
	rest, inverted := signed(a.Text)
	words, _ := Split(f.kind, rest)
	if len(words) == 0 && inverted {
		words = []string{""}
	}
	for _, w := range words {
		if inverted {
			w = "~" + w
		}
		f.add(w, a.Index)
	}
}

// put adds a word to a set that does not have it, or removes it.
func (f *folder) put(text string, index int, present bool) {
	at := slices.IndexFunc(f.p.Values, func(v Value) bool { return v.Text == text })
	switch {
	case present && at < 0:
		f.add(text, index)
	case !present && at >= 0:
		f.p.Values = slices.Delete(f.p.Values, at, at+1)
	}
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// delegation is a boolean, which replaces, or controllers, which add up; the empty assignment delegates none of them.
func (f *folder) delegation(a Assignment) {
	if b, ok := ParseBoolean(a.Text); ok && a.Known {
		f.reset()
		f.add(yesNo(b), a.Index)
		return
	}
	f.p.Values = slices.DeleteFunc(f.p.Values, func(v Value) bool { return v.Text == "yes" || v.Text == "no" })
	f.words(a)
}

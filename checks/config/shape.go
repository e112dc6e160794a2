package config

import (
	"regexp"
	"time"

	"github.com/bmatcuk/doublestar/v4"
)

// kind is what a value is, of those YAML and JSON have.
type kind int

const (
	text    kind = iota // a string
	number              // a whole number
	boolean             // true or false
	list                // of values of one shape
	object              // with the keys that are named
	table               // with keys of the user's
)

// shape is what may stand at a place of the file. What is read and the published schema are both made from it.
type shape struct {
	kind    kind
	doc     string
	ref     string   // the name of its definition in the schema, for what stands in several places
	keys    []key    // of an object, in the order that they are documented
	each    *shape   // of a list or a table
	name    *form    // of a table's keys
	forms   *form    // of a text
	words   []string // of a text: all that it may be
	least   int      // of a number or a list: its least value or length
	most    int      // of a number: its greatest value
	removes bool     // of a table: null takes an entry away
	or      *shape   // what may stand here instead, of another kind
	either  []string // of an object: keys of which at least one is there
}

// key is a key of an object.
type key struct {
	name string
	shape
	needed bool
	// whole says that an entry must have the key once it is laid over what it overrides.
	whole bool
}

// form is what a text looks like.
type form struct {
	pattern *regexp.Regexp
	want    string // "a date such as 2027-01-31"
	format  string // of JSON schema
	check   func(string) bool
}

var (
	filled = &form{pattern: regexp.MustCompile(`\S`), want: "a text that is not empty"}
	rule   = &form{pattern: regexp.MustCompile(`^[a-z0-9-]+/[a-z0-9-]+$`), want: "the name of a rule such as hardening/sandbox"}
	word   = &form{pattern: regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]*$`), want: "a name of letters, digits, - and _"}
	date   = &form{
		pattern: regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}$`), want: "a date such as 2027-01-31", format: "date",
		check: func(s string) bool { _, err := time.Parse(time.DateOnly, s); return err == nil },
	}
	mode = &form{pattern: regexp.MustCompile(`^[0-7]{3,4}$`), want: `an octal mode in quotes, such as "0750"`}
	// within is a path that cannot lead out of the folder of the configuration.
	within = &form{
		pattern: regexp.MustCompile(`^[^/\s]`), want: "a path below the folder of the configuration, without ..",
		check: func(s string) bool { return !outward.MatchString(s) },
	}
	outward = regexp.MustCompile(`(^|/)\.\.(/|$)`)
	glob    = &form{pattern: filled.pattern, want: "a glob such as web-* or {mail,web}", check: doublestar.ValidatePattern}
	// globWithin is a glob of files.
	globWithin = &form{pattern: within.pattern, want: within.want + ", or a glob of such", check: func(s string) bool {
		return within.check(s) && doublestar.ValidatePattern(s)
	}}
	absPath = &form{pattern: regexp.MustCompile(`^/`), want: "an absolute path"}
)

func texts(doc string) shape {
	return shape{kind: list, doc: doc, each: &shape{kind: text, forms: filled}}
}

func ofTexts(doc string) shape {
	each := texts("")
	return shape{kind: table, doc: doc, each: &each, name: filled, removes: true}
}

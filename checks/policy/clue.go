package policy

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// clueKind is what a clue asks.
type clueKind byte

const (
	clueHas        clueKind = iota // the input has something at the path
	clueSome                       // and that has elements
	clueIs                         // the text at the path is Text
	clueKey                        // the text at the path is a key of the site's data at Text, a path with dots
	clueMember                     // the text at the path is one of the values there
	clueContains                   // the text at the path contains Text
	clueStartsWith                 // begins with Text
	clueEndsWith                   // ends with Text
	clueMatches                    // matches the regular expression Text
	clueValue                      // all that is at the path: a clue that has a digest, but is never true or false
)

// clue is one cheap question about an input, answered without Rego.
type clue struct {
	kind clueKind
	path []string // into the input
	text string
}

// The words for clueKind.
var clueWords = []string{"has", "some", "is", "in keys of", "in", "contains", "starts with", "ends with", "matches", ""}

func (c clue) String() string {
	s := strings.Join(c.path, ".")
	if c.kind <= clueSome {
		return clueWords[c.kind] + " " + s
	}
	if c.kind == clueValue {
		return s
	}
	return s + " " + clueWords[c.kind] + " " + strconv.Quote(c.text)
}

// guard is what must hold for something to be defined. A guard that is wrong loses findings, one that is too weak only time: what is
// not understood is always.
type guard struct {
	op    guardOp
	clue  clue
	parts []guard
}

type guardOp byte

const (
	always guardOp = iota
	never
	ifClue
	unlessClue
	ifAll
	ifAny
)

func (g guard) String() string {
	switch g.op {
	case always:
		return "always"
	case never:
		return "never"
	case ifClue:
		return g.clue.String()
	case unlessClue:
		return "not " + g.clue.String()
	default:
		texts := make([]string, len(g.parts))
		for i, p := range g.parts {
			texts[i] = p.String()
		}
		word := " and "
		if g.op == ifAny {
			word = " or "
		}
		return "(" + strings.Join(texts, word) + ")"
	}
}

func (g guard) equal(o guard) bool {
	return g.op == o.op && g.clue.kind == o.clue.kind && g.clue.text == o.clue.text && slices.Equal(g.clue.path, o.clue.path) &&
		slices.EqualFunc(g.parts, o.parts, guard.equal)
}

// all is that every one of the guards holds, either that at least one does.
func all(parts ...guard) guard    { return join(ifAll, always, never, parts) }
func either(parts ...guard) guard { return join(ifAny, never, always, parts) }

func join(op, neutral, decisive guardOp, parts []guard) guard {
	var kept []guard
	var add func([]guard) bool
	add = func(parts []guard) bool {
		for _, p := range parts {
			switch {
			case p.op == decisive:
				return false
			case p.op == op:
				if !add(p.parts) {
					return false
				}
			case p.op != neutral && !slices.ContainsFunc(kept, p.equal):
				kept = append(kept, p)
			}
		}
		return true
	}
	if !add(parts) {
		return guard{op: decisive}
	}
	switch len(kept) {
	case 0:
		return guard{op: neutral}
	case 1:
		return kept[0]
	}
	return guard{op: op, parts: kept}
}

// read is something that a rule looks at when the guard holds.
type read struct {
	when guard
	what clue
}

// profile is what is known of a rule without running it: what must hold for it to report anything, and all that its report can depend
// on besides the site.
type profile struct {
	guard guard
	reads []read
}

// comment says the profile to whoever reads the linked rules.
func (p profile) comment() string {
	var b strings.Builder
	b.WriteString("  asked if: " + p.guard.String() + "\n")
	for _, r := range p.reads {
		b.WriteString("  reads: " + r.what.String())
		if r.when.op != always {
			b.WriteString(" if " + r.when.String())
		}
		b.WriteString("\n")
	}
	return b.String()
}

// plain replaces what a view cannot answer by what is always right: a guard that always holds, and a look at the whole unit. The order
// of the reads is that of their text, so that the same rule always has the same profile.
func (p *profile) plain() {
	p.guard = answerable(p.guard)
	reads := map[string]read{}
	for _, r := range p.reads {
		r.when = answerable(r.when)
		if !r.what.answerable() || !r.what.compiles() {
			r.what = clue{kind: clueValue, path: r.what.path}
			if !hasDigest(r.what.path) {
				r.what.path = nil
			}
		}
		key := r.what.String()
		if old, ok := reads[key]; ok {
			r.when = either(old.when, r.when)
		}
		reads[key] = r
	}
	p.reads = nil
	for _, key := range sortedKeys(reads) {
		if r := reads[key]; !p.covered(reads, r) {
			p.reads = append(p.reads, r)
		}
	}
}

// covered: what a read looks at is part of what another one looks at anyway.
func (p *profile) covered(reads map[string]read, r read) bool {
	whole := clue{kind: clueValue, path: r.what.path}
	for n := len(r.what.path); n >= 0; n-- {
		whole.path = r.what.path[:n]
		if n == len(r.what.path) && r.what.kind == clueValue {
			continue
		}
		if over, ok := reads[whole.String()]; ok && over.when.op == always {
			return true
		}
	}
	return false
}

func answerable(g guard) guard {
	switch g.op {
	case ifClue, unlessClue:
		if !g.clue.answerable() || !g.clue.compiles() || g.clue.kind <= clueSome && len(g.clue.path) == 1 && isField(g.clue.path[0]) {
			return guard{}
		}
	case ifAll, ifAny:
		parts := make([]guard, len(g.parts))
		for i, p := range g.parts {
			parts[i] = answerable(p)
		}
		if g.op == ifAll {
			return all(parts...)
		}
		return either(parts...)
	case always, never:
	}
	return g
}

// fieldNames are the fields of a unit that are texts, and always there.
var fieldNames = []string{"kind", "name", "unit", "scope", "status", "completeness", "open", "base", "system", "text", lowerText}

func isField(name string) bool { return slices.Contains(fieldNames, name) }

// answerable reports whether a view can answer the clue.
func (c clue) answerable() bool {
	n := len(c.path)
	switch c.kind {
	case clueHas, clueSome:
		switch path0(c.path) {
		case "sections", "effective":
			return n <= 3
		case "scripts":
			return n <= 2
		case "links", "unrecognised", "misread", "closed":
			return n == 1
		}
		return n == 1 && isField(c.path[0])
	case clueValue:
		return hasDigest(c.path)
	default:
		return n == 1 && isField(c.path[0])
	}
}

func (c clue) compiles() bool {
	if c.kind != clueMatches {
		return true
	}
	_, err := regexp.Compile(c.text)
	return err == nil
}

// hasDigest reports whether a view has a digest of what is at a path alone.
func hasDigest(path []string) bool {
	n := len(path)
	switch path0(path) {
	case "":
		return true
	case "sections", "effective":
		return n <= 3
	case "scripts":
		return n <= 2
	case "links", "unrecognised", "misread", "overrides", "closed":
		return n == 1
	}
	return n == 1 && isField(path[0])
}

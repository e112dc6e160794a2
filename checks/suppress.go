package checks

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/nixlint/nixlint/loader/inventory"
)

// Waiver accepts findings of one rule. It stands in the configuration.
type Waiver struct {
	Rule, Reason, Owner string
	Expires             string // the last day on which it holds, "2027-01-31"; for ever when empty
	// Covers reports whether it is about a unit, empty for none, in a file.
	Covers func(unit, file string) bool
	At     *inventory.Location
}

// suppressions are the inline directives of all files, and the waivers.
type suppressions struct {
	options Options
	known   map[string]bool
	enabled []string
	today   string
	all     []suppression
	wrong   []Finding
}

// suppression is one rule of one directive, or a waiver.
type suppression struct {
	rule, reason string
	at           inventory.Location
	covers       func(f *Finding) bool
	lines        int // how many it covers; many for a waiver
	enabled      bool
	used         bool
}

func newSuppressions(inv *inventory.Inventory, known map[string]bool, enabled []string, o Options) *suppressions {
	s := &suppressions{options: o, known: known, enabled: enabled, today: o.Today.UTC().Format(time.DateOnly)}
	if o.NoIgnores {
		return s
	}
	for i := range inv.Files {
		for k := range inv.Files[i].Directives {
			s.read(&inv.Files[i].Directives[k])
		}
	}
	for i := range o.Waivers {
		s.waiver(&o.Waivers[i])
	}
	return s
}

// directive is a comment taken apart: ignore RULE[, RULE] [until=DATE] -- reason.
type directive struct {
	verb, reason, until string
	dated               bool
	rules               []string
}

func parseDirective(text string) directive {
	head, reason, _ := strings.Cut(text, "--")
	verb, list, _ := strings.Cut(strings.TrimSpace(head), " ")
	d := directive{verb: verb}
	// A date that stands in the reason was meant too: taken for words, it would hold for ever.
	for word := range strings.FieldsSeq(reason) {
		if until, ok := strings.CutPrefix(word, "until="); ok {
			d.until, d.dated = until, true
			continue
		}
		d.reason += " " + word
	}
	d.reason = strings.TrimSpace(d.reason)
	for _, word := range strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' || r == '\t' }) {
		if until, ok := strings.CutPrefix(word, "until="); ok {
			d.until, d.dated = until, true
			continue
		}
		d.rules = append(d.rules, word)
	}
	return d
}

// read takes a comment in.
func (s *suppressions) read(c *inventory.Directive) {
	d := parseDirective(c.Text)
	say := func(rule, format string, args ...any) { s.say(rule, &c.At, c.Text, fmt.Sprintf(format, args...)) }
	switch {
	case d.verb != "ignore":
		say(unknownRule, "unknown directive %q, want: ignore RULE -- reason", d.verb)
		return
	case len(d.rules) == 0:
		say(unknownRule, "the suppression names no rule, want: ignore RULE -- reason")
		return
	case d.reason == "":
		say(reasonRule, "the suppression of %s gives no reason, so it does not suppress; want: ignore RULE -- reason", strings.Join(d.rules, ", "))
	case d.dated && !isDate(d.until):
		say(expiredRule, "until=%s is no date such as until=2027-01-31, so it does not suppress", d.until)
	case s.past(d.until):
		say(expiredRule, "the suppression of %s ended on %s", strings.Join(d.rules, ", "), d.until)
	}
	valid := d.reason != "" && (!d.dated || isDate(d.until) && !s.past(d.until))
	for _, rule := range d.rules {
		switch {
		case !s.exists(rule):
			say(unknownRule, "there is no rule %q%s", rule, s.hint(rule))
		case slices.Contains(s.options.Locked, rule):
			say(lockedRule, "the configuration locks %s: no comment suppresses it, only a waiver there does", rule)
		case valid:
			s.all = append(s.all, suppression{
				rule: rule, reason: d.reason, at: c.At, enabled: s.asks(rule),
				covers: func(f *Finding) bool { return holds(&c.Covers, f) }, lines: c.Covers.EndLine - c.Covers.Line,
			})
		}
	}
}

// waiver takes a waiver in. That it has a reason, package config has seen to.
func (s *suppressions) waiver(w *Waiver) {
	say := func(rule, format string, args ...any) {
		s.say(rule, w.At, w.Rule+" "+w.Reason, fmt.Sprintf(format, args...))
	}
	switch {
	case !s.exists(w.Rule):
		say(unknownRule, "there is no rule %q%s", w.Rule, s.hint(w.Rule))
		return
	case s.past(w.Expires):
		by := ""
		if w.Owner != "" {
			by = "; ask " + w.Owner
		}
		say(expiredRule, "the waiver of %s ended on %s%s", w.Rule, w.Expires, by)
		return
	}
	const most = 1 << 30
	s.all = append(s.all, suppression{rule: w.Rule, reason: w.text(), at: *w.At, enabled: s.asks(w.Rule), lines: most, covers: func(f *Finding) bool {
		file := ""
		if f.At != nil {
			file = f.At.File
		}
		// One place may make several units: the waiver of one does not speak for the others.
		for _, unit := range f.about() {
			if !w.Covers(unit, file) {
				return false
			}
		}
		return true
	}})
}

// text is the reason, and who answers for it how long.
func (w *Waiver) text() string {
	var more []string
	if w.Owner != "" {
		more = append(more, w.Owner)
	}
	if w.Expires != "" {
		more = append(more, "until "+w.Expires)
	}
	if len(more) == 0 {
		return w.Reason
	}
	return w.Reason + " (" + strings.Join(more, ", ") + ")"
}

// about are the units of a finding; one without a name for what is about none.
func (f *Finding) about() []string {
	if len(f.units) > 0 {
		return f.units
	}
	return []string{f.Unit}
}

// holds reports whether lines hold the start of a finding, or for something a unit leaves out, that of any of the places that
// define it.
func holds(l *inventory.Location, f *Finding) bool {
	at := func(p *inventory.Location) bool { return p.File == l.File && l.Line <= p.Line && p.Line <= l.EndLine }
	for i := range f.definitions {
		if at(&f.definitions[i]) {
			return true
		}
	}
	return f.At != nil && at(f.At)
}

func isDate(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}

// past reports whether the last day of something is over.
func (s *suppressions) past(until string) bool { return until != "" && until < s.today }

func (s *suppressions) exists(rule string) bool {
	return s.known[rule] || IsOwn(rule) && !strings.HasPrefix(rule, "suppressions/")
}

func (s *suppressions) asks(rule string) bool { return IsOwn(rule) || slices.Contains(s.enabled, rule) }

func (s *suppressions) hint(rule string) string {
	if IsOwn(rule) {
		return " to suppress: it speaks of suppressions"
	}
	if near := Nearest(rule, slices.Sorted(maps.Keys(s.known))); near != "" {
		return ", did you mean " + near + "?"
	}
	return ""
}

func (s *suppressions) say(rule string, at *inventory.Location, text, message string) {
	s.wrong = append(s.wrong, s.options.own(rule, at, text, message))
}

// apply parts the findings that something covers from the others.
func (s *suppressions) apply(findings []Finding) (left, suppressed []Finding) {
	left = []Finding{}
	for _, f := range findings {
		if by := s.covering(&f); by != nil {
			by.used = true
			f.Suppressed = by.reason
			suppressed = append(suppressed, f)
			continue
		}
		left = append(left, f)
	}
	return left, suppressed
}

// covering is the narrowest suppression of a finding.
func (s *suppressions) covering(f *Finding) *suppression {
	var best *suppression
	for i := range s.all {
		if d := &s.all[i]; d.rule == f.Rule && d.covers(f) && (best == nil || d.lines < best.lines) {
			best = d
		}
	}
	return best
}

// findings are those about the suppressions themselves, after apply. What a rule that is off would have found is not known,
// so its suppression is not called unused.
func (s *suppressions) findings() []Finding {
	out := s.wrong
	for i := range s.all {
		if d := &s.all[i]; d.enabled && !d.used && !s.options.partly(d.at.File) {
			out = append(out, s.options.own(unusedRule, &d.at, d.rule+" "+d.reason,
				fmt.Sprintf("nothing of %s is found here: the suppression can go", d.rule)))
		}
	}
	return out
}

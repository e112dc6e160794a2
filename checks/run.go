package checks

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/nixlint/nixlint/loader/inventory"
)

// Weight is what the findings of a rule weigh.
type Weight struct {
	Level Level
	// Minor is what the lesser cases of the rule weigh; Info when empty.
	Minor Level
	// UnknownFails makes what cannot be told a finding of Level. Otherwise it is one note for the unit.
	UnknownFails bool
}

// Options of a run. A rule that Rules does not name is off.
type Options struct {
	Rules map[string]Weight
	// Elsewhere are rules that exist and are not asked: a suppression of one is neither unknown nor unused.
	Elsewhere []string
	// FailOnUnknown makes everything that cannot be told a finding of its rule's level.
	FailOnUnknown bool
	// Waivers accept findings, like inline directives do; Locked are rules that the latter cannot suppress. NoIgnores looks at neither.
	Waivers   []Waiver
	Locked    []string
	NoIgnores bool
	// Predictions are the differences between the Nix files and what was built of them, from JoinBuilt.
	Predictions []Prediction
	// Today is the day of the run: what ended before it does not suppress. The zero value is before every day.
	Today time.Time
	// Excluded reports whether what stands in a file is not wanted.
	Excluded func(file string) bool
	// Partly reports whether not all that uses a file is judged: then nobody knows what is unused there.
	Partly func(file string) bool
}

func (o *Options) partly(file string) bool { return o.Partly != nil && o.Partly(file) }

// Result is what a run found, each list ordered by file, line, column, rule and unit.
type Result struct {
	Findings   []Finding
	Suppressed []Finding
	Rules      []Rule // that were asked, and those of the run itself, by ID
	Summary    Summary
}

// Judged reports whether findings about a unit are wanted: not what is off, commented out or wholly elsewhere.
func Judged(u *inventory.Unit) bool {
	switch u.Status {
	case inventory.Active, inventory.Guarded, inventory.Override:
		return true
	default:
		return false
	}
}

// Run judges an inventory and turns the verdicts into findings: placed, weighed, fingerprinted, merged over hosts, with
// inline suppressions applied.
func Run(ctx context.Context, inv *inventory.Inventory, judge Judge, o Options) (*Result, error) {
	var enabled []string
	rules := OwnRules()
	known := map[string]bool{}
	for _, r := range judge.Rules() {
		known[r.ID] = true
		if w, ok := o.Rules[r.ID]; ok && w.Level != Off {
			enabled = append(enabled, r.ID)
			rules = append(rules, r)
		}
	}
	for _, id := range o.Elsewhere {
		known[id] = true
	}
	for id := range o.Rules {
		if !known[id] && !IsOwn(id) {
			return nil, fmt.Errorf("the profile names the rule %q, which does not exist", id)
		}
	}
	slices.SortFunc(rules, func(a, b Rule) int { return strings.Compare(a.ID, b.ID) })
	judgements, err := judge.Judge(ctx, inv, enabled)
	if err != nil {
		return nil, fmt.Errorf("judge: %w", err)
	}
	c := collector{inv: inv, options: o}
	for _, j := range withoutRepeats(judgements) {
		c.add(j)
	}
	c.undecided()
	c.predictions()
	findings := merge(c.drafts)
	s := newSuppressions(inv, known, enabled, o)
	findings, suppressed := s.apply(findings)
	findings = append(findings, s.findings()...)
	result := &Result{Rules: rules}
	result.Findings, result.Suppressed = o.wanted(inv, findings), o.wanted(inv, suppressed)
	sortFindings(result.Findings)
	excluded := len(findings) - len(o.included(findings))
	result.Summary = summarise(inv, result, len(enabled))
	result.Summary.Excluded = excluded
	return result, nil
}

// wanted keeps the findings that were asked for.
func (o *Options) wanted(inv *inventory.Inventory, findings []Finding) []Finding {
	return within(o.included(findings), inv.Paths)
}

// included keeps the findings that do not stand in an excluded file.
func (o *Options) included(findings []Finding) []Finding {
	if o.Excluded == nil {
		return findings
	}
	out := make([]Finding, 0, len(findings))
	for _, f := range findings {
		if f.At == nil || !o.Excluded(f.At.File) {
			out = append(out, f)
		}
	}
	return out
}

// withoutRepeats leaves out what another rule says already of the same thing.
func withoutRepeats(judgements []Judgement) []Judgement {
	type thing struct {
		rule             string
		host, unit, line int
		path             string
	}
	said := map[thing]bool{}
	if !slices.ContainsFunc(judgements, func(j Judgement) bool { return len(j.Repeats) > 0 }) {
		return judgements
	}
	for _, j := range judgements {
		said[thing{j.Rule, j.Host, j.Unit, j.Line, pathText(j.Path)}] = true
	}
	return slices.DeleteFunc(slices.Clone(judgements), func(j Judgement) bool {
		return slices.ContainsFunc(j.Repeats, func(rule string) bool { return said[thing{rule, j.Host, j.Unit, j.Line, pathText(j.Path)}] })
	})
}

// within keeps the findings that stand under one of paths, or that something under them has a part in: a helper that a value came
// from. The whole inventory is judged either way, because units of other files decide about those that were asked for.
func within(findings []Finding, paths []string) []Finding {
	if len(paths) == 0 {
		return findings
	}
	under := func(at *inventory.Location) bool {
		return at != nil && slices.ContainsFunc(paths, func(p string) bool {
			return p == "." || at.File == p || strings.HasPrefix(at.File, p+"/")
		})
	}
	return slices.DeleteFunc(findings, func(f Finding) bool {
		return !under(f.At) && !slices.ContainsFunc(f.Notes, func(n Note) bool { return under(n.At) })
	})
}

// collector turns judgements into drafts, and keeps apart what could not be told.
type collector struct {
	inv     *inventory.Inventory
	options Options
	drafts  []draft
	open    map[about]*draft
	order   []about
}

// draft is a finding of one host, with what its fingerprint is made of.
type draft struct {
	Finding
	host  string
	value string // the judged value, or the piece of it that is meant
	rules []string
}

// about is a unit or a line of one host.
type about struct{ host, unit, line int }

func (c *collector) add(j Judgement) {
	w := c.options.Rules[j.Rule]
	level := w.Level
	if j.Minor {
		level = lighter(level, cmp.Or(w.Minor, Info))
	}
	unit, host := c.unit(j), c.host(j)
	if level == Off || unit != nil && !Judged(unit) {
		return
	}
	d := draft{
		Finding: Finding{Rule: j.Rule, Severity: level, Verdict: j.Verdict, Message: j.Message, Path: pathText(j.Path), Hosts: []string{}, Notes: []Note{}},
	}
	if host != nil {
		d.host = host.Name
	}
	if unit != nil {
		d.Unit, d.Scope = unit.Name, unit.Scope
	}
	p := locate(host, unit, j)
	d.At, d.Notes, d.value = p.at, p.notes, p.value
	if unit != nil && p.at != nil && slices.Contains(unit.Definitions, *p.at) {
		d.definitions = unit.Definitions
	}
	if j.Verdict == Unknown && !w.UnknownFails && !c.options.FailOnUnknown {
		c.note(about{j.Host, j.Unit, j.Line}, d)
		return
	}
	c.drafts = append(c.drafts, d)
}

func (c *collector) host(j Judgement) *inventory.Host {
	if j.Host < 0 || j.Host >= len(c.inv.Hosts) {
		return nil
	}
	return &c.inv.Hosts[j.Host]
}

func (c *collector) unit(j Judgement) *inventory.Unit {
	h := c.host(j)
	if h == nil || j.Unit < 0 || j.Unit >= len(h.Units) {
		return nil
	}
	return &h.Units[j.Unit]
}

// note keeps what could not be told of a unit, for one finding about all of it.
func (c *collector) note(a about, d draft) {
	if c.open == nil {
		c.open = map[about]*draft{}
	}
	n := c.open[a]
	if n == nil {
		n = &draft{host: d.host, Finding: Finding{
			Rule: undecidedRule, Severity: c.options.ownLevel(undecidedRule), Verdict: Unknown, Unit: d.Unit, Scope: d.Scope, Path: "", Hosts: []string{}, Notes: []Note{}, At: d.At,
		}}
		if unit := c.unit(Judgement{Host: a.host, Unit: a.unit}); unit != nil {
			n.At, n.definitions = definitionOf(unit), unit.Definitions
		}
		c.open[a] = n
		c.order = append(c.order, a)
	}
	if !slices.Contains(n.rules, d.Rule) {
		n.rules = append(n.rules, d.Rule)
	}
	n.Notes = append(n.Notes, Note{Message: d.Rule + ": " + d.Message, At: d.At})
}

// predictions makes a finding of each difference between the Nix files and what was built.
func (c *collector) predictions() {
	for _, p := range c.options.Predictions {
		c.drafts = append(c.drafts, draft{
			host: p.Host, value: p.Message,
			Finding: Finding{
				Rule: predictionRule, Severity: c.options.ownLevel(predictionRule), Verdict: Fail, Message: p.Message, Unit: p.Unit, Scope: p.Scope, At: p.At, Hosts: []string{},
				Notes: append([]Note{}, p.Notes...),
			},
		})
	}
}

// undecided makes one finding of all that could not be told of a unit.
func (c *collector) undecided() {
	for _, a := range c.order {
		d := c.open[a]
		slices.Sort(d.rules)
		d.value = strings.Join(d.rules, " ")
		slices.SortStableFunc(d.Notes, func(a, b Note) int { return strings.Compare(a.Message, b.Message) })
		what := cmp.Or(d.Unit, "this")
		d.Message = fmt.Sprintf("not decided for %s: %s", what, strings.Join(d.rules, ", "))
		c.drafts = append(c.drafts, *d)
	}
}

var weights = map[Level]int{Off: 0, Info: 1, Warning: 2, Error: 3}

// AtLeast reports whether a level is as heavy as another.
func (l Level) AtLeast(other Level) bool { return weights[l] >= weights[other] }

func lighter(a, b Level) Level {
	if a.AtLeast(b) {
		return b
	}
	return a
}

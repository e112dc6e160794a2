package report

import (
	"cmp"
	"fmt"
	"io"
	"net/url"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/nixlint/nixlint/checks"
	"github.com/nixlint/nixlint/loader/inventory"
	"github.com/nixlint/nixlint/loader/source"
)

// What code scanning takes at most.
const (
	maxDescription = 1024
	maxTags        = 10
)

const (
	sarifSchema = "https://json.schemastore.org/sarif-2.1.0.json"
	homepage    = "https://github.com/nixlint/nixlint"
)

// SARIF writes the report as SARIF 2.1.0, in the form GitHub's code scanning takes. Prefix leads from the top of the
// repository to the root that was judged ("hosts/web/"), empty when they are the same. Suppressed findings in the report
// are written as suppressed results; some services open an alert for them all the same.
func SARIF(w io.Writer, r *Report, prefix string) error {
	s := &sarif{r: r, prefix: prefix, index: map[string]int{}, hashes: map[string][]string{}, columns: map[string]unitMarks{}}
	log := sarifLog{Schema: sarifSchema, Version: "2.1.0", Runs: []sarifRun{s.run()}}
	return encode(w, log)
}

type sarif struct {
	r       *Report
	prefix  string
	rules   []sarifRule
	index   map[string]int
	hashes  map[string][]string
	columns map[string]unitMarks
}

func (s *sarif) run() sarifRun {
	for _, rule := range s.r.Result.Rules {
		s.add(rule)
	}
	run := sarifRun{
		Automation: sarifAutomation{ID: "nixlint/" + s.r.Policy + "/"},
		ColumnKind: "utf16CodeUnits",
		Results:    []sarifResult{},
	}
	for _, f := range s.r.Result.Findings {
		run.Results = append(run.Results, s.result(f))
	}
	for _, f := range s.r.suppressed() {
		result := s.result(f)
		result.Suppressions = []sarifSuppression{{Kind: "inSource", Justification: f.Suppressed}}
		run.Results = append(run.Results, result)
	}
	run.Invocations = []sarifInvocation{s.invocation()}
	run.Tool.Driver = sarifDriver{Name: "nixlint", InformationURI: homepage, Rules: s.rules}
	if v := s.r.Systemd; v != nil {
		run.Tool.Extensions = []sarifExtension{{Name: "systemd-analyze", Version: v.Version}}
	}
	// A version that does not start with a number cannot be compared, so that of a working tree comes before all others.
	run.Tool.Driver.Version = strings.TrimPrefix(s.r.Version, "v")
	if !semantic(run.Tool.Driver.Version) {
		run.Tool.Driver.Version = "0.0.0-" + run.Tool.Driver.Version
	}
	run.Tool.Driver.SemanticVersion = run.Tool.Driver.Version
	if run.Tool.Driver.Rules == nil {
		run.Tool.Driver.Rules = []sarifRule{}
	}
	return run
}

// add lists a rule and returns its index. Rules without documentation of their own (of suppressions) are listed when a
// result names them.
func (s *sarif) add(rule checks.Rule) int {
	if i, ok := s.index[rule.ID]; ok {
		return i
	}
	title := cmp.Or(rule.Title, rule.ID)
	description := cmp.Or(rule.Description, title)
	out := sarifRule{
		ID:     rule.ID,
		Short:  sarifText{Text: title},
		Full:   sarifText{Text: shorten(description, maxDescription)},
		Help:   sarifHelp{Text: plainHelp(rule, description), Markdown: markdownHelp(rule, description)},
		Config: sarifConfig{Level: sarifLevel(rule.Severity)},
		Properties: sarifRuleProperties{
			Tags: tags(rule), Precision: rule.Precision, Problem: problemSeverity(rule.Severity),
			Security: rule.SecuritySeverity,
		},
	}
	s.index[rule.ID] = len(s.rules)
	s.rules = append(s.rules, out)
	return len(s.rules) - 1
}

func (s *sarif) result(f checks.Finding) sarifResult {
	at := s.r.place(f.At)
	result := sarifResult{
		RuleID:    f.Rule,
		RuleIndex: s.add(s.r.rule(f.Rule)),
		Level:     sarifLevel(f.Severity),
		Locations: []sarifLocation{{Physical: s.physical(at)}},
		Fingerprints: map[string]string{
			"primaryLocationLineHash": s.lineHash(at),
			"nixlint/v1":              f.Fingerprint,
		},
		Properties: sarifProperties{Verdict: string(f.Verdict), Unit: f.Unit, Scope: f.Scope, Path: f.Path, Hosts: f.Hosts},
	}
	var message strings.Builder
	if f.Unit != "" && !strings.Contains(f.Message, f.Unit) {
		message.WriteString(f.Unit + ": ")
	}
	message.WriteString(unlinked(f.Message))
	if f.Verdict == checks.Unknown {
		message.WriteString(" (unknown)")
	}
	for _, n := range f.Notes {
		if n.At == nil {
			message.WriteString("\n" + unlinked(n.Message))
			continue
		}
		id := len(result.Related) + 1
		result.Related = append(result.Related, sarifLocation{ID: id, Physical: s.physical(*n.At), Message: &sarifText{Text: n.Message}})
		fmt.Fprintf(&message, "\n[%s](%d)", bracketed.Replace(n.Message), id)
	}
	result.Message.Text = message.String()
	return result
}

func (s *sarif) invocation() sarifInvocation {
	out := sarifInvocation{Successful: s.r.Summary().Failures == 0}
	for _, p := range s.r.Inventory.Problems {
		n := sarifNotification{Level: "error", Message: sarifText{Text: p.Message}}
		if isNotice(p) {
			n.Level = "note"
		}
		if p.At != nil {
			n.Locations = []sarifLocation{{Physical: s.physical(*p.At)}}
		}
		out.Notifications = append(out.Notifications, n)
	}
	return out
}

func (s *sarif) physical(at inventory.Location) sarifPhysical {
	out := sarifPhysical{Artifact: sarifArtifact{URI: uri(s.prefix + at.File)}, Region: sarifRegion{StartLine: max(at.Line, 1)}}
	f := s.r.file(at.File)
	if f == nil || at.Line > f.Lines() || at.EndLine > f.Lines()+1 {
		return out
	}
	out.Region.StartColumn = s.column(f, at.File, at.Line, at.Column)
	if at.EndLine >= at.Line {
		out.Region.EndLine = at.EndLine
		out.Region.EndColumn = s.column(f, at.File, at.EndLine, at.EndColumn)
	}
	return out
}

func (s *sarif) lineHash(at inventory.Location) string {
	hashes, ok := s.hashes[at.File]
	if !ok {
		f := s.r.file(at.File)
		if f == nil {
			f = source.NewFile(at.File, "")
		}
		hashes = lineHashes(f)
		s.hashes[at.File] = hashes
	}
	return hashes[min(max(at.Line, 1), len(hashes))-1]
}

// column turns a column in bytes into one in UTF-16 units, both from 1.
func (s *sarif) column(f *source.File, name string, line, column int) int {
	lines := s.columns[name]
	if lines == nil {
		lines = unitMarks{}
		s.columns[name] = lines
	}
	return lines.before(line, f.Line(line), column-1) + 1
}

// uri is a path as a relative URI reference. A colon is escaped, or the first segment would read as a scheme.
// What lies outside of the repository, as a configuration that was named on the command line may, is named from its top: no
// reference may lead out.
func uri(name string) string {
	segments := strings.Split(strings.TrimPrefix(path.Join("/", name), "/"), "/")
	for i, s := range segments {
		segments[i] = strings.ReplaceAll(url.PathEscape(s), ":", "%3A")
	}
	return strings.Join(segments, "/")
}

// bracketed escapes the brackets of a link's text.
var bracketed = strings.NewReplacer("[", `\[`, "]", `\]`)

// unlinked keeps text of the user from being read as a link, which messages of SARIF may hold.
func unlinked(message string) string {
	if !strings.Contains(message, "](") {
		return message
	}
	return bracketed.Replace(message)
}

func sarifLevel(l checks.Level) string {
	switch l {
	case checks.Error, checks.Warning:
		return string(l)
	case checks.Off:
		return "none"
	case checks.Info:
	}
	return "note"
}

func problemSeverity(l checks.Level) string {
	if l == checks.Error || l == checks.Warning {
		return string(l)
	}
	return "recommendation"
}

// tags names the rule's category and its own tags; services that rank by security-severity ask for the tag "security".
func tags(rule checks.Rule) []string {
	var out []string
	if rule.SecuritySeverity != "" {
		out = append(out, "security")
	}
	category, _, _ := strings.Cut(rule.ID, "/")
	for _, tag := range append([]string{category}, rule.Tags...) {
		if len(out) < maxTags && !slices.Contains(out, tag) {
			out = append(out, tag)
		}
	}
	return out
}

func plainHelp(rule checks.Rule, description string) string {
	if rule.Fix == "" {
		return description
	}
	return description + "\n\n" + rule.Fix
}

func markdownHelp(rule checks.Rule, description string) string {
	var b strings.Builder
	b.WriteString(description)
	if rule.Fix != "" {
		b.WriteString("\n\n## How to fix\n\n" + rule.Fix)
	}
	if len(rule.Links) > 0 {
		b.WriteString("\n\n## See also\n")
		for _, link := range rule.Links {
			b.WriteString("\n- <" + link + ">")
		}
	}
	return b.String()
}

// shorten cuts a text at a word so that it has at most n characters.
func shorten(text string, n int) string {
	if utf8.RuneCountInString(text) <= n {
		return text
	}
	runes := []rune(text)[:n-3]
	cut := string(runes)
	if i := strings.LastIndexByte(cut, ' '); i > 0 {
		cut = cut[:i]
	}
	return cut + "..."
}

// semantic reports whether a version is of the form 1.2.3, whatever follows a hyphen or a plus.
func semantic(version string) bool {
	if i := strings.IndexAny(version, "-+"); i >= 0 {
		version = version[:i]
	}
	parts := strings.Split(version, ".")
	for _, p := range parts {
		if p == "" || strings.Trim(p, "0123456789") != "" {
			return false
		}
	}
	return len(parts) == 3
}

package report_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"math/big"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/nixlint/nixlint/checks"
	"github.com/nixlint/nixlint/loader/inventory"
	"github.com/nixlint/nixlint/loader/source"
	"github.com/nixlint/nixlint/report"
)

const llama = `{ pkgs, ... }:
{
	systemd.services.llama = { # "the" model
		serviceConfig.ExecStart = "llama --host 0.0.0.0"; # 日本
		script = "日本 --all";
		esc = "` + "\x1b[31m\u202e" + `";
	};
}
`

func at(file string, line, column, endLine, endColumn int) *inventory.Location {
	return &inventory.Location{File: file, Line: line, Column: column, EndLine: endLine, EndColumn: endColumn}
}

func files(texts map[string]string) report.Sources {
	fsys := fstest.MapFS{}
	for name, text := range texts {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return source.NewTree(fsys)
}

// sample has one finding of each sort over llama: plain, unknown, without a place, of several lines.
func sample() *report.Report {
	result := &checks.Result{
		Rules: []checks.Rule{
			{
				ID: "network/loopback-only", Title: "Listens on loopback", Severity: checks.Error, Precision: "high",
				Description:      "Anybody on the network reaches it.",
				Fix:              "Bind it:\n\n```nix\nExecStart = \"x --host 127.0.0.1\";\n```",
				SecuritySeverity: "7.5", Tags: []string{"network"}, Links: []string{"https://example.org/a"},
			},
			{ID: "organization/centralized", Title: "Services stand together", Severity: checks.Warning, Description: "They are found.", Fix: "    a = {\n      b = 1;\n    };\n\nOr\nnot."},
		},
		Findings: []checks.Finding{
			{
				Rule: "organization/centralized", Severity: checks.Warning, Verdict: checks.Fail, Message: "units stand in 3 folders",
				Path: "", Fingerprint: "f0", Hosts: nil,
			},
			{
				Rule: "network/loopback-only", Severity: checks.Error, Verdict: checks.Fail, Message: "listens on 0.0.0.0",
				Unit: "llama.service", Scope: inventory.System, Path: "Service.ExecStart[0]",
				At: at("mods/a b.nix", 4, 30, 4, 50), Hosts: []string{"web", "db"}, Fingerprint: "f1",
				Notes: []checks.Note{{Message: "came [through](9) here", At: at("mods/a b.nix", 1, 1, 1, 5)}, {Message: "no place"}},
			},
			{
				Rule: "network/loopback-only", Severity: checks.Error, Verdict: checks.Unknown, Message: "the host of llama.service is unknown",
				Unit: "llama.service", Scope: inventory.User, Path: "Service.ExecStart[1]",
				At: at("mods/a b.nix", 5, 19, 5, 24), Hosts: []string{"web"}, Fingerprint: "f2",
			},
		},
		Suppressed: []checks.Finding{{
			Rule: "suppressions/reason", Severity: checks.Info, Verdict: checks.Fail, Message: "whole", Path: "Unit",
			At: at("mods/a b.nix", 3, 2, 7, 4), Fingerprint: "f3", Suppressed: "agreed with the team",
		}},
		Summary: checks.Summary{
			Errors: 2, Warnings: 1, Unknown: 1, Suppressed: 1, Units: 1, Hosts: 1, Rules: 2, SettingsJudged: 2, SettingsUnknown: 1,
			Reasons: []checks.Reason{{Why: "an option of a module not in the tree", Count: 1}},
		},
	}
	inv := &inventory.Inventory{
		Schema: inventory.Schema, Root: ".", Files: []inventory.File{{Path: "mods/a b.nix", Modules: true}},
		Problems: []inventory.Problem{
			{
				Severity: "failure", Message: "expected ; found }", At: at("mods/a b.nix", 7, 2, 7, 3),
				Notes: []inventory.ProblemNote{{Message: "opened here", At: at("mods/a b.nix", 3, 27, 3, 28)}},
			},
			{Severity: "notice", Message: "secrets.nix is no text"},
		},
		Hosts: []inventory.Host{{
			Name: "web", Source: "flake", Missing: []inventory.Missing{{Name: "home-manager", Why: "not on disk"}},
			Units: []inventory.Unit{
				{
					Name: "llama.service", Kind: "service", Scope: "system", Status: inventory.Active, Completeness: inventory.Own,
					Sections: map[string]map[string][]inventory.Setting{"Service": {
						"ExecStart": {{Alternatives: []inventory.Alternative{{Value: "x", Known: true}}}},
						"User":      {{Alternatives: []inventory.Alternative{{Why: "an option of a module not in the tree"}}}},
					}},
				},
				{Name: "old.service", Kind: "service", Scope: "system", Status: inventory.Commented, Completeness: inventory.Own},
			},
		}},
	}
	return &report.Report{
		Version: "v1.2.3", Policy: "strict", Root: "fixtures/report", Result: result, Inventory: inv, ShowSuppressed: true,
		Sources: files(map[string]string{"mods/a b.nix": llama, "flake.nix": "{ }\n"}),
	}
}

func render(t *testing.T, r *report.Report, o report.TextOptions) string {
	t.Helper()
	var out bytes.Buffer
	if err := report.Text(&out, r, o); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestTextShowsTheLineAndWhatToDo(t *testing.T) {
	t.Parallel()
	r := sample()
	r.Inventory.Problems, r.Result.Findings = nil, r.Result.Findings[1:]
	r.Inventory.Hosts = append(r.Inventory.Hosts, inventory.Host{Name: "db", Source: "flake"})
	r.Result.Summary.Hosts = 2
	r.ShowSuppressed = false
	want := `== repo/mods/a b.nix (2 findings)

repo/mods/a b.nix:4:30: error: llama.service: listens on 0.0.0.0 [network/loopback-only]
     4 |         serviceConfig.ExecStart = "llama --host 0.0.0.0"; # 日本
       |                                    ^^^^^^^^^^^^^^^^^^^^
    why: Anybody on the network reaches it.
    fix: Bind it:

             ExecStart = "x --host 127.0.0.1";
   note: repo/mods/a b.nix:1:1: came [through](9) here
   note: no place
  hosts: web, db

repo/mods/a b.nix:5:19: error: the host of llama.service is unknown [network/loopback-only, unknown]
     5 |         script = "日本 --all";
       |                       ^^^^^
  hosts: web

== not in sight

not on disk: home-manager (web)

2 findings: 2 errors, 1 warning, 0 notes; 1 of them unknown
1 finding suppressed
judged: 1 unit and 0 tmpfiles lines of 2 hosts, by 2 rules of profile strict
known: 1 of 2 settings (50 %)
  1 unknown: an option of a module not in the tree
wanted as it is? write above it ` + "`# nixlint: ignore RULE -- reason`; `nixlint explain RULE`" + ` says more
`
	if got := render(t, r, report.TextOptions{Prefix: "repo/"}); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestTextSaysWhatCouldNotBeJudged(t *testing.T) {
	t.Parallel()
	r := sample()
	r.Result.Findings, r.Inventory.Hosts, r.Result.Summary = nil, nil, checks.Summary{Suppressed: 1}
	want := `== mods/a b.nix (1 suppressed finding)

mods/a b.nix:3:2: info: whole [suppressions/reason]
     3 |     systemd.services.llama = { # "the" model
       |     ^^^^^^^^^^^^^^^^^^^^^^ up to line 7
ignored: agreed with the team

== not judged (1 problem)

mods/a b.nix:7:2: problem: expected ; found }
     7 |     };
       |     ^
   note: mods/a b.nix:3:27: opened here

== noted (1 notice)

notice: secrets.nix is no text

no findings in what could be judged
1 finding suppressed
judged: 0 units and 0 tmpfiles lines of 0 hosts, by 0 rules of profile strict
not judged: 1 problem
`
	if got := render(t, r, report.TextOptions{}); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestTextSaysThatNoHostImportsAModule(t *testing.T) {
	t.Parallel()
	r := sample()
	r.Inventory.Hosts[0].Source = "loose"
	if got := render(t, r, report.TextOptions{}); !strings.Contains(got, " of loose modules, by ") || strings.Contains(got, "hosts:") {
		t.Errorf("of loose modules alone: got\n%s", got)
	}
	r.Inventory.Hosts = append(r.Inventory.Hosts, inventory.Host{Name: "db", Source: "flake"})
	got := render(t, r, report.TextOptions{})
	for _, want := range []string{"  hosts: none imports this module\n", " of 1 host and loose modules, by ", "not on disk: home-manager (loose modules)"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in\n%s", want, got)
		}
	}
}

func TestTextGroupsWhatOneRuleSaysOfOnePlace(t *testing.T) {
	t.Parallel()
	r := sample()
	second := r.Result.Findings[1]
	second.Message = "and on ::"
	r.Result.Findings = []checks.Finding{r.Result.Findings[1], second}
	got := render(t, r, report.TextOptions{})
	if n := strings.Count(got, "serviceConfig.ExecStart"); n != 1 {
		t.Errorf("the line is shown %d times in\n%s", n, got)
	}
	if n := strings.Count(got, "came [through](9) here"); n != 1 {
		t.Errorf("the note is shown %d times in\n%s", n, got)
	}
}

func TestTextMarksTheStartOfAPlaceThatGoesOn(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"x = mkIf cfg.enable { # why\n};": "^^^^ up to line 2", "x = {\n};": "^ up to line 2", "x = [ 1\n];": "^ up to line 2", "x = (f\n);": "^ up to line 2",
		"x = \"a\nb\";": "^^ up to line 2", "x = '' a\n'';": "^^ up to line 2", "x =\n1;": "^ up to line 2",
	} {
		r := sample()
		r.Sources = files(map[string]string{"a.nix": text})
		r.Result.Findings = []checks.Finding{{Rule: "a/b", Severity: checks.Error, Message: "m", At: at("a.nix", 1, 5, 2, 2)}}
		if got := strings.Split(render(t, r, report.TextOptions{}), "\n")[4]; !strings.HasSuffix(got, " "+want) {
			t.Errorf("%q is marked %q, want %q", text, got, want)
		}
	}
}

func TestTextSaysOnceWhyThingsAreNotInSight(t *testing.T) {
	t.Parallel()
	r := sample()
	for _, host := range []string{"db", "mail"} {
		r.Inventory.Hosts = append(r.Inventory.Hosts, inventory.Host{Name: host, Source: "flake", Missing: []inventory.Missing{
			{Name: "self.a", Why: "self is not known"},
			{Name: "self.b", Why: "self is not known"},
			{Name: "self.c", Why: "self is not known"},
			{Name: "self.d", Why: "self is not known"},
			{Name: "self.e", Why: "self is not known"},
		}})
	}
	want := "== not in sight\n\nnot on disk: home-manager (web)\nself is not known: self.a, self.b, self.c and 2 more (db, mail)\n\n"
	if got := render(t, r, report.TextOptions{}); !strings.Contains(got, want) {
		t.Errorf("%s\nis not in\n%s", want, got)
	}
}

func TestTextNamesFlakeInputsOnce(t *testing.T) {
	t.Parallel()
	r := sample()
	r.Inventory.Hosts[0].Missing = []inventory.Missing{{Name: "imports", Why: "an argument decides"}}
	for _, host := range []string{"db", "mail", "old"} {
		r.Inventory.Hosts = append(r.Inventory.Hosts, inventory.Host{Name: host, Source: "flake", Missing: []inventory.Missing{
			{Name: "walls", Why: "flake input walls is not in the tree"},
			{Name: "disko", Why: "flake input disko is not in the tree"},
			{Name: "disko.nixosModules.default", Why: "flake input disko is not in the tree"},
			{Name: "imports", Why: "another decides"},
		}})
	}
	want := `== not in sight

1 flake input with modules that hosts use, not on disk: disko
1 flake input not on disk: walls
  read them with --input NAME=PATH, or those of the lock file with --use-store
an argument decides: imports (web)
another decides: imports (3 hosts)

`
	if got := render(t, r, report.TextOptions{}); !strings.Contains(got, want) {
		t.Errorf("%s\nis not in\n%s", want, got)
	}
}

func TestTextShowsTheFirstLineOfALongProblem(t *testing.T) {
	t.Parallel()
	r := sample()
	r.Inventory.Problems[0].Message = "renamed in 24.05\n\nTo update:\n1. read this page\n"
	want := "mods/a b.nix:7:2: problem: renamed in 24.05 ...\n"
	if got := render(t, r, report.TextOptions{}); !strings.Contains(got, want) {
		t.Errorf("%s\nis not in\n%s", want, got)
	}
}

func TestTextNeutralisesTextOfTheUser(t *testing.T) {
	t.Parallel()
	r := sample()
	r.Result.Findings = []checks.Finding{{
		Rule: "a/b", Severity: checks.Error, Message: "bad \x1b]0;title\a \u202e\u200b\n\xff\u0085 end",
		Unit: "x\x1b.service", At: at("mods/a b.nix", 6, 10, 6, 18), Hosts: []string{"h\x1b[2J"},
	}}
	r.Inventory.Problems[0].Message = "found \x1b"
	r.Inventory.Hosts[0].Missing[0].Why = "\x9b31m"
	r.Inventory.Hosts = append(r.Inventory.Hosts, inventory.Host{Name: "h\x1b[2J"})
	got := render(t, r, report.TextOptions{Prefix: "\x1b/"})
	for _, r := range got {
		if r != '\n' && (r < ' ' || r >= 0x7f && r < 0xa0 || r == '\u202e' || r == '\u200b' || r == '\ufffd') {
			t.Fatalf("%q reaches the terminal in %q", r, got)
		}
	}
	for _, want := range []string{`\x1b]0;title\x07 \u202e\u200b\n\xff\x85 end`, `esc = "\x1b[31m\u202e";`, `x\x1b.service: `, `h\x1b[2J`} {
		if !strings.Contains(got, want) {
			t.Errorf("%s is not in\n%s", want, got)
		}
	}
	if !strings.Contains(got, "\n       |                ^^^^") {
		t.Errorf("the escaped piece is not underlined whole:\n%s", got)
	}
}

func TestTextKeepsIndentedCode(t *testing.T) {
	t.Parallel()
	want := "    fix:     a = {\n               b = 1;\n             };\n\n         Or not.\n"
	if got := render(t, sample(), report.TextOptions{}); !strings.Contains(got, want) {
		t.Errorf("%s\nis not in\n%s", want, got)
	}
}

func TestColorIsOnlyAdded(t *testing.T) {
	t.Parallel()
	plain, colored := render(t, sample(), report.TextOptions{}), render(t, sample(), report.TextOptions{Color: true})
	if plain == colored {
		t.Fatal("no colour")
	}
	for _, sgr := range []string{"0", "1", "2", "1;31", "1;32", "1;33", "1;34"} {
		colored = strings.ReplaceAll(colored, "\x1b["+sgr+"m", "")
	}
	if plain != colored {
		t.Errorf("without its colours\n%s\nwant\n%s", colored, plain)
	}
}

func TestLongLineIsCutAroundThePlace(t *testing.T) {
	t.Parallel()
	r := sample()
	r.Sources = files(map[string]string{"a.nix": strings.Repeat("x", 4000) + "HERE" + strings.Repeat("y", 4000)})
	r.Result.Findings = []checks.Finding{{Rule: "a/b", Severity: checks.Error, Message: "m", At: at("a.nix", 1, 4001, 1, 4005)}}
	got := render(t, r, report.TextOptions{})
	lines := strings.Split(got, "\n")
	if i := strings.Index(lines[3], "HERE"); i < 0 || len(lines[3]) > 200 || strings.Index(lines[4], "^^^^") != i {
		t.Errorf("got\n%s", got)
	}
}

func TestPlacesOutsideTheFileDoNotBreakAnyFormat(t *testing.T) {
	t.Parallel()
	for _, place := range []*inventory.Location{
		nil,
		{},
		at("mods/a b.nix", 999, 1, 999, 2), at("mods/a b.nix", 4, 500, 4, 600), at("mods/a b.nix", 4, 10, 3, 1),
		at("absent.nix", 3, 1, 3, 2), at("mods/a b.nix", 9, 1, 9, 1),
	} {
		r := sample()
		r.Result.Findings[0].At, r.Inventory.Problems[0].At = place, place
		render(t, r, report.TextOptions{})
		sarifOf(t, r, "")
	}
}

func TestJSONMeetsItsSchema(t *testing.T) {
	t.Parallel()
	for name, r := range map[string]*report.Report{"full": sample(), "empty": {Version: "v", Policy: "baseline", Root: ".", Result: &checks.Result{}, Inventory: &inventory.Inventory{}}} {
		var out bytes.Buffer
		if err := report.JSON(&out, r); err != nil {
			t.Fatal(err)
		}
		if err := meets(t, "findings.schema.json", out.Bytes()); err != nil {
			t.Errorf("%s: %v\n%s", name, err, out.String())
		}
	}
}

func TestJSONHasWhatAServiceAsksFor(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := report.JSON(&out, sample()); err != nil {
		t.Fatal(err)
	}
	var got struct {
		Findings []struct {
			File      string
			Line      int
			EndColumn int
			Hosts     []string
			Notes     []struct{ Message string }
		}
		Summary map[string]any
	}
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if f := got.Findings[0]; f.File != "mods/a b.nix" || f.Line != 1 || f.Hosts == nil || f.Notes == nil {
		t.Errorf("a finding about the whole repository is %+v", f)
	}
	if f := got.Findings[1]; f.Line != 4 || f.EndColumn != 50 || len(f.Notes) != 2 {
		t.Errorf("the finding is %+v", f)
	}
	for key, want := range map[string]float64{"findings": 3, "errors": 2, "unknown": 1, "suppressed": 1, "failures": 1, "notices": 1, "settingsUnknown": 1} {
		if got.Summary[key] != want {
			t.Errorf("summary.%s is %v, want %v", key, got.Summary[key], want)
		}
	}
}

func TestInventoryMeetsItsSchema(t *testing.T) {
	t.Parallel()
	full := sample().Inventory
	full.Hosts[0].Units[0].Links = []inventory.Link{{Type: "wants", Target: full.Hosts[0].Units[0].Sections["Service"]["ExecStart"][0]}}
	full.Hosts[0].Settings = []inventory.HostSetting{{Path: "a.b", Setting: full.Hosts[0].Units[0].Sections["Service"]["ExecStart"][0]}}
	full.Hosts[0].Tmpfiles = []inventory.TmpfilesRule{{File: "x.conf", Line: full.Hosts[0].Units[0].Sections["Service"]["ExecStart"][0]}}
	full.Files[0].Directives = []inventory.Directive{{Text: "ignore a/b -- c", At: *at("a", 1, 1, 1, 2), Covers: *at("a", 1, 1, 1, 2)}}
	for name, inv := range map[string]*inventory.Inventory{"full": full, "empty": {Schema: inventory.Schema}} {
		var out bytes.Buffer
		if err := report.Inventory(&out, inv); err != nil {
			t.Fatal(err)
		}
		if err := meets(t, filepath.Join("..", "loader", "inventory", "schema.json"), out.Bytes()); err != nil {
			t.Errorf("%s: %v\n%s", name, err, out.String())
		}
	}
}

func TestDiffMeetsItsSchema(t *testing.T) {
	t.Parallel()
	place := *at("a.nix", 1, 2, 1, 3)
	problem := inventory.Problem{Severity: "failure", Message: "m", At: &place, Notes: []inventory.ProblemNote{{Message: "n", At: &place}}}
	full := &report.Diff{
		Old:   report.DiffSide{Name: "main", Commit: strings.Repeat("a", 40), Problems: []inventory.Problem{problem}},
		New:   report.DiffSide{Name: "the working tree"},
		Hosts: []inventory.HostChange{{Host: "web", Kind: inventory.Added}},
		Changes: []inventory.Change{
			{Host: "db", Unit: "x.service", Scope: inventory.System, Kind: inventory.Removed, At: &place},
			{Host: "db", Unit: "y.timer", Scope: inventory.User, Kind: inventory.Changed, At: &place, Was: &place, Directives: []inventory.DirectiveChange{
				{Section: "Timer", Name: "OnCalendar", Before: []string{"daily"}, After: []string{}, Was: []inventory.Location{place}, At: []inventory.Location{place}},
			}},
		},
		Tmpfiles: []inventory.LineChange{{Host: "db", Scope: inventory.Initrd, Path: "/a", Kind: inventory.Changed, Before: "d /a", After: "D /a", Was: &place, At: &place}},
		Unknown:  []inventory.Unseen{{Host: "db", Unit: "y.timer", Scope: inventory.User, Section: "Timer", Name: "Unit", Why: "w", At: &place}},
		Notices:  []string{"n"},
	}
	schema := closed(t, "diff.schema.json")
	for name, d := range map[string]*report.Diff{"full": full, "empty": {Old: report.DiffSide{Name: "a"}, New: report.DiffSide{Name: "b"}}} {
		var out bytes.Buffer
		if err := report.DiffJSON(&out, d); err != nil {
			t.Fatal(err)
		}
		if err := validate(t, schema, out.Bytes()); err != nil {
			t.Errorf("%s: %v\n%s", name, err, out.String())
		}
	}
	full.Changes[1].Directives = nil
	var out bytes.Buffer
	if err := report.DiffJSON(&out, full); err != nil || validate(t, schema, out.Bytes()) == nil {
		t.Errorf("a unit changed, and no directive of it: %v", err)
	}
}

// closed is a schema that takes no field which it does not describe.
func closed(t *testing.T, file string) *jsonschema.Schema {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	var shut func(any)
	shut = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, each := range v {
				shut(each)
			}
		case map[string]any:
			for _, each := range v {
				shut(each)
			}
			if v["type"] == "object" {
				v["additionalProperties"] = false
			}
		}
	}
	shut(document)
	c := jsonschema.NewCompiler()
	if err := c.AddResource(file, document); err != nil {
		t.Fatal(err)
	}
	compiled, err := c.Compile(file)
	if err != nil {
		t.Fatal(err)
	}
	return compiled
}

func meets(t *testing.T, schema string, document []byte) error {
	t.Helper()
	compiled, err := jsonschema.NewCompiler().Compile(schema)
	if err != nil {
		t.Fatal(err)
	}
	return validate(t, compiled, document)
}

func validate(t *testing.T, compiled *jsonschema.Schema, document []byte) error {
	t.Helper()
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(document))
	if err != nil {
		t.Fatal(err)
	}
	return compiled.Validate(value)
}

type sarif struct {
	Runs []struct {
		Tool struct {
			Driver struct {
				SemanticVersion string
				Rules           []struct {
					ID               string
					FullDescription  struct{ Text string }
					ShortDescription struct{ Text string }
					Help             struct{ Text, Markdown string }
					Properties       map[string]any
				}
			}
		}
		Invocations []struct {
			ExecutionSuccessful        bool
			ToolExecutionNotifications []map[string]any
		}
		ColumnKind        string
		AutomationDetails struct{ ID string }
		Results           []struct {
			RuleID              string
			RuleIndex           int
			Level               string
			Message             struct{ Text string }
			Locations           []sarifPlace
			RelatedLocations    []sarifPlace
			PartialFingerprints map[string]string
			Suppressions        []map[string]string
		}
	}
}

type sarifPlace struct {
	ID               int
	PhysicalLocation struct {
		ArtifactLocation struct{ URI string }
		Region           struct{ StartLine, StartColumn, EndLine, EndColumn int }
	}
}

// sarifOf writes a report as SARIF and checks what code scanning refuses a file for.
func sarifOf(t *testing.T, r *report.Report, prefix string) sarif {
	t.Helper()
	var out bytes.Buffer
	if err := report.SARIF(&out, r, prefix); err != nil {
		t.Fatal(err)
	}
	var s sarif
	if err := json.Unmarshal(out.Bytes(), &s); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(out.String(), "null") {
		t.Errorf("null in %s", out.String())
	}
	for _, run := range s.Runs {
		for _, rule := range run.Tool.Driver.Rules {
			n := len([]rune(rule.FullDescription.Text))
			if rule.ID == "" || rule.ShortDescription.Text == "" || n == 0 || n > 1024 || rule.Help.Text == "" {
				t.Errorf("rule %+v", rule)
			}
			if s, ok := rule.Properties["security-severity"]; ok {
				if v, err := strconv.ParseFloat(s.(string), 64); err != nil || v <= 0 || v > 10 {
					t.Errorf("security-severity %v", s)
				}
			}
		}
		for _, result := range run.Results {
			if result.RuleID != run.Tool.Driver.Rules[result.RuleIndex].ID {
				t.Errorf("%s has the index of another rule", result.RuleID)
			}
			if len(result.Locations) != 1 || result.Locations[0].PhysicalLocation.Region.StartLine < 1 || result.Message.Text == "" {
				t.Errorf("result %+v", result)
			}
			uri := result.Locations[0].PhysicalLocation.ArtifactLocation.URI
			if uri == "" || strings.HasPrefix(uri, "/") || strings.Contains(uri, "..") || strings.Contains(uri, " ") {
				t.Errorf("uri %q", uri)
			}
			if result.PartialFingerprints["primaryLocationLineHash"] == "" {
				t.Error("a result has no fingerprint")
			}
		}
	}
	return s
}

func TestSARIFIsWhatCodeScanningTakes(t *testing.T) {
	t.Parallel()
	run := sarifOf(t, sample(), "sub/").Runs[0]
	if run.ColumnKind != "utf16CodeUnits" || run.AutomationDetails.ID != "nixlint/strict/" || run.Tool.Driver.SemanticVersion != "1.2.3" {
		t.Errorf("run: %+v", run)
	}
	if len(run.Results) != 4 || len(run.Tool.Driver.Rules) != 3 {
		t.Fatalf("%d results, %d rules", len(run.Results), len(run.Tool.Driver.Rules))
	}
	if uri := run.Results[1].Locations[0].PhysicalLocation.ArtifactLocation.URI; uri != "sub/mods/a%20b.nix" {
		t.Errorf("uri %s", uri)
	}
	region := run.Results[2].Locations[0].PhysicalLocation.Region
	if region.StartLine != 5 || region.StartColumn != 15 || region.EndColumn != 20 {
		t.Errorf("columns do not count UTF-16 units: %+v", region)
	}
	if text := run.Results[1].Message.Text; text != "llama.service: listens on 0.0.0.0\n[came \\[through\\](9) here](1)\nno place" {
		t.Errorf("message %q", text)
	}
	if related := run.Results[1].RelatedLocations; len(related) != 1 || related[0].ID != 1 {
		t.Errorf("related %+v", related)
	}
	if s := run.Results[3].Suppressions; len(s) != 1 || s[0]["kind"] != "inSource" || s[0]["justification"] != "agreed with the team" {
		t.Errorf("suppressions %v", s)
	}
	if i := run.Invocations[0]; i.ExecutionSuccessful || len(i.ToolExecutionNotifications) != 2 {
		t.Errorf("invocation %+v", i)
	}
	properties := run.Tool.Driver.Rules[0].Properties
	if properties["security-severity"] != "7.5" || properties["precision"] != "high" || properties["problem.severity"] != "error" {
		t.Errorf("properties %v", properties)
	}
}

func TestSARIFShortensDescriptions(t *testing.T) {
	t.Parallel()
	r := sample()
	r.Result.Rules[0].Description = strings.Repeat("größer als ", 200)
	sarifOf(t, r, "")
}

// The hash is checked against a plain sum in exact arithmetic, taken modulo 2^64 at the end.
func TestLineHashIsThePolynomial(t *testing.T) {
	t.Parallel()
	text := "a = 1;\r\n\tb\t=  \"\U0001F600\";\n\na = 1;\n" + strings.Repeat("x", 150) + "\n a = 1;"
	lines := []string{"a=1;\n", "b=\"\U0001F600\";\n", "\n", "a=1;\n", strings.Repeat("x", 150) + "\n", "a=1;"}
	r := sample()
	r.Sources = files(map[string]string{"a.nix": text})
	r.Result.Findings = nil
	for i := range lines {
		r.Result.Findings = append(r.Result.Findings, checks.Finding{Rule: "a/b", Severity: checks.Error, Message: "m", At: at("a.nix", i+1, 1, i+1, 1)})
	}
	seen := map[string]int{}
	for i, result := range sarifOf(t, r, "").Runs[0].Results[:len(lines)] {
		sum := polynomial(strings.Join(lines[i:], ""))
		seen[sum]++
		want := sum + ":" + strconv.Itoa(seen[sum])
		if got := result.PartialFingerprints["primaryLocationLineHash"]; got != want {
			t.Errorf("line %d has %s, want %s", i+1, got, want)
		}
	}
}

func polynomial(rest string) string {
	var units []int64
	for _, r := range rest {
		if r >= 0x10000 {
			units = append(units, int64(0xd800+(r-0x10000)>>10), int64(0xdc00+(r-0x10000)&0x3ff))
		} else {
			units = append(units, int64(r))
		}
	}
	units = append(units, 65535)
	sum := new(big.Int)
	for i, u := range units[:min(len(units), 100)] {
		power := new(big.Int).Exp(big.NewInt(37), big.NewInt(int64(99-i)), nil)
		sum.Add(sum, power.Mul(power, big.NewInt(u)))
	}
	return sum.Mod(sum, new(big.Int).Lsh(big.NewInt(1), 64)).Text(16)
}

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errors.New("no space left") }

func TestWritersReportAFullDisk(t *testing.T) {
	t.Parallel()
	for name, err := range map[string]error{
		"text": report.Text(fullDisk{}, sample(), report.TextOptions{}), "json": report.JSON(fullDisk{}, sample()),
		"sarif": report.SARIF(fullDisk{}, sample(), ""), "inventory": report.Inventory(fullDisk{}, sample().Inventory),
	} {
		if err == nil || !strings.Contains(err.Error(), "no space left") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

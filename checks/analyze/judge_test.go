package analyze_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/nixlint/nixlint/checks"
	"github.com/nixlint/nixlint/checks/analyze"
	"github.com/nixlint/nixlint/fixtures/oracle"
	"github.com/nixlint/nixlint/loader/inventory"
)

func host(units ...inventory.Unit) inventory.Host {
	return inventory.Host{Name: "web", Source: "flake", Units: units}
}

func lines(h inventory.Host, texts ...string) inventory.Host {
	for _, text := range texts {
		h.Tmpfiles = append(h.Tmpfiles, inventory.TmpfilesRule{Line: setting(text, true)})
	}
	return h
}

// judge asks the systemd of the machine and writes each judgement as "rule host unit line path".
func judge(t *testing.T, hosts ...inventory.Host) (got []string, j *analyze.Judge) {
	t.Helper()
	j, err := analyze.NewJudge(t.Context(), analyze.Program(oracle.Systemd(t)))
	if err != nil {
		t.Fatal(err)
	}
	all, err := j.Judge(t.Context(), &inventory.Inventory{Hosts: hosts}, []string{"systemd/verify", "systemd/tmpfiles"})
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range all {
		if a.Verdict != checks.Fail || !strings.Contains(a.Message, j.Version()+" says: ") {
			t.Errorf("%+v", a)
		}
		got = append(got, fmt.Sprint(a.Rule, " ", a.Host, " ", a.Unit, " ", a.Line, " ", a.Path))
	}
	return got, j
}

func TestJudgePlacesWhatSystemdSays(t *testing.T) {
	t.Parallel()
	got, j := judge(
		t,
		lines(host(
			unit("good.service", start),
			unit("bad.service", start, "ReadWritePaths=/a", "ReadWritePaths=b", "Unit.After=network"),
			unit("round.service", start, "Unit.After=about.service", "Unit.Requires=about.service"),
			unit("about.service", start, "Unit.After=round.service", "Unit.Requires=round.service"),
			unit("old.timer", "Timer.OnCalendar=2020-01-01", "Timer.OnCalendar=2020-01-02"),
			unit("old.service", start),
			user(unit("mine.service", start, "PrivateTmp=ture")),
		), "d /srv 0755 notes notes - -", "d /srv/a 0755 - - 10q", "f relative"),
	)
	want := []string{
		"systemd/verify 0 1 -1 [sections Service ReadWritePaths 1]",
		"systemd/verify 0 1 -1 [sections Unit After 0]",
		"systemd/verify 0 4 -1 [sections Timer OnCalendar 0]",
		"systemd/verify 0 4 -1 [sections Timer OnCalendar 1]",
		"systemd/verify 0 6 -1 [sections Service PrivateTmp 0]",
		"systemd/tmpfiles 0 -1 1 [line]",
		"systemd/tmpfiles 0 -1 2 [line]",
	}
	for _, w := range want {
		if !slices.Contains(got, w) {
			t.Errorf("missing: %s", w)
		}
	}
	// Of the cycle systemd speaks of one of its units or of both.
	rest := slices.DeleteFunc(got, func(s string) bool { return slices.Contains(want, s) })
	for _, g := range rest {
		if g != "systemd/verify 0 2 -1 []" && g != "systemd/verify 0 3 -1 []" {
			t.Errorf("unexpected: %s", g)
		}
	}
	if len(rest) == 0 || j.Units() != 7 {
		t.Errorf("%d units, of the cycle %q", j.Units(), rest)
	}
}

func TestJudgeLeavesOutWhatALaterVersionReads(t *testing.T) {
	t.Parallel()
	got, _ := judge(t, host(unit("a.service", start, "RestartMode=direct", "PrivateTmp=disconnected", "RestartMod=direct", "PrivateTmp=ture")))
	want := []string{"systemd/verify 0 0 -1 [sections Service RestartMod 0]", "systemd/verify 0 0 -1 [sections Service PrivateTmp 1]"}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestJudgeAsksOnceAboutEqualHosts(t *testing.T) {
	t.Parallel()
	bad := unit("a.service", start, "ReadWritePaths=b")
	got, j := judge(t, host(bad), host(unit("b.service", start)), host(bad))
	want := []string{"systemd/verify 0 0 -1 [sections Service ReadWritePaths 0]", "systemd/verify 2 0 -1 [sections Service ReadWritePaths 0]"}
	if !slices.Equal(got, want) || j.Units() != 2 {
		t.Errorf("%q, %d units", got, j.Units())
	}
}

func TestJudgeSaysWhatItDidNotAsk(t *testing.T) {
	t.Parallel()
	_, j := judge(t, host(unit("--root=.service", start), unit("../a.service", start), unit("b.service", start), unit("b.service", start)))
	if n := len(j.Problems()); n != 3 || j.Units() != 1 {
		t.Errorf("%d units, %v", j.Units(), j.Problems())
	}
}

// TestLinesLeaveTheMachineAlone gives lines that would write outside of the root if they were followed.
func TestLinesLeaveTheMachineAlone(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	judge(t, lines(host(), "L /l - - - - "+dir, "C /l/escaped - - - - /etc/hostname", "f /l/written 0644 - - - text", "d "+dir+"/made", "R "+dir+"/*", "w "+dir+"/w - - - - x"))
	if entries, err := os.ReadDir(dir); err != nil || len(entries) > 0 {
		t.Errorf("%v, %v", entries, err)
	}
}

func program(t *testing.T, body string) analyze.Program {
	t.Helper()
	path := filepath.Join(t.TempDir(), "systemd-analyze")
	text := "#!/bin/sh\nif [ \"$1\" = --version ]; then echo 'systemd 252 (252)'; exit; fi\n" + body + "\n"
	if err := os.WriteFile(path, []byte(text), 0o700); err != nil {
		t.Fatal(err)
	}
	return analyze.Program(path)
}

// TestJudgeIsBounded gives the judge programs that misbehave: each is a problem, and the run goes on.
func TestJudgeIsBounded(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ body, want string }{
		"it never stops writing":   {"exec yes", "more than is read"},
		"it dies":                  {"kill -9 $$", "killed"},
		"it fails and is silent":   {"exit 1", "said nothing"},
		"it knows the environment": {`test -z "$SECRET" -a -z "$HOME" || echo "a.service: $SECRET" >&2; exit 1`, "said nothing"},
	} {
		j, err := analyze.NewJudge(t.Context(), program(t, c.body))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		inv := &inventory.Inventory{Hosts: []inventory.Host{host(unit("a.service", start))}}
		if _, err := j.Judge(t.Context(), inv, []string{"systemd/verify"}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if p := j.Problems(); len(p) != 1 || !strings.Contains(p[0].Message, c.want) || p[0].Severity != "failure" {
			t.Errorf("%s: %v", name, p)
		}
	}
}

func TestJudgeStopsWithItsContext(t *testing.T) {
	t.Parallel()
	j, err := analyze.NewJudge(t.Context(), program(t, "exec sleep 1000"))
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	inv := &inventory.Inventory{Hosts: []inventory.Host{host(unit("a.service", start))}}
	if _, err := j.Judge(ctx, inv, []string{"systemd/verify"}); err == nil {
		t.Error("no error")
	}
}

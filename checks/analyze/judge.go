package analyze

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/nixlint/nixlint/checks"
	"github.com/nixlint/nixlint/loader/inventory"
	"github.com/nixlint/nixlint/loader/source"
	"github.com/nixlint/nixlint/loader/systemd"
)

// Judge asks the programs of systemd what they make of an inventory: systemd-analyze of units and of times, systemd-tmpfiles of the lines
// of tmpfiles.d. It is used once.
type Judge struct {
	program  Program
	tmpfiles Program // empty when it is not there
	version  string
	number   int

	mu       sync.Mutex
	problems []inventory.Problem
	units    int
}

var _ checks.Judge = (*Judge)(nil)

// NewJudge returns a judge that asks the systemd-analyze of a path, after it has asked for its version. The systemd-tmpfiles beside it is
// asked too.
func NewJudge(ctx context.Context, program Program) (*Judge, error) {
	version, err := program.Version(ctx)
	if err != nil {
		return nil, err
	}
	j := &Judge{program: program, version: version}
	digits := strings.TrimRight(strings.TrimLeftFunc(version, func(r rune) bool { return r < '0' || r > '9' }), "~.-abcdefghijklmnopqrstuvwxyz")
	if before, _, ok := strings.Cut(digits, "."); ok {
		digits = before
	}
	if j.number, err = strconv.Atoi(digits); err != nil {
		return nil, fmt.Errorf("%s is of version %q, which is no number", program, version)
	}
	beside := filepath.Join(filepath.Dir(string(program)), "systemd-tmpfiles")
	if info, err := os.Stat(beside); err == nil && info.Mode().IsRegular() {
		j.tmpfiles = Program(beside)
	}
	return j, nil
}

// Version is that of systemd: "252".
func (j *Judge) Version() string { return j.version }

// Units counts the units of all hosts that were given to the program.
func (j *Judge) Units() int { return j.units }

// Problems are what could not be asked, and what the program says of nothing in particular.
func (j *Judge) Problems() []inventory.Problem { return j.problems }

// Rules are the rules the judge knows, by ID.
func (j *Judge) Rules() []checks.Rule { return Rules() }

// Judge asks of each host what is enabled. Hosts whose units are the same are asked once. That a program cannot be run, or is stopped, is a
// problem of the run and no error: what other rules find is worth having.
func (j *Judge) Judge(ctx context.Context, inv *inventory.Inventory, enabled []string) ([]checks.Judgement, error) {
	answers := make([][]checks.Judgement, len(inv.Hosts))
	same := map[string]int{} // the first host with these units and lines
	first := make([]int, len(inv.Hosts))
	var wg sync.WaitGroup
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	for i := range inv.Hosts {
		key := content(&inv.Hosts[i])
		at, ok := same[key]
		if first[i] = at; ok {
			continue
		}
		same[key], first[i] = i, i
		wg.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			answers[i] = j.host(ctx, inv, i, enabled)
		})
	}
	wg.Wait()
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("systemd-analyze: %w", context.Cause(ctx))
	}
	var all []checks.Judgement
	for i := range inv.Hosts {
		for _, a := range answers[first[i]] {
			a.Host = i
			all = append(all, a)
		}
	}
	slices.SortStableFunc(j.problems, func(a, b inventory.Problem) int { return strings.Compare(a.Message, b.Message) })
	j.problems = slices.CompactFunc(j.problems, func(a, b inventory.Problem) bool { return a.Message == b.Message })
	return all, nil
}

// content is all that the programs see of a host.
func content(h *inventory.Host) string {
	var b strings.Builder
	for i := range h.Units {
		if u := &h.Units[i]; loads(u) {
			text, partial := systemd.Render(u, systemd.Stage)
			fmt.Fprintf(&b, "%q %q %d %t\n%s\x00", u.Scope, u.Name, i, partial, text)
		}
	}
	for i := range h.Tmpfiles {
		line, ok := decidedLine(&h.Tmpfiles[i])
		fmt.Fprintf(&b, "%q %t\n", line, ok)
	}
	return b.String()
}

// host asks the programs of one host, in a folder of its own that is removed again.
func (j *Judge) host(ctx context.Context, inv *inventory.Inventory, host int, enabled []string) (out []checks.Judgement) {
	dir, err := os.MkdirTemp("", "nixlint-systemd-")
	if err != nil {
		j.fail(&inv.Hosts[host], err)
		return nil
	}
	defer func() {
		if err := os.RemoveAll(dir); err != nil {
			j.fail(&inv.Hosts[host], err)
		}
	}()
	h := &inv.Hosts[host]
	if slices.Contains(enabled, verifyRule) {
		found, err := j.verify(ctx, dir, h)
		j.fail(h, err)
		out = append(out, found...)
		found, err = j.times(ctx, h, found)
		j.fail(h, err)
		out = append(out, found...)
	}
	if slices.Contains(enabled, tmpfilesRule) {
		found, err := j.lines(ctx, dir, h)
		j.fail(h, err)
		out = append(out, found...)
	}
	return out
}

// fail keeps why something of a host could not be asked.
func (j *Judge) fail(h *inventory.Host, err error) {
	if err != nil && !errors.Is(err, context.Canceled) {
		j.say(source.Failure, fmt.Sprintf("%s: %v", h.Name, err), h.At)
	}
}

func (j *Judge) say(severity source.Severity, message string, at *inventory.Location) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.problems = append(j.problems, inventory.Problem{Severity: severity.String(), Message: message, At: at})
}

// verify stages the units of a host and makes judgements of the messages.
func (j *Judge) verify(ctx context.Context, dir string, h *inventory.Host) ([]checks.Judgement, error) {
	units, index := j.stageable(h)
	if len(units) == 0 {
		return nil, nil
	}
	root := filepath.Join(dir, "root")
	if err := os.Mkdir(root, 0o700); err != nil {
		return nil, fmt.Errorf("%w", err)
	}
	staged, err := Stage(root, units)
	if err != nil {
		return nil, err
	}
	messages, err := Verify(ctx, j.program, staged)
	if err != nil {
		return nil, err
	}
	j.mu.Lock()
	j.units += len(staged.Units)
	j.mu.Unlock()
	var out []checks.Judgement
	for _, m := range messages {
		at, ok := index[[2]string{m.Scope, m.Unit}]
		switch {
		case !ok && m.Unit == "":
			j.say(source.Notice, fmt.Sprintf("%s: systemd-analyze says of no unit in particular: %s", h.Name, m.Text), h.At)
		case ok && !j.ofAnotherVersion(&h.Units[at], m):
			out = join(out, j.judgement(at, &h.Units[at], m))
		}
	}
	return out, nil
}

// join adds a judgement. What is said of a unit and of no directive of it is one judgement: a cycle takes several messages.
func join(all []checks.Judgement, j checks.Judgement) []checks.Judgement {
	at := slices.IndexFunc(all, func(o checks.Judgement) bool { return len(j.Path) == 0 && len(o.Path) == 0 && o.Unit == j.Unit })
	if at < 0 {
		return append(all, j)
	}
	_, text, _ := strings.Cut(j.Message, ": ")
	all[at].Message += "; " + text
	return all
}

// stageable are the units that can be written as files, with their places in the host by scope and staged name. Of what cannot, it is said.
func (j *Judge) stageable(h *inventory.Host) (units []inventory.Unit, index map[[2]string]int) {
	index = map[[2]string]int{}
	for i := range h.Units {
		u := &h.Units[i]
		if !loads(u) {
			continue
		}
		key := [2]string{u.Scope, instance(u.Name)}
		_, twice := index[key]
		switch {
		case !systemd.IsUnitName(u.Name):
			j.say(source.Notice, fmt.Sprintf("%s: systemd-analyze was not asked about %q: it is no name of a unit", h.Name, u.Name), definition(u))
		case twice:
			j.say(source.Notice, fmt.Sprintf("%s: systemd-analyze was not asked about a second %q", h.Name, u.Name), definition(u))
		default:
			index[key] = i
			units = append(units, *u)
		}
	}
	return units, index
}

func definition(u *inventory.Unit) *inventory.Location {
	if len(u.Definitions) == 0 {
		return nil
	}
	return &u.Definitions[0]
}

// ofAnotherVersion reports whether the program knows less than a later systemd: the directive, or its word, came after it. Whether that
// version will run is not for this machine to say.
func (j *Judge) ofAnotherVersion(u *inventory.Unit, m Message) bool {
	if m.Section == "" || m.Index < 0 {
		return false
	}
	in, ok := systemd.Support(m.Section, m.Key)
	if ok && in.Since > j.number {
		return true
	}
	settings := u.Sections[m.Section][m.Key]
	if !ok || m.Index >= len(settings) || !settings[m.Index].Decided() {
		return false
	}
	value := settings[m.Index].Alternatives[0].Value
	return systemd.ReadsLater(m.Section, m.Key, value, j.number)
}

// judgement is a message as one about the setting, else about the unit.
func (j *Judge) judgement(at int, u *inventory.Unit, m Message) checks.Judgement {
	out := checks.Judgement{
		Rule: verifyRule, Verdict: checks.Fail, Message: fmt.Sprintf("systemd %s says: %s", j.version, m.Text), Unit: at, Line: -1, Repeats: repeats,
	}
	section := m.Section
	for s := range u.Sections {
		if section == "" && len(u.Sections[s][m.Key]) > 0 {
			section = s
		}
	}
	if settings := u.Sections[section][m.Key]; len(settings) > 0 {
		out.Path = []any{"sections", section, m.Key, len(settings) - 1}
		if m.Index >= 0 && m.Index < len(settings) {
			out.Path[3] = m.Index
		}
	}
	return out
}

package exposure_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/nixlint/nixlint/checks/exposure"
	"github.com/nixlint/nixlint/fixtures/oracle"
	"github.com/nixlint/nixlint/loader/inventory"
	"github.com/nixlint/nixlint/loader/source"
	"github.com/nixlint/nixlint/loader/unit"
)

// TestInstalledSystemdAgrees compares with the installed systemd-analyze on units made at random, with drop-ins. NIXLINT_SEED chooses
// others, NIXLINT_UNITS how many.
func TestInstalledSystemdAgrees(t *testing.T) {
	t.Parallel()
	seed, count := number("NIXLINT_SEED", 252), number("NIXLINT_UNITS", 300)
	dir := t.TempDir()
	random := rand.New(rand.NewPCG(uint64(seed), 1))
	for i := range count {
		name := fmt.Sprintf([]string{"g-%d.service", "g-%d@.service", "g-%d@0.service", "g-x-%d@a-b.service"}[max(0, random.IntN(8)-4)], i)
		write(t, filepath.Join(dir, name), generate(random, true))
		if random.IntN(4) == 0 {
			write(t, filepath.Join(dir, name+".d", "20-more.conf"), generate(random, false))
		}
	}
	write(t, filepath.Join(dir, "g-.service.d/30-all.conf"), "[Service]\nProtectProc=invisible\n")
	write(t, filepath.Join(dir, "service.d/10-all.conf"), "[Service]\nProtectClock=yes\nProtectProc=noaccess\n")
	agree(t, dir, dir)
}

// TestUnitsOfThisMachineAgree compares on all services that its packages bring.
func TestUnitsOfThisMachineAgree(t *testing.T) {
	t.Parallel()
	const dir = "/lib/systemd/system"
	if _, err := os.Stat(dir); err != nil {
		t.Skip("this machine has no units of its own")
	}
	agree(t, "/", "lib/systemd/system")
}

// agree compares all services of a directory that systemd loads. Both are given by the root that links are resolved in.
func agree(t *testing.T, root, dir string) {
	t.Helper()
	program := oracle.Systemd(t)
	version := installed(t, program)
	if root == dir {
		dir = "."
	}
	tree, err := source.OpenTree(root)
	if err != nil {
		t.Fatal(err)
	}
	defer tree.Close()
	units, _, err := unit.Load(tree, dir)
	if err != nil {
		t.Fatal(err)
	}
	ours := map[string]*inventory.Unit{}
	for i := range units {
		if units[i].Kind == "service" && units[i].Completeness == inventory.Generated {
			ours[units[i].Name] = &units[i]
		}
	}
	names := slices.Sorted(maps.Keys(ours))
	theirs := map[string]*answer{}
	ask(t, program, filepath.Join(root, dir), names, theirs)
	rows := 0
	for _, name := range names {
		if theirs[name] != nil {
			rows += compare(t, score(t, ours[name], version), theirs[name], show(ours[name]))
		}
	}
	noneElse(t, program, filepath.Join(root, dir), ours)
	t.Logf("%d units, of which systemd loads %d, %d rows", len(names), len(theirs), rows)
	if len(theirs) < len(names)*3/4 {
		t.Errorf("systemd loads only %d of %d units", len(theirs), len(names))
	}
}

// noneElse reports a unit file that we do not read, and systemd does.
func noneElse(t *testing.T, program, dir string, ours map[string]*inventory.Unit) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if name := e.Name(); e.Type().IsRegular() && strings.HasSuffix(name, ".service") && ours[name] == nil {
			answers := map[string]*answer{}
			if ask(t, program, dir, []string{name}, answers); answers[name] != nil {
				t.Errorf("%s is not read, and systemd loads it", name)
			}
		}
	}
}

func installed(t *testing.T, program string) int {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), program, "--version").Output()
	if err != nil {
		t.Fatal(err)
	}
	var version int
	if _, err := fmt.Sscanf(string(out), "systemd %d", &version); err != nil || !slices.Contains(exposure.Versions(), version) {
		t.Skipf("the installed systemd is %.12q, whose assessment is not known", out)
	}
	return version
}

// ask asks the real tool about units, all at once. The answer does not say which units systemd refused: where some are missing, the
// halves are asked about.
func ask(t *testing.T, program, dir string, names []string, into map[string]*answer) {
	t.Helper()
	if len(names) == 0 {
		return
	}
	policy := filepath.Join(t.TempDir(), "policy.json")
	write(t, policy, "{}")
	args := []string{"security", "--offline=true", "--no-pager", "--json=short", "--security-policy=" + policy}
	for _, n := range names {
		args = append(args, filepath.Join(dir, n))
	}
	command := exec.CommandContext(t.Context(), program, args...)
	command.Env = []string{"LC_ALL=C.UTF-8", "SYSTEMD_ANALYZE_DEBUG=1", "SYSTEMD_UNIT_PATH=" + dir}
	out, _ := command.Output() // it fails on units that it does not load
	var answers []*answer
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var rows []realRow
		if err := d.Decode(&rows); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		answers = append(answers, answerOf(rows))
	}
	switch {
	case len(answers) == len(names):
		for i, n := range names {
			into[n] = answers[i]
		}
	case len(names) > 1:
		ask(t, program, dir, names[:len(names)/2], into)
		ask(t, program, dir, names[len(names)/2:], into)
	}
}

type realRow struct {
	Field    string  `json:"json_field"`
	Exposure *string `json:"exposure"`
	Weight   uint64  `json:"weight"`
	Badness  uint64  `json:"badness"`
	Range    uint64  `json:"range"`
}

func answerOf(rows []realRow) *answer {
	a := &answer{Rows: map[string]*int{}, Items: map[string]string{}}
	for _, r := range rows {
		if r.Badness > 1000 {
			a.Rows[r.Field] = nil
			continue
		}
		badness := int(r.Badness)
		a.Rows[r.Field] = &badness
		a.Badness += int((r.Badness*r.Weight + r.Range - 1) / r.Range)
		a.Weight += int(r.Weight)
		if r.Exposure != nil {
			a.Items[r.Field] = *r.Exposure
		}
	}
	a.Exposure = (a.Badness*100 + a.Weight - 1) / a.Weight
	return a
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func number(name string, otherwise int) int {
	if n, err := strconv.Atoi(os.Getenv(name)); err == nil {
		return n
	}
	return otherwise
}

// show writes the settings of a unit that the assessment may read.
func show(u *inventory.Unit) string {
	var b strings.Builder
	for _, section := range []string{"Unit", "Service"} {
		for _, name := range slices.Sorted(maps.Keys(u.Sections[section])) {
			for _, s := range u.Sections[section][name] {
				fmt.Fprintf(&b, "%s=%q\n", name, s.Alternatives[0].Value)
			}
		}
	}
	return b.String()
}

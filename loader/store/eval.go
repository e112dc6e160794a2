package store

import (
	"bufio"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/nixlint/nixlint/loader/source"
	"github.com/nixlint/nixlint/loader/unit"
)

// maxInput is how much is read of standard input, in bytes.
const maxInput = 256 << 20

// configured is what config.systemd of NixOS has of units.
type configured struct {
	Units map[string]evaluated `json:"units"`
	User  struct {
		Units map[string]evaluated `json:"units"`
	} `json:"user"`
	Tmpfiles struct {
		Rules []string `json:"rules"`
	} `json:"tmpfiles"`
}

// evaluated is an entry of systemd.units.
type evaluated struct {
	Text             *string  `json:"text"`
	Enable           *bool    `json:"enable"`
	OverrideStrategy string   `json:"overrideStrategy"`
	Aliases          []string `json:"aliases"`
	WantedBy         []string `json:"wantedBy"`
	RequiredBy       []string `json:"requiredBy"`
	UpheldBy         []string `json:"upheldBy"`
}

// job is a line of nix-eval-jobs.
type job struct {
	Attr    string `json:"attr"`
	DrvPath string `json:"drvPath"`
	Error   string `json:"error"`
}

// Read reads what Nix prints: "nix eval --json" of config.systemd, or of a configuration that has it, or the lines of nix-eval-jobs, whose
// derivations are read from the store. Each is a machine of its own.
func Read(r io.Reader) (*System, error) {
	in := &io.LimitedReader{R: r, N: maxInput + 1}
	decoder := json.NewDecoder(bufio.NewReader(in))
	f := newFiles()
	s := &System{Root: "-", Tree: source.NewTree(f), Open: openEvaluated}
	for n := 1; ; n++ {
		var raw map[string]json.RawMessage
		err := decoder.Decode(&raw)
		switch {
		case in.N <= 0:
			return nil, fmt.Errorf("standard input is larger than %d MiB", maxInput>>20)
		case errors.Is(err, io.EOF) && n > 1:
			return s, nil
		case errors.Is(err, io.EOF):
			return nil, errors.New("standard input is empty: expected the output of nix eval --json or nix-eval-jobs")
		case err != nil:
			return nil, fmt.Errorf("value %d of standard input is no JSON object as nix eval --json or nix-eval-jobs prints it: %w", n, err)
		}
		below := "."
		if n > 1 {
			below = strconv.Itoa(n)
		}
		if err := s.value(raw, f, below); err != nil {
			return nil, fmt.Errorf("value %d of standard input: %w", n, err)
		}
	}
}

const openEvaluated = "it is read from an evaluated configuration, which does not show what packages bring"

// value reads one value of standard input; its units go below a folder of the tree.
func (s *System) value(raw map[string]json.RawMessage, f *files, below string) error {
	if raw["attr"] != nil && (raw["drvPath"] != nil || raw["error"] != nil) {
		return s.job(raw, f)
	}
	for _, around := range []string{"config", "systemd"} {
		var inner map[string]json.RawMessage
		if json.Unmarshal(raw[around], &inner) == nil && inner != nil {
			raw = inner
		}
	}
	if raw["units"] == nil {
		return errors.New("it has no units: print config.systemd, as in nix eval --json '.#nixosConfigurations.NAME.config.systemd'")
	}
	var c configured
	for key, into := range map[string]any{"units": &c.Units, "user": &c.User, "tmpfiles": &c.Tmpfiles} {
		if raw[key] != nil {
			if err := json.Unmarshal(raw[key], into); err != nil {
				return fmt.Errorf("%s is not as in config.systemd: %w", key, err)
			}
		}
	}
	return s.configured(&c, f, below)
}

// configured lays out the units as NixOS does.
func (s *System) configured(c *configured, f *files, below string) error {
	u := unit.Units{}
	for _, scope := range []struct {
		name  string
		units map[string]evaluated
		into  *[]string
	}{{"system", c.Units, &u.System}, {"user", c.User.Units, &u.User}} {
		if len(scope.units) == 0 {
			continue
		}
		dir := path.Join(below, scope.name)
		*scope.into = []string{dir}
		for _, name := range sortedNames(scope.units) {
			if err := lay(f, dir, name, scope.units[name]); err != nil {
				s.failed(name, name+" is left out: "+err.Error())
			}
		}
		_ = f.put(dir, folderNode(scope.name)) // for units that are all left out
	}
	if len(c.Tmpfiles.Rules) > 0 {
		dir := path.Join(below, "tmpfiles.d")
		u.Tmpfiles = []string{dir}
		if err := f.text(path.Join(dir, "00-nixos.conf"), strings.Join(c.Tmpfiles.Rules, "\n")+"\n"); err != nil {
			return err
		}
	}
	s.Machines = append(s.Machines, u)
	return nil
}

// lay puts one unit with its links into the folder of its manager.
func lay(f *files, dir, name string, e evaluated) error {
	for _, part := range slices.Concat([]string{name}, e.Aliases, e.WantedBy, e.RequiredBy, e.UpheldBy) {
		if strings.Contains(part, "/") {
			return fmt.Errorf("%q is no name of a unit", part)
		}
	}
	switch {
	case !unit.IsUnit(name):
		return nil // devices and scopes are no files
	case e.Enable != nil && !*e.Enable:
		return f.link(path.Join(dir, name), source.Null)
	case e.Text == nil:
		return errors.New("its text is not in the output")
	}
	file := path.Join(dir, name)
	if e.OverrideStrategy == "asDropin" {
		file = path.Join(dir, name+".d", "overrides.conf")
	}
	if err := f.text(file, *e.Text); err != nil {
		return err
	}
	for _, links := range []struct {
		names  []string
		ending string
	}{{e.WantedBy, ".wants"}, {e.RequiredBy, ".requires"}, {e.UpheldBy, ".upholds"}} {
		for _, target := range links.names {
			if err := f.link(path.Join(dir, target+links.ending, name), "../"+name); err != nil {
				return err
			}
		}
	}
	for _, alias := range e.Aliases {
		if err := f.link(path.Join(dir, alias), name); err != nil {
			return err
		}
	}
	return nil
}

// job reads the derivation of a line of nix-eval-jobs.
func (s *System) job(raw map[string]json.RawMessage, f *files) error {
	text, err := json.Marshal(raw)
	if err != nil {
		return fmt.Errorf("%w", err)
	}
	var j job
	if err := json.Unmarshal(text, &j); err != nil {
		return fmt.Errorf("it is no line of nix-eval-jobs: %w", err)
	}
	if j.Error != "" {
		first, _, _ := strings.Cut(strings.TrimSpace(j.Error), "\n")
		s.failed(j.Attr, j.Attr+" could not be evaluated: "+first)
		return nil
	}
	if _, ok := storeName(j.DrvPath); !ok || !strings.HasSuffix(j.DrvPath, ".drv") {
		return fmt.Errorf("%q is no derivation in the Nix store", j.DrvPath)
	}
	before := len(s.Machines)
	if err := s.derivation(j.DrvPath, f); err != nil {
		s.failed(j.Attr, j.Attr+" is left out: "+err.Error())
		return nil //nolint:nilerr // it is said, and the next line is read
	}
	for i := before; i < len(s.Machines); i++ {
		s.Machines[i].Host = cmp.Or(s.Machines[i].Host, j.Attr)
	}
	return nil
}

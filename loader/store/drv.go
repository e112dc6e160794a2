package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/nix-community/go-nix/pkg/derivation"

	"github.com/nixlint/nixlint/loader/inventory"
	"github.com/nixlint/nixlint/loader/source"
	"github.com/nixlint/nixlint/loader/unit"
)

// maxDerivations is how many derivations are read of one system.
const maxDerivations = 20_000

const openDerivation = "it is read from a derivation, which shows neither the drop-ins and links of the system nor what a package brings"

var (
	// systemPart are the derivations through which a NixOS system leads to its units.
	systemPart = regexp.MustCompile(`^(nixos-system-.*|etc|system-units|user-units)$`)
	// named is how NixOS' build command says the name of the unit, and moved how older ones do.
	named = regexp.MustCompile(`(?m)^\s*name=(?:'([^'\n]+)'|([^'\s]+))$`)
	moved = regexp.MustCompile(`(?:mv|ln -s|cp)\s+\S+\s+"?\$\{?out\}?/"?(?:'([^'\n]+)'|([^'"\s]+))`)
)

// derivations reads derivations of one folder, such as /nix/store.
type derivations struct {
	system *System
	tree   *source.Tree
	files  *files
	seen   map[string]bool
	units  map[string][]string // by scope, the folders of the tree with a unit each
}

// derivation reads a derivation: of one unit, or of a system, of which it follows those that lead to units. A derivation that it names is
// looked for in its own folder only.
func (s *System) derivation(name string, f *files) error {
	tree, err := source.OpenTree(filepath.Dir(name))
	if err != nil {
		return fmt.Errorf("%w", err)
	}
	defer tree.Close() //nolint:errcheck // read only
	d := &derivations{system: s, tree: tree, files: f, seen: map[string]bool{}, units: map[string][]string{}}
	drv, err := d.read(filepath.Base(name))
	if err != nil {
		return err
	}
	d.follow(filepath.Base(name), drv, inventory.System)
	s.Open = openDerivation
	if u := (unit.Units{System: d.units[inventory.System], User: d.units[inventory.User]}); len(u.System)+len(u.User) > 0 {
		u.Host = hostOf(drv.Name())
		s.Machines = append(s.Machines, u)
	}
	return nil
}

var toplevel = regexp.MustCompile(`^nixos-system-(.+)-[0-9][^-]*(?:pre-git|-dirty)?$`)

// hostOf is the machine that a derivation such as nixos-system-box-24.05 is of.
func hostOf(name string) string {
	if m := toplevel.FindStringSubmatch(name); m != nil {
		return m[1]
	}
	return ""
}

func (d *derivations) read(base string) (*derivation.Derivation, error) {
	f, err := d.tree.File(base)
	if err != nil {
		return nil, fmt.Errorf("%w", err)
	}
	drv, err := derivation.ReadDerivation(strings.NewReader(strings.TrimRight(f.Text, "\n")))
	if err != nil {
		return nil, fmt.Errorf("%s is no derivation: %w", base, err)
	}
	return drv, nil
}

// follow takes the unit of a derivation, or goes on to the derivations it is made of.
func (d *derivations) follow(base string, drv *derivation.Derivation, scope string) {
	name := drv.Name()
	switch {
	case strings.HasPrefix(name, "unit-") && !strings.HasPrefix(name, "unit-script-"):
		if err := d.unit(base, drv, scope); err != nil {
			d.system.failed(base, "it is left out: "+err.Error())
		}
	case systemPart.MatchString(name):
		if name == "user-units" {
			scope = inventory.User
		}
		for _, input := range sortedNames(drv.InputDerivations) {
			if d.wanted(path.Base(input)) {
				d.input(path.Base(input), scope)
			}
		}
	}
}

// wanted reports whether a derivation leads to units, by its name, and was not read before.
func (d *derivations) wanted(base string) bool {
	if len(base) <= hashed || d.seen[base] {
		return false
	}
	name := strings.TrimSuffix(base[hashed:], ".drv")
	return systemPart.MatchString(name) || strings.HasPrefix(name, "unit-") && !strings.HasPrefix(name, "unit-script-")
}

func (d *derivations) input(base, scope string) {
	d.seen[base] = true
	if len(d.seen) > maxDerivations {
		d.system.failed(base, fmt.Sprintf("it is left out: the system has more than %d derivations", maxDerivations))
		return
	}
	drv, err := d.read(base)
	if err != nil {
		d.system.failed(base, "it is left out: "+err.Error())
		return
	}
	d.follow(base, drv, scope)
}

// unit puts the text of a unit where the unit will be, and the scripts that it runs.
func (d *derivations) unit(base string, drv *derivation.Derivation, scope string) error {
	name, err := unitName(drv)
	if err != nil {
		return err
	}
	if strings.HasSuffix(drv.Name(), "-disabled") {
		return nil
	}
	text := attribute(drv, "text")
	folder := path.Join(Dir, output(base, drv))
	if text == "" {
		return errors.New("its text is not in the derivation")
	}
	if err := d.files.text(path.Join(folder, name), text); err != nil && !errors.Is(err, errTwice) { // several machines have it
		return err
	}
	d.units[scope] = append(d.units[scope], folder)
	for _, input := range sortedNames(drv.InputDerivations) {
		if base := path.Base(input); len(base) > hashed && strings.HasPrefix(base[hashed:], "unit-script-") {
			d.script(base)
		}
	}
	return nil
}

// script puts the text of a script where it will be. One that is not in the folder is no more than unknown.
func (d *derivations) script(base string) {
	drv, err := d.read(base)
	if err != nil {
		return
	}
	to := strings.Trim(attribute(drv, "destination"), "/")
	if text := attribute(drv, "text"); text != "" && to != "" {
		_ = d.files.text(path.Join(Dir, output(base, drv), to), text) // another unit has it too
	}
}

// unitName is the name of the unit that a derivation makes. Its own name has some letters replaced.
func unitName(drv *derivation.Derivation) (string, error) {
	command := attribute(drv, "buildCommand")
	for _, m := range [][]string{named.FindStringSubmatch(command), moved.FindStringSubmatch(command)} {
		if m != nil && unit.IsUnit(m[1]+m[2]) {
			return m[1] + m[2], nil
		}
	}
	name := strings.TrimSuffix(strings.TrimPrefix(drv.Name(), "unit-"), "-disabled")
	if !unit.IsUnit(name) {
		return "", fmt.Errorf("%s is no unit", drv.Name())
	}
	return name, nil
}

// output is the store path of what a derivation makes, without /nix/store. One whose content decides its path has none yet.
func output(base string, drv *derivation.Derivation) string {
	if out := drv.Outputs["out"]; out != nil {
		if name, ok := storeName(out.Path); ok {
			return name
		}
	}
	return strings.TrimSuffix(base, ".drv")
}

// attribute is an attribute of a derivation, from its environment or its structured attributes.
func attribute(drv *derivation.Derivation, name string) string {
	structured, ok := drv.Env["__json"]
	if !ok {
		return drv.Env[name]
	}
	var all map[string]json.RawMessage
	var text string
	if json.Unmarshal([]byte(structured), &all) != nil || json.Unmarshal(all[name], &text) != nil {
		return ""
	}
	return text
}

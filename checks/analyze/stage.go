// Package analyze asks the real systemd-analyze: it writes rendered units into a hermetic root, with stubs for what they
// start and order themselves by, runs "verify" and "security" on them in batches, and reads their answers back to settings. It
// does not look for the program, decide what a message weighs, or make findings.
package analyze

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/loader/inventory"
	"github.com/nixlint/nixlint/loader/systemd"
)

// Root is a folder that systemd-analyze can take for the whole system. It holds units of one host: of two files of one name
// systemd would read the first for both.
type Root struct {
	Dir   string
	Units []Unit // as given, without those that a system does not load

	stubs map[string]bool // executables, by absolute path inside the root
}

// Unit is a staged unit.
type Unit struct {
	Name    string // as systemd-analyze names it
	Scope   string
	File    string // relative to the root
	Partial bool   // it is not all that will run: verified, but not scored
	Lines   []systemd.Line
}

// unitDirs is where units of a scope are staged.
var unitDirs = map[string]string{inventory.System: "etc/systemd/system", inventory.User: "etc/systemd/user"}

// stubTargets are targets that systemd orders units by without being told to.
var stubTargets = []string{
	"basic.target", "sysinit.target", "shutdown.target", "multi-user.target", "default.target", "timers.target", "sockets.target",
	"paths.target", "local-fs.target", "local-fs-pre.target", "remote-fs.target", "swap.target", "umount.target", "network.target",
}

// stubCommand is what stub units and units without a command start.
const stubCommand = "/nix/store/" + systemd.StoreHash + "-stub/bin/true"

// Stage writes the units into dir, which must be empty, and returns the root that it then is. Units that are disabled, commented
// out, or of the initrd, are left out.
func Stage(dir string, units []inventory.Unit) (*Root, error) {
	files, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("stage units: %w", err)
	}
	s := stager{files: files, root: &Root{Dir: dir, stubs: map[string]bool{}}, written: map[string]bool{}}
	err = s.all(units)
	if err = errors.Join(err, files.Close()); err != nil {
		return nil, fmt.Errorf("stage units: %w", err)
	}
	return s.root, nil
}

type stager struct {
	files   *os.Root
	root    *Root
	written map[string]bool
}

func (s *stager) all(units []inventory.Unit) error {
	for _, dir := range []string{"tmp", "run", unitDirs[inventory.System], unitDirs[inventory.User]} {
		if err := s.files.MkdirAll(dir, 0o755); err != nil {
			return fmt.Errorf("%w", err)
		}
	}
	if err := s.write(policyFile, "{}\n", 0o600); err != nil {
		return err
	}
	if err := s.stubExecutable(stubCommand); err != nil {
		return err
	}
	for i := range units {
		if u := &units[i]; loads(u) {
			if err := s.unit(u); err != nil {
				return fmt.Errorf("%s: %w", u.Name, err)
			}
		}
	}
	// After all units, so that no stub takes the place of one.
	for i := range units {
		if u := &units[i]; loads(u) {
			if err := s.stubDependencies(u); err != nil {
				return fmt.Errorf("%s: %w", u.Name, err)
			}
		}
	}
	return nil
}

// loads reports whether a system would load the unit.
func loads(u *inventory.Unit) bool {
	switch u.Status {
	case inventory.Disabled, inventory.Commented, inventory.Upstream:
		return false
	}
	return unitDirs[u.Scope] != ""
}

func (s *stager) unit(u *inventory.Unit) error {
	if u.Name == "" || strings.ContainsAny(u.Name, "/\x00") {
		return fmt.Errorf("%q is no name of a unit: %w", u.Name, fs.ErrInvalid)
	}
	lines, partial := systemd.RenderLines(u, systemd.Stage)
	staged := Unit{
		Name: instance(u.Name), Scope: u.Scope, File: path.Join(unitDirs[u.Scope], instance(u.Name)), Partial: partial, Lines: lines,
	}
	if s.written[staged.File] {
		return fmt.Errorf("there are two units of this name: %w", fs.ErrExist)
	}
	var text strings.Builder
	for _, l := range lines {
		text.WriteString(l.Text + "\n")
	}
	if err := s.write(staged.File, text.String(), 0o644); err != nil {
		return err
	}
	s.root.Units = append(s.root.Units, staged)
	if partial {
		if err := s.complete(u, staged); err != nil {
			return err
		}
	}
	return s.stubExecutables(lines)
}

// instance makes a template's name that of an instance, which systemd can load.
func instance(name string) string {
	if before, suffix, ok := strings.Cut(name, "@."); ok {
		return before + "@instance." + suffix
	}
	return name
}

// needed is what a unit of a kind cannot be loaded without: one of the directives, or else the line.
var needed = map[string]struct {
	anyOf []string
	line  string
}{
	"service": {[]string{"ExecStart", "ExecStop"}, "[Service]\nExecStart=" + stubCommand},
	"timer": {
		[]string{"OnCalendar", "OnActiveSec", "OnBootSec", "OnStartupSec", "OnUnitActiveSec", "OnUnitInactiveSec"},
		"[Timer]\nOnBootSec=1",
	},
	"socket": {
		[]string{"ListenStream", "ListenDatagram", "ListenSequentialPacket", "ListenFIFO", "ListenNetlink", "ListenSpecial", "ListenMessageQueue"},
		"[Socket]\nListenStream=/run/stub",
	},
	"path": {[]string{"PathExists", "PathExistsGlob", "PathChanged", "PathModified", "DirectoryNotEmpty"}, "[Path]\nPathExists=/run"},
}

// complete gives a partial unit, in a drop-in so that its own lines keep their numbers, what it cannot be loaded without.
func (s *stager) complete(u *inventory.Unit, staged Unit) error {
	n, ok := needed[u.Kind]
	if !ok || slices.ContainsFunc(staged.Lines, func(l systemd.Line) bool { return slices.Contains(n.anyOf, l.Name) }) {
		return nil
	}
	return s.write(staged.File+".d/stub.conf", n.line+"\n", 0o644)
}

// stubExecutables makes a program of each that the lines start.
func (s *stager) stubExecutables(lines []systemd.Line) error {
	for _, l := range lines {
		if kind, _ := systemd.Directive(l.Section, l.Name); kind != systemd.Commands {
			continue
		}
		_, command, _ := strings.Cut(l.Text, "=")
		for _, p := range systemd.Executables(command) {
			if !path.IsAbs(p) {
				continue
			}
			if err := s.stubExecutable(path.Clean(p)); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *stager) stubExecutable(program string) error {
	if s.root.stubs[program] {
		return nil
	}
	s.root.stubs[program] = true
	return s.write(strings.TrimPrefix(program, "/"), "#!/bin/sh\n", 0o755)
}

// stubDependencies writes a unit that does nothing for each target and service that the unit names in a dependency and nobody
// staged. What a timer, a socket or a path triggers gets one only if the base of the unit may bring it.
func (s *stager) stubDependencies(u *inventory.Unit) error {
	names := slices.Clone(stubTargets)
	if suffix := "." + u.Kind; u.Completeness == inventory.Partial && suffix != ".service" {
		names = append(names, strings.TrimSuffix(u.Name, suffix)+".service")
	}
	unit := systemd.EffectiveOf(u, systemd.Newest)["Unit"]
	for _, name := range slices.Sorted(maps.Keys(unit)) {
		if kind, _ := systemd.Directive("Unit", name); kind != systemd.Dependencies {
			continue
		}
		for _, p := range unit[name] {
			for _, v := range p.Values {
				names = append(names, v.Text)
			}
		}
	}
	for _, name := range names {
		if err := s.stubUnit(u.Scope, name); err != nil {
			return err
		}
	}
	return nil
}

func (s *stager) stubUnit(scope, name string) error {
	file := path.Join(unitDirs[scope], name)
	if s.written[file] || strings.ContainsAny(name, "/<%@ ") {
		return nil
	}
	switch path.Ext(name) {
	case ".target":
		return s.write(file, "[Unit]\nDefaultDependencies=no\n", 0o644)
	case ".service":
		return s.write(file, "[Unit]\nDefaultDependencies=no\n[Service]\nExecStart="+stubCommand+"\n", 0o644)
	}
	return nil
}

func (s *stager) write(name, text string, mode fs.FileMode) error {
	s.written[name] = true
	if err := s.files.MkdirAll(path.Dir(name), 0o755); err != nil {
		return fmt.Errorf("%w", err)
	}
	if err := s.files.WriteFile(name, []byte(text), mode); err != nil {
		return fmt.Errorf("%w", err)
	}
	return nil
}

// path is the absolute path of a file of the root.
func (r *Root) path(name string) string { return filepath.Join(r.Dir, filepath.FromSlash(name)) }

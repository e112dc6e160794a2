package policy

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/nixlint/nixlint/checks"
	"github.com/nixlint/nixlint/policies"
)

// Set are rules of a user. They have a copy of the library of their own, and cannot change what the built-in rules do.
type Set struct {
	name  string
	pack  *pack
	users *users
}

// Ready waits until it is known whether the rules compile. The error names the places of what does not, one a line.
func (s *Set) Ready() error {
	_, err := s.users.right()
	return err
}

// Rules are the rules of the set, by ID, sorted.
func (s *Set) Rules() []checks.Rule { return slices.Clone(s.pack.rules) }

// ReadSet reads the rules of a folder: CATEGORY/RULE/RULE.rego with its tests beside, and lib/NAME.rego for what they share. They are
// compiled while the caller does something else, see Ready. The error names the place and what was expected there; name is how the user
// calls the folder.
func ReadSet(fsys fs.FS, name string) (*Set, error) {
	sources, err := userModules(fsys, name)
	if err != nil {
		return nil, err
	}
	p, u, err := usersPack(sources)
	if err != nil {
		return nil, err
	}
	return &Set{name: name, pack: p, users: u}, nil
}

// userModules are the modules of a folder, by the path of their file in it.
func userModules(fsys fs.FS, name string) (map[string]*ast.Module, error) {
	sources, err := parse(fsys, shownAs(name))
	if err != nil {
		return nil, readable(err)
	}
	rules := 0
	for _, file := range sortedKeys(sources) {
		if err := acceptable(file, sources[file]); err != nil {
			return nil, err
		}
		if _, err := fs.Stat(policies.Sources(), file); err == nil {
			return nil, fmt.Errorf("%s: %s is nixlint's own: give it another name", sources[file].Package.Location, file)
		}
		if !strings.HasPrefix(file, "lib/") {
			rules++
		}
	}
	if rules == 0 {
		return nil, fmt.Errorf("%s holds no rules: want CATEGORY/RULE/RULE.rego in it", name)
	}
	return sources, nil
}

func shownAs(name string) string { return path.Clean(name) + "/" }

func isNot(i *ast.Import) bool {
	ref, ok := i.Path.Value.(ast.Ref)
	return ok && len(ref) == 3 && text(ref[1]) == "keywords" && text(ref[2]) == "not"
}

// acceptable refuses what would compile, and not do what its author thinks.
func acceptable(file string, m *ast.Module) error {
	fail := func(at *ast.Location, format string, args ...any) error {
		return fmt.Errorf("%s: %s", at, fmt.Sprintf(format, args...))
	}
	if !slices.ContainsFunc(m.Imports, isNot) {
		return fail(m.Package.Location, "want import future.keywords.not: without it a negation does not hold where what it names is absent")
	}
	name := m.Package.Path.String()
	if strings.HasPrefix(file, "lib/") {
		if !strings.HasPrefix(name, "data.nixlint.lib.") {
			return fail(m.Package.Location, "the package of a library is nixlint.lib.NAME, not %s", strings.TrimPrefix(name, "data."))
		}
		return nil
	}
	reports := 0
	for _, r := range m.Rules {
		if r.Head.Name != reportName {
			continue
		}
		reports++
		if r.Head.Key == nil || len(r.Head.Args) > 0 {
			return fail(r.Location, "report is no set of findings: want report contains found if { … }")
		}
	}
	if reports == 0 {
		return fail(m.Package.Location, "no report: want report contains found if { … }")
	}
	return nil
}

// readable takes the code and the count off errors of the compiler: place and reason, one a line.
func readable(err error) error {
	var all ast.Errors
	if !errors.As(err, &all) {
		return err
	}
	var out []error
	for _, e := range all {
		text := e.Message
		switch name, ok := strings.CutPrefix(text, "undefined function "); {
		case strings.HasPrefix(name, "data.nixlint.lib"):
			text += ": the library has no such helper; policies/README.md lists them"
		case ok:
			text += ": a rule may not read the machine, the clock or the network, and may call what policies/README.md lists"
		}
		if e.Location != nil {
			text = e.Location.String() + ": " + text
		}
		out = append(out, errors.New(text))
	}
	return errors.Join(out...)
}

package main

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/checks"
	"github.com/nixlint/nixlint/checks/policy"
)

const rulesUsage = "`FOLDER` of rules of your own, CATEGORY/RULE/RULE.rego; repeatable"

// userRules are rules of the user's own, read and being compiled.
type userRules struct {
	sets  []*policy.Set
	rules []checks.Rule // by ID
	waits []func() error
}

// ready waits until the rules are compiled. What does not compile is wrong use: nothing is judged by it.
func (u *userRules) ready() error {
	for _, wait := range u.waits {
		if err := wait(); err != nil {
			return err
		}
	}
	return nil
}

// add reads a folder of rules; blame says what is wrong in it.
func (u *userRules) add(fsys fs.FS, name string, blame func(error) error) error {
	set, err := policy.ReadSet(fsys, name)
	if err != nil {
		return blame(err)
	}
	u.sets, u.rules = append(u.sets, set), append(u.rules, set.Rules()...)
	slices.SortFunc(u.rules, func(a, b checks.Rule) int { return strings.Compare(a.ID, b.ID) })
	u.waits = append(u.waits, func() error {
		if err := set.Ready(); err != nil {
			return blame(err)
		}
		return nil
	})
	return nil
}

// namedRules are those of the folders that --rules names.
func namedRules(dirs []string) (*userRules, error) {
	u := &userRules{}
	for _, dir := range dirs {
		err := inFolder(dir, func(fsys fs.FS) error {
			return u.add(fsys, dir, func(err error) error { return misuse("%w", err) })
		})
		if err != nil {
			return nil, err
		}
	}
	return u, nil
}

// userRules are those that --rules names and those that the configuration does: of the same state of the repository as the configuration
// itself.
func (c *configuration) userRules(named *userRules) (*userRules, error) {
	u := &userRules{sets: slices.Clone(named.sets), rules: slices.Clone(named.rules), waits: slices.Clone(named.waits)}
	if len(c.RuleDirectories) == 0 {
		return u, nil
	}
	err := c.open(func(top fs.FS) error {
		for _, d := range c.RuleDirectories {
			fsys, err := fs.Sub(top, path.Join(path.Dir(c.Path), d.Value))
			if err != nil {
				return misuse("%s: %w", d.At, err)
			}
			if info, err := fs.Stat(fsys, "."); err != nil || !info.IsDir() {
				return misuse("%s: there is no folder %s", d.At, d.Value)
			}
			if err := u.add(fsys, d.Value, func(err error) error { return misuse("%s: %w", d.At, err) }); err != nil {
				return err
			}
		}
		return nil
	})
	return u, err
}

// inFolder opens a folder that nothing leads out of.
func inFolder(dir string, do func(fs.FS) error) error {
	root, err := os.OpenRoot(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return misuse("%s does not exist", dir)
	case err != nil:
		return misuse("%s is no folder of rules: %w", dir, err)
	}
	defer root.Close() //nolint:errcheck // read only
	return do(root.FS())
}

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

// ruleSets compiles the folders of rules that the user names. What does not compile is wrong use: nothing was judged.
func ruleSets(dirs []string) ([]*policy.Set, []checks.Rule, error) {
	var sets []*policy.Set
	var rules []checks.Rule
	for _, dir := range dirs {
		err := inFolder(dir, func(fsys fs.FS) error {
			set, err := policy.ReadSet(fsys, dir)
			if err != nil {
				return misuse("%w", err)
			}
			sets, rules = append(sets, set), append(rules, set.Rules()...)
			return nil
		})
		if err != nil {
			return nil, nil, err
		}
	}
	slices.SortFunc(rules, func(a, b checks.Rule) int { return strings.Compare(a.ID, b.ID) })
	return sets, rules, nil
}

// userRules compiles the folders of rules that the user names, and those that the configuration does: of the same state of the
// repository as the configuration itself.
func (c *configuration) userRules(dirs []string) ([]*policy.Set, []checks.Rule, error) {
	sets, rules, err := ruleSets(dirs)
	if err != nil || len(c.RuleDirectories) == 0 {
		return sets, rules, err
	}
	err = c.open(func(top fs.FS) error {
		for _, d := range c.RuleDirectories {
			fsys, err := fs.Sub(top, path.Join(path.Dir(c.Path), d.Value))
			if err != nil {
				return misuse("%s: %w", d.At, err)
			}
			if info, err := fs.Stat(fsys, "."); err != nil || !info.IsDir() {
				return misuse("%s: there is no folder %s", d.At, d.Value)
			}
			set, err := policy.ReadSet(fsys, d.Value)
			if err != nil {
				return misuse("%s: %w", d.At, err)
			}
			sets, rules = append(sets, set), append(rules, set.Rules()...)
		}
		return nil
	})
	slices.SortFunc(rules, func(a, b checks.Rule) int { return strings.Compare(a.ID, b.ID) })
	return sets, rules, err
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

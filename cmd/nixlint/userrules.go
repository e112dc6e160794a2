package main

import (
	"errors"
	"io/fs"
	"os"
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

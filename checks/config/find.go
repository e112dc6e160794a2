package config

import (
	"errors"
	"fmt"
	"io/fs"
	"path"

	"github.com/nixlint/nixlint/loader/source"
)

// Find reads the configuration nearest to a folder of the tree, upward to the tree's top. Without one it returns an empty
// configuration. A folder of that name, or a link that leads out of the tree, is an error. What is wrong in the file is said
// with prefix before its path.
func Find(tree *source.Tree, dir, prefix string) (*Config, error) {
	for ; ; dir = path.Dir(dir) {
		name := path.Join(dir, Name)
		f, err := tree.File(name)
		switch {
		case err == nil:
			c, err := Read(source.NewFile(prefix+name, f.Text))
			if err != nil {
				return nil, err
			}
			c.Path = name
			return c, nil
		case !errors.Is(err, fs.ErrNotExist):
			return nil, fmt.Errorf("%s%s: %w", prefix, name, err)
		case dir == ".":
			return &Config{}, nil
		}
	}
}

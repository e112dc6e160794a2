package source

import "io/fs"

// ReadLink returns what a symbolic link says, as it is written there. A path that is none is an error that wraps fs.ErrInvalid.
func (t *Tree) ReadLink(name string) (string, error) {
	name, err := clean(name)
	if err != nil {
		return "", err
	}
	to, err := fs.ReadLink(t.fsys, name)
	if err != nil {
		return "", outside(name, err)
	}
	return to, nil
}

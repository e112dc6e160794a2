package source

import (
	"io/fs"
	"time"
)

// gitInfo describes an entry of a revision, which knows no time.
type gitInfo struct {
	name string
	mode fs.FileMode
	size int64
}

func (i gitInfo) Name() string      { return i.name }
func (i gitInfo) Size() int64       { return i.size }
func (i gitInfo) Mode() fs.FileMode { return i.mode }
func (gitInfo) ModTime() time.Time  { return time.Time{} }
func (i gitInfo) IsDir() bool       { return i.mode.IsDir() }
func (gitInfo) Sys() any            { return nil }

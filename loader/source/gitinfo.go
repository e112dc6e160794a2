package source

import (
	"io/fs"
	"time"
)

// gitInfo describes an entry of a revision, which knows no time. The size of a file is said to be 0: git would have to look up
// every object to know it.
type gitInfo struct {
	name string
	mode fs.FileMode
}

func (i gitInfo) Name() string      { return i.name }
func (gitInfo) Size() int64         { return 0 }
func (i gitInfo) Mode() fs.FileMode { return i.mode }
func (gitInfo) ModTime() time.Time  { return time.Time{} }
func (i gitInfo) IsDir() bool       { return i.mode.IsDir() }
func (gitInfo) Sys() any            { return nil }

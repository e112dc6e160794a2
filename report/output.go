package report

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Output is one form in which a report is asked for: NAME writes to the standard output, NAME=FILE to a file.
type Output struct {
	Format string // "text", "json" or "sarif"
	File   string // empty for the standard output
}

// Formats are the names that Output knows.
func Formats() []string { return []string{"text", "json", "sarif"} }

// ParseOutput splits NAME[=FILE]. It does not know which names there are.
func ParseOutput(s string) (Output, error) {
	name, file, named := strings.Cut(s, "=")
	if name == "" || named && file == "" {
		return Output{}, fmt.Errorf("%q is not of the form NAME or NAME=FILE", s)
	}
	return Output{Format: name, File: file}, nil
}

// Write writes the report in the output's format. TextOptions are for text, which has no colour in a file; the prefix is
// that of SARIF.
func (o Output) Write(w io.Writer, r *Report, text TextOptions, prefix string) error {
	switch o.Format {
	case "json":
		return JSON(w, r)
	case "sarif":
		return SARIF(w, r, prefix)
	default:
		text.Color = text.Color && o.File == ""
		return Text(w, r, text)
	}
}

// WriteFile writes a file beside its place and renames it there, so that a reader sees the old content or the new one,
// whole. What is no regular file, such as a pipe or /dev/stderr, is written to as it is.
func WriteFile(name string, write func(io.Writer) error) error {
	target := name
	if resolved, err := filepath.EvalSymlinks(name); err == nil {
		target = resolved
	}
	info, err := os.Stat(target)
	if err == nil && !info.Mode().IsRegular() {
		return writeInto(target, os.O_WRONLY, write)
	}
	mode := fs.FileMode(0o666) // less what the umask takes
	if err == nil {
		mode = info.Mode().Perm()
	}
	beside, err := besideFile(target, mode)
	if err != nil {
		return err
	}
	if err := writeAndClose(beside, write); err != nil {
		return errors.Join(err, os.Remove(beside.Name()))
	}
	if err := os.Rename(beside.Name(), target); err != nil {
		return errors.Join(fmt.Errorf("%w", err), os.Remove(beside.Name()))
	}
	return nil
}

// CreateFile is WriteFile for a file that must not be there: else the error wraps fs.ErrExist, and nothing is changed.
func CreateFile(name string, write func(io.Writer) error) error {
	if _, err := os.Lstat(name); err == nil {
		return fmt.Errorf("%s: %w", name, fs.ErrExist)
	}
	beside, err := besideFile(name, 0o666) // less what the umask takes
	if err != nil {
		return err
	}
	err = writeAndClose(beside, write)
	if err == nil {
		// Unlike a rename, a link does not replace what somebody else made meanwhile.
		err = os.Link(beside.Name(), name)
	}
	return errors.Join(err, os.Remove(beside.Name()))
}

// besideFile makes a new file in the folder of target, named after it.
func besideFile(target string, mode fs.FileMode) (*os.File, error) {
	for i := range 100 {
		name := filepath.Join(filepath.Dir(target), fmt.Sprintf(".%s.%d.%d", filepath.Base(target), os.Getpid(), i))
		f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode) //nolint:gosec // the user names the file
		if err == nil {
			return f, nil
		}
		if !errors.Is(err, fs.ErrExist) {
			return nil, fmt.Errorf("%w", err)
		}
	}
	return nil, fmt.Errorf("%s: no free name beside it", target)
}

func writeInto(name string, flags int, write func(io.Writer) error) error {
	f, err := os.OpenFile(name, flags, 0) //nolint:gosec // the user names the file
	if err != nil {
		return fmt.Errorf("%w", err)
	}
	return writeAndClose(f, write)
}

func writeAndClose(f *os.File, write func(io.Writer) error) error {
	if err := errors.Join(write(f), f.Close()); err != nil {
		return fmt.Errorf("%s: %w", f.Name(), err)
	}
	return nil
}

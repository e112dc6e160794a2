package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/nixlint/nixlint/loader"
	"github.com/nixlint/nixlint/loader/source"
	"github.com/nixlint/nixlint/report"
)

// The exit statuses. When several hold, misused comes before unjudged, unjudged before found.
const (
	clean    = 0
	found    = 1 // findings at or above --fail-level
	misused  = 2 // wrong use or configuration
	unjudged = 3 // something could not be judged
)

// statusError ends a command with a status. Without an error of its own nothing more is said: the report has said it.
type statusError struct {
	code int
	err  error
}

func (s *statusError) Error() string {
	if s.err == nil {
		return fmt.Sprintf("exit status %d", s.code)
	}
	return s.err.Error()
}

func (s *statusError) Unwrap() error { return s.err }

func misuse(format string, args ...any) error {
	return &statusError{code: misused, err: fmt.Errorf(format, args...)}
}

// finish says what went wrong and returns the exit status. An error that no command gave a status to is our own I/O or a
// cancelled run: something could not be judged.
func (p *process) finish(err error) int {
	var s *statusError
	switch {
	case err == nil:
		return clean
	case !errors.As(err, &s):
		s = &statusError{code: unjudged, err: err}
	}
	if s.err != nil {
		p.say(s.err.Error())
	}
	return s.code
}

// say writes a message for a person to standard error.
func (p *process) say(message string) {
	for line := range strings.SplitSeq(message, "\n") {
		fmt.Fprintln(p.err, "nixlint: "+report.Visible(line))
	}
}

// loadError gives an error of the loader its status.
func loadError(err error) error {
	switch {
	case errors.Is(err, context.Canceled):
		return &statusError{code: unjudged, err: errors.New("interrupted: nothing was judged")}
	case errors.Is(err, source.ErrOutside):
		return misuse("%w; --root names a folder that holds all that is to be read", err)
	case errors.Is(err, loader.ErrNothing), errors.Is(err, loader.ErrMixed), errors.Is(err, loader.ErrInput), errors.Is(err, fs.ErrNotExist):
		return &statusError{code: misused, err: err}
	}
	return &statusError{code: unjudged, err: err}
}

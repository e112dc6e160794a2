package eval

import (
	"errors"
	"fmt"
	"strings"

	"github.com/nixlint/nixlint/loader/source"
)

// ErrorKind says what an evaluation failed of.
type ErrorKind uint8

// The kinds. Throw and Assert are what tryEval catches; Limit and Recursion make a value unknown rather than wrong.
const (
	TypeError ErrorKind = iota
	Throw
	Assert
	Abort
	Missing // an attribute, an argument, a file
	Undefined
	Recursion
	Limit
	Syntax
	Cycle // files that import each other, or modules whose imports need what they define: unlike Recursion it is sure
)

// Error is an evaluation that failed, with the places that led there, innermost first.
type Error struct {
	Kind    ErrorKind
	Message string
	Span    source.Span
	Trace   []source.Note
	Cycle   []source.Span // the expressions that need each other, innermost first, of an infinite recursion

	head *Thunk // where the cycle closes, while it is not closed
}

// Error is "path:line:column: message" and the trace.
func (e *Error) Error() string {
	var b strings.Builder
	if e.Span.Valid() {
		b.WriteString(e.Span.String() + ": ")
	}
	b.WriteString(e.Message)
	for _, at := range e.Cycle {
		b.WriteString("\n  needed by " + oneLine(shorten(at.Text())) + " at " + at.String())
	}
	for _, n := range e.Trace {
		b.WriteString("\n  " + n.Message + " at " + n.Span.String())
	}
	return b.String()
}

func shorten(s string) string {
	const most = 60
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}

// maxTrace bounds the places an error remembers.
const maxTrace = 12

// wrap adds a place to an error's trace.
func wrap(err error, at source.Span, what string) error {
	var e *Error
	if errors.As(err, &e) && len(e.Trace) < maxTrace && at.Valid() {
		e.Trace = append(e.Trace, source.Note{Span: at, Message: what})
	}
	return err
}

// placed gives an error that has no place one.
func placed(err error, place source.Span) error {
	var e *Error
	if errors.As(err, &e) && !e.Span.Valid() {
		e.Span = place
	}
	return err
}

func (in *Interp) limitAt(at source.Span, format string, args ...any) error {
	return fail(Limit, at, "limit reached: "+format, args...)
}

func fail(kind ErrorKind, at source.Span, format string, args ...any) error {
	return &Error{Kind: kind, Span: at, Message: fmt.Sprintf(format, args...)}
}

func (in *Interp) typeError(v Value, want string, at source.Span) error {
	return fail(TypeError, at, "expected %s but found %s", want, describe(v))
}

// undetermined turns an error that says nothing about the user's file into the unknown value it stands for.
func undetermined(err error) (*Unknown, bool) {
	var e *Error
	if !errors.As(err, &e) || e.Kind != Limit && e.Kind != Recursion {
		return nil, false
	}
	return NewUnknown(e.Message, e.Span), true
}

package source

import (
	"cmp"
	"slices"
	"strconv"
)

// Severity says what a problem does to the run.
type Severity uint8

const (
	// Failure means that something could not be judged: exit status 3.
	Failure Severity = iota
	// Notice means that something was left out on purpose, and is said: ciphertext, an input that is not on disk.
	Notice
)

func (s Severity) String() string {
	if s == Notice {
		return "notice"
	}
	return "failure"
}

// Problem is something wrong in the user's file. The message is in the user's terms: what was found, what was expected.
type Problem struct {
	Severity Severity
	Span     Span
	Message  string
	Notes    []Note
}

// Note is another place that helps to understand a problem: where the bracket was opened, the first definition.
type Note struct {
	Span    Span
	Message string
}

// Error is "path:line:column: message".
func (p Problem) Error() string {
	if !p.Span.Valid() {
		return p.Message
	}
	return p.Span.String() + ": " + p.Message
}

// SortProblems orders problems by file, place and message, and drops repetitions.
func SortProblems(problems []Problem) []Problem {
	slices.SortStableFunc(problems, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(pathOf(a), pathOf(b)), cmp.Compare(a.Span.Start, b.Span.Start), cmp.Compare(a.Message, b.Message))
	})
	return slices.CompactFunc(problems, func(a, b Problem) bool { return a.Span == b.Span && a.Message == b.Message })
}

func pathOf(p Problem) string {
	if p.Span.File == nil {
		return ""
	}
	return p.Span.File.Path
}

func itoa(n int) string { return strconv.Itoa(n) }

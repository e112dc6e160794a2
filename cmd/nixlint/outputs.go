package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/term"

	"github.com/nixlint/nixlint/loader/inventory"
	"github.com/nixlint/nixlint/report"
)

// outputs reads the values of --format. At most one of them may write to standard output.
func outputs(values, formats []string) ([]report.Output, error) {
	var out []report.Output
	onStdout := ""
	for _, value := range values {
		o, err := report.ParseOutput(value)
		if err != nil {
			return nil, misuse("--format %w", err)
		}
		if err := choose("format", o.Format, formats); err != nil {
			return nil, err
		}
		if o.File == "" {
			if onStdout != "" {
				return nil, misuse("--format %s and --format %s both write to standard output: give one a file, as in %s=FILE",
					onStdout, o.Format, o.Format)
			}
			onStdout = o.Format
		}
		out = append(out, o)
	}
	return out, nil
}

// emit writes to the output's file, or to standard output.
func (p *process) emit(o report.Output, write func(io.Writer) error) error {
	if o.File == "" {
		return write(p.out)
	}
	err := report.WriteFile(o.File, write)
	if errors.Is(err, fs.ErrNotExist) {
		return misuse("%w", err)
	}
	if err != nil {
		return fmt.Errorf("%w", err)
	}
	return nil
}

// color decides whether text on standard output is coloured: --color, then NO_COLOR, CLICOLOR_FORCE, then whether a person
// looks at it.
func (p *process) color(when string) (bool, error) {
	if err := choose("colour mode", when, []string{"auto", "always", "never"}); err != nil {
		return false, err
	}
	if when != "auto" {
		return when == "always", nil
	}
	if v, _ := p.env("NO_COLOR"); v != "" {
		return false, nil
	}
	if v, _ := p.env("CLICOLOR_FORCE"); v != "" && v != "0" {
		return true, nil
	}
	if v, _ := p.env("TERM"); v == "dumb" {
		return false, nil
	}
	f, ok := p.out.(interface{ Stat() (fs.FileInfo, error) })
	if !ok {
		return false, nil
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&fs.ModeCharDevice != 0, nil
}

// columns is how wide the terminal is that an output goes to: COLUMNS says it, or the terminal; 0 for a file or a pipe.
func (p *process) columns(o report.Output) int {
	f, ok := p.out.(*os.File)
	if !ok || o.File != "" || !term.IsTerminal(int(f.Fd())) {
		return 0
	}
	if v, _ := p.env("COLUMNS"); v != "" {
		if n, err := strconv.Atoi(v); err == nil && n > 0 {
			return n
		}
	}
	n, _, err := term.GetSize(int(f.Fd()))
	if err != nil {
		return 0
	}
	return n
}

// fromHere is what to put before a path of the tree so that it can be opened from the working directory.
func fromHere(root string) string {
	here, err := os.Getwd()
	if err != nil {
		return strings.TrimSuffix(root, "/") + "/"
	}
	// The root is without symbolic links.
	if resolved, err := filepath.EvalSymlinks(here); err == nil {
		here = resolved
	}
	way, err := filepath.Rel(here, root)
	switch {
	case err != nil || way == ".." || strings.HasPrefix(way, "../"):
		return strings.TrimSuffix(root, "/") + "/"
	case way == ".":
		return ""
	}
	return filepath.ToSlash(way) + "/"
}

// fromRepository is the way from the top of the git repository to the root, empty when there is no repository.
func fromRepository(root string) string {
	for dir := root; ; dir = filepath.Dir(dir) {
		if _, err := os.Lstat(filepath.Join(dir, ".git")); err == nil {
			way, err := filepath.Rel(dir, root)
			if err != nil || way == "." {
				return ""
			}
			return filepath.ToSlash(way) + "/"
		}
		if dir == filepath.Dir(dir) {
			return ""
		}
	}
}

// failures are the problems that stopped a judgement.
func failures(problems []inventory.Problem) []inventory.Problem {
	var out []inventory.Problem
	for _, p := range problems {
		if p.Severity == "failure" {
			out = append(out, p)
		}
	}
	return out
}

// sayProblems writes them to standard error, for a run whose standard output is not for a person.
func (p *process) sayProblems(problems []inventory.Problem, prefix string) {
	for _, problem := range problems {
		message := problem.Message
		if at := problem.At; at != nil {
			message = fmt.Sprintf("%s%s:%d:%d: %s", prefix, at.File, at.Line, at.Column, message)
		}
		p.say(message)
	}
}

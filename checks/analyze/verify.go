package analyze

import (
	"context"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/nixlint/nixlint/loader/inventory"
)

// Message is something that "systemd-analyze verify" says. Its place is as near as systemd names it: a setting, a unit, or none.
type Message struct {
	Unit    string // as staged; empty when the message names none
	Scope   string
	Section string
	Key     string // the directive, when the message stands at one or names one
	Index   int    // position in Unit.Sections[Section][Key]; -1 when it stands at no line
	Text    string
}

// Verify runs "systemd-analyze verify" on all units of the root, once for each scope, and returns what it says, in its order.
func Verify(ctx context.Context, program Program, root *Root) ([]Message, error) {
	var messages []Message
	for _, scope := range []string{inventory.System, inventory.User} {
		units := root.inScope(scope)
		if len(units) == 0 {
			continue
		}
		for batch := range slices.Chunk(units, maxBatch) {
			said, err := root.verify(ctx, program, scope, batch)
			if err != nil {
				return nil, err
			}
			for _, m := range said {
				if !slices.Contains(messages, m) {
					messages = append(messages, m)
				}
			}
		}
	}
	return messages, nil
}

// maxBatch is how many units a process is given: a command line has a limit.
const maxBatch = 2000

// verify runs the program on units of a scope. Errors of what they depend on are wanted too: without, systemd says nothing of a
// dependency that is no name of a unit.
func (r *Root) verify(ctx context.Context, program Program, scope string, units []Unit) ([]Message, error) {
	args := []string{"verify", "--man=no", "--generators=no", "--recursive-errors=one"}
	var env []string
	if scope == inventory.System {
		args = append(args, "--root="+r.Dir)
	} else {
		// A user manager has no --root. It looks for programs on the machine, which stubs tells apart.
		args, env = append(args, "--user"), r.scopeRun(scope)
	}
	args = append(args, "--")
	for _, u := range units {
		if scope == inventory.System {
			args = append(args, u.Name)
		} else {
			args = append(args, r.path(u.File))
		}
	}
	out, err := program.run(ctx, env, args...)
	if err != nil {
		return nil, err
	}
	if out.failed && strings.TrimSpace(out.stderr) == "" {
		return nil, fmt.Errorf("%s verify failed and said nothing", program)
	}
	return r.read(scope, out.stderr), nil
}

var (
	atLine = regexp.MustCompile(`^(/.*?):(\d+): (.*)$`)
	atUnit = regexp.MustCompile(`^(?:Unit )?([A-Za-z0-9:_.\\@-]+\.(?:service|socket|timer|path|target|mount|automount|swap|slice|scope|device))(?::)? (.*)$`)
	naming = regexp.MustCompile(`\b([A-Z][A-Za-z]+)=`)
)

// read reads the messages of a run. The form of a message is stable over versions of systemd, its wording is not: only places
// and names of directives are taken out.
func (r *Root) read(scope, text string) []Message {
	var messages []Message
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n")
		if line == "" || scope == inventory.User && r.missesStub(line) {
			continue
		}
		m := r.message(scope, line)
		if !slices.Contains(messages, m) {
			messages = append(messages, m)
		}
	}
	return messages
}

func (r *Root) message(scope, line string) Message {
	m := Message{Scope: scope, Index: -1, Text: line}
	if f := atLine.FindStringSubmatch(line); f != nil {
		m.Text = f[3]
		n, _ := strconv.Atoi(f[2])
		r.locate(&m, f[1], n)
	} else if f := atUnit.FindStringSubmatch(line); f != nil {
		m.Unit, m.Text = f[1], f[2]
	}
	if f := naming.FindStringSubmatch(m.Text); f != nil && m.Key == "" {
		m.Key = f[1]
	}
	return m
}

// locate finds the setting behind a line of a staged file. A drop-in that staging added belongs to its unit.
func (r *Root) locate(m *Message, file string, line int) {
	for _, u := range r.Units {
		if u.Scope != m.Scope {
			continue
		}
		switch {
		case strings.HasSuffix(file, "/"+u.File):
			m.Unit = u.Name
			if line >= 1 && line <= len(u.Lines) {
				if l := u.Lines[line-1]; l.Name != "" {
					m.Section, m.Key, m.Index = l.Section, l.Name, l.Index
				}
			}
			return
		case strings.HasSuffix(path.Dir(file), "/"+u.File+".d"):
			m.Unit = u.Name
			return
		}
	}
}

// missesStub reports whether a message speaks of an executable that stands only in the root.
func (r *Root) missesStub(line string) bool {
	for w := range strings.FieldsSeq(line) {
		if r.stubs[strings.Trim(w, `"':,`)] {
			return true
		}
	}
	return false
}

package unit

import (
	"regexp"
	"strings"

	"github.com/nixlint/nixlint/loader/inventory"
	"github.com/nixlint/nixlint/loader/source"
)

// wrapped is a command that runs a script which NixOS wrote into the store.
var wrapped = regexp.MustCompile(`^[-@:+!|]*/(nix/store/[^/\s]+-unit-script-[^/\s]+/bin/[^/\s]+)(?:\s|$)`)

// scriptNames are what NixOS' options call the script of each directive.
var scriptNames = map[string]string{
	"ExecStart": "start", "ExecStartPre": "pre-start", "ExecStartPost": "post-start", "ExecReload": "reload", "ExecStop": "pre-stop",
	"ExecStopPost": "post-stop",
}

// scripts reads the scripts that a service runs, where they are in the tree: without its first line, which names the shell.
func (l *loader) scripts(u *inventory.Unit) {
	for directive, name := range scriptNames {
		for _, s := range u.Sections["Service"][directive] {
			m := wrapped.FindStringSubmatch(s.Alternatives[0].Value)
			if m == nil {
				continue
			}
			file, err := l.tree.Resolve(m[1])
			if err != nil || !inside(l.within, file) {
				continue
			}
			src, err := l.tree.File(file)
			if err != nil || src.Binary() {
				continue // the script of a derivation that is not here: the command stays what is known
			}
			if u.Scripts == nil {
				u.Scripts = map[string]inventory.Setting{}
			}
			if _, again := u.Scripts[name]; !again {
				u.Scripts[name] = inventory.Setting{Alternatives: []inventory.Alternative{scriptOf(src)}}
			}
		}
	}
}

func scriptOf(src *source.File) inventory.Alternative {
	first := 1
	if strings.HasPrefix(src.Text, "#!") {
		first = 2
	}
	start := src.Offset(first, 1)
	text := src.Text[start:]
	a := inventory.Alternative{Value: text, Known: true, At: inventory.At(src.Span(start, source.Pos(len(src.Text))))} //nolint:gosec // source.MaxFile
	for n := range strings.Count(text, "\n") + 1 {
		line := first + n
		a.Lines = append(a.Lines, *inventory.At(src.Span(src.Offset(line, 1), src.Offset(line, len(src.Line(line))+1))))
	}
	return a
}

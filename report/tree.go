package report

import (
	"path"
	"strings"

	"github.com/nixlint/nixlint/loader/inventory"
	"github.com/nixlint/nixlint/loader/systemd"
)

// TreeFile is a file that Tree makes: its path with forward slashes, which leads nowhere else, and its text.
type TreeFile struct{ Path, Text string }

// Tree renders every unit that is to run: HOST/system/NAME, HOST/user/NAME and HOST/tmpfiles.d/NAME. Those of modules that no host
// imports are below _loose/FILE, with dashes for the slashes of the file's path.
func Tree(inv *inventory.Inventory) []TreeFile {
	var out []TreeFile
	for i := range inv.Hosts {
		h := &inv.Hosts[i]
		for j := range h.Units {
			u := &h.Units[j]
			if u.Status == inventory.Disabled || u.Status == inventory.Commented || u.Status == inventory.Upstream {
				continue
			}
			text, _ := systemd.Render(u, systemd.Show)
			file := ""
			if len(u.Definitions) > 0 {
				file = u.Definitions[0].File
			}
			name := element(u.Name)
			if u.Dropin {
				name = path.Join(name+".d", "overrides.conf")
			}
			out = append(out, TreeFile{path.Join(folder(h, file), u.Scope, name), text})
		}
		out = append(out, tmpfilesOf(h)...)
	}
	return out
}

// tmpfilesOf are the host's files of tmpfiles.d. A line that is not decided is there as comments, one a possible value.
func tmpfilesOf(h *inventory.Host) []TreeFile {
	var out []TreeFile
	at := map[string]int{}
	for _, rule := range h.Tmpfiles {
		file := ""
		if place := firstPlace(rule.Line); place != nil {
			file = place.File
		}
		name := path.Join(folder(h, file), rule.Scope, "tmpfiles.d", element(rule.File))
		i, ok := at[name]
		if !ok {
			i = len(out)
			at[name] = i
			out = append(out, TreeFile{Path: name})
		}
		out[i].Text += tmpfilesLine(rule.Line)
	}
	return out
}

func tmpfilesLine(s inventory.Setting) string {
	if s.Decided() {
		return s.Alternatives[0].Value + "\n"
	}
	var b strings.Builder
	for _, a := range s.Alternatives {
		if !a.Absent {
			b.WriteString("# " + strings.ReplaceAll(a.Value, "\n", " ") + conditions(a.Conditions) + "\n")
		}
	}
	return b.String()
}

func firstPlace(s inventory.Setting) *inventory.Location {
	for _, a := range s.Alternatives {
		if at := a.Place(); at != nil {
			return at
		}
	}
	return nil
}

func folder(h *inventory.Host, file string) string {
	if h.Source == loose {
		return path.Join("_loose", element(file))
	}
	return element(h.Name)
}

// element makes a name one element of a path.
func element(name string) string {
	name = strings.Map(func(r rune) rune {
		if r == '/' || r == 0 || r == '\n' {
			return '-'
		}
		return r
	}, name)
	if name == "" || name == "." || name == ".." {
		return "_" + name
	}
	return name
}

// Package base knows what units of nixpkgs and of systemd say, as facts read at one revision: enough to decide what an override
// leaves open when nixpkgs itself is not in sight. It is no model of NixOS: what depends on an option is not known here.
package base

import (
	_ "embed"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/nixlint/nixlint/loader/inventory"
)

//go:embed units.txt
var text string

// Unit is what the base of a unit says.
type Unit struct {
	Label    string // "nixpkgs 4aa6836a648c": as of what
	Source   string // the file it was read from
	Sections map[string]map[string][]inventory.Setting
	Closed   []string // the sections that have no further directives, sorted
}

var units = sync.OnceValues(func() (map[string]*Unit, error) { return parse(text) })

// Lookup is the base of a system unit, such as sshd.service; nil when none is known. What it returns is shared: it is not to be
// changed. An instance of a template, such as serial-getty@ttyS0.service, has the template's.
func Lookup(name string) *Unit {
	all, err := units()
	if err != nil {
		return nil // the text is part of the program, and a test reads it
	}
	if u := all[name]; u != nil {
		return u
	}
	if at := strings.IndexByte(name, '@'); at >= 0 {
		if dot := strings.LastIndexByte(name, '.'); dot > at {
			return all[name[:at+1]+name[dot:]]
		}
	}
	return nil
}

// Names are the units whose base is known, sorted.
func Names() []string {
	all, err := units()
	if err != nil {
		return nil
	}
	out := make([]string, 0, len(all))
	for name := range all {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}

// plain is the priority of a definition of which nothing else is said.
const plain = 100

type parser struct {
	revision string
	units    map[string]*Unit
	unit     *Unit
	section  string
}

func parse(text string) (map[string]*Unit, error) {
	p := parser{units: map[string]*Unit{}}
	n := 0
	for line := range strings.SplitSeq(text, "\n") {
		n++
		if line == "" || line[0] == '#' {
			continue
		}
		if err := p.line(line); err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
	}
	for _, u := range p.units {
		u.finish()
	}
	return p.units, nil
}

func (p *parser) line(line string) error {
	if rest, ok := strings.CutPrefix(line, "revision "); ok {
		p.revision = rest[:min(12, len(rest))]
		return nil
	}
	if rest, ok := strings.CutPrefix(line, "= "); ok {
		p.unit, p.section = &Unit{Sections: map[string]map[string][]inventory.Setting{}}, ""
		for name := range strings.FieldsSeq(rest) {
			if p.units[name] != nil {
				return fmt.Errorf("%s stands here twice", name)
			}
			p.units[name] = p.unit
		}
		return nil
	}
	switch rest, ok := strings.CutPrefix(line, "from "); {
	case p.unit == nil:
		return fmt.Errorf("%q is about no unit", line)
	case ok:
		p.unit.Source, p.unit.Label = rest, "nixpkgs "+p.revision
		if _, version, found := strings.Cut(rest, "own unit at "); found && !strings.HasPrefix(rest, "nixos/") {
			p.unit.Label = version
		}
		return nil
	case line[0] == '[':
		name, closed, _ := strings.Cut(line[1:], "]")
		p.section = name
		p.unit.Sections[name] = map[string][]inventory.Setting{}
		if strings.TrimSpace(closed) == "closed" {
			p.unit.Closed = append(p.unit.Closed, name)
		}
		return nil
	case p.section == "":
		return fmt.Errorf("%q is in no section", line)
	}
	return p.directive(line)
}

// directive reads Name=VALUE, Name~WHY, Name>OPTION or Name?VALUE | CONDITION | OTHER.
func (p *parser) directive(line string) error {
	at := strings.IndexAny(line, "=~>?")
	if at <= 0 {
		return fmt.Errorf("%q is no directive", line)
	}
	name, prio := line[:at], plain
	if short, number, ok := strings.Cut(name, ":"); ok {
		n, err := strconv.Atoi(number)
		if err != nil {
			return fmt.Errorf("%q has no priority: %w", line, err)
		}
		name, prio = short, n
	}
	rest := line[at+1:]
	var s inventory.Setting
	switch line[at] {
	case '=':
		s.Alternatives = []inventory.Alternative{known(rest)}
	case '~':
		s.Alternatives = []inventory.Alternative{unknown(rest)}
	case '>':
		s.Alternatives = []inventory.Alternative{because(isOption + rest)}
	default:
		parts := strings.Split(rest, " | ")
		if len(parts) == 2 && strings.HasSuffix(parts[1], " |") {
			parts[1] = strings.TrimSuffix(parts[1], " |")
			parts = append(parts, "")
		}
		if len(parts) < 2 || len(parts) > 3 {
			return fmt.Errorf("%q has no condition", line)
		}
		s = choice(parts)
	}
	for i := range s.Alternatives {
		s.Alternatives[i].Priority = prio
	}
	section := p.unit.Sections[p.section]
	section[name] = append(section[name], s)
	return nil
}

func known(value string) inventory.Alternative {
	return inventory.Alternative{Value: value, Known: true}
}

func unknown(option string) inventory.Alternative { return because("it depends on " + option) }

func because(why string) inventory.Alternative {
	return inventory.Alternative{Value: "<unknown: " + why + ">", Why: why}
}

const isOption = "it is the value of "

// Option is the option whose value a directive of a base has, such as services.nginx.user, and whether it has that of one.
func Option(a inventory.Alternative) (path string, ok bool) {
	return strings.CutPrefix(a.Why, isOption)
}

// choice is a value under a condition, and another one, or nothing, without it.
func choice(parts []string) inventory.Setting {
	value := func(text string) inventory.Alternative {
		if text == "~" {
			return unknown(strings.TrimSuffix(strings.TrimPrefix(parts[1], "!("), ")"))
		}
		return known(text)
	}
	when := func(text string) []inventory.Condition {
		return []inventory.Condition{{Text: text, Verdict: "unknown"}}
	}
	contrary := "!(" + parts[1] + ")"
	if inner, ok := strings.CutPrefix(parts[1], "!("); ok {
		contrary = strings.TrimSuffix(inner, ")")
	}
	first, other := value(parts[0]), inventory.Alternative{Absent: true, Known: true}
	if len(parts) == 3 {
		other = value(parts[2])
	}
	first.Conditions, other.Conditions = when(parts[1]), when(contrary)
	return inventory.Setting{Alternatives: []inventory.Alternative{first, other}}
}

// finish adds what NixOS adds to every service.
func (u *Unit) finish() {
	slices.Sort(u.Closed)
	u.Closed = slices.Compact(u.Closed)
	if service := u.Sections["Service"]; service != nil && service["Environment"] == nil {
		service["Environment"] = []inventory.Setting{{Alternatives: []inventory.Alternative{unknown("what NixOS adds to every service")}}}
	}
}

// Package systemd is systemd's own rules, as data and functions: which directives a section has and how their values are
// read, what repetition, resets and implications amount to (EffectiveOf), how a unit is written as text (Render), and what
// a line of tmpfiles.d says (ParseTmpfiles). It reads no files, knows no Nix and judges nothing. It follows systemd 252 to 262.
package systemd

import (
	"cmp"
	"fmt"
	"slices"
	"sort"
	"strings"
)

// Kind is how the values of a directive are read.
type Kind uint8

// The kinds. The first group has one value, the last assignment; the others add up over assignments until the empty
// assignment resets them.
const (
	Unlisted Kind = iota // no directive that the table knows
	Boolean
	Choice   // a word of a fixed list, which may hold yes and no
	Text     // free text, a user, a label
	Path     // one path
	UnitName // the name of one unit
	Number
	FileMode // octal
	Timespan
	Size   // bytes, a share or a resource limit
	Signal // SIGTERM, TERM or 15

	Words        // words with systemd's quoting
	Dependencies // words that no empty assignment resets
	Colons       // paths separated by colons
	Lines        // an assignment is an item: DeviceAllow=, LoadCredential=, EnvironmentFile=
	Commands     // an assignment is a command line: ExecStart=
	Variables    // words NAME=VALUE, the last of a name holds
	Capabilities // a set of capabilities
	Syscalls     // an ordered filter of system calls and @groups
	Families     // a filter of address families
	Namespaces   // a boolean or a set of namespaces
	Filter       // a filter of other names: file systems, network interfaces
	Delegation   // a boolean or a set of controllers
	Conditions   // lines; the empty assignment resets all Condition…= or all Assert…=
	Timers       // lines; the empty assignment resets all On…=
	Listeners    // lines; the empty assignment resets all Listen…=
	Watches      // lines; the empty assignment resets all paths of a path unit
)

// Sections of unit files, as bits of directive.sections.
const (
	inUnit uint16 = 1 << iota
	inService
	inSocket
	inTimer
	inPath
	inMount
	inAutomount
	inSwap
	inSlice
	inScope
	inInstall
)

var sectionNames = [...]string{
	"Unit", "Service", "Socket", "Timer", "Path", "Mount", "Automount", "Swap", "Slice", "Scope", "Install",
}

// directive is a row of the table. A kind that was a boolean before it was a choice is a choice.
type directive struct {
	name     string
	sections uint16
	kind     Kind
	resets   uint16 // the first version in which an empty assignment is not ignored; of kinds that have one value
	since    uint16 // the first version that has it, 0 when Oldest has it
	until    uint16 // the first version that has it no more, 0 when Newest has it
}

// never stands for a version that does not come.
const never = 999

// in reports whether a version has the directive.
func (d directive) in(version int) bool {
	return version >= int(d.since) && (d.until == 0 || version < int(d.until))
}

// versioned is a directive as a version reads it.
type versioned struct {
	directive
	version int
}

// keeps reports whether an empty assignment is ignored.
func (d versioned) keeps() bool { return d.version < int(d.resets) }

// Within returns the version between Oldest and Newest that stands for another: the nearest, and Newest for 0.
func Within(version int) int {
	if version == 0 {
		return Newest
	}
	return min(max(version, Oldest), Newest)
}

// Range is the versions of systemd that have something: from Since on, 0 when Oldest has it already, and before Until, 0 when Newest
// still has it.
type Range struct{ Since, Until int }

// Support returns the versions that have the directive, in the section or the kind of unit of that name; not ok when none has.
func Support(section, name string) (Range, bool) {
	d, ok := find(section, name)
	return Range{int(d.since), int(d.until)}, ok
}

// String says it in words behind the name of a directive, or is empty: " (from systemd 254 on)".
func (r Range) String() string {
	switch {
	case r.Since > 0 && r.Until > 0:
		return fmt.Sprintf(" (from systemd %d to %d)", r.Since, r.Until-1)
	case r.Since > 0:
		return fmt.Sprintf(" (from systemd %d on)", r.Since)
	case r.Until > 0:
		return fmt.Sprintf(" (up to systemd %d)", r.Until-1)
	}
	return ""
}

// Directive returns how the values of a directive are read, in the newest version that has it. The section is its name ("Service") or the kind of unit whose
// own section it is ("service").
func Directive(section, name string) (Kind, bool) {
	d, ok := find(section, name)
	return d.kind, ok
}

// Listed is a directive of a section.
type Listed struct {
	Section, Name string
	Kind          Kind
	Range
}

// Directives lists all, by name and section.
func Directives() []Listed {
	var all []Listed
	for i := range table {
		d := &table[i]
		for bit, section := range sectionNames {
			if d.sections&(1<<bit) != 0 {
				all = append(all, Listed{section, d.name, d.kind, Range{int(d.since), int(d.until)}})
			}
		}
	}
	return all
}

func find(section, name string) (directive, bool) {
	i := slices.IndexFunc(sectionNames[:], func(s string) bool { return strings.EqualFold(s, section) })
	if i < 0 {
		return directive{}, false
	}
	at := sort.Search(len(table), func(i int) bool { return table[i].name >= name })
	for ; at < len(table) && table[at].name == name; at++ {
		if table[at].sections&(1<<i) != 0 {
			return table[at], true
		}
	}
	return directive{}, false
}

// Nearest returns the directive that is spelt most like name, or "" when none is near: of those that a unit of the kind has, else of
// any. A name that differs in case only is the nearest.
func Nearest(kind, name string) string {
	own := inUnit | inInstall
	if i := slices.IndexFunc(sectionNames[:], func(s string) bool { return strings.EqualFold(s, kind) }); i >= 0 {
		own |= 1 << i
	}
	if near := nearest(own, name); near != "" {
		return near
	}
	return nearest(^uint16(0), name)
}

func nearest(sections uint16, name string) string {
	best, bestDistance := "", cmp.Or(min(3, len(name)/3), 1)+1
	for i := range table {
		d := &table[i]
		if d.sections&sections == 0 || abs(len(d.name)-len(name)) >= bestDistance {
			continue
		}
		if strings.EqualFold(d.name, name) {
			return d.name
		}
		if n := distance(strings.ToLower(name), strings.ToLower(d.name)); n < bestDistance {
			best, bestDistance = d.name, n
		}
	}
	return best
}

func abs(n int) int { return max(n, -n) }

// distance counts the insertions, removals, replacements and swaps of neighbours that turn a into b.
func distance(a, b string) int {
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}

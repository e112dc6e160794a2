package exposure

import (
	"slices"
	"strconv"
	"strings"
	"sync"
)

// callSet is a set of system calls of callTable, by position.
type callSet [2]uint64

func (s callSet) with(o callSet) callSet    { return callSet{s[0] | o[0], s[1] | o[1]} }
func (s callSet) without(o callSet) callSet { return callSet{s[0] &^ o[0], s[1] &^ o[1]} }
func (s callSet) meets(o callSet) bool      { return s[0]&o[0]|s[1]&o[1] != 0 }

func one(i int) callSet {
	var s callSet
	s[i/64] = 1 << (i % 64)
	return s
}

// group is a group of system calls that has a row.
const (
	groupClock = iota
	groupCPUEmulation
	groupDebug
	groupModule
	groupMount
	groupObsolete
	groupPrivileged
	groupRawIo
	groupReboot
	groupResources
	groupSwap
)

var assessedGroups = [...]string{
	"@clock", "@cpu-emulation", "@debug", "@module", "@mount", "@obsolete", "@privileged", "@raw-io", "@reboot", "@resources", "@swap",
}

// model is what differs between versions of systemd and architectures.
type model struct {
	version int
	arch    string
	named   map[string]callSet // by name of a call or of a group; a group may be empty
	groups  [len(assessedGroups)]callSet
	choices [directives][]string // the words of directives that are chosen from a list
	states  [directives][]state  // what a directive may amount to, as far as a row can tell
}

// modelOf returns the model of one of versions and Architectures.
func modelOf(version int, arch string) *model {
	return models[slices.Index(versions[:], version)][slices.Index(Architectures(), arch)]()
}

var models = func() (all [len(versions)][2]func() *model) {
	for i, v := range versions {
		for j, arch := range Architectures() {
			all[i][j] = sync.OnceValue(func() *model { return newModel(v, arch) })
		}
	}
	return all
}()

func newModel(version int, arch string) *model {
	m := &model{version: version, arch: arch, named: map[string]callSet{}}
	for _, g := range groupNames {
		if name, ok := in(g, version); ok {
			m.named["@"+name] = callSet{}
		}
	}
	for i, c := range callTable {
		if !slices.ContainsFunc(strings.Fields(c.on), func(a string) bool { name, ok := in(a, version); return ok && name == arch }) {
			continue
		}
		m.named[c.name] = one(i)
		for g := range strings.FieldsSeq(c.groups) {
			if name, ok := in(g, version); ok {
				m.named["@"+name] = m.named["@"+name].with(one(i))
			}
		}
	}
	for i, g := range assessedGroups {
		m.groups[i] = m.named[g]
	}
	for d := range readers {
		m.choices[d] = choicesOf(directive(d), version)
		if readers[d].states != nil {
			m.states[d] = readers[d].states(m, directive(d))
		}
	}
	return m
}

// in splits a word of the tables from the versions behind it, and reports whether it holds in this one.
func in(word string, version int) (string, bool) {
	name, only, limited := strings.Cut(word, "@")
	return name, !limited || slices.Contains(strings.Split(only, ","), strconv.Itoa(version))
}

package systemd

import "slices"

var namespaceNames = []string{"cgroup", "ipc", "net", "mnt", "pid", "user", "uts"}

// isNamespace accepts "time" too, which systemd 252 knows by name and does not restrict.
func isNamespace(word string) bool { return word == "time" || slices.Contains(namespaceNames, word) }

// namespaces computes the set of namespaces that stay allowed: "no" when all are, "yes" when none is.
func (f *folder) namespaces(a Assignment) {
	if !a.Known {
		f.keep(a)
		return
	}
	if a.Text == "" {
		f.reset()
		return
	}
	if b, ok := ParseBoolean(a.Text); ok {
		f.reset()
		f.add(yesNo(b), a.Index)
		return
	}
	rest, inverted := signed(a.Text)
	words, _ := Split(f.kind, rest)
	if slices.ContainsFunc(words, func(w string) bool { return !isNamespace(w) }) {
		return // one bad name, and systemd ignores the assignment
	}
	if initial := len(f.p.Values) == 0; initial && inverted {
		f.add("no", a.Index)
	}
	f.p.Absent = false
	f.p.Values = expand(f.p.Values)
	for _, w := range words {
		if w != "time" {
			f.put(w, a.Index, !inverted)
		}
	}
	switch len(f.p.Values) {
	case 0:
		f.add("yes", a.Index)
	case len(namespaceNames):
		f.p.Values = []Value{{"no", a.Index}}
	}
}

// expand turns "no" and "yes" into the set of allowed namespaces.
func expand(values []Value) []Value {
	if len(values) != 1 {
		return values
	}
	switch values[0].Text {
	case "yes":
		return []Value{}
	case "no":
		all := make([]Value, 0, len(namespaceNames))
		for _, n := range namespaceNames {
			all = append(all, Value{n, values[0].Index})
		}
		return all
	}
	return values
}

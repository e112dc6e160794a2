package systemd

import (
	"slices"
	"strings"
)

const (
	wantPath  = "an absolute path"
	wantPlain = `a path without ".."`
)

// onePath is what is wanted of an absolute path. What a specifier stands for may be one.
func onePath(path string) string {
	switch {
	case path != "" && (path[0] == '%' || path[0] == hole[0]):
		return ""
	case !strings.HasPrefix(path, "/"):
		return wantPath
	case !normal(path):
		return wantPlain
	case len(path) >= maxPath && !vague(path):
		return "a path of less than 4096 bytes"
	}
	return ""
}

const (
	maxPath = 4096
	maxName = 255
)

// normal reports whether no part of a path leads upwards.
func normal(path string) bool {
	for part := range strings.SplitSeq(path, "/") {
		if part == ".." || len(part) > maxName && !vague(part) {
			return false
		}
	}
	return true
}

// paths is what is wanted of words that are absolute paths, behind prefixes in their order.
func paths(value, prefixes string) string {
	for value = strings.TrimLeft(value, blanks); value != ""; value = strings.TrimLeft(value, blanks) {
		word, rest, ok := firstWord(value, literal)
		if !ok {
			return unbalanced(value)
		}
		for _, p := range prefixes {
			word = strings.TrimPrefix(word, string(p))
		}
		if want := onePath(word); want != "" {
			return ofWord(want, word)
		}
		value = rest
	}
	return ""
}

func ofWord(want, word string) string {
	if want == wantPath {
		return "absolute paths, which " + show(word) + " is not"
	}
	return want
}

func workingDirectory(value string) string {
	if value = strings.TrimPrefix(value, "-"); value == "~" {
		return ""
	}
	if want := onePath(value); want != wantPath {
		return want
	}
	return "an absolute path, or ~ alone for the home of the user"
}

// colons is what is wanted of absolute paths between colons.
func colons(value string) string {
	for _, path := range parts(value) {
		if want := onePath(path); want != "" {
			return ofWord(want, path)
		}
	}
	return ""
}

// parts splits a word at colons that no backslash stands before.
func parts(word string) (out []string) {
	start := 0
	for i := 0; i < len(word); i++ {
		switch word[i] {
		case '\\':
			i++
		case ':':
			out, start = append(out, word[start:i]), i+1
		}
	}
	return append(out, word[start:])
}

// each splits a value into words that keep their backslashes, and gives their parts to a function until it wants something.
func each(value string, want func(parts []string) string) string {
	for value = strings.TrimLeft(value, blanks); value != ""; value = strings.TrimLeft(value, blanks) {
		word, rest, ok := firstWord(value, kept)
		if !ok {
			return unbalanced(value)
		}
		if w := want(parts(word)); w != "" {
			return w
		}
		value = rest
	}
	return ""
}

// binds is what is wanted of mounts: [-]source[:destination[:options]].
func binds(value string) string {
	return each(value, func(p []string) string {
		if len(p) > 3 && !strings.ContainsAny(value, `"'`) {
			return "source:destination:options at most"
		}
		if want := onePath(strings.TrimPrefix(p[0], "-")); want != "" {
			return ofWord(want, p[0])
		}
		if len(p) < 2 {
			return ""
		}
		if want := onePath(p[1]); want != "" {
			return ofWord(want, p[1])
		}
		if len(p) == 3 && !vague(p[2]) && !oneOf(p[2], "", "rbind", "norbind", "idmap", "noidmap") {
			return "rbind or norbind as the option, which " + show(p[2]) + " is not"
		}
		return ""
	})
}

func temporary(value string) string {
	return each(value, func(p []string) string { return ofWord(onePath(p[0]), p[0]) })
}

// directories is what is wanted of directories below /var/lib and the like: relative paths, with a link behind a colon.
func directories(name, value string) string {
	return each(value, func(p []string) string {
		for i, path := range p {
			if i > 1 {
				break // flags, which early versions do not look at
			}
			if !unescapes(strings.ReplaceAll(path, `\:`, "")) {
				return "paths whose escapes are those of C, which " + show(path) + " is not"
			}
			switch clean := strings.Trim(strings.ReplaceAll(path, "/./", "/"), "/"); {
			case path == "", vague(path[:1]):
				continue
			case strings.HasPrefix(path, "/"):
				return "paths that are relative, which " + show(path) + " is not"
			case !normal(path), clean == ".", clean == "":
				return "paths below the directory, which " + show(path) + " is not"
			case i == 0 && (clean == "private" || strings.HasPrefix(strings.TrimPrefix(clean, "./"), "private/") || clean == "./private"):
				return "another directory than private, which systemd uses itself"
			}
		}
		if name == "ConfigurationDirectory" && len(p) > 1 && p[0] != "" && p[1] != "" {
			return "a path without a colon"
		}
		return ""
	})
}

// device is what is wanted of a device and what may be done with it.
func device(value string) string {
	node, rest, ok := firstWord(value, literal)
	if !ok {
		return unbalanced(value)
	}
	rights := strings.TrimLeft(rest, blanks)
	switch {
	case strings.HasPrefix(node, "block-"), strings.HasPrefix(node, "char-"), node == "", vague(node[:1]):
	case node != "/dev" && !strings.HasPrefix(node, "/dev/") && !strings.HasPrefix(node, "/run/systemd/inaccessible/"):
		return "a path below /dev, char-NAME or block-NAME"
	case !normal(node):
		return wantPlain
	}
	if rights != "" && !open(rights) && !all(rights, "rwm") {
		return "r, w and m behind the device, which " + show(rights) + " is not"
	}
	return ""
}

// ofDevice is what is wanted of the path of a device and a value for it.
func ofDevice(value string, reads func(string) bool, want string) string {
	node, rest, ok := firstWord(value, literal)
	if !ok {
		return unbalanced(value)
	}
	rest = strings.TrimLeft(rest, blanks)
	switch {
	case open(value):
		return ""
	case rest == "":
		return "a device and " + want
	case !normal(node):
		return wantPlain
	case !reads(rest):
		return want + " behind the device" + nearestSize(rest, reads)
	}
	return ""
}

func program(value string) string {
	kind, path, ok := strings.Cut(value, ":")
	types := listOf("BPFProgram")
	switch {
	case open(kind), vague(kind) && ok:
		return ""
	case !ok:
		return "type:path with an absolute path"
	case !inList(types)(kind):
		return "a type of program, which " + show(kind) + " is not" + nearestName(kind, []string{types})
	}
	return onePath(path)
}

// imageOptions is what is wanted of mount options behind the name of a partition.
func imageOptions(value string) string {
	return each(value, func(p []string) string {
		p = slices.DeleteFunc(p, func(s string) bool { return s == "" })
		switch partitions := listOf("RootImageOptions"); {
		case !unescapes(strings.ReplaceAll(strings.Join(p, ""), `\:`, "")):
			return "words whose escapes are those of C"
		case len(p) > 2:
			return "partition:options"
		case len(p) == 2 && !vague(p[0]) && !inList(partitions)(p[0]):
			return "names of partitions, which " + show(p[0]) + " is not" + nearestName(p[0], []string{partitions})
		}
		return ""
	})
}

// images is what is wanted of images: [-]source[:destination][:options], or pairs of a partition and its options.
func images(value string, destination bool) string {
	return each(value, func(p []string) string {
		if want := onePath(strings.TrimPrefix(p[0], "-")); want != "" {
			return ofWord(want, p[0])
		}
		rest := p[1:]
		if destination {
			if len(rest) == 0 {
				return "source:destination"
			}
			if want := onePath(rest[0]); want != "" {
				return ofWord(want, rest[0])
			}
			rest = rest[1:]
		}
		if len(rest) < 2 {
			return ""
		}
		for i := 0; i+1 < len(rest); i += 2 {
			if partitions := listOf("RootImageOptions"); rest[i+1] != "" && !vague(rest[i]) && !inList(partitions)(rest[i]) {
				return "names of partitions, which " + show(rest[i]) + " is not" + nearestName(rest[i], []string{partitions})
			}
		}
		return ""
	})
}

// condition is what is wanted of a condition: an absolute path where it has one, behind | and !. What the others ask is read only when the
// unit starts.
func condition(name, value string) string {
	name = strings.TrimPrefix(strings.TrimPrefix(name, "Condition"), "Assert")
	if !strings.HasPrefix(name, "Path") && !oneOf(name, "DirectoryNotEmpty", "FileNotEmpty", "FileIsExecutable", "NeedsUpdate") {
		return ""
	}
	return onePath(strings.TrimPrefix(strings.TrimPrefix(value, "|"), "!"))
}

// stream is what is wanted of a standard input or output: a word, or what stands behind file: and the like.
func stream(name string, kind Kind, value string) string {
	word, rest, ok := strings.Cut(value, ":")
	if !ok && value == "file" {
		return "" // systemd takes the word alone without complaint
	}
	if !ok {
		return wantedWord(name, kind, value)
	}
	switch word {
	case "fd":
		return matching(rest, func(s string) bool { return s == "" || vague(s) || isDescriptorName(s) }, "a name of printable characters behind fd:")
	case "file", "append", "truncate":
		if want := wantedWord(name, kind, value); want != "" {
			return want
		}
		return onePath(rest)
	}
	return wantedWord(name, kind, value)
}

// isOpenFile reports whether a text is a path, the name of a descriptor and options.
func isOpenFile(text string) bool {
	p := parts(text)
	if vague(text) {
		return true
	}
	if len(p) > 3 || !strings.HasPrefix(p[0], "/") || p[0] == "/" || len(p) > 1 && p[1] != "" && !isDescriptorName(p[1]) {
		return false
	}
	if len(p) < 3 {
		return true
	}
	exclusive := 0
	for option := range strings.SplitSeq(p[2], ",") {
		if !oneOf(option, "read-only", "append", "truncate", "graceful") {
			return false
		}
		if option != "graceful" {
			exclusive++
		}
	}
	return exclusive < 2
}

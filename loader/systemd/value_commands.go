package systemd

import "strings"

// wantedCommand is what is wanted of a command line, and what systemd does without. A wrong command behind "-" is left out, another one
// stops the unit.
func wantedCommand(line string) (want string, effect Effect) {
	for {
		word, rest, read := commandWord(line)
		if read == broken {
			return unbalanced(line), Ignored // that much only when it is the program's own word
		}
		if read == nothing {
			return "", ""
		}
		kept := read == loose
		path, ignore, argv0, shell := prefixes(word)
		if effect = Refused; ignore {
			effect = Ignored
		}
		if want := executable(path); want != "" && (path == "" || !shell) {
			return want, effect
		}
		arguments := 0
		for line = rest; ; arguments++ {
			line = strings.TrimLeft(line, blanks)
			if next, ok := separator(line); ok || line == "" {
				line = next
				break
			}
			if strings.HasPrefix(line, `\;`) && (len(line) == 2 || strings.IndexByte(blanks, line[2]) >= 0) {
				line = line[2:]
				continue
			}
			_, rest, read := commandWord(line)
			if read == broken {
				return unbalanced(line), effect
			}
			kept, line = kept || read == loose, rest
		}
		switch {
		case argv0 && arguments == 0:
			return "the name of the process behind @ and the program", effect
		case kept:
			return `an escape that systemd knows behind each backslash, or \\`, Kept
		case line == "":
			return "", ""
		}
	}
}

// How a word of a command line is read.
type readAs uint8

const (
	well    readAs = iota
	loose          // it has an escape that systemd does not know, which stays as it is
	broken         // a quote is open, or nothing stands behind a backslash
	nothing        // there is none
)

func commandWord(line string) (word, rest string, read readAs) {
	line = strings.TrimLeft(line, blanks)
	if line == "" {
		return "", "", nothing
	}
	if word, rest, ok := firstWord(line, escaped); ok {
		return word, rest, well
	}
	if word, rest, ok := firstWord(line, relaxed); ok {
		return word, rest, loose
	}
	return "", "", broken
}

// separator takes a lone semicolon off, behind which the next command stands.
func separator(line string) (rest string, ok bool) {
	if !strings.HasPrefix(line, ";") || len(line) > 1 && strings.IndexByte(blanks, line[1]) < 0 {
		return "", false
	}
	return strings.TrimLeft(line[1:], blanks), true
}

// prefixes takes the characters before a program off, each of which systemd takes once: of + ! | and !! one. Behind | what stands is
// for a shell.
func prefixes(word string) (path string, ignore, argv0, shell bool) {
	expand, privileged := false, false
	for word != "" {
		switch c := word[0]; {
		case c == '-' && !ignore:
			ignore = true
		case c == '@' && !argv0:
			argv0 = true
		case c == ':' && !expand:
			expand = true
		case c == '|': // a shell of the user, from 258 on; with the others where they make sense
			shell = true
		case strings.HasPrefix(word, "!!") && !privileged:
			privileged = true
			word = word[1:]
		case (c == '+' || c == '!') && !privileged:
			privileged = true
		default:
			return word, ignore, argv0, shell
		}
		word = word[1:]
	}
	return word, ignore, argv0, shell
}

// executable is what is wanted of the path of a program, or its name.
func executable(path string) string {
	last := path[strings.LastIndexByte(path, '/')+1:]
	switch {
	case path == "":
		return "a program"
	case vague(path) && (path[0] == '%' || path[0] == hole[0] || !strings.Contains(path, "/")):
		return ""
	case strings.ContainsFunc(path, func(r rune) bool { return r < ' ' && r != rune(hole[0]) || r == 0x7f }) || strings.ContainsAny(path, "\\\"'"):
		return "the path of a program without quotes, backslashes and control characters"
	case path[0] != '/' && strings.Contains(strings.TrimRight(path, "/"), "/"):
		return "an absolute path, or the name of a program without a slash"
	case last == "", path == ".", path == "..":
		return "the path of a program, not of a directory"
	}
	return ""
}

package systemd

import "strings"

// Executables returns the programs that a command line starts, without the prefixes @ - : + !. A line holds several commands
// when a lone ";" stands between them.
func Executables(command string) []string {
	var programs []string
	start := true
	for {
		command = strings.TrimLeft(command, blanks)
		if rest, ok := strings.CutPrefix(command, ";"); ok && (rest == "" || strings.IndexByte(blanks, rest[0]) >= 0) {
			command, start = rest, true
			continue
		}
		word, rest, ok := firstWord(command, relaxed)
		if command == "" || !ok {
			return programs
		}
		if p := strings.TrimLeft(word, "@-:+!"); start && p != "" {
			programs = append(programs, p)
		}
		command, start = rest, false
	}
}

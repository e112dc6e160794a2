# METADATA
# title: Two lines of one host do not disagree about a path
# description: |
#   Of two lines that make one path systemd-tmpfiles takes the first and logs "duplicate line": which mode and owner the path has depends
#   on the names of files.
# related_resources:
#   - https://www.freedesktop.org/software/systemd/man/latest/tmpfiles.d.html
# custom:
#   kind: host
#   severity: error
#   precision: high
#   tags: [tmpfiles, correctness]
#   fix: |2
#         systemd.tmpfiles.rules = [ "d /srv/notes 0750 notes notes -" ]; # one line for the path
package nixlint.rules.tmpfiles.conflict

import data.nixlint.lib
import future.keywords.not

report contains found if {
	input.kind == "host"
	input.source != "loose"
	some path in _repeated
	some i, rule in input.tmpfiles
	_maker(rule.lines) == path
	others := [other.lines[0].text |
		some k, other in input.tmpfiles
		k < i
		_maker(other.lines) == path
		_says(other.lines[0]) != _says(rule.lines[0])
	]
	count(others) > 0
	found := lib.decided(
		_verdict(rule.lines[0]), ["tmpfiles", i],
		sprintf("%s is also made by \"%s\": systemd-tmpfiles takes one of the two lines", [path, others[0]]),
		"the line is not decided",
	)
}

_repeated := {path | some i, path in _paths; _paths[i + 1] == path}

_paths := sort([path | some rule in input.tmpfiles; path := _maker(rule.lines)])

_maker(lines) := lines[0].path if {
	count(lines) == 1
	substring(lines[0].type, 0, 1) in {"D", "d", "f", "q", "Q", "v", "p", "L"}
}

_says(line) := [substring(line.type, 0, 1), trim_left(line.mode, "~:0"), line.user, line.group, line.argument]

_verdict(line) := "unknown" if {
	contains(line.text, "<unknown")
} else := "fail"

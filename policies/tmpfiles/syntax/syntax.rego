# METADATA
# title: systemd-tmpfiles reads every line
# description: |
#   A line that systemd-tmpfiles refuses makes nothing, and the service of tmpfiles ends with an error: what needs the path finds it
#   missing.
# related_resources:
#   - https://www.freedesktop.org/software/systemd/man/latest/tmpfiles.d.html
# custom:
#   kind: tmpfiles
#   severity: error
#   precision: high
#   tags: [tmpfiles, correctness]
#   fix: |2
#         systemd.tmpfiles.rules = [ "d /srv/notes 0750 notes notes -" ]; # type, path, mode, user, group, age, argument
package nixlint.rules.tmpfiles.syntax

import data.nixlint.lib
import future.keywords.not

report contains found if {
	input.kind == "tmpfiles"
	judged := lib.verdict({_vote(line) | some line in input.lines})
	wrong := [line.error | some line in input.lines; line.known; line.error]
	found := lib.decided(judged, ["line"], sprintf("systemd-tmpfiles refuses the line: %s", [concat("; ", wrong)]), "the line is not decided")
	count(wrong) > 0
}

_vote(line) := "pass" if {
	line.absent
} else := "pass" if {
	not line.error
} else := "fail" if {
	line.known
} else := "unknown"

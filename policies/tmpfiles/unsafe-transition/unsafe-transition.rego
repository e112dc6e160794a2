# METADATA
# title: No line goes through a folder that somebody else may exchange
# description: |
#   Below a folder that belongs to a service, systemd-tmpfiles does not follow a folder of another owner ("Detected unsafe path
#   transition"): the line does nothing and the command ends with 73. A folder between the two that no line names is made as root.
# related_resources:
#   - https://www.freedesktop.org/software/systemd/man/latest/tmpfiles.d.html
#   - https://www.freedesktop.org/software/systemd/man/latest/systemd-tmpfiles.html
# custom:
#   kind: host
#   severity: error
#   precision: high
#   security_severity: "5.0"
#   tags: [tmpfiles, correctness, security]
#   fix: |2
#         # Name every folder below the one of the service, with the same owner:
#         systemd.tmpfiles.rules = [
#           "d /srv/notes 0750 notes notes -"
#           "d /srv/notes/media 0750 notes notes -"
#           "d /srv/notes/media/images 0750 notes notes -"
#         ];
package nixlint.rules.tmpfiles.unsafe_transition

import data.nixlint.lib
import data.nixlint.lib.tmpfiles
import future.keywords.not

report contains found if {
	input.kind == "host"
	some i, rule in input.tmpfiles
	line := rule.lines[0]
	startswith(line.path, "/")
	passed := _passed(line)
	some n, folder in passed
	n > 0
	above := object.get(tmpfiles.owners, passed[n - 1], "root")
	above != "root"
	below := object.get(tmpfiles.owners, folder, "root")
	below != above
	found := lib.decided(
		_verdict(rule.lines, [above, below]), ["tmpfiles", i], sprintf(
			"%s goes from %s of %s to %s of %s: systemd-tmpfiles refuses to, the line does nothing",
			[line.path, passed[n - 1], above, folder, below],
		),
		"the line or an owner is not decided",
	)
}

# What is opened on the way; what a line only adjusts is opened itself.
_passed(line) := array.concat(tmpfiles.above(line.path), [trim_right(line.path, "/")]) if {
	lower(substring(line.type, 0, 1)) in {"z", "a", "t", "h", "m"}
} else := tmpfiles.above(line.path)

_verdict(lines, owners) := "fail" if {
	count(lines) == 1
	not contains(concat(" ", [lines[0].path, owners[0], owners[1]]), "<unknown")
} else := "unknown"

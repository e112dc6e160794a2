# METADATA
# title: A group that is named is given something
# description: |
#   With mode 0755 the members of the group may do what everybody may. Who names a group means that it can write, or that others cannot
#   read.
# related_resources:
#   - https://www.freedesktop.org/software/systemd/man/latest/tmpfiles.d.html#Mode
# custom:
#   kind: tmpfiles
#   severity: info
#   precision: high
#   tags: [tmpfiles]
#   fix: |2
#         systemd.tmpfiles.rules = [ "d /srv/vms/shared 2775 root libvirtd -" ]; # or 0750
package nixlint.rules.tmpfiles.ineffective_group

import data.nixlint.lib
import data.nixlint.lib.tmpfiles
import future.keywords.not

report contains found if {
	input.kind == "tmpfiles"
	judged := lib.verdict({_vote(line) | some line in input.lines})
	bad := [line | some line in input.lines; _vote(line) != "pass"][0]
	found := lib.decided(
		judged, ["line"],
		sprintf("mode %s gives the group %s nothing that others have not on %s", [bad.mode, bad.group, bad.path]),
		tmpfiles.why(input.lines),
	)
}

# Where a user is named too, the group is often just theirs.
_vote(line) := "pass" if {
	line.absent
} else := "pass" if {
	not substring(line.type, 0, 1) in {"D", "Q", "Z", "d", "e", "f", "q", "v", "z"}
} else := "pass" if {
	tmpfiles.owner(line) != "root"
} else := "pass" if {
	trim_left(line.group, ":") in {"", "-", "0", "root"}
} else := "unknown" if {
	contains(concat(" ", [line.mode, line.group]), "<unknown")
} else := "fail" if {
	mode := tmpfiles.digits(line)
	not _setgid(mode)
	substring(mode, count(mode) - 2, 1) == substring(mode, count(mode) - 1, 1)
} else := "pass"

_setgid(mode) if {
	count(mode) > 3
	substring(mode, count(mode) - 4, 1) in {"2", "3", "6", "7"}
}

# METADATA
# title: Nothing is writable by everybody without the sticky bit
# description: |
#   In a folder that everybody may write to, anybody can delete or replace the files of others; a file that everybody may
#   write to is whatever the last of them made of it.
# related_resources:
#   - https://www.freedesktop.org/software/systemd/man/latest/tmpfiles.d.html#Mode
# custom:
#   kind: tmpfiles
#   severity: error
#   precision: high
#   security_severity: "7.5"
#   tags: [security, tmpfiles, "anssi-bp-028:R54", "anduril-nixos-stig:V-268140"]
#   fix: |2
#     Give it to a group, or set the sticky bit:
#
#         systemd.tmpfiles.rules = [ "d /srv/shared 2770 root users -" "d /srv/drop 1777 root root -" ];
package nixlint.rules.tmpfiles.world_writable

import data.nixlint.lib
import data.nixlint.lib.tmpfiles
import future.keywords.not

report contains found if {
	input.kind == "tmpfiles"
	judged := lib.verdict({_vote(line) | some line in input.lines})
	bad := [line | some line in input.lines; _vote(line) != "pass"][0]
	found := lib.decided(
		judged, ["line"], sprintf(
			"%s is world-writable (%s) without the sticky bit: anybody can replace or delete what others put there",
			[bad.path, bad.mode],
		),
		tmpfiles.why(input.lines),
	)
}

_vote(line) := "pass" if {
	line.absent
} else := "pass" if {
	not _mode_for_all(line)
} else := "unknown" if {
	contains(line.mode, "<unknown")
} else := "fail" if {
	mode := tmpfiles.digits(line)
	substring(mode, count(mode) - 1, 1) in {"2", "3", "6", "7"}
	not _sticky(mode)
} else := "pass"

# Neither links nor device nodes, whose mode is somebody else's or has to be so; nor what `z` finds under /dev.
_mode_for_all(line) if substring(line.type, 0, 1) in {"C", "D", "F", "Q", "d", "e", "f", "m", "p", "q", "v", "w"}

_mode_for_all(line) if {
	substring(line.type, 0, 1) in {"Z", "z"}
	not startswith(line.path, "/dev")
}

_sticky(mode) if {
	count(mode) > 3
	substring(mode, count(mode) - 4, 1) in {"1", "3", "5", "7"}
}

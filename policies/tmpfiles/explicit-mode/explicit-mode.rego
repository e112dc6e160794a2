# METADATA
# title: A line that makes a folder or file states its mode
# description: |
#   `-` is 0755 for folders and 0644 for files: readable by everybody. Whoever reads the line should not have to know.
# related_resources:
#   - https://www.freedesktop.org/software/systemd/man/latest/tmpfiles.d.html#Mode
# custom:
#   kind: tmpfiles
#   severity: info
#   precision: very-high
#   tags: [tmpfiles]
#   fix: |2
#         systemd.tmpfiles.rules = [ "d /var/lib/thing 0750 thing thing -" ];
package nixlint.rules.tmpfiles.explicit_mode

import data.nixlint.lib
import data.nixlint.lib.tmpfiles
import future.keywords.not

report contains found if {
	input.kind == "tmpfiles"
	judged := lib.verdict({_vote(line) | some line in input.lines})
	bad := [line | some line in input.lines; _vote(line) != "pass"][0]
	found := lib.decided(
		judged, ["line"], sprintf(
			"%s has no explicit mode (-, so %s): everybody may read it",
			[bad.path, _default(bad)],
		),
		tmpfiles.why(input.lines),
	)
}

_vote(line) := "pass" if {
	line.absent
} else := "pass" if {
	not substring(line.type, 0, 1) in {"D", "Q", "d", "f", "q", "v"}
} else := "unknown" if {
	contains(line.mode, "<unknown")
} else := "fail" if {
	line.mode in {"", "-"}
} else := "pass"

_default(line) := "0644" if {
	startswith(line.type, "f")
} else := "0755"

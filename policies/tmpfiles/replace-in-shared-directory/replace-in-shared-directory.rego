# METADATA
# title: Nothing is replaced in a folder where everybody may write
# description: |
#   L+ removes whatever stands at its path, a whole tree with it. In /tmp or /var/tmp anybody may have put something there first, and at
#   the next boot it is gone.
# related_resources:
#   - https://www.freedesktop.org/software/systemd/man/latest/tmpfiles.d.html#L
# custom:
#   kind: tmpfiles
#   severity: warning
#   precision: high
#   security_severity: "3.0"
#   tags: [tmpfiles, security]
#   fix: |2
#         # A place that only root may write to, or L, which leaves alone what is there:
#         systemd.tmpfiles.rules = [ "L /var/tmp/cuda-cache - - - - /var/cache/cuda" ];
package nixlint.rules.tmpfiles.replace_in_shared_directory

import data.nixlint.lib
import data.nixlint.lib.tmpfiles
import data.site
import future.keywords.not

report contains found if {
	input.kind == "tmpfiles"
	judged := lib.verdict({_vote(line) | some line in input.lines})
	bad := [line | some line in input.lines; _vote(line) != "pass"][0]
	found := lib.decided(
		judged, ["line"],
		sprintf("%s removes whatever is at %s, also what somebody else put there", [bad.type, bad.path]),
		tmpfiles.why(input.lines),
	)
}

_vote(line) := "pass" if {
	line.absent
} else := "pass" if {
	not _replaces(line)
} else := "fail" if {
	some folder in site.shared_directories
	startswith(line.path, sprintf("%s/", [folder]))
} else := "unknown" if {
	startswith(line.path, "<unknown")
} else := "pass"

_replaces(line) if regex.match(`^[Lpcb][^+]*\+`, line.type)

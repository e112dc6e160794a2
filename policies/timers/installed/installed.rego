# METADATA
# title: A timer is started by something
# description: |
#   A timer that nothing wants is never started, so the service behind it never runs; systemd says nothing.
# related_resources:
#   - https://www.freedesktop.org/software/systemd/man/latest/systemd.special.html#timers.target
# custom:
#   kind: unit
#   severity: warning
#   precision: medium
#   tags: [timers]
#   fix: |2
#         systemd.timers.NAME.wantedBy = [ "timers.target" ];
package nixlint.rules.timers.installed

import data.nixlint.lib
import future.keywords.not

report contains found if {
	input.kind == "timer"
	lib.closed
	count(lib.stated("Install", "WantedBy")) == 0
	count(lib.stated("Install", "RequiredBy")) == 0
	judged := lib.verdict({_vote(link) | some link in _links})
	found := lib.decided(
		judged, ["links"],
		"nothing wants the timer, want wantedBy timers.target: it never starts, and what it is for never runs",
		"its wantedBy is not decided",
	)
}

_links := input.links if {
	count(input.links) > 0
} else := [{"type": "", "target": [{"absent": true, "known": true, "value": ""}]}]

# One link that surely stands is enough.
_vote(_) := "pass" if {
	some link in _links
	every alternative in link.target { not object.get(alternative, "absent", false) }
} else := "unknown" if {
	some link in _links
	some alternative in link.target
	not object.get(alternative, "absent", false)
} else := "fail"

# METADATA
# title: What a timer starts does not start at boot as well
# description: |
#   A service that its timer starts and that a target of the boot wants runs at each boot too, at the worst time, and the boot may wait
#   for it. Who wants a missed run to be made up for says Persistent=true in the timer. A timer that counts from when the service was
#   last active is not meant, be there OnBootSec too: the run at boot is the first of its series.
# related_resources:
#   - https://www.freedesktop.org/software/systemd/man/latest/systemd.timer.html#Persistent=
# custom:
#   kind: host
#   severity: warning
#   precision: high
#   tags: [timers]
#   fix: |2
#         systemd.services.NAME.wantedBy = [ ]; # or none at all
#         systemd.timers.NAME.wantedBy = [ "timers.target" ];
package nixlint.rules.timers.also_wanted

import data.nixlint.lib
import data.nixlint.lib.starts
import future.keywords.not

report contains found if {
	input.kind == "host"
	some i, unit in input.units
	unit.kind == "service"
	[unit.scope, unit.unit] in starts.timed
	not [unit.scope, unit.unit] in starts.series
	some k, link in unit.links
	some alternative in link.target
	alternative.value in _boot
	found := lib.decided(
		_verdict(link.target, [unit.scope, unit.unit]), ["units", i, "links", k],
		sprintf("%s wants it and a timer starts it: it runs at each boot as well", [alternative.value]),
		"its wantedBy, or which timer is meant, is not decided",
	)
}

_verdict(target, unit) := lib.standing(target) if {
	not unit in starts.shared
} else := "unknown"

_boot := {"basic.target", "default.target", "graphical-session.target", "graphical.target", "multi-user.target", "sysinit.target", "timers.target"}

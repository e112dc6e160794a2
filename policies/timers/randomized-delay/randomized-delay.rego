# METADATA
# title: A heavy timer starts at a random moment
# description: |
#   Timers that are all due at midnight start together, on every machine of a network; the delay spreads them.
# related_resources:
#   - https://www.freedesktop.org/software/systemd/man/latest/systemd.timer.html#RandomizedDelaySec=
# custom:
#   kind: unit
#   severity: warning
#   precision: high
#   tags: [timers, scheduling]
#   fix: |2
#         systemd.timers.clamav-scan.timerConfig.RandomizedDelaySec = "2h";
package nixlint.rules.timers.randomized_delay

import data.nixlint.lib
import data.site
import future.keywords.not

report contains lib.demand(
	"Timer", directive, accepted,
	"it starts with everything else that is due then",
) if {
	input.kind == "timer"
	some directive, accepted in site.timers[input.name]
}

# METADATA
# title: A virus scan runs in the background
# description: |
#   At normal priority a scan of all homes makes the machine unusable for as long as it takes.
# related_resources:
#   - https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#Nice=
# custom:
#   kind: unit
#   severity: error
#   precision: high
#   tags: [scheduling, clamav]
#   fix: |2
#         serviceConfig = {
#           Type = "oneshot";
#           Nice = 19;
#           IOSchedulingClass = "idle";
#         };
package nixlint.rules.scheduling.background_scan

import data.nixlint.lib
import data.site
import future.keywords.not

report contains lib.demand("Service", directive, accepted, _consequences[directive]) if {
	input.kind == "service"
	input.name in site.clamav_scan.units
	some directive, accepted in site.clamav_scan.background
}

_consequences := {
	"IOSchedulingClass": "the scan takes the disk from everybody else",
	"Nice": "the scan takes the processor from everybody else",
	"Type": "the timer does not know when a scan has ended, and what waits for it does not wait",
}

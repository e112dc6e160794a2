# METADATA
# title: What a timer repeats does not remain after exit
# description: |
#   A timer does nothing while its service is active, and with RemainAfterExit it stays active for ever: it runs once after each boot
#   and never again, and no log says so.
# related_resources:
#   - https://www.freedesktop.org/software/systemd/man/latest/systemd.timer.html#Description
#   - https://www.freedesktop.org/software/systemd/man/latest/systemd.service.html#RemainAfterExit=
# custom:
#   kind: host
#   severity: error
#   precision: very-high
#   tags: [timers, correctness]
#   fix: |2
#         serviceConfig.Type = "oneshot"; # without RemainAfterExit
package nixlint.rules.timers.remain_after_exit

import data.nixlint.lib
import data.nixlint.lib.starts
import future.keywords.not

report contains found if {
	input.kind == "host"
	some i, unit in input.units
	unit.kind == "service"
	unit.effective.Service.RemainAfterExit
	remains := lib.forbidden("Service", "RemainAfterExit", ["yes"]) with input as unit
	place := lib.at("Service", "RemainAfterExit") with input as unit
	found := lib.decided(
		_verdict(remains, [unit.scope, unit.unit]), array.concat(["units", i], place),
		"RemainAfterExit keeps the service active, and its timer starts only what is not: it runs once after each boot and never again",
		"what starts it or whether it remains is not decided",
	)
}

_verdict("fail", unit) := "fail" if {
	unit in starts.repeated
	not unit in starts.shared
} else := "unknown" if {
	unit in starts.perhaps_repeated
}

_verdict("unknown", unit) := "unknown" if unit in starts.perhaps_repeated

# METADATA
# title: RemainAfterExit belongs to a oneshot
# description: |
#   With another Type what is ordered after the service does not wait until it is done, and a daemon that ends counts as running: systemd
#   neither restarts it nor says that it is gone.
# related_resources:
#   - https://www.freedesktop.org/software/systemd/man/latest/systemd.service.html#RemainAfterExit=
# custom:
#   kind: unit
#   severity: warning
#   precision: high
#   tags: [lifecycle, correctness]
#   fix: |2
#         serviceConfig = { Type = "oneshot"; RemainAfterExit = true; };
package nixlint.rules.lifecycle.remain_after_exit_type

import data.nixlint.lib
import future.keywords.not

report contains found if {
	input.kind == "service"
	lib.may("Service", "RemainAfterExit", {"yes"})
	remains := lib.directive_verdict("Service", "RemainAfterExit", ["yes"])
	fitting := lib.directive_verdict("Service", "Type", ["forking", "oneshot"])
	fitting != "pass"
	found := lib.decided(
		lib.verdict({fitting, _turned[remains]}), lib.at("Service", "RemainAfterExit"), sprintf(
			"RemainAfterExit with Type=%s: when it ends systemd takes it for running, and does not restart it",
			[_type],
		),
		"Type is not decided",
	)
}

_turned := {"pass": "fail", "unknown": "unknown"}

_type := lib.last("Service", "Type") if {
	lib.last("Service", "Type")
} else := "simple"

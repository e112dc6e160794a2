# METADATA
# title: A service that cannot start is not started for ever
# description: |
#   Without a limit of starts and with nearly no pause between them, a service that cannot start takes a processor and fills the
#   journal until somebody looks.
# related_resources:
#   - https://www.freedesktop.org/software/systemd/man/latest/systemd.unit.html#StartLimitIntervalSec=interval
# custom:
#   kind: unit
#   severity: warning
#   precision: high
#   tags: [lifecycle, availability]
#   fix: |2
#         serviceConfig.RestartSec = 10; # where startLimitIntervalSec = 0 takes the limit away
package nixlint.rules.lifecycle.restart_loop

import data.nixlint.lib
import future.keywords.not

report contains found if {
	input.kind == "service"
	lib.may("Unit", "StartLimitIntervalSec", {"0", "0s"})
	restarts := lib.directive_verdict("Service", "Restart", ["always", "on-failure", "on-abnormal", "on-success", "on-abort", "on-watchdog"])
	lib.may("Service", "Restart", {"always", "on-failure", "on-abnormal", "on-success", "on-abort", "on-watchdog"})
	_quick != "pass"
	limit := lib.directive_verdict("Unit", "StartLimitIntervalSec", ["0", "0s"])
	judged := lib.verdict({_turned[restarts], _turned[limit], _quick})
	found := lib.decided(
		judged, lib.at("Unit", "StartLimitIntervalSec"),
		"StartLimitIntervalSec=0 takes the limit of starts away and RestartSec is below a second: a service that cannot start loops",
		"RestartSec or Restart is not decided",
	)
}

_turned := {"fail": "pass", "pass": "fail", "unknown": "unknown"}

# The default is 100 ms.
_quick := lib.verdict({_vote(state) | some state in lib.states("Service", "RestartSec")})

_vote(state) := "unknown" if {
	state.state == "unknown"
} else := "pass" if {
	state.state == "set"
	not regex.match(`^(?:0(?:\.[0-9]+)?s?|[0-9]+ ?(?:ms|us))$`, state.texts[count(state.texts) - 1])
} else := "fail"

# METADATA
# title: A critical service has a health check
# description: |
#   A service that hangs is active all the same, and Restart= never comes to it. ExecStartPost= says whether it came up, a timer looks
#   again and again, a watchdog has systemd restart it. WatchdogSec= wants a program that sends WATCHDOG=1: systemd kills one that does not.
# related_resources:
#   - https://www.freedesktop.org/software/systemd/man/latest/systemd.service.html#WatchdogSec=
#   - https://www.freedesktop.org/software/systemd/man/latest/systemd.service.html#ExecStartPre=
#   - https://www.freedesktop.org/software/systemd/man/latest/sd_notify.html
# custom:
#   kind: host
#   severity: warning
#   precision: medium
#   tags: [availability]
#   fix: |2
#         systemd.services.notes.postStart = ''
#           ${pkgs.curl}/bin/curl --silent --fail --retry 5 --retry-connrefused http://127.0.0.1:8080/health
#         '';
package nixlint.rules.availability.health_check

import data.nixlint.lib
import data.site
import future.keywords.not

# A lesser case: a service that the site calls critical has none.
report contains lib.minor(found) if {
	input.kind == "host"
	some i, unit in input.units
	unit.kind == "service"
	unit.name in site.health
	not _visited(unit)
	directive := lib.at("Service", "ExecStartPost") with input as unit
	found := lib.decided(
		_unchecked(unit), array.concat(["units", i], directive),
		sprintf("%s is critical and has no health check: while it hangs it counts as running", [unit.unit]),
		"whether it has an ExecStartPost or a watchdog is not decided",
	)
}

report contains found if {
	input.kind == "host"
	some i, unit in input.units
	unit.kind == "service"
	unit.effective.Service.WatchdogSec
	not regex.match(`systemd-notify|sd_notify|WATCHDOG`, unit.text)
	judged := lib.together({_opposite[_watched(unit)], _notifies(unit)})
	directive := lib.at("Service", "WatchdogSec") with input as unit
	found := lib.decided(
		judged, array.concat(["units", i], directive),
		"WatchdogSec without Type=notify or NotifyAccess: a program that sends no WATCHDOG=1 is killed each time this ends",
		"whether it is set, or the service notifies, is not decided",
	)
}

# fail: nothing looks after it.
_unchecked(unit) := lib.together({_called(unit), _guarded(unit)})

# pass: it has an ExecStartPost.
_called(unit) := judged if {
	judged := lib.verdict({_call(state) | some state in lib.states("Service", "ExecStartPost")}) with input as unit
}

_call(state) := "unknown" if {
	state.state == "unknown"
} else := "pass" if {
	some text in state.texts
	text != ""
} else := "fail"

# pass: a watchdog that the service serves.
_guarded(unit) := "fail" if {
	"fail" in {_watched(unit), _notifies(unit)}
} else := "pass" if {
	{_watched(unit), _notifies(unit)} == {"pass"}
} else := "unknown"

# pass: WatchdogSec is more than nothing.
_watched(unit) := judged if {
	judged := lib.verdict({_watch(state) | some state in lib.states("Service", "WatchdogSec")}) with input as unit
}

_watch(state) := "unknown" if {
	state.state == "unknown"
} else := "fail" if {
	count(state.texts) == 0
} else := "fail" if {
	regex.match(`^(?:0+[a-z]*|infinity|)$`, state.texts[count(state.texts) - 1])
} else := "pass"

# fail: neither its type nor NotifyAccess says that it notifies.
_notifies(unit) := judged if {
	type := lib.directive_verdict("Service", "Type", {"notify", "notify-reload"}) with input as unit
	access := lib.directive_verdict("Service", "NotifyAccess", {"all", "exec", "main"}) with input as unit
	judged := lib.together({type, access})
}

_opposite := {"fail": "pass", "pass": "fail", "unknown": "unknown"}

# A timer looks after it: notes-health.timer, or notes-healthcheck.timer.
_visited(unit) if {
	some timer in input.units
	timer.kind == "timer"
	startswith(timer.name, sprintf("%s-health", [unit.name]))
}

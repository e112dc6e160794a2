# METADATA
# title: A service is started by something
# description: |
#   Nothing wants the unit, no timer, socket or path starts it and no other unit names it: it never runs, unless somebody starts it by
#   hand. Loose modules and units of users are not judged: what starts those may be elsewhere.
# related_resources:
#   - https://www.freedesktop.org/software/systemd/man/latest/systemd.unit.html#WantedBy=
# custom:
#   kind: host
#   severity: info
#   precision: medium
#   tags: [units, correctness]
#   fix: |2
#         systemd.services.NAME.wantedBy = [ "multi-user.target" ];
package nixlint.rules.units.never_started

import data.nixlint.lib
import data.nixlint.lib.starts
import future.keywords.not

report contains found if {
	input.kind == "host"
	input.source != "loose"
	some i, unit in input.units
	unit.kind in {"path", "service", "socket"}
	unit.scope == "system" # a session starts units of its own by scripts that are no units
	unit.status == "active"
	not contains(unit.unit, "@")
	not [unit.scope, unit.unit] in starts.sure
	lib.closed with input as unit
	not unit.effective.Service.BusName
	not unit.effective.Install.Alias
	not contains(starts.spoken, unit.unit)
	not contains(starts.spoken, sprintf(" %s", [unit.name]))
	found := lib.decided(
		_verdict(unit), ["units", i],
		sprintf("nothing starts %s: no target wants it, and no timer, socket, path or unit names it", [unit.unit]),
		"whether something starts it is not decided",
	)
}

_verdict(unit) := "unknown" if {
	[unit.scope, unit.unit] in starts.perhaps
} else := "unknown" if {
	starts.vague
} else := "fail"

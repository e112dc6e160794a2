# METADATA
# title: What a service requires is started before it
# description: |
#   Requires= and BindsTo= say what must run, not in which order: without After= both start at once, and the service may start before
#   what it needs is there.
# related_resources:
#   - https://www.freedesktop.org/software/systemd/man/latest/systemd.unit.html#Requires=
# custom:
#   kind: unit
#   severity: warning
#   precision: high
#   tags: [dependencies, availability]
#   fix: |2
#         requires = [ "postgresql.service" ];
#         after = [ "postgresql.service" ];
package nixlint.rules.dependencies.requires_without_after

import data.nixlint.lib
import future.keywords.not

report contains found if {
	input.kind == "service"
	some directive in ["BindsTo", "Requires"]
	some needed in lib.stated("Unit", directive)
	regex.match(`^[^<%]+\.(?:service|mount)$`, needed.text)
	not needed.text in {"dbus.service", "dbus-broker.service"} # their socket is there before every service
	not _ordered(needed.text)
	found := lib.decided(
		_verdict(needed.path), needed.path,
		sprintf("%s=%s without After: both start at once, and %s may not be there yet", [directive, needed.text, needed.text]),
		"what it is ordered after is not decided",
	)
}

_ordered(unit) if {
	some directive in ["After", "Before"]
	some value in lib.stated("Unit", directive)
	value.text == unit
}

_verdict(path) := "unknown" if {
	some directive in ["After", "Before"]
	some state in lib.states("Unit", directive)
	state.state == "unknown"
} else := lib.standing(input.sections.Unit[path[2]][path[3]])

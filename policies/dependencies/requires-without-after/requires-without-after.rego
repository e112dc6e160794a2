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
		_verdict(needed.path, needed.text), needed.path,
		sprintf("%s=%s without After: both start at once, and %s may not be there yet", [directive, needed.text, needed.text]),
		"what comes between the two is not in sight",
	)
}

_ordered(unit) if {
	some directive in ["After", "Before"]
	some value in lib.stated("Unit", directive)
	value.text in {unit, object.get(_waits, unit, unit)}
}

# A target of nixpkgs that comes after the service.
_waits := {"postgresql.service": "postgresql.target"}

_verdict(path, needed) := "unknown" if {
	some directive in ["After", "Before"]
	some state in lib.states("Unit", directive)
	state.state == "unknown"
} else := "unknown" if {
	_through(needed)
} else := lib.standing(input.sections.Unit[path[2]][path[3]])

# A local mount comes before local-fs.target, and most services after that; a unit that has the name of another before its own, such as
# app-setup.service, mostly comes after it.
_through(needed) if endswith(needed, ".mount")

_through(needed) if {
	some after in lib.stated("Unit", "After")
	startswith(after.text, sprintf("%s-", [trim_suffix(needed, ".service")]))
}

# METADATA
# title: What a service requires is started before it
# description: |
#   Requires= and BindsTo= say what must run, not in which order: without After= both start at once, and the service may start before
#   what it needs is there.
# related_resources:
#   - https://www.freedesktop.org/software/systemd/man/latest/systemd.unit.html#Requires=
# custom:
#   kind: host
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
	input.kind == "host"
	some i, unit in input.units
	unit.kind == "service"
	some directive in ["BindsTo", "Requires"]
	some possible in unit.effective.Unit[directive]
	some value in possible.values
	value.index >= 0
	needed := value.text
	regex.match(`^[^<%]+\.(?:service|mount)$`, needed)
	not needed in {"dbus.service", "dbus-broker.service"} # their socket is there before every service
	not _ordered(unit, needed)
	not [unit.scope, needed, unit.unit] in _elsewhere
	found := lib.decided(
		_verdict(unit, directive, value.index, needed), ["units", i, "sections", "Unit", directive, value.index],
		sprintf("%s=%s without After: both start at once, and %s may not be there yet", [directive, needed, needed]),
		"what comes between the two is not in sight",
	)
}

_ordered(unit, needed) if {
	some directive in ["After", "Before"]
	some possible in unit.effective.Unit[directive]
	some value in possible.values
	value.text in {needed, object.get(_waits, needed, needed)}
}

# A target of nixpkgs that comes after the service.
_waits := {"postgresql.service": "postgresql.target"}

# The other unit may say it.
_elsewhere := {[other.scope, other.unit, value.text] |
	some other in input.units
	some directive in ["After", "Before"]
	some possible in other.effective.Unit[directive]
	some value in possible.values
}

_verdict(unit, directive, index, needed) := "unknown" if {
	not _said(unit)
} else := "unknown" if {
	some order in ["After", "Before"]
	some possible in unit.effective.Unit[order]
	not possible.known
} else := "unknown" if {
	_through(unit, needed)
} else := lib.standing(unit.sections.Unit[directive][index])

# All that the unit says of its order is in sight.
_said(unit) if {
	unit.open == ""
	unit.completeness != "override"
}

_said(unit) if {
	unit.open == ""
	"Unit" in unit.closed
}

# A local mount comes before local-fs.target, and most services after that; a unit that has the name of another before its own, such as
# app-setup.service, mostly comes after it.
_through(_, needed) if endswith(needed, ".mount")

_through(unit, needed) if {
	some possible in unit.effective.Unit.After
	some value in possible.values
	startswith(value.text, sprintf("%s-", [trim_suffix(needed, ".service")]))
}

# METADATA
# title: A unit is ordered after what is started
# description: |
#   After= orders only against what is started too. After a target that nothing starts it does nothing, and the service starts as if it
#   were not there. network-online.target, the most frequent case, has a rule of its own (dependencies/network-online). Targets of systemd
#   itself are not meant: many are for whoever provides what they stand for, and others only order after them.
# related_resources:
#   - https://www.freedesktop.org/software/systemd/man/latest/systemd.unit.html#Before=
#   - https://www.freedesktop.org/software/systemd/man/latest/systemd.special.html
# custom:
#   kind: host
#   severity: warning
#   precision: high
#   tags: [dependencies]
#   fix: |2
#         wants = [ "notes-ready.target" ];
#         after = [ "notes-ready.target" ];
package nixlint.rules.dependencies.after_nothing

import data.nixlint.lib
import data.nixlint.lib.shipped
import data.nixlint.lib.starts
import future.keywords.not

# A target of the tree that nothing starts.
report contains found if {
	input.kind == "host"
	input.source != "loose"
	count(_dead) > 0
	some i, unit in input.units
	some possible in unit.effective.Unit.After
	some value in possible.values
	[unit.scope, value.text] in _dead
	index := max([value.index, 0])
	found := lib.decided(
		_verdict(unit, value.text, index), ["units", i, "sections", "Unit", "After", index],
		sprintf("After=%s, which nothing starts: it orders nothing", [value.text]),
		"whether something starts it is not decided",
	)
}

# A target that systemd no longer has.
report contains found if {
	input.kind == "host"
	some i, unit in input.units
	some directive in ["After", "Before"]
	some possible in unit.effective.Unit[directive]
	some value in possible.values
	value.text in _gone
	index := max([value.index, 0])
	found := lib.decided(
		lib.standing(unit.sections.Unit[directive][index]), ["units", i, "sections", "Unit", directive, index],
		sprintf("%s=%s, which systemd no longer has: it orders nothing and can go", [directive, value.text]),
		"whether it is set is not decided",
	)
}

# syslog.target went with systemd 198: the socket of the journal is there before every service.
_gone := {"syslog.target"}

_dead := {[unit.scope, unit.unit] |
	some unit in input.units
	unit.kind == "target"
	unit.completeness != "override"
	not shipped.has(unit.scope, unit.unit)
	not [unit.scope, unit.unit] in starts.sure
	not contains(starts.spoken, unit.unit)
}

_verdict(unit, target, index) := "unknown" if {
	unit.scope == "user" # a session starts targets of its own by programs that are no units
} else := "unknown" if {
	[unit.scope, target] in starts.perhaps
} else := "unknown" if {
	starts.vague
} else := lib.standing(unit.sections.Unit.After[index])

# METADATA
# title: No unit is ordered after itself
# description: |
#   systemd breaks a cycle by leaving one of its units out, and which one differs from boot to boot: a service is sometimes not
#   started, and only the journal says so ("Found ordering cycle"). A service with the default dependencies comes after basic.target, so
#   it cannot come before what that waits for.
# related_resources:
#   - https://www.freedesktop.org/software/systemd/man/latest/systemd.unit.html#Before=
#   - https://www.freedesktop.org/software/systemd/man/latest/systemd.service.html#Default%20Dependencies
#   - https://www.freedesktop.org/software/systemd/man/latest/bootup.html
# custom:
#   kind: host
#   severity: error
#   precision: high
#   tags: [dependencies, availability]
#   fix: |2
#         # What runs before basic.target says all that it needs itself:
#         systemd.services.NAME = {
#           unitConfig.DefaultDependencies = false;
#           before = [ "sysinit.target" "shutdown.target" ];
#           conflicts = [ "shutdown.target" ];
#         };
package nixlint.rules.dependencies.cycle

import data.nixlint.lib
import future.keywords.not

# One unit alone: before what its own default dependencies put it after.
report contains found if {
	input.kind == "host"
	some i, unit in input.units
	unit.kind == "service"
	unit.scope == "system"
	some possible in unit.effective.Unit.Before
	some value in possible.values
	value.text in _early
	index := max([value.index, 0])
	found := lib.decided(
		_default_dependencies(unit, index), ["units", i, "sections", "Unit", "Before", index], sprintf(
			"Before=%s, and the default dependencies put it after basic.target, which comes later: systemd leaves one of them out",
			[value.text],
		),
		"its DefaultDependencies is not decided",
	)
}

# What basic.target waits for, as systemd ships it.
_early := {
	"basic.target", "local-fs-pre.target", "local-fs.target", "paths.target", "slices.target", "sockets.target", "swap.target",
	"sysinit.target",
}

_default_dependencies(unit, index) := lib.verdict({stands, lib.standing(unit.sections.Unit.Before[index])}) if {
	states := lib.states("Unit", "DefaultDependencies") with input as unit
	stands := lib.verdict({_on(state) | some state in states})
	stands != "pass"
}

_on(state) := "unknown" if {
	state.state == "unknown"
} else := "fail" if {
	state.state == "absent"
} else := "fail" if {
	state.texts[count(state.texts) - 1] == "yes"
} else := "pass"

# Several units: only those that come both before and after another can be in a cycle.
report contains found if {
	input.kind == "host"
	input.source != "loose"
	some start in _starts
	members := {other | some other in _reached[start]; start in _reached[other]}
	start == min(members)
	some i, unit in input.units
	_name(unit) == start
	found := lib.decided(
		_certain(members), array.concat(["units", i], _place(unit, members)), sprintf(
			"%s are each ordered after the other: systemd breaks the cycle by not starting one of them",
			[concat(", ", [split(member, " ")[1] | some member in members])],
		),
		"one of the orders is not decided",
	)
}

_reached := {start: graph.reachable(_graph, {start}) | some start in _starts}

_starts := {edge[0] | some edge in _edges; edge[0] in graph.reachable(_graph, _graph[edge[0]])}

_graph := {from: {edge[1] | some edge in _edges; edge[0] == from} | some from in {edge[0] | some edge in _edges}}

# Most units come after something that comes after nothing: what is left without them is small.
_edges := _inner(_inner(_inner(_all)))

_inner(edges) := {edge | some edge in edges; edge[0] in targets; edge[1] in sources} if {
	sources := {edge[0] | some edge in edges}
	targets := {edge[1] | some edge in edges}
}

# Each pair is [what comes first, what comes after it]. The units of a host and what they name, by manager.
_all := {[sprintf("%s %s", [unit.scope, value.text]), _name(unit)] |
	some unit in _ordering
	some possible in unit.effective.Unit.After
	some value in possible.values
	value.text != unit.unit
} | {[_name(unit), sprintf("%s %s", [unit.scope, value.text])] |
	some unit in _ordering
	some possible in unit.effective.Unit.Before
	some value in possible.values
	value.text != unit.unit
}

_ordering := [unit | some unit in input.units; unit.effective.Unit]

_name(unit) := sprintf("%s %s", [unit.scope, unit.unit])

_certain(members) := "unknown" if {
	some unit in _ordering
	_name(unit) in members
	some directive in ["After", "Before"]
	not _decided(unit, directive)
} else := "fail"

_decided(unit, directive) if not unit.effective.Unit[directive]

_decided(unit, directive) if {
	count(unit.effective.Unit[directive]) == 1
	unit.effective.Unit[directive][0].known
}

_place(unit, members) := places[0] if {
	places := [["sections", "Unit", directive, value.index] |
		some directive in ["After", "Before"]
		some possible in unit.effective.Unit[directive]
		some value in possible.values
		sprintf("%s %s", [unit.scope, value.text]) in members
	]
	count(places) > 0
} else := []

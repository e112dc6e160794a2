# METADATA
# title: A timer starts a unit that exists
# description: |
#   A timer whose unit does not exist fails to start, and what it was for never runs. A timer starts the service of its own
#   name unless Unit= says otherwise. Timers that only add to one from elsewhere, and loose modules, are not judged.
# related_resources:
#   - https://www.freedesktop.org/software/systemd/man/latest/systemd.timer.html#Unit=
# custom:
#   kind: host
#   severity: error
#   precision: medium
#   tags: [timers, dependencies]
#   fix: |2
#         systemd.timers.NAME.timerConfig.Unit = "other.service";
package nixlint.rules.timers.triggers_existing

import data.nixlint.lib
import data.nixlint.lib.shipped
import future.keywords.not

report contains found if {
	input.kind == "host"
	input.source != "loose"
	some i, timer in input.units
	timer.kind == "timer"
	lib.closed with input as timer
	judged := lib.verdict({_vote(target, timer.scope) | some target in _targets(timer)})
	missing := [target.name | some target in _targets(timer); _vote(target, timer.scope) != "pass"]
	found := lib.decided(
		judged, array.concat(["units", i], _path(timer)), sprintf(
			"the timer starts %s, which does not exist: it fails to start and nothing runs",
			[missing[0]],
		),
		"its Unit is not decided, or a module that is not in sight may make the service",
	)
}

_targets(timer) := {{"name": state.texts[count(state.texts) - 1], "known": state.state == "set"} |
	some state in states
	count(state.texts) > 0
} if {
	states := lib.states("Timer", "Unit") with input as timer
	some state in states
	count(state.texts) > 0
} else := {{"name": sprintf("%s.service", [timer.name]), "known": true}}

_path(timer) := ["sections", "Timer", "Unit"] if {
	timer.sections.Timer.Unit
} else := []

_vote(target, scope) := "unknown" if {
	target.known == false
} else := "pass" if {
	[scope, _template(target.name)] in _existing
} else := "pass" if {
	not endswith(target.name, ".service")
} else := "pass" if {
	shipped.has(scope, _template(target.name))
} else := "unknown" if {
	contains(_options, lower(regex.find_n(`^[^-@.]+`, target.name, 1)[0]))
} else := "fail"

# A module of nixpkgs that a host uses, such as services.restic, makes services that begin with its name.
_options := lower(concat("\n", [path | some path, _ in input.settings]))

# An instance exists where its template does.
_template(name) := regex.replace(name, `@.+\.`, "@.")

_existing := {[unit.scope, _template(unit.unit)] | some unit in input.units}

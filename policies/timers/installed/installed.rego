# METADATA
# title: A timer is started by something
# description: |
#   A timer that nothing wants is never started, so the service behind it never runs; systemd says nothing.
# related_resources:
#   - https://www.freedesktop.org/software/systemd/man/latest/systemd.special.html#timers.target
# custom:
#   kind: host
#   severity: warning
#   precision: high
#   tags: [timers]
#   fix: |2
#         systemd.timers.NAME.wantedBy = [ "timers.target" ];
package nixlint.rules.timers.installed

import data.nixlint.lib
import future.keywords.not

report contains found if {
	input.kind == "host"
	some i, timer in input.units
	timer.kind == "timer"
	not contains(timer.unit, "@.") # of a template the instances are wanted
	not [timer.scope, timer.unit] in _pulled
	found := _finding(i) with input as timer
}

_finding(i) := lib.decided(
	_judged, ["units", i, "links"],
	"nothing wants the timer, want wantedBy timers.target: it never starts, and what it is for never runs",
	"its wantedBy is not decided",
) if {
	lib.closed
	count(lib.stated("Install", "WantedBy")) == 0
	count(lib.stated("Install", "RequiredBy")) == 0
	_judged != "pass"
}

_judged := lib.verdict({_vote(link) | some link in _links})

# What another unit of the same manager starts.
_pulled contains [unit.scope, text] if {
	some unit in input.units
	some directive in ["BindsTo", "Requires", "Upholds", "Wants"]
	some possible in unit.effective.Unit[directive]
	some value in possible.values
	text := value.text
	endswith(text, ".timer")
}

_links := input.links if {
	count(input.links) > 0
} else := [{"type": "", "target": [{"absent": true, "known": true, "value": ""}]}]

# One link that surely stands is enough.
_vote(_) := "pass" if {
	some link in _links
	every alternative in link.target { not object.get(alternative, "absent", false) }
} else := "unknown" if {
	some link in _links
	some alternative in link.target
	not object.get(alternative, "absent", false)
} else := "fail"

# METADATA
# title: A rare timer catches up
# description: |
#   A timer that is due while the machine is off is skipped until the next time: on a laptop a weekly scan at midnight
#   may never run. Persistent=true runs it at the next boot.
# related_resources:
#   - https://www.freedesktop.org/software/systemd/man/latest/systemd.timer.html#Persistent=
# custom:
#   kind: unit
#   severity: warning
#   precision: high
#   tags: [timers]
#   fix: |2
#         systemd.timers.NAME.timerConfig.Persistent = true;
package nixlint.rules.timers.persistent

import data.nixlint.lib
import future.keywords.not

report contains lib.demand(
	"Timer", "Persistent", ["yes"],
	"a run that falls into a time when the machine is off is lost",
) if {
	input.kind == "timer"
	not _of_the_machine
	some calendar in lib.stated("Timer", "OnCalendar")
	_rare(lower(calendar.text))
}

# How often it is due may be what is not known.
report contains found if {
	input.kind == "timer"
	not _of_the_machine
	some calendar in lib.stated("Timer", "OnCalendar")
	contains(calendar.text, "<unknown")
	lib.directive_verdict("Timer", "Persistent", ["yes"]) != "pass"
	found := lib.decided(
		"unknown", lib.at("Timer", "Persistent"),
		"a run that falls into a time when the machine is off is lost without Persistent=yes",
		"OnCalendar is not known",
	)
}

# What brings the machine into another state, such as reboot.target: nobody wants that to be caught up with.
_of_the_machine if {
	some unit in lib.stated("Timer", "Unit")
	endswith(unit.text, ".target")
}

_rare(calendar) if {
	calendar in {"annually", "daily", "monthly", "quarterly", "semiannually", "weekly", "yearly"}
}

# One fixed time a day, or a date alone, which means midnight.
_rare(calendar) if regex.match(`(?:^|\s)[0-9]{1,2}:[0-9]{1,2}(?::[0-9]{1,2})?(?:\s+[a-z/_]+)?$`, calendar)

_rare(calendar) if regex.match(`^(?:[a-z,.-]+\s+)?[0-9*~/,.-]+-[0-9*~/,.-]+$`, calendar)

_rare(calendar) if regex.match(`^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*$`, calendar)

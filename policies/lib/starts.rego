# METADATA
# description: |
#   What starts the units of a host, each as [scope, unit]. Nothing here pairs unit with unit: all are sets that are made once.
package nixlint.lib.starts

import future.keywords.not

# sure are the units that something surely starts.
sure := ({[unit.scope, name] |
	some unit in input.units
	some name in _named(unit)
} | {[unit.scope, unit.unit] |
	some unit in input.units
	some link in unit.links
	every alternative in link.target { not object.get(alternative, "absent", false) }
}) | {[unit.scope, unit.unit] |
	some unit in input.units
	some directive in ["RequiredBy", "UpheldBy", "WantedBy"]
	count(unit.effective.Install[directive]) > 0
}

# perhaps are those with a link that may be made.
perhaps := {[unit.scope, unit.unit] |
	some unit in input.units
	count(unit.links) > 0
}

# vague: a unit names another that is not known.
vague if {
	some unit in input.units
	some name in _named(unit)
	contains(name, "<unknown")
}

# _named are the units that a unit starts.
_named(unit) := ({value.text |
	some directive in ["BindsTo", "OnFailure", "OnSuccess", "Requires", "Upholds", "Wants"]
	some possible in unit.effective.Unit[directive]
	some value in possible.values
} | {value.text |
	some possible in unit.effective.Service.Sockets
	some value in possible.values
}) | _triggered(unit)

# repeated are the units that a timer starts again and again, perhaps_repeated those where that is not decided: a timer starts the
# service of its own name unless it says otherwise.
repeated := {[unit.scope, name] |
	some unit in _repeating
	not _open(unit)
	some name in _triggered(unit)
}

perhaps_repeated := {[unit.scope, name] |
	some unit in _repeating
	some name in _triggered(unit)
}

_repeating := {unit |
	some unit in input.units
	unit.kind == "timer"
	some directive in ["OnCalendar", "OnUnitActiveSec", "OnUnitInactiveSec"]
	some possible in unit.effective.Timer[directive]
	not object.get(possible, "absent", false)
}

# Which unit it starts, or whether it does so again, is not decided.
_open(timer) if count(object.get(timer.effective.Timer, "Unit", [])) > 1

_open(timer) if {
	every directive in ["OnCalendar", "OnUnitActiveSec", "OnUnitInactiveSec"] {
		count(object.get(timer.effective.Timer, directive, [])) != 1
	}
}

# timed are the units that a timer surely starts by itself: one that counts from when the unit was active needs a first start.
timed := {[unit.scope, name] |
	some unit in input.units
	unit.kind == "timer"
	unit.status != "override"
	some directive in ["OnActiveSec", "OnBootSec", "OnCalendar", "OnStartupSec"]
	count(object.get(object.get(unit.effective, "Timer", {}), directive, [])) > 0
	count(object.get(object.get(unit.effective, "Timer", {}), "Unit", [])) < 2
	some name in _triggered(unit)
}

# series are the units whose timers only go on from when they were last active: whoever starts them, the series begins.
series := _timed_by(["OnUnitActiveSec", "OnUnitInactiveSec"]) - _timed_by(["OnCalendar"])

_timed_by(directives) := {[unit.scope, name] |
	some unit in input.units
	unit.kind == "timer"
	some directive in directives
	count(object.get(object.get(unit.effective, "Timer", {}), directive, [])) > 0
	some name in _triggered(unit)
}

# shared are the units that several loose modules have a timer for: which of them is meant is not known.
shared := {name |
	input.source == "loose"
	some i, name in _timer_targets
	_timer_targets[i + 1] == name
}

_timer_targets := sort([[unit.scope, name] | some unit in input.units; unit.kind == "timer"; some name in _triggered(unit)])

_triggered(unit) := {value.text | some possible in unit.effective[_section[unit.kind]][_target[unit.kind]]; some value in possible.values} if {
	count(unit.effective[_section[unit.kind]][_target[unit.kind]]) > 0
} else := {sprintf("%s.service", [unit.name]), sprintf("%s@.service", [unit.name])} if {
	_section[unit.kind]
} else := set()

_section := {"path": "Path", "socket": "Socket", "timer": "Timer"}

_target := {"path": "Unit", "socket": "Service", "timer": "Unit"}

# spoken is what is said of units where something may start them by name: lines with systemctl, and rules of udev.
spoken := concat("\n", array.concat(_spoken_in_units, _spoken_in_settings))

_spoken_in_units := [line |
	some unit in input.units
	contains(unit.text, "systemctl")
	some line in regex.find_n(`systemctl[^\n]*`, unit.text, -1)
]

_spoken_in_settings := [alternative.value |
	some setting in input.settings
	some alternative in setting
	regex.match(`systemctl|SYSTEMD_(?:USER_)?WANTS`, alternative.value)
]

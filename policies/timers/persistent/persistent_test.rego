package nixlint.rules.timers.persistent_test

import data.nixlint.lib.given
import data.nixlint.rules.timers.persistent as rule
import future.keywords.not

test_fires_on_rare_timers if {
	every calendar in ["weekly", "daily", "Mon 04:00", "*-*-* 03:00:00", "03:30", "*-*-01", "Sun", "Sun 03:00 Europe/Berlin"] {
		given.said(rule.report) == {"fail sections.Timer.Persistent"} with input as given.timer("a", {"OnCalendar": [calendar]})
	}
}

test_fires_where_it_is_off if {
	unit := given.timer("a", {"OnCalendar": ["weekly"], "Persistent": ["no"]})
	given.said(rule.report) == {"fail sections.Timer.Persistent.0"} with input as unit
}

test_silent_on_timers_that_are_due_often if {
	every calendar in ["hourly", "minutely", "*:0/15", "*-*-* *:00:00", "*-*-* 00/6:00:00"] {
		count(rule.report) == 0 with input as given.timer("a", {"OnCalendar": [calendar]})
	}
}

test_silent_on_a_persistent_timer if {
	count(rule.report) == 0 with input as given.timer("a", {"OnCalendar": ["weekly"], "Persistent": ["yes"]})
	count(rule.report) == 0 with input as given.timer("a", {"OnBootSec": ["1h"]})
	count(rule.report) == 0 with input as given.timer("a", {"OnCalendar": ["Sun 03:00"], "Unit": ["reboot.target"]})
}

test_unknown_on_an_override if {
	unit := given.override("timer", "a", "Timer", {"OnCalendar": ["weekly"]})
	given.said(rule.report) == {"unknown sections.Timer.Persistent"} with input as unit
}

test_absent_calendar_is_silent if count(rule.report) == 0 with input as given.timer("a", {})

test_unknown_calendar if {
	unit := given.unclear(given.timer("a", {}), "Timer", "OnCalendar")
	given.said(rule.report) == {"unknown sections.Timer.Persistent"} with input as unit
}

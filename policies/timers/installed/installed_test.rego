package nixlint.rules.timers.installed_test

import data.nixlint.lib.given
import data.nixlint.rules.timers.installed as rule
import future.keywords.not

test_absent_link_fires if {
	given.said(rule.report) == {"fail links"} with input as given.timer("a", {"OnCalendar": ["weekly"]})
}

test_fires_where_the_link_never_stands if {
	unit := object.union(given.timer("a", {}), {"links": [{"type": "wants", "target": [{"value": "", "known": true, "absent": true}]}]})
	given.said(rule.report) == {"fail links"} with input as unit
}

test_silent_where_something_wants_it if {
	count(rule.report) == 0 with input as given.linked(given.timer("a", {}), "timers.target")
	count(rule.report) == 0 with input as given.override("timer", "a", "Timer", {})
	count(rule.report) == 0 with input as given.service("a", {})
}

test_unknown_link if {
	unit := object.union(given.timer("a", {}), {"links": [{"type": "wants", "target": [
		{"value": "timers.target", "known": true, "absent": false},
		{"value": "", "known": true, "absent": true},
	]}]})
	given.said(rule.report) == {"unknown links"} with input as unit
}

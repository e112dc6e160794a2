package nixlint.rules.timers.installed_test

import data.nixlint.lib.given
import data.nixlint.rules.timers.installed as rule
import future.keywords.not

_host(units) := given.host(units, [], {})

test_absent_link_fires if {
	given.said(rule.report) == {"fail units.0.links"} with input as _host([given.timer("a", {"OnCalendar": ["weekly"]})])
}

test_fires_where_the_link_never_stands if {
	unit := object.union(given.timer("a", {}), {"links": [{"type": "wants", "target": [{"value": "", "known": true, "absent": true}]}]})
	given.said(rule.report) == {"fail units.0.links"} with input as _host([unit])
}

test_silent_where_something_wants_it if {
	count(rule.report) == 0 with input as _host([given.linked(given.timer("a", {}), "timers.target")])
	count(rule.report) == 0 with input as _host([given.override("timer", "a", "Timer", {})])
	count(rule.report) == 0 with input as _host([given.service("a", {})])
	count(rule.report) == 0 with input as _host([given.timer("a@", {"OnCalendar": ["weekly"]})])
}

test_silent_where_a_service_pulls_it_in if {
	puller := given.unit("service", "b", "Unit", {"Wants": ["a.timer"]})
	count(rule.report) == 0 with input as _host([given.timer("a", {}), puller])
	of_a_user := given.user(puller)
	given.said(rule.report) == {"fail units.0.links"} with input as _host([given.timer("a", {}), of_a_user])
}

test_unknown_link if {
	unit := object.union(given.timer("a", {}), {"links": [{"type": "wants", "target": [
		{"value": "timers.target", "known": true, "absent": false},
		{"value": "", "known": true, "absent": true},
	]}]})
	given.said(rule.report) == {"unknown units.0.links"} with input as _host([unit])
}

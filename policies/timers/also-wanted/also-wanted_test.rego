package nixlint.rules.timers.also_wanted_test

import data.nixlint.lib.given
import data.nixlint.rules.timers.also_wanted as rule
import future.keywords.not

_host(units) := given.host(units, [], {})

_timer := given.timer("a", {"OnCalendar": ["daily"]})

test_fires if {
	given.said(rule.report) == {"fail units.0.links.0"} with input as _host([
		given.linked(given.service("a", {}), "multi-user.target"),
		_timer,
	])
}

test_fires_where_the_calendar_counts_too if {
	given.said(rule.report) == {"fail units.0.links.0"} with input as _host([
		given.linked(given.service("a", {}), "multi-user.target"),
		given.timer("a", {"OnCalendar": ["daily"], "OnUnitActiveSec": ["1d"]}),
	])
	given.said(rule.report) == {"fail units.0.links.0"} with input as _host([
		given.linked(given.service("a", {}), "multi-user.target"),
		given.timer("a", {"OnBootSec": ["15min"]}),
	])
}

test_silent if {
	count(rule.report) == 0 with input as _host([given.service("a", {}), _timer])
	count(rule.report) == 0 with input as _host([given.linked(given.service("a", {}), "multi-user.target")])
	count(rule.report) == 0 with input as _host([given.linked(given.service("a", {}), "sleep.target"), _timer])
	count(rule.report) == 0 with input as _host([
		given.linked(given.service("a", {}), "default.target"),
		given.timer("a", {"OnUnitActiveSec": ["1h"]}), # the first start has to come from somewhere
	])
	count(rule.report) == 0 with input as _host([
		given.linked(given.service("a", {}), "multi-user.target"),
		given.timer("a", {"OnBootSec": ["5min"], "OnUnitActiveSec": ["5min"]}),
	])
}

test_unknown if {
	unit := object.union(given.service("a", {}), {"links": [{"type": "wants", "target": [
		{"value": "multi-user.target", "known": true},
		{"value": "", "known": true, "absent": true},
	]}]})
	given.said(rule.report) == {"unknown units.0.links.0"} with input as _host([unit, _timer])
	two := object.union(
		_host([given.linked(given.service("a", {}), "multi-user.target"), _timer, given.timer("a", {"OnUnitActiveSec": ["1min"]})]),
		{"source": "loose"}, # of two modules
	)
	given.said(rule.report) == {"unknown units.0.links.0"} with input as two
}

test_absent if {
	count(rule.report) == 0 with input as _host([])
}

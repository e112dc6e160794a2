package nixlint.rules.timers.remain_after_exit_test

import data.nixlint.lib.given
import data.nixlint.rules.timers.remain_after_exit as rule
import future.keywords.not

_host(units) := given.host(units, [], {})

_remains := given.service("a", {"Type": ["oneshot"], "RemainAfterExit": ["yes"]})

test_fires if {
	every timer in [
		given.timer("a", {"OnCalendar": ["daily"]}),
		given.timer("b", {"OnUnitActiveSec": ["1h"], "Unit": ["a.service"]}),
	] {
		given.said(rule.report) == {"fail units.0.sections.Service.RemainAfterExit.0"} with input as _host([_remains, timer])
	}
}

test_silent if {
	count(rule.report) == 0 with input as _host([_remains])
	count(rule.report) == 0 with input as _host([_remains, given.timer("a", {"OnBootSec": ["5min"]})])
	count(rule.report) == 0 with input as _host([_remains, given.user(given.timer("a", {"OnCalendar": ["daily"]}))])
	count(rule.report) == 0 with input as _host([
		given.service("a", {"RemainAfterExit": ["no"]}),
		given.timer("a", {"OnCalendar": ["daily"]}),
	])
}

test_unknown if {
	given.said(rule.report) == {"unknown units.0.sections.Service.RemainAfterExit.0"} with input as _host([
		given.unclear(given.service("a", {}), "Service", "RemainAfterExit"),
		given.timer("a", {"OnCalendar": ["daily"]}),
	])
	given.said(rule.report) == {"unknown units.0.sections.Service.RemainAfterExit.0"} with input as _host([
		_remains,
		given.either(given.timer("a", {}), "Timer", "OnCalendar", ["daily"], null),
	])
	two := object.union(
		_host([_remains, given.timer("a", {"OnCalendar": ["daily"]}), given.timer("a", {"OnBootSec": ["1min"]})]),
		{"source": "loose"}, # of two modules
	)
	given.said(rule.report) == {"unknown units.0.sections.Service.RemainAfterExit.0"} with input as two
}

test_unknown_whether_it_remains if {
	one := given.either(_remains, "Service", "RemainAfterExit", ["yes"], null)
	given.said(rule.report) == {"unknown units.0.sections.Service.RemainAfterExit.0"} with input as _host([
		one,
		given.timer("a", {"OnCalendar": ["daily"]}),
	])
}

test_absent if {
	count(rule.report) == 0 with input as _host([given.service("a", {}), given.timer("a", {"OnCalendar": ["daily"]})])
}

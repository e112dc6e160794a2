package nixlint.rules.dependencies.after_nothing_test

import data.nixlint.lib.given
import data.nixlint.rules.dependencies.after_nothing as rule
import future.keywords.not

_host(units) := given.host(units, [], {})

_after := given.unit("service", "a", "Unit", {"After": ["ready.target"]})

_target := given.unit("target", "ready", "Unit", {})

test_fires if {
	given.said(rule.report) == {"fail units.0.sections.Unit.After.0"} with input as _host([_after, _target])
}

test_fires_on_what_is_gone if {
	given.said(rule.report) == {"fail units.0.sections.Unit.After.0"} with input as object.union(
		_host([given.unit("service", "a", "Unit", {"After": ["syslog.target"]})]),
		{"source": "loose"},
	)
}

test_silent if {
	count(rule.report) == 0 with input as _host([_after]) # it is elsewhere
	count(rule.report) == 0 with input as _host([_after, given.linked(_target, "multi-user.target")])
	count(rule.report) == 0 with input as _host([_after, _target, given.unit("service", "b", "Unit", {"Wants": ["ready.target"]})])
	count(rule.report) == 0 with input as _host([_after, given.override("target", "ready", "Unit", {})])
	count(rule.report) == 0 with input as _host([
		given.unit("service", "a", "Unit", {"After": ["getty-pre.target"]}),
		given.unit("target", "getty-pre", "Unit", {}),
	])
	count(rule.report) == 0 with input as object.union(_host([_after, _target]), {"source": "loose"})
}

test_unknown_of_a_session if {
	given.said(rule.report) == {"unknown units.0.sections.Unit.After.0"} with input as _host([given.user(_after), given.user(_target)])
}

test_unknown if {
	perhaps := object.union(_target, {"links": [{"type": "wants", "target": [
		{"value": "multi-user.target", "known": true},
		{"value": "", "known": true, "absent": true},
	]}]})
	given.said(rule.report) == {"unknown units.0.sections.Unit.After.0"} with input as _host([_after, perhaps])
}

test_absent if {
	count(rule.report) == 0 with input as _host([given.service("a", {}), _target])
}

package nixlint.rules.units.never_started_test

import data.nixlint.lib.given
import data.nixlint.rules.units.never_started as rule
import future.keywords.not

_host(units) := given.host(units, [], {})

test_fires if {
	given.said(rule.report) == {"fail units.0"} with input as _host([given.service("a", {})])
	given.said(rule.report) == {"fail units.0"} with input as _host([given.service("a", {}), given.user(given.timer("a", {}))]) # of another manager
}

test_silent if {
	count(rule.report) == 0 with input as _host([given.linked(given.service("a", {}), "multi-user.target")])
	count(rule.report) == 0 with input as _host([given.service("a", {}), given.timer("a", {})])
	count(rule.report) == 0 with input as _host([given.service("a", {}), given.linked(given.timer("b", {"Unit": ["a.service"]}), "x")])
	count(rule.report) == 0 with input as _host([given.service("a@", {})])
	count(rule.report) == 0 with input as _host([given.service("a", {"BusName": ["org.a"]})])
	count(rule.report) == 0 with input as _host([given.override("service", "a", "Service", {})])
	count(rule.report) == 0 with input as object.union(_host([given.service("a", {})]), {"source": "loose"})
	starter := given.linked(given.unit("service", "b", "Unit", {"OnFailure": ["a.service"]}), "multi-user.target")
	count(rule.report) == 0 with input as _host([given.service("a", {}), starter])
	speaker := given.script(given.linked(given.service("b", {}), "multi-user.target"), "systemctl start a")
	count(rule.report) == 0 with input as _host([given.service("a", {}), speaker])
}

test_unknown if {
	unit := object.union(given.service("a", {}), {"links": [{"type": "wants", "target": [
		{"value": "x.target", "known": true},
		{"value": "", "known": true, "absent": true},
	]}]})
	given.said(rule.report) == {"unknown units.0"} with input as _host([unit])
}

test_absent if {
	count(rule.report) == 0 with input as _host([])
}

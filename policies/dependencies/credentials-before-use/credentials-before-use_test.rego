package nixlint.rules.dependencies.credentials_before_use_test

import data.nixlint.lib.given
import data.nixlint.rules.dependencies.credentials_before_use as rule
import future.keywords.not

_host(units) := given.host(units, [], {})

_maker := given.script(given.service("setup", {"Type": ["oneshot"]}), "mkdir -p /etc/credstore")

_loads := given.service("a", {"LoadCredential": ["token:/etc/credstore/token"]})

_after(unit) := object.union(_loads, {"effective": {"Unit": {"After": [given.possible([unit])]}}})

test_fires if {
	given.said(rule.report) == {"fail units.0.sections.Service.LoadCredential.0"} with input as _host([_loads, _maker])
	given.said(rule.report) == {"fail units.0.sections.Service.LoadCredential.0"} with input as _host([
		given.service("a", {"LoadCredential": ["token"]}),
		_maker,
	])
}

test_silent if {
	count(rule.report) == 0 with input as _host([_after("setup.service"), _maker])
	before := object.union(_maker, {"effective": {"Unit": {"Before": [given.possible(["a.service"])]}}})
	count(rule.report) == 0 with input as _host([_loads, before])
	early := object.union(_maker, {"effective": {"Unit": {"Before": [given.possible(["sysinit.target"])]}}})
	count(rule.report) == 0 with input as _host([_loads, early])
	count(rule.report) == 0 with input as _host([given.user(_loads), _maker]) # never across managers
	count(rule.report) == 0 with input as _host([_loads])
	count(rule.report) == 0 with input as _host([given.service("a", {"LoadCredential": ["token:/run/secrets/token"]}), _maker])
}

test_unknown if {
	given.said(rule.report) == {"unknown units.0.sections.Service.LoadCredential.0"} with input as _host([
		object.union(_loads, {"completeness": "override"}),
		_maker,
	])
}

test_absent if {
	count(rule.report) == 0 with input as _host([given.service("a", {}), _maker])
}

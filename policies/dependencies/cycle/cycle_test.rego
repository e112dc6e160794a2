package nixlint.rules.dependencies.cycle_test

import data.nixlint.lib.given
import data.nixlint.rules.dependencies.cycle as rule
import future.keywords.not

_host(units) := given.host(units, [], {})

_unit(name, directives) := given.unit("service", name, "Unit", directives)

test_fires_on_two if {
	host := _host([_unit("a", {"After": ["b.service"]}), _unit("b", {"After": ["a.service"]})])
	given.said(rule.report) == {"fail units.0.sections.Unit.After.0"} with input as host
}

test_fires_on_three if {
	host := _host([_unit("a", {"Before": ["b.service"]}), _unit("b", {"Before": ["c.service"]}), _unit("c", {"Before": ["a.service"]})])
	some found in rule.report with input as host
	found.msg == "a.service, b.service, c.service are each ordered after the other: systemd breaks the cycle by not starting one of them"
}

test_fires_on_what_comes_before_basic_target if {
	every target in ["sysinit.target", "local-fs.target", "sockets.target"] {
		given.said(rule.report) == {"fail units.0.sections.Unit.Before.0"} with input as _host([_unit("a", {"Before": [target]})])
	}
}

test_silent if {
	count(rule.report) == 0 with input as _host([_unit("a", {"After": ["b.service"]}), _unit("b", {"After": ["c.service"]})])
	count(rule.report) == 0 with input as _host([_unit("a", {"After": ["b.service"]}), given.user(_unit("b", {"After": ["a.service"]}))])
	count(rule.report) == 0 with input as _host([_unit("a", {"Before": ["sysinit.target"], "DefaultDependencies": ["no"]})])
	count(rule.report) == 0 with input as _host([_unit("a", {"After": ["a.service"]})])
	host := _host([_unit("a", {"After": ["b.service"]}), _unit("b", {"After": ["a.service"]})])
	count(rule.report) == 0 with input as object.union(host, {"source": "loose"})
}

test_unknown if {
	one := given.either(_unit("a", {}), "Unit", "After", ["b.service"], null)
	given.said(rule.report) == {"unknown units.0.sections.Unit.After.0"} with input as _host([one, _unit("b", {"After": ["a.service"]})])
	base := given.override("service", "a", "Unit", {"Before": ["sysinit.target"]})
	given.said(rule.report) == {"unknown units.0.sections.Unit.Before.0"} with input as _host([base])
}

test_absent if {
	count(rule.report) == 0 with input as _host([])
}

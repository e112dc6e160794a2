package nixlint.rules.dependencies.missing_unit_test

import data.nixlint.lib.given
import data.nixlint.rules.dependencies.missing_unit as rule
import future.keywords.not

_unit(directive, name) := given.unit("service", "a", "Unit", {directive: [name]})

_built(units) := object.union(
	given.host(array.concat(units, [given.unit("target", "multi-user", "Unit", {})]), [], {}),
	{"source": "units"},
)

test_fires if {
	given.said(rule.report) == {"fail units.0.sections.Unit.Requires.0"} with input as _built([_unit("Requires", "b.service")])
	given.said(rule.report) == {"fail units.0.sections.Unit.BindsTo.0"} with input as _built([_unit("BindsTo", "b@c.service")])
}

test_fires_on_what_is_masked if {
	given.said(rule.report) == {"fail units.0.sections.Unit.Requires.0"} with input as object.union(
		given.host([_unit("Requires", "b.service")], [], {}),
		{"masked": ["system b.service"]},
	)
}

test_silent if {
	count(rule.report) == 0 with input as _built([_unit("Requires", "b.service"), given.service("b", {})])
	count(rule.report) == 0 with input as _built([_unit("Requires", "b@x.y.service"), given.service("b@", {})])
	count(rule.report) == 0 with input as _built([_unit("Requires", "dev-sda.device")])
	count(rule.report) == 0 with input as _built([_unit("Requires", "postgresql.target"), given.service("postgresql", {})])
	count(rule.report) == 0 with input as _built([_unit("Requires", "%i.service")])
	count(rule.report) == 0 with input as _built([_unit("Wants", "b.service")])
	count(rule.report) == 0 with input as given.host([_unit("Requires", "network-online.target")], [], {})
	count(rule.report) == 0 with input as given.host([_unit("Requires", "getty@tty1.service")], [], {})
	count(rule.report) == 0 with input as object.union(given.host([_unit("Requires", "b.service")], [], {}), {"source": "loose"})
	count(rule.report) == 0 with input as _built([object.union(_unit("Requires", "b.service"), {"system": "other"})])
}

test_unknown if {
	given.said(rule.report) == {"unknown units.0.sections.Unit.Requires.0"} with input as given.host([_unit("Requires", "b.service")], [], {})
	part := object.union(given.host([_unit("Requires", "b.service")], [], {}), {"source": "units"})
	given.said(rule.report) == {"unknown units.0.sections.Unit.Requires.0"} with input as part
}

test_absent if {
	count(rule.report) == 0 with input as given.host([given.service("a", {})], [], {})
}

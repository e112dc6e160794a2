package nixlint.rules.dependencies.requires_without_after_test

import data.nixlint.lib.given
import data.nixlint.rules.dependencies.requires_without_after as rule
import future.keywords.not

_unit(directives) := given.host([given.unit("service", "a", "Unit", directives)], [], {})

test_fires if {
	given.said(rule.report) == {"fail units.0.sections.Unit.Requires.0"} with input as _unit({"Requires": ["b.service"]})
	given.said(rule.report) == {"fail units.0.sections.Unit.BindsTo.0"} with input as _unit({"BindsTo": ["b.service"], "After": ["c.service"]})
}

test_silent if {
	count(rule.report) == 0 with input as _unit({"Requires": ["b.service"], "After": ["b.service"]})
	count(rule.report) == 0 with input as _unit({"Requires": ["b.socket"]})
	count(rule.report) == 0 with input as _unit({"Requires": ["postgresql.service"], "After": ["postgresql.target"]})
}

test_silent_where_the_other_says_it if {
	needs := given.unit("service", "a", "Unit", {"Requires": ["b.service"]})
	says := given.unit("service", "b", "Unit", {"Before": ["a.service"]})
	count(rule.report) == 0 with input as given.host([needs, says], [], {})
	given.said(rule.report) == {"fail units.0.sections.Unit.Requires.0"} with input as given.host([needs, given.user(says)], [], {})
}

test_unknown if {
	given.said(rule.report) == {"unknown units.0.sections.Unit.Requires.0"} with input as given.host(
		[given.override("service", "a", "Unit", {"Requires": ["b.service"]})],
		[], {},
	)
}

test_unknown_where_another_unit_comes_between if {
	given.said(rule.report) == {"unknown units.0.sections.Unit.Requires.0"} with input as _unit({"Requires": ["b.service"], "After": ["b-setup.service"]})
	given.said(rule.report) == {"fail units.0.sections.Unit.Requires.0"} with input as _unit({"Requires": ["b.service"], "After": ["bb.service"]})
	given.said(rule.report) == {"unknown units.0.sections.Unit.BindsTo.0"} with input as _unit({"BindsTo": ["srv-data.mount"]})
}

test_absent if {
	count(rule.report) == 0 with input as given.host([given.service("a", {})], [], {})
}

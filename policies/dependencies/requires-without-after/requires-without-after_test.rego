package nixlint.rules.dependencies.requires_without_after_test

import data.nixlint.lib.given
import data.nixlint.rules.dependencies.requires_without_after as rule
import future.keywords.not

_unit(directives) := given.unit("service", "a", "Unit", directives)

test_fires if {
	given.said(rule.report) == {"fail sections.Unit.Requires.0"} with input as _unit({"Requires": ["b.service"]})
	given.said(rule.report) == {"fail sections.Unit.BindsTo.0"} with input as _unit({"BindsTo": ["b.service"], "After": ["c.service"]})
}

test_silent if {
	count(rule.report) == 0 with input as _unit({"Requires": ["b.service"], "After": ["b.service"]})
	count(rule.report) == 0 with input as _unit({"Requires": ["b.socket"]})
}

test_unknown if {
	given.said(rule.report) == {"unknown sections.Unit.Requires.0"} with input as given.override(
		"service", "a", "Unit",
		{"Requires": ["b.service"]},
	)
}

test_absent if {
	count(rule.report) == 0 with input as given.service("a", {})
}

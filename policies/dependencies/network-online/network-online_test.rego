package nixlint.rules.dependencies.network_online_test

import data.nixlint.lib.given
import data.nixlint.rules.dependencies.network_online as rule
import future.keywords.not

_unit(directives) := given.unit("service", "a", "Unit", directives)

test_fires if {
	given.said(rule.report) == {"fail sections.Unit.After.0"} with input as _unit({"After": ["network-online.target"]})
}

test_silent if {
	count(rule.report) == 0 with input as _unit({"After": ["network-online.target"], "Wants": ["network-online.target"]})
	count(rule.report) == 0 with input as _unit({"After": ["network.target"]})
}

test_unknown if {
	given.said(rule.report) == {"unknown sections.Unit.After.0"} with input as given.override(
		"service", "a", "Unit",
		{"After": ["network-online.target"]},
	)
}

test_absent if {
	count(rule.report) == 0 with input as given.service("a", {})
}

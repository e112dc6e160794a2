package nixlint.rules.state.dynamic_user_paths_test

import data.nixlint.lib.given
import data.nixlint.rules.state.dynamic_user_paths as rule
import future.keywords.not

_unit(more) := given.service("a", object.union({"DynamicUser": ["yes"], "ReadWritePaths": ["/var/lib/notes"]}, more))

test_fires if {
	given.said(rule.report) == {"fail sections.Service.ReadWritePaths.0"} with input as _unit({})
}

test_silent if {
	count(rule.report) == 0 with input as _unit({"StateDirectory": ["notes"]})
	count(rule.report) == 0 with input as _unit({"DynamicUser": ["no"]})
	count(rule.report) == 0 with input as _unit({"ReadWritePaths": ["/run/notes"]})
	count(rule.report) == 0 with input as _unit({"User": ["notes"]})
}

test_unknown if {
	given.said(rule.report) == {"unknown sections.Service.ReadWritePaths.0"} with input as given.either(
		_unit({}),
		"Service", "DynamicUser", ["yes"], null,
	)
}

test_absent if {
	count(rule.report) == 0 with input as given.service("a", {"DynamicUser": ["yes"]})
}

package nixlint.rules.compat.user_wanted_by_test

import data.nixlint.lib.given
import data.nixlint.rules.compat.user_wanted_by as rule
import future.keywords.not

test_fires_on_a_target_of_the_system if {
	unit := given.user(given.linked(given.service("a", {}), "multi-user.target"))
	given.said(rule.report) == {"fail links.0"} with input as unit
}

test_silent_on_a_target_of_the_user if {
	count(rule.report) == 0 with input as given.user(given.linked(given.service("a", {}), "default.target"))
	count(rule.report) == 0 with input as given.linked(given.service("a", {}), "multi-user.target")
}

test_unknown_where_only_one_alternative_is_wrong if {
	unit := object.union(given.user(given.service("a", {})), {"links": [{"type": "wants", "target": [
		{"value": "multi-user.target", "known": true, "absent": false},
		{"value": "default.target", "known": true, "absent": false},
	]}]})
	given.said(rule.report) == {"unknown links.0"} with input as unit
}

test_absent_is_silent if count(rule.report) == 0 with input as given.user(given.service("a", {}))

test_fires_less_where_another_target_starts_it if {
	unit := object.union(given.user(given.service("a", {})), {"links": [_sure("default.target"), _sure("multi-user.target")]})
	given.said(rule.report) == {"fail links.1"} with input as unit
	every found in rule.report {
		found.minor
		not contains(found.msg, "never starts")
	} with input as unit
}

test_silent_on_an_unknown_target_beside_one_that_starts_it if {
	unit := object.union(given.user(given.service("a", {})), {"links": [
		_sure("default.target"),
		{"type": "wants", "target": [{"value": "<unknown: x>", "known": false, "absent": false}]},
	]})
	count(rule.report) == 0 with input as unit
	maybe := object.union(given.user(given.service("a", {})), {"links": [
		{"type": "wants", "target": [
			{"value": "default.target", "known": true, "absent": false},
			{"value": "", "known": true, "absent": true},
		]},
		_sure("multi-user.target"),
	]})
	every found in rule.report { contains(found.msg, "never starts") } with input as maybe
}

_sure(target) := {"type": "wants", "target": [{"value": target, "known": true, "absent": false}]}

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

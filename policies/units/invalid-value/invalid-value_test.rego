package nixlint.rules.units.invalid_value_test

import data.nixlint.lib.given
import data.nixlint.rules.units.invalid_value as rule
import future.keywords.not

_unit(sure) := object.union(given.service("a", {"PrivateTmp": ["ture"]}), {"misread": [{
	"section": "Service", "name": "PrivateTmp", "index": 0, "value": "ture", "want": "yes or no", "effect": "systemd ignores it", "sure": sure,
}]})

test_fires_on_what_is_not_read if {
	given.said(rule.report) == {"fail sections.Service.PrivateTmp.0"} with input as _unit(true)
}

test_unknown_where_another_value_is_possible if {
	given.said(rule.report) == {"unknown sections.Service.PrivateTmp.0"} with input as _unit(false)
}

test_silent if {
	count(rule.report) == 0 with input as given.service("a", {"PrivateTmp": ["yes"]})
}

test_absent if {
	count(rule.report) == 0 with input as given.service("a", {})
}

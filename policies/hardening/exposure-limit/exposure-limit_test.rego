package nixlint.rules.hardening.exposure_limit_test

import data.nixlint.lib.given
import data.nixlint.rules.hardening.exposure_limit as rule
import future.keywords.not

_exposed(name, least, most) := object.union(
	given.service(name, {"Type": ["simple"]}),
	{"exposure": {"min": least, "max": most, "gains": ["PrivateTmp=yes"]}},
)

_site := {"exposure": {"limit": 50, "units": {"tight": 10, "sshd": 70}, "exempt": ["sshd*", "getty@*"]}}

test_fires_above_the_limit if {
	given.said(rule.report) == {"fail sections.Service"} with input as _exposed("a", 51, 51) with data.site as _site
	some found in rule.report with input as _exposed("a", 94, 94) with data.site as _site
	contains(found.msg, "9.4, its limit 5.0; what would help most: PrivateTmp=yes")
}

test_fires_above_a_limit_of_its_own if {
	given.said(rule.report) == {"fail sections.Service"} with input as _exposed("tight", 11, 11) with data.site as _site
	given.said(rule.report) == {"fail sections.Service"} with input as _exposed("sshd", 71, 80) with data.site as _site
}

test_silent_within_the_limit if {
	count(rule.report) == 0 with input as _exposed("a", 0, 50) with data.site as _site
	count(rule.report) == 0 with input as _exposed("tight", 10, 10) with data.site as _site
}

test_silent_where_no_limit_holds if {
	count(rule.report) == 0 with input as _exposed("getty@", 99, 99) with data.site as _site
	count(rule.report) == 0 with input as given.user(_exposed("a", 99, 99)) with data.site as _site
	override := object.union(given.override("service", "a", "Service", {}), {"exposure": {"min": 99, "max": 99, "gains": []}})
	count(rule.report) == 0 with input as override with data.site as _site
}

test_unknown_across_the_limit if {
	given.said(rule.report) == {"unknown sections.Service"} with input as _exposed("a", 50, 51) with data.site as _site
}

test_unknown_where_nothing_was_computed if {
	given.said(rule.report) == {"unknown sections.Service"} with input as given.service("a", {}) with data.site as _site
}

test_absent if {
	count(rule.report) == 0 with input as given.timer("a", {}) with data.site as _site
}

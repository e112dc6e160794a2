package nixlint.rules.units.override_without_base_test

import data.nixlint.lib.given
import data.nixlint.rules.units.override_without_base as rule
import future.keywords.not

_described := given.override("service", "a", "Unit", {"Description": ["A"]})

test_fires if {
	given.said(rule.report) == {"fail sections.Unit.Description.0"} with input as _described
	generated := object.union(given.service("a", {"Type": ["simple"]}), {"completeness": "generated"})
	given.said(rule.report) == {"fail sections.Unit.Description"} with input as generated
	given.said(rule.report) == {"fail sections.Unit.Description"} with input as object.union(
		generated,
		{"sections": {"Unit": {"SuccessAction": [[{"value": "none", "known": true}]]}}},
	)
}

test_silent if {
	count(rule.report) == 0 with input as given.override("service", "a", "Service", {"User": ["a"]})
	count(rule.report) == 0 with input as given.script(_described, "echo")
	count(rule.report) == 0 with input as object.union(_described, {"sections": {"Service": {"ExecStart": [[{"value": "x", "known": true}]]}}})
	count(rule.report) == 0 with input as object.union(_described, {"sections": {"Unit": {"SuccessAction": [[{
		"value": "reboot", "known": true,
	}]]}}})
	count(rule.report) == 0 with input as object.union(_described, {"open": "more may be said of it"})
	count(rule.report) == 0 with input as object.union(_described, {"sections": {"Unit": {"Description": [[{
		"value": "A", "known": true, "forced": true,
	}]]}}})
}

test_unknown if {
	given.said(rule.report) == {"unknown sections.Unit.Description.0"} with input as object.union(_described, {"sections": {"Service": {
		"ExecStart": [[{"value": "x", "known": true}, {"value": "", "known": true, "absent": true}]],
	}}})
}

test_absent if {
	count(rule.report) == 0 with input as given.service("a", {})
}

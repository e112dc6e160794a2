package nixlint.rules.units.unknown_directive_test

import data.nixlint.lib.given
import data.nixlint.rules.units.unknown_directive as rule
import future.keywords.not

_unit(name, entry) := object.union(
	given.service("a", {name: ["x"]}),
	{"unrecognised": [object.union({"section": "Service", "name": name, "has": true, "belongs": [], "until": 0, "nearest": ""}, entry)]},
)

_says(report, text) if {
	some found in report
	contains(found.msg, text)
}

test_fires_on_a_misspelling if {
	_says(rule.report, "did you mean EnvironmentFile?") with input as _unit("Environmentfile", {"nearest": "EnvironmentFile"})
	given.said(rule.report) == {"fail sections.Service.Environmentfile.0"} with input as _unit("Environmentfile", {"nearest": "EnvironmentFile"})
}

test_fires_in_the_wrong_section if {
	_says(rule.report, "belongs in [Unit], not in [Service]") with input as _unit("StartLimitIntervalSec", {"belongs": ["Unit"]})
}

test_fires_on_what_another_kind_of_unit_has if {
	entry := _unit("FlushPending", {"nearest": "FlushPending (since systemd 247)"})
	_says(rule.report, "FlushPending is for another kind of unit than a service: ") with input as entry
}

test_fires_without_a_near_name if {
	_says(rule.report, "no directive Qqqqq: ") with input as _unit("Qqqqq", {})
	_says(rule.report, "no section [Service]") with input as _unit("User", {"has": false})
}

test_fires_as_a_note_on_what_the_newest_version_does_not_read if {
	_says(rule.report, "no effect from systemd 258 on") with input as _unit("MemoryLimit", {"belongs": ["Service"], "until": 258})
	{true} == {object.get(found, "minor", false) | some found in rule.report} with input as _unit("MemoryLimit", {"belongs": ["Service"], "until": 258})
}

test_unknown_where_it_may_not_be_set if {
	maybe := object.union(_unit("Qqqqq", {}), {"sections": {"Service": {"Qqqqq": [[
		{"value": "x", "known": true},
		{"value": "", "known": true, "absent": true},
	]]}}})
	given.said(rule.report) == {"unknown sections.Service.Qqqqq.0"} with input as maybe
}

test_silent if {
	count(rule.report) == 0 with input as given.service("a", {"PrivateTmp": ["yes"]})
}

test_absent if {
	count(rule.report) == 0 with input as given.service("a", {})
}

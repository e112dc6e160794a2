package nixlint.rules.units.weakened_silently_test

import data.nixlint.lib.given
import data.nixlint.rules.units.weakened_silently as rule
import future.keywords.not

# A unit with a forced value that won over others.
_won(directive, value, lost) := object.union(given.service("a", {directive: [value]}), {
	"sections": {"Service": {directive: [[{"value": value, "known": true, "forced": true}]]}},
	"overrides": {"Service": {directive: lost}},
})

_plain(value) := {"value": value, "priority": 100}

test_fires if {
	every case in [
		["NoNewPrivileges", "false", "true"], ["ProtectSystem", "full", "strict"], ["ProtectHome", "read-only", "true"],
		["SystemCallFilter", "", "@system-service"], ["User", "root", "a"], ["RestrictNamespaces", "no", "true"],
	] {
		unit := _won(case[0], case[1], [_plain(case[2])])
		given.said(rule.report) == {sprintf("fail sections.Service.%s.0", [case[0]])} with input as unit
	}
}

test_fires_on_what_is_forced_off_elsewhere if {
	unit := object.union(_won("PrivateDevices", "false", []), {"completeness": "override", "overrides": {}})
	some found in rule.report with input as object.remove(unit, ["overrides"])
	found.minor
	found.verdict == "fail"
}

test_silent if {
	count(rule.report) == 0 with input as _won("ProtectSystem", "strict", [_plain("full")])
	count(rule.report) == 0 with input as _won("NoNewPrivileges", "false", [{"value": "true", "priority": 1000}])
	count(rule.report) == 0 with input as _won("RestrictAddressFamilies", "AF_INET AF_NETLINK", [_plain("AF_INET")])
	count(rule.report) == 0 with input as given.override("service", "a", "Service", {"PrivateTmp": ["false"]})
}

_maybe := object.union(given.service("a", {"NoNewPrivileges": ["true"]}), {"sections": {"Service": {"NoNewPrivileges": [[
	{"value": "true", "known": true},
	{"value": "false", "known": true, "forced": true},
]]}}})

test_unknown if {
	given.said(rule.report) == {"unknown sections.Service.NoNewPrivileges.0"} with input as _maybe
	unclear := object.union(_won("NoNewPrivileges", "x", [_plain("true")]), {"sections": {"Service": {"NoNewPrivileges": [[{
		"value": "<unknown: x>", "known": false, "forced": true,
	}]]}}})
	given.said(rule.report) == {"unknown sections.Service.NoNewPrivileges.0"} with input as unclear
}

test_absent if {
	count(rule.report) == 0 with input as given.service("a", {})
}

package nixlint.rules.compat.setuid_under_nnp_test

import data.nixlint.lib.given
import data.nixlint.rules.compat.setuid_under_nnp as rule
import future.keywords.not

_unit(more) := given.service("a", object.union({"ExecStart": ["/run/wrappers/bin/ping x"]}, more))

_path := "sections.Service.ExecStart.0"

test_fires if {
	given.said(rule.report) == {sprintf("fail %s", [_path])} with input as _unit({"NoNewPrivileges": ["yes"], "User": ["a"]})
	given.said(rule.report) == {sprintf("fail %s", [_path])} with input as given.user(_unit({"NoNewPrivileges": ["yes"]}))
}

test_silent if {
	count(rule.report) == 0 with input as _unit({"NoNewPrivileges": ["no"], "User": ["a"]})
	count(rule.report) == 0 with input as _unit({"NoNewPrivileges": ["yes"]}) # root has the rights
	count(rule.report) == 0 with input as given.service("a", {"ExecStart": ["ping x"], "NoNewPrivileges": ["yes"], "User": ["a"]})
}

test_unknown if {
	unit := given.either(_unit({"NoNewPrivileges": ["yes"], "User": ["a"]}), "Service", "NoNewPrivileges", ["yes"], null)
	given.said(rule.report) == {sprintf("unknown %s", [_path])} with input as unit
}

test_absent if {
	count(rule.report) == 0 with input as given.service("a", {})
}

package nixlint.rules.tmpfiles.root_writes_in_service_directory_test

import data.nixlint.lib.given
import data.nixlint.rules.tmpfiles.root_writes_in_service_directory as rule
import future.keywords.not

_host(units) := given.host(units, [given.line("d", "/var/log/a", "0755", "a", "a", "-")], {})

_path := "units.0.sections.Service.ExecStart.0"

test_fires if {
	every command in ["x --log=/var/log/a/x.log", "sh -c 'y >> /var/log/a/y.log'"] {
		given.said(rule.report) == {sprintf("fail %s", [_path])} with input as _host([given.service("a", {"ExecStart": [command]})])
	}
	given.said(rule.report) == {"fail units.0.sections.Service.StandardOutput.0"} with input as _host([given.service(
		"a",
		{"StandardOutput": ["append:/var/log/a/b/c"]},
	)])
}

test_silent if {
	command := {"ExecStart": ["x --log=/var/log/a/x.log"]}
	count(rule.report) == 0 with input as _host([given.service("a", object.union(command, {"User": ["a"]}))])
	count(rule.report) == 0 with input as _host([given.service("a", object.union(command, {"DynamicUser": ["yes"]}))])
	count(rule.report) == 0 with input as _host([given.user(given.service("a", command))])
	count(rule.report) == 0 with input as _host([given.service("a", {"ExecStart": ["x --log=/var/log/x.log"]})])
}

test_unknown if {
	unit := given.override("service", "a", "Service", {"ExecStart": ["x --log=/var/log/a/x.log"]})
	given.said(rule.report) == {sprintf("unknown %s", [_path])} with input as _host([unit])
}

test_absent if {
	count(rule.report) == 0 with input as _host([given.service("a", {})])
}

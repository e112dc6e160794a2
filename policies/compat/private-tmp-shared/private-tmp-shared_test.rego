package nixlint.rules.compat.private_tmp_shared_test

import data.nixlint.lib.given
import data.nixlint.rules.compat.private_tmp_shared as rule
import future.keywords.not

_host(units) := given.host(units, [given.line("L+", "/var/tmp/cache", "-", "-", "-", "/srv")], {})

_unit(private, command) := given.service("a", {"PrivateTmp": [private], "ExecStart": [command]})

test_fires if {
	given.said(rule.report) == {"fail units.0.sections.Service.ExecStart.0"} with input as _host([_unit("yes", "x --cache /var/tmp/cache/a")])
}

test_silent if {
	count(rule.report) == 0 with input as _host([_unit("no", "x --cache /var/tmp/cache")])
	count(rule.report) == 0 with input as _host([_unit("yes", "x --cache /var/tmp/cache-of-mine")])
	count(rule.report) == 0 with input as _host([given.service("a", {
		"PrivateTmp": ["yes"], "ExecStart": ["x /var/tmp/cache"], "BindPaths": ["/var/tmp/cache"],
	})])
}

test_unknown if {
	unit := given.either(_unit("yes", "x /var/tmp/cache"), "Service", "PrivateTmp", ["yes"], null)
	given.said(rule.report) == {"unknown units.0.sections.Service.ExecStart.0"} with input as _host([unit])
}

test_absent if {
	count(rule.report) == 0 with input as _host([given.service("a", {"ExecStart": ["x /var/tmp/cache"]})])
}

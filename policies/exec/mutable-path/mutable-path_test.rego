package nixlint.rules.exec.mutable_path_test

import data.nixlint.lib.given
import data.nixlint.rules.exec.mutable_path as rule
import future.keywords.not

test_fires_1 if {
	given.said(rule.report) == {"fail sections.Service.ExecStart.0"} with input as given.service("a", {"ExecStart": ["/home/ada/a"]})
}

test_fires_2 if {
	given.said(rule.report) == {"fail sections.Service.ExecStart.0"} with input as given.service("a", {"ExecStart": ["+/tmp/a"], "User": ["x"]})
}

test_silent if {
	count(rule.report) == 0 with input as given.service("a", {"ExecStart": ["/home/ada/a"], "User": ["ada"]})
	count(rule.report) == 0 with input as given.service("a", {"ExecStart": ["<pkgs.x>/bin/a /home/ada/b"]})
	count(rule.report) == 0 with input as given.user(given.service("a", {"ExecStart": ["/home/ada/a"]}))
}

test_unknown if {
	given.said(rule.report) == {"unknown sections.Service.ExecStart.0"} with input as given.override("service", "a", "Service", {"ExecStart": ["/home/ada/a"]})
}

test_absent if {
	count(rule.report) == 0 with input as given.service("a", {})
}

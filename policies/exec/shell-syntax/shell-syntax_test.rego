package nixlint.rules.exec.shell_syntax_test

import data.nixlint.lib.given
import data.nixlint.rules.exec.shell_syntax as rule
import future.keywords.not

test_fires_1 if {
	given.said(rule.report) == {"fail sections.Service.ExecStart.0"} with input as given.service("a", {"ExecStart": ["/x/a | /x/b"]})
}

test_fires_2 if {
	given.said(rule.report) == {"fail sections.Service.ExecStart.0"} with input as given.service("a", {"ExecStart": ["/x/a > /tmp/log"]})
}

test_fires_3 if {
	given.said(rule.report) == {"fail sections.Service.ExecStart.0"} with input as given.service("a", {"ExecStart": ["/x/a http://h/a%20b"]})
}

# An operator is one after a tab, at the end and for any descriptor.
test_fires_wherever_the_operator_stands if {
	every command in ["/x/a\t|\t/x/b", "/x/a\t> /l", "/x/a >\t/l", "/x/a 3> /l", "/x/a <\t/l", "/x/a\t< /l", "/x/a &", "/x/a 2>&1", "/x/a >>"] {
		given.said(rule.report) == {"fail sections.Service.ExecStart.0"} with input as given.service("a", {"ExecStart": [command]})
	}
}

test_silent if {
	count(rule.report) == 0 with input as given.service("a", {"ExecStart": ["/x/sh -c \"a | b\"", "<pkgs.x>/bin/a %i %%20 -a>b"]})
}

test_unknown if {
	given.said(rule.report) == {"unknown sections.Service.ExecStart.0"} with input as object.union(
		given.service("a", {}),
		{"text": "\n/x/a | <unknown: config.x>\n", "sections": {"Service": {"ExecStart": [[
			{"value": "/x/a | <unknown: config.x>", "known": false, "why": "x"},
		]]}}},
	)
}

test_absent if {
	count(rule.report) == 0 with input as given.service("a", {})
}

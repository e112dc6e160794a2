package nixlint.rules.exec.privileged_prefix_test

import data.nixlint.lib.given
import data.nixlint.rules.exec.privileged_prefix as rule
import future.keywords.not

test_fires_1 if {
	given.said(rule.report) == {"fail sections.Service.ExecStart.0"} with input as given.service("a", {"ExecStart": ["+/x/a"]})
}

test_fires_2 if {
	given.said(rule.report) == {"fail sections.Service.ExecStart.0"} with input as given.service("a", {"ExecStart": ["-!/x/a"]})
}

test_silent if {
	count(rule.report) == 0 with input as given.service("a", {"ExecStart": ["-/x/a", "@/x/a +b"]})
}

test_unknown if {
	given.said(rule.report) == {"unknown sections.Service.ExecStart.0"} with input as object.union(
		given.service("a", {}),
		{"text": "\n+/x/a\n\n", "sections": {"Service": {"ExecStart": [[
			{"value": "+/x/a", "known": true},
			{"value": "", "absent": true, "known": true},
		]]}}},
	)
}

test_absent if {
	count(rule.report) == 0 with input as given.service("a", {})
}

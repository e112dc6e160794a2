package nixlint.rules.secrets.inline_argument_test

import data.nixlint.lib.given
import data.nixlint.rules.secrets.inline_argument as rule
import future.keywords.not

_maybe := object.union(given.service("a", {"ExecStart": ["--token"]}), {"sections": {"Service": {"ExecStart": [[
	{"value": "/x/a --token abc", "known": true},
	{"value": "", "known": true, "absent": true},
]]}}})

test_fires_1 if {
	given.said(rule.report) == {"fail sections.Service.ExecStart.0"} with input as given.service("a", {"ExecStart": ["/x/a --token abc"]})
}

test_fires_2 if {
	given.said(rule.report) == {"fail sections.Service.ExecStart.0"} with input as given.service("a", {"ExecStart": ["/x/a --db-password=abc"]})
}

test_silent if {
	count(rule.report) == 0 with input as given.service("a", {"ExecStart": ["/x/a --token-file x --token /run/t --password ${P} --no-token --secret"]})
}

test_silent_on_switches_and_what_is_empty if {
	every arguments in [
		"--no-password app", "--disable-token server", "--require-secret x", "--reset-password alice", `--password ""`, "--password ''",
	] {
		count(rule.report) == 0 with input as given.service("a", {"ExecStart": [sprintf("/x/a %s", [arguments])]})
	}
}

test_unknown if {
	given.said(rule.report) == {"unknown sections.Service.ExecStart.0"} with input as _maybe
}

test_absent if {
	count(rule.report) == 0 with input as given.service("a", {})
}

package nixlint.rules.tmpfiles.conflict_test

import data.nixlint.lib.given
import data.nixlint.rules.tmpfiles.conflict as rule
import future.keywords.not

_host(lines) := given.host([], lines, {})

test_fires if {
	given.said(rule.report) == {"fail tmpfiles.1"} with input as _host([
		given.line("d", "/x", "0755", "root", "root", "-"),
		given.line("d", "/x", "0700", "root", "root", "-"),
	])
}

test_silent if {
	count(rule.report) == 0 with input as _host([
		given.line("d", "/x", "0755", "root", "root", "-"),
		given.line("d", "/x", "755", "root", "root", "-"),
		given.line("z", "/x", "0700", "root", "root", "-"),
	])
}

test_unknown if {
	vague := {"kind": "tmpfiles", "lines": [object.union(
		given.line("d", "/x", "<unknown: x>", "root", "root", "-").lines[0],
		{"text": "d /x <unknown: x>"},
	)]}
	given.said(rule.report) == {"unknown tmpfiles.1"} with input as _host([given.line("d", "/x", "0755", "root", "root", "-"), vague])
}

test_absent if {
	count(rule.report) == 0 with input as _host([])
}

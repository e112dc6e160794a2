package nixlint.rules.tmpfiles.setuid_test

import data.nixlint.lib.given
import data.nixlint.rules.tmpfiles.setuid as rule
import future.keywords.not

test_fires_1 if {
	given.said(rule.report) == {"fail line"} with input as given.line("f", "/x", "4755", "root", "root", "-")
}

test_fires_2 if {
	given.said(rule.report) == {"fail line"} with input as given.line("z", "/x", "2755", "root", "root", "-")
}

test_silent if {
	count(rule.report) == 0 with input as given.line("d", "/x", "2770", "root", "root", "-")
	count(rule.report) == 0 with input as given.line("f", "/x", "0644", "root", "root", "-")
	count(rule.report) == 0 with input as given.line("z", "/x", "0755", "root", "root", "-")
}

test_unknown if {
	given.said(rule.report) == {"unknown line"} with input as given.line("f", "/x", "<unknown: x>", "root", "root", "-")
}

test_absent if {
	count(rule.report) == 0 with input as given.line("f", "/x", "-", "root", "root", "-")
}

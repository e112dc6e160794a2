package nixlint.rules.tmpfiles.ineffective_group_test

import data.nixlint.lib.given
import data.nixlint.rules.tmpfiles.ineffective_group as rule
import future.keywords.not

test_fires if {
	given.said(rule.report) == {"fail line"} with input as given.line("d", "/srv/x", "0755", "root", "libvirtd", "-")
	given.said(rule.report) == {"fail line"} with input as given.line("f", "/srv/x", "644", "-", "users", "-")
}

test_silent if {
	every mode in ["0750", "2755", "0775", "-"] {
		count(rule.report) == 0 with input as given.line("d", "/srv/x", mode, "root", "libvirtd", "-")
	}
	count(rule.report) == 0 with input as given.line("d", "/srv/x", "0755", "clamav", "clamav", "-")
	count(rule.report) == 0 with input as given.line("d", "/srv/x", "0755", "root", "root", "-")
}

test_unknown if {
	given.said(rule.report) == {"unknown line"} with input as given.line("d", "/srv/x", "<unknown: m>", "root", "libvirtd", "-")
}

test_absent if {
	count(rule.report) == 0 with input as {"kind": "tmpfiles", "lines": []}
}

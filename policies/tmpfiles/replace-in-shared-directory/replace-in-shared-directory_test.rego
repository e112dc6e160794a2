package nixlint.rules.tmpfiles.replace_in_shared_directory_test

import data.nixlint.lib.given
import data.nixlint.rules.tmpfiles.replace_in_shared_directory as rule
import future.keywords.not

test_fires if {
	every path in ["/var/tmp/cuda-cache", "/tmp/x", "/dev/shm/x"] {
		given.said(rule.report) == {"fail line"} with input as given.line("L+", path, "-", "-", "-", "/srv")
	}
}

test_silent if {
	count(rule.report) == 0 with input as given.line("L", "/var/tmp/x", "-", "-", "-", "/srv")
	count(rule.report) == 0 with input as given.line("L+", "/srv/x", "-", "-", "-", "/srv/y")
	count(rule.report) == 0 with input as given.line("d", "/tmp/x", "1777", "-", "-", "-")
}

test_unknown if {
	given.said(rule.report) == {"unknown line"} with input as given.line("L+", "<unknown: x>/y", "-", "-", "-", "/srv")
}

test_absent if {
	count(rule.report) == 0 with input as {"kind": "tmpfiles", "lines": []}
}

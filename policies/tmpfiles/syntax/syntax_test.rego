package nixlint.rules.tmpfiles.syntax_test

import data.nixlint.lib.given
import data.nixlint.rules.tmpfiles.syntax as rule
import future.keywords.not

_wrong := object.union(given.line("q?", "x", "-", "-", "-", "-").lines[0], {"error": "the type is unknown"})

test_fires if {
	given.said(rule.report) == {"fail line"} with input as {"kind": "tmpfiles", "lines": [_wrong]}
}

test_silent if {
	count(rule.report) == 0 with input as given.line("d", "/x", "0755", "root", "root", "-")
}

test_unknown if {
	right := given.line("d", "/x", "0755", "root", "root", "-").lines[0]
	given.said(rule.report) == {"unknown line"} with input as {"kind": "tmpfiles", "lines": [_wrong, right]}
}

test_absent if {
	count(rule.report) == 0 with input as {"kind": "tmpfiles", "lines": [object.union(_wrong, {"absent": true})]}
}

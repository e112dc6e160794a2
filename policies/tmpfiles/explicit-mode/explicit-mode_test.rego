package nixlint.rules.tmpfiles.explicit_mode_test

import data.nixlint.lib.given
import data.nixlint.rules.tmpfiles.explicit_mode as rule
import future.keywords.not

test_fires_on_the_default if {
	every type in ["d", "D", "v", "q", "Q", "f", "f+"] {
		given.said(rule.report) == {"fail line"} with input as given.line(type, "/srv/a", "", "", "", "")
	}
}

test_silent_on_a_mode_and_on_other_types if {
	count(rule.report) == 0 with input as given.line("d", "/srv/a", "0750", "", "", "")
	count(rule.report) == 0 with input as given.line("L+", "/srv/a", "", "", "", "/b")
}

test_unknown_mode if {
	given.said(rule.report) == {"unknown line"} with input as given.line("d", "/srv/a", "<unknown: cfg.mode>", "", "", "")
}

test_absent_line_is_silent if {
	line := given.line("d", "/srv/a", "", "", "", "")
	count(rule.report) == 0 with input as object.union(line, {"lines": [object.union(line.lines[0], {"absent": true})]})
}

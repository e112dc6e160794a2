package nixlint.rules.tmpfiles.world_writable_test

import data.nixlint.lib.given
import data.nixlint.rules.tmpfiles.world_writable as rule
import future.keywords.not

test_fires_without_the_sticky_bit if {
	every mode in ["0777", "777", "0666", "2777", "~0777", "0702"] {
		given.said(rule.report) == {"fail line"} with input as given.line("d", "/srv/a", mode, "", "", "")
	}
}

test_silent_on_closed_modes_and_the_sticky_bit if {
	every mode in ["1777", "0755", "3777", "", ":0750"] {
		count(rule.report) == 0 with input as given.line("d", "/srv/a", mode, "", "", "")
	}
}

test_silent_on_links_nodes_and_dev if {
	count(rule.report) == 0 with input as given.line("L+", "/srv/a", "0777", "", "", "/b")
	count(rule.report) == 0 with input as given.line("c", "/dev/a", "0666", "", "", "1:3")
	count(rule.report) == 0 with input as given.line("z", "/dev/kvm", "0666", "", "", "")
}

test_unknown_mode if {
	given.said(rule.report) == {"unknown line"} with input as given.line("d", "/srv/a", "<unknown: cfg.mode>", "", "", "")
}

test_absent_line_is_silent if {
	line := given.line("d", "/srv/a", "0777", "", "", "")
	count(rule.report) == 0 with input as object.union(line, {"lines": [object.union(line.lines[0], {"absent": true})]})
}

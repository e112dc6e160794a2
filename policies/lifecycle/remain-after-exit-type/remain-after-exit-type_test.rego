package nixlint.rules.lifecycle.remain_after_exit_type_test

import data.nixlint.lib.given
import data.nixlint.rules.lifecycle.remain_after_exit_type as rule
import future.keywords.not

_path := "sections.Service.RemainAfterExit.0"

test_fires if {
	given.said(rule.report) == {sprintf("fail %s", [_path])} with input as given.service("a", {"RemainAfterExit": ["yes"]})
	given.said(rule.report) == {sprintf("fail %s", [_path])} with input as given.service("a", {"RemainAfterExit": ["yes"], "Type": ["notify"]})
}

test_silent if {
	every type in ["oneshot", "forking"] {
		count(rule.report) == 0 with input as given.service("a", {"RemainAfterExit": ["yes"], "Type": [type]})
	}
	count(rule.report) == 0 with input as given.service("a", {"RemainAfterExit": ["no"]})
}

test_unknown if {
	unit := given.override("service", "a", "Service", {"RemainAfterExit": ["yes"]})
	given.said(rule.report) == {sprintf("unknown %s", [_path])} with input as unit
}

test_absent if {
	count(rule.report) == 0 with input as given.service("a", {})
}

package nixlint.rules.lifecycle.restart_loop_test

import data.nixlint.lib.given
import data.nixlint.rules.lifecycle.restart_loop as rule
import future.keywords.not

_limitless(directives) := object.union(given.service("a", directives), {
	"effective": object.union(given.service("a", directives).effective, {"Unit": {"StartLimitIntervalSec": [given.possible(["0"])]}}),
	"sections": object.union(given.service("a", directives).sections, {"Unit": {"StartLimitIntervalSec": [[{"value": "0", "known": true}]]}}),
})

test_fires if {
	given.said(rule.report) == {"fail sections.Unit.StartLimitIntervalSec.0"} with input as _limitless({"Restart": ["always"]})
	given.said(rule.report) == {"fail sections.Unit.StartLimitIntervalSec.0"} with input as _limitless({
		"Restart": ["always"],
		"RestartSec": ["100ms"],
	})
}

test_silent if {
	count(rule.report) == 0 with input as _limitless({"Restart": ["always"], "RestartSec": ["5"]})
	count(rule.report) == 0 with input as given.service("a", {"Restart": ["always"]})
}

test_unknown if {
	given.said(rule.report) == {"unknown sections.Unit.StartLimitIntervalSec.0"} with input as object.union(
		_limitless({"Restart": ["always"]}),
		{"completeness": "override"},
	)
}

test_absent if {
	count(rule.report) == 0 with input as _limitless({})
}

package nixlint.rules.lifecycle.oneshot_restart_test

import data.nixlint.lib.given
import data.nixlint.rules.lifecycle.oneshot_restart as rule
import future.keywords.not

_maybe := given.either(given.service("a", {"Type": ["oneshot"]}), "Service", "Restart", ["always"], null)

test_fires_1 if {
	given.said(rule.report) == {"fail sections.Service.Restart.0"} with input as given.service("a", {"Type": ["oneshot"], "Restart": ["always"]})
}

test_silent if {
	count(rule.report) == 0 with input as given.service("a", {"Type": ["oneshot"], "Restart": ["on-failure"]})
	count(rule.report) == 0 with input as given.service("a", {"Type": ["simple"], "Restart": ["always"]})
}

test_unknown if {
	given.said(rule.report) == {"unknown sections.Service.Restart.0"} with input as _maybe
}

test_absent if {
	count(rule.report) == 0 with input as given.service("a", {})
}

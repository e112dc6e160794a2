package nixlint.rules.dependencies.ordering_test

import data.nixlint.lib.given
import data.nixlint.rules.dependencies.ordering as rule
import future.keywords.not

_after(name, targets) := given.unit("service", name, "Unit", {"After": targets})

test_silent_after_what_is_needed if {
	count(rule.report) == 0 with input as _after("llamacpp", ["network.target"])
	count(rule.report) == 0 with input as _after("llamacpp", ["network-online.target"])
	count(rule.report) == 0 with input as _after("docker-pull-images", ["docker.service", "network.target"])
}

test_fires_on_one_that_is_missing if {
	given.said(rule.report) == {"fail sections.Unit.After.0"} with input as _after("docker-pull-images", ["network.target"])
}

test_absent_fails if {
	given.said(rule.report) == {"fail sections.Unit.After"} with input as given.service("llamacpp", {})
}

test_unknown_on_an_override if {
	unit := given.override("service", "llamacpp", "Service", {})
	given.said(rule.report) == {"unknown sections.Unit.After"} with input as unit
}

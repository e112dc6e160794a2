package nixlint.rules.availability.restart_policy_test

import data.nixlint.lib.given
import data.nixlint.rules.availability.restart_policy as rule
import future.keywords.not

test_silent_on_the_policy if {
	count(rule.report) == 0 with input as given.service("llamacpp", {"Restart": ["always"], "RestartSec": ["10"]})
	count(rule.report) == 0 with input as given.service("jupyter", {"Restart": ["on-failure"]})
	count(rule.report) == 0 with input as given.service("nginx", {})
}

test_fires_on_another_value if {
	unit := given.service("llamacpp", {"Restart": ["on-failure"], "RestartSec": ["10"]})
	given.said(rule.report) == {"fail sections.Service.Restart.0"} with input as unit
}

test_absent_fails if {
	given.said(rule.report) == {"fail sections.Service.Restart"} with input as given.service("jupyter", {})
}

test_unknown_value if {
	unit := given.unclear(given.service("jupyter", {}), "Service", "Restart")
	given.said(rule.report) == {"unknown sections.Service.Restart.0"} with input as unit
}

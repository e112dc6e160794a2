package nixlint.rules.gpu.supplementary_groups_test

import data.nixlint.lib.given
import data.nixlint.rules.gpu.supplementary_groups as rule
import future.keywords.not

test_silent_in_the_groups if {
	count(rule.report) == 0 with input as given.service("jupyter", {"SupplementaryGroups": ["nvidia"]})
	count(rule.report) == 0 with input as given.override("service", "ollama", "Service", {"SupplementaryGroups": ["video", "nvidia"]})
}

test_fires_on_one_that_is_missing if {
	unit := given.service("ollama", {"SupplementaryGroups": ["nvidia"]})
	given.said(rule.report) == {"fail sections.Service.SupplementaryGroups.0"} with input as unit
	some found in rule.report with input as unit
	startswith(found.msg, "SupplementaryGroups lacks video: ")
}

test_fires_on_llamacpp_with_layers_on_the_gpu if {
	unit := given.service("llamacpp", {"ExecStart": ["x --n-gpu-layers 35"]})
	given.said(rule.report) == {"fail sections.Service.SupplementaryGroups"} with input as unit
}

test_silent_on_llamacpp_on_the_processor if {
	count(rule.report) == 0 with input as given.service("llamacpp", {"ExecStart": ["x --n-gpu-layers 0"]})
}

test_unknown_on_an_override if {
	unit := given.override("service", "ollama", "Service", {})
	given.said(rule.report) == {"unknown sections.Service.SupplementaryGroups"} with input as unit
}

test_absent_fails_and_says_what_a_user_unit_needs if {
	some found in rule.report with input as given.user(given.service("jupyter", {}))
	found.verdict == "fail"
	contains(found.msg, "compat/user-manager-limits")
}

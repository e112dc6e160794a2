package nixlint.rules.lifecycle.kill_mode_test

import data.nixlint.lib.given
import data.nixlint.rules.lifecycle.kill_mode as rule
import future.keywords.not

test_fires_1 if {
	given.said(rule.report) == {"fail sections.Service.KillMode.0"} with input as given.service("a", {"KillMode": ["none"]})
}

test_silent if {
	count(rule.report) == 0 with input as given.service("a", {"KillMode": ["process"]})
}

test_unknown if {
	given.said(rule.report) == {"unknown sections.Service.KillMode.0"} with input as given.either(
		given.service("a", {}),
		"Service", "KillMode", ["none"], null,
	)
}

test_absent if {
	count(rule.report) == 0 with input as given.service("a", {})
}

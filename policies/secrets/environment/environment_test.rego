package nixlint.rules.secrets.environment_test

import data.nixlint.lib.given
import data.nixlint.rules.secrets.environment as rule
import future.keywords.not

test_fires_1 if {
	given.said(rule.report) == {"fail sections.Service.Environment.0"} with input as given.service("a", {"Environment": ["DB_PASSWORD=hunter2"]})
}

test_fires_2 if {
	given.said(rule.report) == {"fail sections.Service.Environment.0"} with input as given.service("a", {"Environment": ["\"API_KEY=abcdef\""]})
}

test_fires_on_a_hash if {
	count(rule.report) == 1 with input as given.service("a", {"Environment": ["ADMIN_PASSWORD=$2y$05$abcdefghij"]})
}

test_silent if {
	count(rule.report) == 0 with input as given.service("a", {"Environment": [
		"TOKEN_FILE=/run/token",
		"API_TOKEN=/run/x",
		"USE_TOKEN=true",
		"MAX_TOKEN=5",
		"PATH=/bin",
		"ADMIN_PASSWORD=$__file{/run/secrets/admin}",
		"API_KEY=${CREDENTIALS_DIRECTORY}/key",
	]})
}

test_unknown if {
	given.said(rule.report) == {"unknown sections.Service.Environment.0"} with input as given.service("a", {"Environment": ["API_KEY=<unknown: config.x>"]})
}

test_absent if {
	count(rule.report) == 0 with input as given.service("a", {})
}

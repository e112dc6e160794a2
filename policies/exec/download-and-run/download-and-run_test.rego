package nixlint.rules.exec.download_and_run_test

import data.nixlint.lib.given
import data.nixlint.rules.exec.download_and_run as rule
import future.keywords.not

test_fires_1 if {
	given.said(rule.report) == {"fail scripts.start"} with input as given.script(given.service("a", {}), "curl -s https://example.org/i | sh")
}

test_silent if {
	count(rule.report) == 0 with input as given.script(given.service("a", {}), "curl -s https://example.org/i | jq .sh")
	count(rule.report) == 0 with input as given.script(given.service("a", {}), "# curl x | sh\ntrue")
}

test_unknown if {
	given.said(rule.report) == {"unknown scripts.start"} with input as object.union(
		given.script(given.service("a", {}), "curl | sh"),
		{"scripts": {"start": [
			{"value": "curl x | sh", "known": true},
			{"value": "", "known": true},
		]}},
	)
}

test_absent if {
	count(rule.report) == 0 with input as given.service("a", {})
}

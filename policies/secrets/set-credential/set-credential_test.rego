package nixlint.rules.secrets.set_credential_test

import data.nixlint.lib.given
import data.nixlint.rules.secrets.set_credential as rule
import future.keywords.not

test_fires_1 if {
	given.said(rule.report) == {"fail sections.Service.SetCredential.0"} with input as given.service("a", {"SetCredential": ["token:abc"]})
}

test_silent if {
	count(rule.report) == 0 with input as given.service("a", {"SetCredential": ["locale:de"]})
	count(rule.report) == 0 with input as given.service("a", {"SetCredential": ["token:"]})
}

test_unknown if {
	given.said(rule.report) == {"unknown sections.Service.SetCredential.0"} with input as given.service("a", {"SetCredential": ["token:<unknown>"]})
}

test_absent if {
	count(rule.report) == 0 with input as given.service("a", {})
}

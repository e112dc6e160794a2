package nixlint.rules.secrets.store_path_test

import data.nixlint.lib.given
import data.nixlint.rules.secrets.store_path as rule
import future.keywords.not

test_fires if {
	given.said(rule.report) == {"fail sections.Service.LoadCredential.0"} with input as given.service(
		"a",
		{"LoadCredential": ["token:<pkgs.token>"]},
	)
	given.said(rule.report) == {"fail sections.Service.ExecStart.0"} with input as given.service(
		"a",
		{"ExecStart": ["x --admin-password-file=<pkgs.password>"]},
	)
}

test_fires_less_on_variables if {
	some found in rule.report with input as given.service("a", {"EnvironmentFile": ["<pkgs.env>"]})
	found.minor
	every other in rule.report { not other.minor } with input as given.service("a", {"EnvironmentFile": ["-<pkgs.secrets.env>"]})
}

test_silent if {
	count(rule.report) == 0 with input as given.service("a", {
		"LoadCredential": ["token:/run/secrets/token"], "EnvironmentFile": ["/run/secrets/env"],
		"LoadCredentialEncrypted": ["token:<pkgs.token>"], "ExecStart": ["x --password-file=%d/password --config-file=<pkgs.config>"],
	})
}

test_unknown if {
	unit := object.union(given.service("a", {"LoadCredential": ["token:<pkgs.token>"]}), {"sections": {"Service": {"LoadCredential": [[
		{"value": "token:<pkgs.token>", "known": true},
		{"value": "", "known": true, "absent": true},
	]]}}})
	given.said(rule.report) == {"unknown sections.Service.LoadCredential.0"} with input as unit
}

test_absent if {
	count(rule.report) == 0 with input as given.service("a", {})
}

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

test_fires_less_on_what_need_not_be_secret if {
	some found in rule.report with input as given.service("a", {"LoadCredential": ["tls.crt:<pkgs.site.crt>"]})
	found.minor
	every other in rule.report { not other.minor } with input as given.service("a", {"LoadCredential": ["tls.key:<pkgs.site.key>"]})
}

test_fires_less_on_variables if {
	some found in rule.report with input as given.service("a", {"EnvironmentFile": ["<pkgs.env>"]})
	found.minor
	every other in rule.report { not other.minor } with input as given.service("a", {"EnvironmentFile": ["-<pkgs.secrets.env>"]})
}

test_judges_variables_by_what_the_file_says if {
	given.said(rule.report) == {"fail sections.Service.EnvironmentFile.0"} with input as _file("A=1\nDB_PASSWORD=hunter2\n")
	every found in rule.report {
		not found.minor
		contains(found.msg, "holds DB_PASSWORD")
	} with input as _file("A=1\nDB_PASSWORD=hunter2\n")
	count(rule.report) == 0 with input as _file("# the address\nLISTEN=127.0.0.1\n\nTOKEN_FILE=/run/token\nHOME=<unknown: config.home>\n")
	every unclear in ["A=1\n<unknown: config.env>\n", "<unknown: config.name>=a", "DB_PASSWORD=<unknown: config.x>"] {
		some found in rule.report with input as _file(unclear)
		found.minor
	}
	two := object.union(_file("A=1\n"), {"effective": {"Service": {"EnvironmentFile": [given.possible(["<pkgs.env>", "<pkgs.other>"])]}}})
	count(rule.report) > 0 with input as object.union(two, {"sections": {"Service": {"EnvironmentFile": [
		[{"value": "<pkgs.env>", "known": true}],
		[{"value": "<pkgs.other>", "known": true}],
	]}}})
}

_file(text) := object.union(
	given.service("a", {"EnvironmentFile": ["<pkgs.env>"]}),
	{"scripts": {"EnvironmentFile": [{"value": text, "known": true}]}},
)

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

package nixlint.rules.organization.centralized_test

import data.nixlint.lib.given
import data.nixlint.rules.organization.centralized as rule
import future.keywords.not

_repository(file) := {
	"kind": "repository", "files": [], "options": [],
	"definitions": [{"unit": "a.service", "scope": "system", "status": "active", "file": file}],
}

test_fires_outside_of_the_folder if {
	given.said(rule.report) == {"fail definitions.0"} with input as _repository("sec/hardening.nix")
	given.said(rule.report) == {"fail definitions.0"} with input as _repository("modules/services.nix")
}

test_silent_inside_of_the_folder if count(rule.report) == 0 with input as _repository("modules/services/security/sshd.nix")

test_unknown_is_nothing_here_a_file_is_always_known if count(rule.report) == 0 with input as {"kind": "unit"}

test_absent_definitions_are_silent if {
	count(rule.report) == 0 with input as {"kind": "repository", "definitions": [], "files": [], "options": []}
}

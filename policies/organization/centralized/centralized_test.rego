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

test_silent_on_what_is_only_shown_or_tested if {
	every file in ["tests/sshd.nix", "projects/a/examples/basic.nix", "test/lib/a.nix", "demo/flake.nix"] {
		count(rule.report) == 0 with input as _repository(file)
	}
	every file in ["contests/sshd.nix", "tests.nix", "sec/test.nix"] { count(rule.report) == 1 with input as _repository(file) }
}

test_says_what_is_only_added_to if {
	own := _repository("sec/sshd.nix")
	{found.msg | some found in rule.report} == {concat("", [
		"a.service is defined in sec/sshd.nix, outside of modules/services: ",
		"whoever looks for it there does not find it",
	])} with input as own
	added := object.union(own, {"definitions": [object.union(own.definitions[0], {"status": "override"})]})
	every found in rule.report { startswith(found.msg, "what is added to a.service is in sec/sshd.nix, ") } with input as added
}

test_unknown_is_nothing_here_a_file_is_always_known if count(rule.report) == 0 with input as {"kind": "unit"}

test_absent_definitions_are_silent if {
	count(rule.report) == 0 with input as {"kind": "repository", "definitions": [], "files": [], "options": []}
}

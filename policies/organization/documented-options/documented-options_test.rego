package nixlint.rules.organization.documented_options_test

import data.nixlint.lib.given
import data.nixlint.rules.organization.documented_options as rule
import future.keywords.not

_repository(description, internal) := {
	"kind": "repository", "files": [], "definitions": [], "documents": [],
	"options": [{"path": "services.a.port", "type": "port", "description": description, "internal": internal, "file": "modules/a.nix"}],
}

test_fires_without_a_description if {
	given.said(rule.report) == {"fail options.0"} with input as _repository("", false)
	given.said(rule.report) == {"fail options.0"} with input as _repository(" \n", false)
}

test_silent_with_one_and_inside if {
	count(rule.report) == 0 with input as _repository("The port.", false)
	count(rule.report) == 0 with input as _repository("", true)
}

test_silent_on_what_a_test_declares if {
	tested := _repository("", false)
	every file in ["tests/a.nix", "demo/flake.nix"] {
		count(rule.report) == 0 with input as object.union(tested, {"options": [object.union(tested.options[0], {"file": file})]})
	}
}

test_unknown_description if given.said(rule.report) == {"unknown options.0"} with input as _repository("<unknown: x>", false)

test_absent_options_are_silent if {
	count(rule.report) == 0 with input as {"kind": "repository", "definitions": [], "files": [], "options": [], "documents": []}
}

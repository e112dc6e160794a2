package nixlint.rules.organization.single_definition_test

import data.nixlint.lib.given
import data.nixlint.rules.organization.single_definition as rule
import future.keywords.not

_repository(definitions) := {
	"kind": "repository", "files": [], "options": [], "documents": [],
	"definitions": [object.union({"unit": "a.service", "scope": "system", "status": "active", "main": true}, given) | some given in definitions],
}

test_fires_at_each_of_two if {
	two := _repository([{"file": "a.nix"}, {"file": "b.nix"}])
	given.said(rule.report) == {"fail definitions.0", "fail definitions.1"} with input as two
	said := {found.msg | some found in rule.report; found.path[1] == 1} with input as two
	said == {"a.service is defined in a.nix too: a change to one is missing in the other"}
}

test_silent_on_what_adds_to_it_and_on_other_units if {
	count(rule.report) == 0 with input as _repository([{"file": "a.nix"}, {"file": "b.nix", "main": false}])
	count(rule.report) == 0 with input as _repository([{"file": "a.nix"}, {"file": "b.nix", "scope": "user"}])
	count(rule.report) == 0 with input as _repository([{"file": "a.nix"}, {"file": "b.nix", "unit": "b.service"}])
}

test_unknown_is_nothing_here_a_file_is_always_known if count(rule.report) == 0 with input as {"kind": "unit"}

test_absent_definitions_are_silent if count(rule.report) == 0 with input as _repository([])

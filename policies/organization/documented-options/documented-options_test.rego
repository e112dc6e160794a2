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

_described(texts) := object.union(_repository("", false), {"options": [option |
	some i, text in texts
	option := {"path": sprintf("a.%d", [i]), "type": "str", "description": text, "internal": false, "file": "a.nix"}
]})

test_fires_once_where_it_is_not_the_custom if {
	bare := [text | some _ in numbers.range(1, 12); text := ""]
	most := _described(array.concat(["What a is."], bare))
	{found.msg | some found in rule.report} == {concat("", [
		"option a.1 has no description, and neither have 11 of the other 12: ",
		"what they are for only the modules say",
	])} with input as most
	given.said(rule.report) == {"fail options.1"} with input as most
	half := _described(array.concat([text | some _ in numbers.range(1, 12); text := "What it is."], bare))
	count(rule.report) == 12 with input as half
	count(rule.report) == 10 with input as _described(array.slice(bare, 0, 10))
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

test_unknown_description if {
	{[found.verdict, found.msg] | some found in rule.report} == {[
		"unknown",
		"cannot be told (it does not evaluate): option services.a.port may have no description",
	]} with input as _repository("<unknown: it does not evaluate>", false)
}

test_absent_options_are_silent if {
	count(rule.report) == 0 with input as {"kind": "repository", "definitions": [], "files": [], "options": [], "documents": []}
}

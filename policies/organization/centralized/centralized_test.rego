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

_scattered(files) := object.union(_repository("sec/a.nix"), {"definitions": [
{"unit": sprintf("%d.service", [i]), "scope": "system", "status": "active", "file": file} |
	some i, file in files
]})

test_fires_once_where_no_module_is_in_the_folder if {
	all := _scattered(["tests/a.nix", "b/x.nix", "a/x.nix", "b/c/y.nix"])
	given.said(rule.report) == {"fail definitions.1"} with input as all
	{found.msg | some found in rule.report} == {concat("", [
		"1.service and 2 other definitions stand outside of modules/services, where no module is: ",
		"2 in b, 1 in a",
	])} with input as all
	script := object.union(all, {"files": [{"path": "modules/services/lib.nix", "module": false}]})
	count(rule.report) == 1 with input as script
	laid_out := object.union(all, {"files": [{"path": "modules/services/default.nix", "module": true}]})
	given.said(rule.report) == {"fail definitions.1", "fail definitions.2", "fail definitions.3"} with input as laid_out
}

test_fires_and_names_few_folders if {
	all := _scattered(["a/x.nix", "b/x.nix", "c/x.nix", "d/x.nix", "e/x.nix", "flake.nix"])
	every found in rule.report {
		endswith(found.msg, ": 1 in a, 1 in b, 1 in c, 1 in d, the others in 2 more folders")
	} with input as all
	count(rule.report) == 1 with input as all
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

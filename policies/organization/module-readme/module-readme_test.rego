package nixlint.rules.organization.module_readme_test

import data.nixlint.lib.given
import data.nixlint.rules.organization.module_readme as rule
import future.keywords.not

_repository(files, documents) := {
	"kind": "repository", "files": [], "options": [], "documents": documents,
	"definitions": [{"unit": "a.service", "scope": "system", "status": "active", "file": file, "main": true} | some file in files],
}

test_fires_once_a_folder if {
	given.said(rule.report) == {"fail definitions.0"} with input as _repository(["modules/services/web/a.nix", "modules/services/web/b.nix"], ["README.md"])
}

test_fires_once_where_nobody_wrote_one if {
	files := ["modules/services/web/a.nix", "modules/services/b.nix", "modules/services/mail/c.nix", "hosts/d.nix"]
	given.said(rule.report) == {"fail definitions.1"} with input as _repository(files, ["README.md"])
	every found in rule.report {
		startswith(found.msg, "none of the 3 folders of modules/services that define services has a README: ")
		endswith(found.msg, ": modules/services, modules/services/mail, modules/services/web")
	} with input as _repository(files, [])
	given.said(rule.report) == {"fail definitions.1", "fail definitions.2"} with input as _repository(files, ["modules/services/web/README.md"])
}

test_silent_on_what_only_groups if {
	every unit in ["a.target", "a.slice"] {
		target := _repository(["modules/services/a.nix"], [])
		count(rule.report) == 0 with input as object.union(target, {"definitions": [object.union(target.definitions[0], {"unit": unit})]})
	}
}

test_silent_with_a_readme_and_elsewhere if {
	count(rule.report) == 0 with input as _repository(["modules/services/web/a.nix"], ["modules/services/web/README.md"])
	count(rule.report) == 0 with input as _repository(["hosts/a.nix"], [])
	count(rule.report) == 0 with input as _repository(["modules/services/web/tests/a.nix"], [])
}

test_unknown_is_nothing_here_a_file_is_always_known if count(rule.report) == 0 with input as {"kind": "unit"}

test_absent_definitions_are_silent if count(rule.report) == 0 with input as _repository([], [])

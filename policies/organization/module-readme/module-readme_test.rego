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

test_silent_with_a_readme_and_elsewhere if {
	count(rule.report) == 0 with input as _repository(["modules/services/web/a.nix"], ["modules/services/web/README.md"])
	count(rule.report) == 0 with input as _repository(["hosts/a.nix"], [])
}

test_unknown_is_nothing_here_a_file_is_always_known if count(rule.report) == 0 with input as {"kind": "unit"}

test_absent_definitions_are_silent if count(rule.report) == 0 with input as _repository([], [])

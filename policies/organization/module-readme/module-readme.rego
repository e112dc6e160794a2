# METADATA
# title: A folder of services has a README
# description: |
#   What a service is for, who owns it and what it needs from the rest of the machine is not in its unit. At the next
#   incident somebody has to guess it.
# related_resources:
#   - https://nixos.org/manual/nixos/stable/#sec-writing-modules
# custom:
#   kind: repository
#   severity: info
#   precision: very-high
#   tags: [organization, documentation]
#   fix: |2
#     Write a README.md beside the modules: the purpose of each service, its ports and secrets, how to see that it works.
package nixlint.rules.organization.module_readme

import data.nixlint.lib
import data.site
import future.keywords.not

report contains found if {
	input.kind == "repository"
	some k, [folder, i] in _defined
	not _same(_defined[k - 1][0], folder)
	not folder in _described
	found := lib.finding("fail", ["definitions", i], sprintf(
		"%s defines services and has no README: what they are for only their modules say",
		[folder],
	))
}

_same(a, b) if a == b

# In order, the first definition of a folder stands behind one of another. Only below the folder of services: elsewhere
# organization/centralized has its say.
_defined := sort([[_folder(definition.file), i] |
	some i, definition in input.definitions
	startswith(definition.file, sprintf("%s/", [site.organization.root]))
])

_described := {_folder(file) | some file in input.documents}

_folder(file) := concat("/", array.slice(parts, 0, count(parts) - 1)) if parts := split(file, "/")

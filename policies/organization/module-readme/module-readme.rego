# METADATA
# title: A folder of services has a README
# description: |
#   What a service is for, who owns it and what it needs from the rest of the machine is not in its unit. At the next
#   incident somebody has to guess it. A repository that has none at all is told once.
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
import data.nixlint.lib.trial
import data.site
import future.keywords.not

report contains found if {
	input.kind == "repository"
	not _bulk
	some i in _bare
	found := lib.finding("fail", ["definitions", i], sprintf(
		"%s defines services and has no README: what they are for only their modules say",
		[_folder(input.definitions[i].file)],
	))
}

report contains found if {
	input.kind == "repository"
	_bulk
	found := lib.finding("fail", ["definitions", _bare[0]], sprintf(
		"none of the %d folders of %s that define services has a README: what they are for only their modules say: %s",
		[count(_bare), site.organization.root, concat(", ", _shown)],
	))
}

# Where nobody wrote one yet, the same could be said of every folder.
_bulk if {
	count(_bare) > 1
	every folder in _described { not _inside(folder) }
}

# The first definition of each folder that has no README: a folder stands behind another.
_bare := [i |
	some k, [folder, i] in _defined
	not _same(_defined[k - 1][0], folder)
	not folder in _described
]

_same(a, b) if a == b

# Only below the folder of services: elsewhere organization/centralized has its say. What only groups services, a target or a slice,
# is none.
_defined := sort([[_folder(definition.file), i] |
	some i, definition in input.definitions
	_inside(definition.file)
	not trial.file(definition.file)
	not regex.match(`\.(?:slice|target)$`, definition.unit)
])

_inside(file) if startswith(sprintf("%s/", [file]), sprintf("%s/", [site.organization.root]))

_described := {_folder(file) | some file in input.documents}

_shown := array.concat(array.slice(_names, 0, 4), _rest)

_names := [_folder(input.definitions[i].file) | some i in _bare]

_rest := [sprintf("%d more", [count(_bare) - 4])] if {
	count(_bare) > 4
} else := []

_folder(file) := concat("/", array.slice(parts, 0, count(parts) - 1)) if parts := split(file, "/")

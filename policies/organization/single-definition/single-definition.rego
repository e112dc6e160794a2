# METADATA
# title: A service is defined once
# description: |
#   Two modules that each say what a service runs drift apart: a mend in one is missing in the other, and a host that
#   imports both does not evaluate. Modules that add to a service do not count.
# related_resources:
#   - https://nixos.org/manual/nixos/stable/#sec-modularity
# custom:
#   kind: repository
#   severity: info
#   precision: high
#   tags: [organization]
#   fix: |2
#     Define the service in one module with options for what differs, and set these on the hosts:
#
#         services.app.port = 8081;
package nixlint.rules.organization.single_definition

import data.nixlint.lib
import future.keywords.not

report contains found if {
	input.kind == "repository"
	some i, definition in input.definitions
	definition.main
	others := sort([file | some file in _definers[_key(definition)]; file != definition.file])
	count(others) > 0
	found := lib.finding("fail", ["definitions", i], sprintf(
		"%s is defined in %s too: a change to one is missing in the other",
		[definition.unit, _listed(others)],
	))
}

# The files that say what a unit runs, of units that have several. In order, those of one unit stand side by side.
_definers := {key: files |
	some i, [key, _] in _mains
	_mains[i + 1][0] == key
	files := {file | some [other, file] in _mains; other == key}
}

_mains := sort({[_key(definition), definition.file] | some definition in input.definitions; definition.main})

_key(definition) := sprintf("%s %s", [definition.scope, definition.unit])

_listed(files) := concat(", ", files) if {
	count(files) < 4
} else := sprintf("%s and %d other files", [concat(", ", array.slice(files, 0, 2)), count(files) - 2])

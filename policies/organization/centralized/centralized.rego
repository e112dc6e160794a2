# METADATA
# title: Services are defined in one place
# description: |
#   Who wants to know what a machine runs should have to read one folder. A definition elsewhere is the one that nobody
#   finds when a service misbehaves. Tests, examples and demos are not meant: no machine runs what they define. A repository that has
#   no such folder is told once, with where its definitions stand.
# related_resources:
#   - https://nixos.org/manual/nixos/stable/#sec-modularity
# custom:
#   kind: repository
#   severity: warning
#   precision: very-high
#   tags: [organization]
#   fix: |2
#     Move the definition into a module under modules/services/ and import that:
#
#         imports = [ ./modules/services ];
#
#     Or say in .nixlint.yaml which folder is meant, or that none is:
#
#         site:
#           organization: {root: nixos/services}
#         rules:
#           organization/centralized: off
package nixlint.rules.organization.centralized

import data.nixlint.lib
import data.nixlint.lib.trial
import data.site
import future.keywords.not

report contains found if {
	input.kind == "repository"
	not _bulk
	some i in _outside
	definition := input.definitions[i]
	found := lib.finding("fail", ["definitions", i], sprintf(
		"%s in %s, outside of %s: whoever looks for it there does not find it",
		[_what(definition), definition.file, site.organization.root],
	))
}

report contains found if {
	input.kind == "repository"
	_bulk
	first := min(_outside)
	found := lib.finding("fail", ["definitions", first], sprintf(
		"%s and %d other definitions stand outside of %s, where no module is: %s",
		[input.definitions[first].unit, count(_outside) - 1, site.organization.root, _shares],
	))
}

# Of a repository that is laid out otherwise, the same could be said of every definition.
_bulk if {
	count(_outside) > 1
	not _laid_out
}

_laid_out if {
	some file in input.files
	file.module
	_inside(file.path)
}

_outside := [i |
	some i, definition in input.definitions
	not trial.file(definition.file)
	not _inside(definition.file)
]

_inside(file) if startswith(file, sprintf("%s/", [site.organization.root]))

_what(definition) := sprintf("what is added to %s is", [definition.unit]) if {
	definition.status == "override"
} else := sprintf("%s is defined", [definition.unit])

# "39 in modules, 2 in hosts": how many definitions the folders at the top have, those with most first.
_shares := concat(", ", array.concat([sprintf("%d in %s", [0 - n, top]) | some [n, top] in array.slice(_counted, 0, 4)], _rest))

_rest := [sprintf("the others in %d more folders", [count(_counted) - 4])] if {
	count(_counted) > 4
} else := []

_counted := sort([[_starts[j] - _ends[j], _tops[start]] | some j, start in _starts])

_tops := sort([split(input.definitions[i].file, "/")[0] | some i in _outside])

# In order, those of one folder stand side by side.
_starts := [k | some k, top in _tops; not _same(_tops[k - 1], top)]

_ends := array.concat(array.slice(_starts, 1, count(_starts)), [count(_tops)])

_same(a, b) if a == b

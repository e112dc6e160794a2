# METADATA
# title: Services are defined in one place
# description: |
#   Who wants to know what a machine runs should have to read one folder. A definition elsewhere is the one that nobody
#   finds when a service misbehaves. Tests, examples and demos are not meant: no machine runs what they define.
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
package nixlint.rules.organization.centralized

import data.nixlint.lib
import data.nixlint.lib.trial
import data.site
import future.keywords.not

report contains found if {
	input.kind == "repository"
	some i, definition in input.definitions
	not trial.file(definition.file)
	not startswith(definition.file, sprintf("%s/", [site.organization.root]))
	found := lib.finding("fail", ["definitions", i], sprintf(
		"%s in %s, outside of %s: whoever looks for it there does not find it",
		[_what(definition), definition.file, site.organization.root],
	))
}

_what(definition) := sprintf("what is added to %s is", [definition.unit]) if {
	definition.status == "override"
} else := sprintf("%s is defined", [definition.unit])

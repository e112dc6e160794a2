# METADATA
# title: Options say what they are for
# description: |
#   Whoever sets an option without a description has to read the module to learn what it does, and whoever changes the
#   module does not know what was promised. The manual of the options lists it with nothing beside it. Options of tests, examples and
#   demos are not meant.
# related_resources:
#   - https://nixos.org/manual/nixos/stable/#sec-option-declarations
# custom:
#   kind: repository
#   severity: info
#   precision: very-high
#   tags: [organization, documentation]
#   fix: |2
#         port = lib.mkOption {
#           type = lib.types.port;
#           default = 8080;
#           description = "Port that the server listens on, on localhost only.";
#         };
package nixlint.rules.organization.documented_options

import data.nixlint.lib
import data.nixlint.lib.trial
import future.keywords.not

report contains found if {
	input.kind == "repository"
	some i, option in input.options
	not option.internal
	not trial.file(option.file)
	found := _finding(i, option, trim_space(option.description))
}

_finding(i, option, "") := lib.finding("fail", ["options", i], sprintf(
	"option %s has no description: who sets it has to read the module",
	[option.path],
))

_finding(i, option, text) := lib.decided(
	"unknown", ["options", i], sprintf("option %s may have no description", [option.path]),
	"what its description is could not be evaluated",
) if {
	startswith(text, "<unknown")
}

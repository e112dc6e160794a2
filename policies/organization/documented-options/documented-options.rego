# METADATA
# title: Options say what they are for
# description: |
#   Whoever sets an option without a description has to read the module to learn what it does, and whoever changes the
#   module does not know what was promised. The manual of the options lists it with nothing beside it. Options of tests, examples and
#   demos are not meant. Where most options of a repository have none, that is said once.
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
	not _bulk
	some i in _bare
	found := lib.finding("fail", ["options", i], sprintf(
		"option %s has no description: what it is for only the module says",
		[input.options[i].path],
	))
}

report contains found if {
	input.kind == "repository"
	_bulk
	found := lib.finding("fail", ["options", _bare[0]], sprintf(
		"option %s has no description, and neither have %d of the other %d: what they are for only the modules say",
		[input.options[_bare[0]].path, count(_bare) - 1, count(_public) - 1],
	))
}

report contains found if {
	input.kind == "repository"
	some i in _public
	text := trim_space(input.options[i].description)
	startswith(text, "<unknown: ")
	found := lib.decided(
		"unknown", ["options", i], sprintf("option %s may have no description", [input.options[i].path]),
		trim_suffix(substring(text, 10, -1), ">"),
	)
}

# Where it is not the custom, the same could be said of every option.
_bulk if {
	count(_bare) > 10
	2 * count(_bare) > count(_public)
}

_bare := [i | some i in _public; trim_space(input.options[i].description) == ""]

_public := [i |
	some i, option in input.options
	not option.internal
	not trial.file(option.file)
]

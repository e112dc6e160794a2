# METADATA
# title: A service says what it runs
# description: |
#   systemd refuses a service without ExecStart (a oneshot may do with ExecStop, and one with SuccessAction needs neither): it never
#   starts, and what requires it fails. A service that has a description of its own is taken for a definition, because NixOS refuses
#   two descriptions; other additions may have their base elsewhere.
# related_resources:
#   - https://www.freedesktop.org/software/systemd/man/latest/systemd.service.html#ExecStart=
# custom:
#   kind: unit
#   severity: error
#   precision: medium
#   tags: [units, correctness]
#   fix: |2
#         systemd.services.notes.serviceConfig.ExecStart = "${pkgs.notes}/bin/notes";
package nixlint.rules.units.override_without_base

import data.nixlint.lib
import future.keywords.not

report contains found if {
	input.kind == "service"
	input.completeness != "own"
	not _runs
	_whole
	judged := lib.verdict({_vote(section, directive) | some [section, directive] in [
		["Service", "ExecStart"], ["Service", "ExecStop"], ["Unit", "SuccessAction"],
	]})
	found := lib.decided(
		judged, lib.at("Unit", "Description"),
		"nothing says what the service runs, and its description is no addition to another: without ExecStart systemd refuses the unit",
		"whether it has an ExecStart is not decided",
	)
}

_runs if input.scripts.start

_runs if {
	some setting in input.sections.Service.ExecStart
	some alternative in setting
	alternative.known == false
	count(setting) == 1
}

_runs if {
	some setting in input.sections.Unit.SuccessAction
	every alternative in setting {
		alternative.known
		not object.get(alternative, "absent", false)
		not alternative.value in {"", "none"}
	}
}

_runs if {
	some setting in input.sections.Service.ExecStart
	every alternative in setting {
		not object.get(alternative, "absent", false)
		alternative.value != ""
	}
}

# It is meant to be a whole definition.
_whole if input.completeness == "generated"

_whole if {
	object.get(input, "open", "") == ""
	some setting in input.sections.Unit.Description
	every alternative in setting {
		not object.get(alternative, "absent", false)
		not alternative.forced
	}
}

_vote(section, directive) := "fail" if {
	every setting in object.get(object.get(input.sections, section, {}), directive, []) {
		every alternative in setting { _nothing(alternative) }
	}
} else := "unknown"

_nothing(alternative) if alternative.absent

_nothing(alternative) if {
	alternative.known
	alternative.value in {"", "none"}
}

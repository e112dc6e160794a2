# METADATA
# title: A service that uses the GPU says what it is for
# description: |
#   Services that share a GPU compete for its memory. When one does not start because it is full, the list of units has to
#   tell which of them may be stopped.
# related_resources:
#   - https://www.freedesktop.org/software/systemd/man/latest/systemd.unit.html#Description=
# custom:
#   kind: unit
#   severity: info
#   precision: very-high
#   tags: [organization, documentation, gpu]
#   fix: |2
#         systemd.services.llamacpp.description = "Llama.cpp server, on the GPU";
package nixlint.rules.gpu.documented

import data.nixlint.lib
import data.nixlint.lib.gpu
import data.site
import future.keywords.not

report contains found if {
	input.kind == "service"
	input.completeness != "override"
	_uses
	judged := lib.verdict({_vote(state) | some directive in ["Description", "Documentation"]; some state in _best(directive)})
	judged != "pass"
	found := lib.decided(
		judged, ["sections", "Unit", "Description"], "uses the GPU and has no description: who needs its memory cannot tell what may be stopped",
		lib.why("Unit", "Description"),
	)
}

_uses if site.gpu.units[input.name]

_uses if count(gpu.evidence) > 0

_uses if lib.may("Service", "SupplementaryGroups", site.gpu.groups)

# Either of the two is enough.
_best("Description") := lib.states("Unit", "Description")

_best("Documentation") := lib.states("Unit", "Documentation") if {
	some state in lib.states("Unit", "Documentation")
	state.state == "set"
}

_vote(state) := "pass" if {
	state.state == "set"
	some text in state.texts
	trim_space(text) != ""
} else := "unknown" if {
	state.state == "unknown"
} else := "fail"

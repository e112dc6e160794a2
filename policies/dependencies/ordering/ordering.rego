# METADATA
# title: A service starts after what it needs
# description: |
#   Started too early, it fails at boot, and only then; by hand it always works.
# related_resources:
#   - https://www.freedesktop.org/software/systemd/man/latest/systemd.unit.html#Before=
# custom:
#   kind: unit
#   severity: warning
#   precision: high
#   tags: [dependencies]
#   fix: |2
#         systemd.services.docker-pull-images.after = [ "docker.service" ];
package nixlint.rules.dependencies.ordering

import data.nixlint.lib
import data.site
import future.keywords.not

report contains found if {
	input.kind == "service"
	input.scope == "system"
	some needed in site.ordering[input.name]
	judged := lib.verdict({_vote(state, needed) | some state in lib.states("Unit", "After")})
	found := lib.decided(
		judged, lib.at_list("Unit", "After"), sprintf(
			"After does not name %s: the service may start before it and fail at boot",
			[needed],
		),
		lib.why("Unit", "After"),
	)
}

_vote(state, needed) := "pass" if {
	some text in state.texts
	text in _enough(needed)
} else := lib.lacking(state)

# network-online.target comes after network.target.
_enough(needed) := {"network-online.target", needed} if {
	needed == "network.target"
} else := {needed}

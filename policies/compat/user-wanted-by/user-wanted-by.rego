# METADATA
# title: A user unit is started by a target of the user
# description: |
#   A user's manager has no multi-user.target: a user unit that is wanted by it is installed, looks enabled, and never
#   starts. Beside a target of the user it only does nothing, which weighs less.
# related_resources:
#   - https://www.freedesktop.org/software/systemd/man/latest/systemd.special.html#Units%20managed%20by%20the%20user%20service%20manager
# custom:
#   kind: unit
#   severity: error
#   precision: very-high
#   tags: [compatibility, user-unit]
#   fix: |2
#         systemd.user.services.NAME.wantedBy = [ "default.target" ];
package nixlint.rules.compat.user_wanted_by

import data.nixlint.lib
import future.keywords.not

report contains found if {
	input.scope == "user"
	some i, link in input.links
	link.type in {"requires", "upholds", "wants"}
	judged := lib.verdict({_vote(alternative) | some alternative in link.target})
	targets := {alternative.value | some alternative in link.target; _vote(alternative) != "pass"}
	found := _weighed(judged, ["links", i], concat(" or ", sort(targets)))
}

_weighed(judged, path, target) := lib.decided(
	judged, path,
	sprintf("wantedBy %s is a target of the system manager: a user's manager never reaches it, so the unit never starts", [target]),
	"the target is not decided",
) if {
	not _started
}

# Another target starts the unit: this one does nothing.
_weighed("fail", path, target) := lib.minor(lib.finding("fail", path, sprintf(
	"wantedBy %s does nothing: it is a target of the system manager, and a user's manager never reaches it",
	[target],
))) if {
	_started
}

_started if {
	some link in input.links
	link.type in {"requires", "upholds", "wants"}
	every alternative in link.target {
		_vote(alternative) == "pass"
		not alternative.absent
	}
}

_vote(alternative) := "pass" if {
	alternative.absent
} else := "unknown" if {
	alternative.known == false
} else := "fail" if {
	alternative.value in _system_targets
} else := "pass"

_system_targets := {
	"getty.target", "graphical.target", "local-fs.target", "multi-user.target", "network-online.target", "network.target",
	"remote-fs.target", "sysinit.target",
}

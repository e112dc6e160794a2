# METADATA
# title: A oneshot does not restart on success
# description: |
#   systemd refuses to load a oneshot with Restart=always or on-success: the service does not start at all.
# related_resources:
#   - https://www.freedesktop.org/software/systemd/man/latest/systemd.service.html#Restart=
# custom:
#   kind: unit
#   severity: error
#   precision: very-high
#   tags: [lifecycle, correctness]
#   fix: |2
#         serviceConfig = { Type = "oneshot"; Restart = "on-failure"; };
package nixlint.rules.lifecycle.oneshot_restart

import data.nixlint.lib
import future.keywords.not

report contains found if {
	input.kind == "service"
	_bad := {"always", "on-success"}
	lib.may("Service", "Restart", _bad)
	lib.may("Service", "Type", {"oneshot"})
	judged := lib.verdict({lib.directive_verdict("Service", "Restart", _bad), lib.directive_verdict("Service", "Type", ["oneshot"])})
	found := lib.decided(
		_turned[judged], lib.at("Service", "Restart"),
		"Restart is always or on-success in a oneshot: systemd refuses the unit, it never starts",
		"Type or Restart is not decided",
	)
}

_turned := {"pass": "fail", "unknown": "unknown"}

# METADATA
# title: clamav-daemon runs in the sandbox that was agreed
# description: |
#   A scanner parses every hostile file of the machine, in C. The sandbox keeps a file that breaks it from writing anywhere
#   but its own database and log.
# related_resources:
#   - https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#ProtectSystem=
# custom:
#   kind: unit
#   severity: error
#   precision: high
#   security_severity: "6.0"
#   tags: [security, hardening, clamav, "nist-800-53:AC-6", "anssi-bp-028:R64"]
#   fix: |2
#         systemd.services.clamav-daemon.serviceConfig = {
#           ProtectSystem = "strict";
#           ProtectHome = "read-only";
#           ReadWritePaths = [ "/var/lib/clamav" "/var/log/clamav" ];
#         };
package nixlint.rules.hardening.clamav_daemon_sandbox

import data.nixlint.lib
import data.site
import future.keywords.not

report contains lib.demand("Service", directive, accepted, _consequences[directive]) if {
	_judged
	some directive, accepted in site.clamav_daemon.directives
}

report contains found if {
	_judged
	some path in site.clamav_daemon.writable
	judged := lib.verdict({_vote(state, path) | some state in lib.states("Service", "ReadWritePaths")})
	found := lib.decided(
		judged, lib.at_list("Service", "ReadWritePaths"), sprintf(
			"ReadWritePaths lacks %s: under ProtectSystem=strict the daemon cannot write there",
			[path],
		),
		lib.why("Service", "ReadWritePaths"),
	)
}

_judged if {
	input.kind == "service"
	input.name in site.clamav_daemon.units
}

_vote(state, path) := "pass" if {
	some text in state.texts
	trim_right(trim_left(text, "-+"), "/") == path
} else := lib.lacking(state)

_consequences := {
	"ProtectHome": "a file that breaks the scanner can write to every home",
	"ProtectSystem": "a file that breaks the scanner can write to the system",
}

# METADATA
# title: jupyter runs in the sandbox that was agreed
# description: |
#   A notebook server runs whatever code it is given. Without the sandbox that code shares /tmp, may write to the system
#   and can gain rights through setuid programs; without --no-browser the service tries to open a browser.
# related_resources:
#   - https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#Sandboxing
# custom:
#   kind: unit
#   severity: error
#   precision: high
#   security_severity: "6.0"
#   tags: [security, hardening, jupyter, "nist-800-53:AC-6", "anssi-bp-028:R64"]
#   fix: |2
#         serviceConfig = {
#           PrivateTmp = true;
#           ProtectSystem = "strict";
#           NoNewPrivileges = true;
#           ExecStart = "${pkgs.jupyter}/bin/jupyter-lab --ip=127.0.0.1 --no-browser";
#         };
#
#     As a user unit two of these do nothing before systemd 254, see `compat/user-sandbox-namespace`.
package nixlint.rules.hardening.jupyter_sandbox

import data.nixlint.lib
import data.nixlint.lib.command
import data.site
import future.keywords.not

report contains lib.demand("Service", directive, accepted, _consequences[directive]) if {
	_judged
	some directive, accepted in site.jupyter.directives
}

report contains found if {
	_judged
	some flag in site.jupyter.flags
	judged := lib.verdict({_vote(alternative, flag) | some alternative in command.main})
	found := lib.decided(
		judged, command.main[0].path,
		sprintf("the command has no %s: jupyter tries to open a browser from the service", [flag]),
		command.main[0].why,
	)
}

_judged if {
	input.kind == "service"
	input.name in site.jupyter.units
}

_vote(alternative, flag) := "pass" if {
	command.has(alternative.text, flag)
} else := "unknown" if {
	command.vague(alternative)
} else := "fail"

_consequences := {
	"NoNewPrivileges": "code in a notebook can gain rights through setuid programs",
	"PrivateTmp": "notebooks share /tmp with every other user",
	"ProtectSystem": "code in a notebook can write to the system",
}

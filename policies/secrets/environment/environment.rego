# METADATA
# title: No secret stands in the environment of a unit
# description: |
#   What Environment= holds is in the store, which every user of the machine reads, in the unit that `systemctl show` prints to
#   everybody, and in every child of the service.
# related_resources:
#   - https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#Environment=
#   - https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#Credentials
# custom:
#   kind: unit
#   severity: error
#   precision: high
#   security_severity: "7.5"
#   tags: [secrets, security, "nist-800-53:IA-5(7)"]
#   fix: |2
#     serviceConfig.LoadCredential = [ "token:/etc/credstore/token" ];
#     environment.TOKEN_FILE = "%d/token"; # a path is no secret
package nixlint.rules.secrets.environment

import data.nixlint.lib
import future.keywords.not

report contains found if {
	some assignment in lib.stated("Service", "Environment")
	text := trim(assignment.text, `"'`)
	match := regex.find_all_string_submatch_n(`^([A-Za-z0-9_]*(?i:PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|PRIVATE_?KEY|ACCESS_?KEY))=(.+)$`, text, 1)[0]
	not _reference(match[2])
	found := lib.decided(
		_verdict(match[2], assignment.path), assignment.path,
		sprintf("%s is in the environment: every user of the machine can read it in the store and with systemctl show", [match[1]]),
		"its value is not known",
	)
}

# A path, a switch, a number, or what only stands for it.
_reference(value) if regex.match(`^["']?(?:/|<pkgs|~|%|\\$|file:|[0-9]+["']?$|(?i:true|false|yes|no|none|null|on|off|auto|enabled|disabled|changeme)["']?$)`, value)

_verdict(value, path) := "unknown" if {
	contains(value, "<unknown")
} else := lib.standing(input.sections.Service.Environment[path[3]])

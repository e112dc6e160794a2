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
#         serviceConfig.LoadCredential = [ "token:/etc/credstore/token" ];
#         environment.TOKEN_FILE = "%d/token"; # a path is no secret
package nixlint.rules.secrets.environment

import data.nixlint.lib
import data.nixlint.lib.secret
import future.keywords.not

report contains found if {
	some assignment in lib.stated("Service", "Environment")
	held := secret.assigned(assignment.text)
	found := lib.decided(
		_verdict(held.value, assignment.path), assignment.path,
		sprintf("%s is in the environment: every user of the machine can read it in the store and with systemctl show", [held.name]),
		"its value is not known",
	)
}

_verdict(value, path) := "unknown" if {
	contains(value, "<unknown")
} else := lib.standing(input.sections.Service.Environment[path[3]])

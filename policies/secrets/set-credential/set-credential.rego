# METADATA
# title: No secret stands in SetCredential
# description: |
#   SetCredential= puts the value into the unit, which is in the store and readable by every user; it is meant for defaults that
#   are no secret.
# related_resources:
#   - https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#SetCredential=ID:VALUE
# custom:
#   kind: unit
#   severity: error
#   precision: high
#   security_severity: "7.5"
#   tags: [secrets, security, "nist-800-53:IA-5(7)"]
#   fix: |2
#         serviceConfig.LoadCredential = [ "token:/etc/credstore/token" ];
#         serviceConfig.SetCredentialEncrypted = "token:…"; # or as systemd-creds encrypt prints it
package nixlint.rules.secrets.set_credential

import data.nixlint.lib
import future.keywords.not

report contains found if {
	some credential in lib.stated("Service", "SetCredential")
	parts := split(credential.text, ":")
	regex.match(`(?i)pass|secret|token|key|credential`, parts[0])
	count(parts) > 1
	parts[1] != ""
	found := lib.decided(
		_verdict(credential.text, credential.path), credential.path,
		sprintf("SetCredential states %s: every user of the machine can read it in the store", [parts[0]]),
		"its value is not known",
	)
}

_verdict(text, path) := "unknown" if {
	contains(text, "<unknown")
} else := lib.standing(input.sections.Service.SetCredential[path[3]])

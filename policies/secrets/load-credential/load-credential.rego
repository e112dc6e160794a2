# METADATA
# title: A service gets its secret as a credential
# description: |
#   A secret in the environment or on the command line can be read by every process of the user; LoadCredential hands it
#   to the service alone, from a store that only root can read.
# related_resources:
#   - https://systemd.io/CREDENTIALS/
# custom:
#   kind: unit
#   severity: error
#   precision: high
#   security_severity: "6.5"
#   tags: [security, secrets]
#   fix: |2
#         serviceConfig.LoadCredential = [ "jupyter-token:/etc/credstore/jupyter-token" ];
#
#     The service finds it in $CREDENTIALS_DIRECTORY/jupyter-token.
package nixlint.rules.secrets.load_credential

import data.nixlint.lib
import data.site
import future.keywords.not

report contains found if {
	input.kind == "service"
	some credential in site.credentials.units[input.name]
	_loaded("LoadCredentialEncrypted", credential) != "pass"
	judged := _loaded("LoadCredential", credential)
	found := lib.decided(
		judged, lib.at_list("Service", "LoadCredential"), sprintf(
			"LoadCredential does not load %s from %s: the secret has to come some way that others can read",
			[credential, site.credentials.store],
		),
		lib.why("Service", "LoadCredential"),
	)
}

_loaded(directive, credential) := lib.verdict({_vote(state, credential) | some state in lib.states("Service", directive)})

_vote(state, credential) := "pass" if {
	some text in state.texts
	_from_store(text, credential)
} else := lib.lacking(state)

_from_store(text, credential) if text == credential

_from_store(text, credential) if startswith(text, sprintf("%s:%s/", [credential, site.credentials.store]))

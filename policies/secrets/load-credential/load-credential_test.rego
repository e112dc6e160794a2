package nixlint.rules.secrets.load_credential_test

import data.nixlint.lib.given
import data.nixlint.rules.secrets.load_credential as rule
import future.keywords.not

test_silent_on_the_credential if {
	count(rule.report) == 0 with input as given.service("jupyter", {"LoadCredential": ["jupyter-token:/etc/credstore/jupyter-token"]})
	count(rule.report) == 0 with input as given.service("jupyter", {"LoadCredentialEncrypted": ["jupyter-token"]})
}

test_fires_on_another_store if {
	unit := given.service("jupyter", {"LoadCredential": ["jupyter-token:/home/a/token"]})
	given.said(rule.report) == {"fail sections.Service.LoadCredential.0"} with input as unit
}

test_absent_fails if {
	given.said(rule.report) == {"fail sections.Service.LoadCredential"} with input as given.service("jupyter", {})
}

test_unknown_value if {
	unit := given.unclear(given.service("jupyter", {}), "Service", "LoadCredential")
	given.said(rule.report) == {"unknown sections.Service.LoadCredential.0"} with input as unit
}

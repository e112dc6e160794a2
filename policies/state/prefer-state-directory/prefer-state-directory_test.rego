package nixlint.rules.state.prefer_state_directory_test

import data.nixlint.lib.given
import data.nixlint.rules.state.prefer_state_directory as rule
import future.keywords.not

test_fires if {
	every text in ["mkdir -p /var/lib/notes", "install -d -m 0750 /var/cache/notes\n", `mkdir "/var/log/notes"`] {
		given.said(rule.report) == {"fail scripts.start"} with input as given.script(given.service("a", {}), text)
	}
}

test_silent if {
	count(rule.report) == 0 with input as given.script(given.service("a", {"StateDirectory": ["notes"]}), "mkdir -p /var/lib/notes")
	count(rule.report) == 0 with input as given.script(given.service("a", {}), "mkdir -p /srv/notes /var/lib/notes/deeper")
	count(rule.report) == 0 with input as given.user(given.script(given.service("a", {}), "mkdir -p /var/lib/notes"))
}

test_unknown if {
	unit := given.script(given.override("service", "a", "Service", {}), "mkdir -p /var/lib/notes")
	given.said(rule.report) == {"unknown scripts.start"} with input as unit
}

test_absent if {
	count(rule.report) == 0 with input as given.service("a", {})
}

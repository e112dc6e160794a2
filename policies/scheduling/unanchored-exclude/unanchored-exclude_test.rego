package nixlint.rules.scheduling.unanchored_exclude_test

import data.nixlint.lib.given
import data.nixlint.rules.scheduling.unanchored_exclude as rule
import future.keywords.not

test_fires if {
	unit := given.script(given.service("a", {}), "clamscan -r --exclude-dir=/dev --exclude-dir=^/sys /home")
	given.said(rule.report) == {"fail scripts.start"} with input as unit
	some found in rule.report with input as unit
	found.match == "--exclude-dir=/dev"
}

test_silent if {
	count(rule.report) == 0 with input as given.script(given.service("a", {}), "clamscan -r --exclude-dir=^/dev /home")
	count(rule.report) == 0 with input as given.script(given.service("a", {}), "rsync --exclude=/dev /home x:")
}

test_unknown if {
	unit := object.union(given.script(given.service("a", {}), "clamscan --exclude-dir=/dev"), {"scripts": {"start": [
		{"value": "clamscan --exclude-dir=/dev", "known": true},
		{"value": "clamscan --exclude-dir=^/dev", "known": true},
	]}})
	given.said(rule.report) == {"unknown scripts.start"} with input as unit
}

test_absent if {
	count(rule.report) == 0 with input as given.service("a", {})
}

package nixlint.rules.lifecycle.forking_pidfile_test

import data.nixlint.lib.given
import data.nixlint.rules.lifecycle.forking_pidfile as rule
import future.keywords.not

test_fires_1 if {
	given.said(rule.report) == {"fail sections.Service.Type.0"} with input as given.service("a", {"Type": ["forking"]})
}

test_silent if {
	count(rule.report) == 0 with input as given.service("a", {"Type": ["forking"], "PIDFile": ["/run/a"]})
	count(rule.report) == 0 with input as given.service("a", {"Type": ["simple"]})
	count(rule.report) == 0 with input as _pidfile("<unknown: config.home>/notes.pid")
	count(rule.report) == 0 with input as _pidfile("/run/<unknown: config.name>")
}

_pidfile(text) := object.union(given.service("a", {"Type": ["forking"]}), {"effective": {"Service": {"PIDFile": [{
	"values": [{"text": text, "index": 0}], "known": false, "absent": false, "why": "config.home is not known",
}]}}})

test_unknown if {
	given.said(rule.report) == {"unknown sections.Service.Type.0"} with input as _pidfile("<unknown: config.pid>")
	given.said(rule.report) == {"unknown sections.Service.Type.0"} with input as given.override("service", "a", "Service", {"Type": ["forking"]})
}

test_absent if {
	count(rule.report) == 0 with input as given.service("a", {})
}

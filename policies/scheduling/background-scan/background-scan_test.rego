package nixlint.rules.scheduling.background_scan_test

import data.nixlint.lib.given
import data.nixlint.rules.scheduling.background_scan as rule
import future.keywords.not

_good := {"Type": ["oneshot"], "Nice": ["19"], "IOSchedulingClass": ["idle"]}

test_silent_in_the_background if {
	count(rule.report) == 0 with input as given.service("clamav-scan", _good)
	count(rule.report) == 0 with input as given.service("other", {})
}

test_fires_on_another_value if {
	unit := given.service("clamav-scan", object.union(_good, {"Nice": ["5"]}))
	given.said(rule.report) == {"fail sections.Service.Nice.0"} with input as unit
}

test_absent_fails if {
	unit := given.service("clamav-scan", object.remove(_good, ["IOSchedulingClass"]))
	given.said(rule.report) == {"fail sections.Service.IOSchedulingClass"} with input as unit
}

test_unknown_value if {
	unit := given.unclear(given.service("clamav-scan", _good), "Service", "Nice")
	given.said(rule.report) == {"unknown sections.Service.Nice.0"} with input as unit
}

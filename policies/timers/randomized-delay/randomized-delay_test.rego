package nixlint.rules.timers.randomized_delay_test

import data.nixlint.lib.given
import data.nixlint.rules.timers.randomized_delay as rule
import future.keywords.not

test_silent_on_the_delay if {
	count(rule.report) == 0 with input as given.timer("clamav-scan", {"RandomizedDelaySec": ["2h"]})
	count(rule.report) == 0 with input as given.timer("other", {})
}

test_fires_on_another_delay if {
	unit := given.timer("clamav-scan", {"RandomizedDelaySec": ["5min"]})
	given.said(rule.report) == {"fail sections.Timer.RandomizedDelaySec.0"} with input as unit
}

test_absent_fails if {
	given.said(rule.report) == {"fail sections.Timer.RandomizedDelaySec"} with input as given.timer("clamav-scan", {})
}

test_unknown_value if {
	unit := given.unclear(given.timer("clamav-scan", {}), "Timer", "RandomizedDelaySec")
	given.said(rule.report) == {"unknown sections.Timer.RandomizedDelaySec.0"} with input as unit
}

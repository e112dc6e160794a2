package nixlint.rules.organization.log_path_test

import data.nixlint.lib.given
import data.nixlint.rules.organization.log_path as rule
import future.keywords.not

test_fires_on_a_file_elsewhere if {
	given.said(rule.report) == {"fail sections.Service.StandardOutput.0"} with input as given.service("a", {"StandardOutput": ["append:/srv/a.log"]})
	given.said(rule.report) == {"fail sections.Service.ExecStart.0"} with input as given.service("a", {"ExecStart": ["/bin/a --log-file=/root/a.log"]})
}

test_silent_in_the_folder_of_logs_and_in_the_journal if {
	count(rule.report) == 0 with input as given.service("a", {"StandardError": ["append:/var/log/a/a.log"], "ExecStart": ["/bin/a --log /var/log/a.log"]})
	count(rule.report) == 0 with input as given.service("a", {"StandardOutput": ["journal"], "ExecStart": ["/bin/a --log debug"]})
	count(rule.report) == 0 with input as given.service("a", {"StandardOutput": ["file:/dev/tty1"], "ExecStart": ["/bin/a --logfile /dev/stderr"]})
}

test_unknown_path if {
	unit := given.service("a", {"StandardOutput": ["append:/srv/<unknown: config.x>"]})
	given.said(rule.report) == {"unknown sections.Service.StandardOutput.0"} with input as unit
	either := given.either(given.service("a", {}), "Service", "StandardError", ["file:/srv/a.log"], ["journal"])
	given.said(rule.report) == {"unknown sections.Service.StandardError.0"} with input as either
}

test_absent_is_silent if count(rule.report) == 0 with input as given.service("a", {})

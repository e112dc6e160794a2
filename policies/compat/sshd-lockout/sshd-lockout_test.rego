package nixlint.rules.compat.sshd_lockout_test

import data.nixlint.lib.given
import data.nixlint.rules.compat.sshd_lockout as rule
import future.keywords.not

_with(directives) := given.override("service", "sshd", "Service", directives)

test_fires_on_the_capabilities_of_the_report if {
	unit := _with({"CapabilityBoundingSet": ["CAP_NET_BIND_SERVICE", "CAP_DAC_READ_SEARCH"]})
	given.said(rule.report) == {"fail sections.Service.CapabilityBoundingSet.0"} with input as unit
	some found in rule.report with input as unit
	contains(found.msg, "leaves out CAP_SETGID, CAP_SETUID, CAP_SYS_CHROOT: ")
}

test_fires_on_no_capabilities if {
	given.said(rule.report) == {"fail sections.Service.CapabilityBoundingSet"} with input as _with({"CapabilityBoundingSet": []})
}

test_fires_on_a_filter_without_chroot if {
	given.said(rule.report) == {"fail sections.Service.SystemCallFilter.0"} with input as _with({"SystemCallFilter": ["@system-service"]})
	given.said(rule.report) == {"fail sections.Service.SystemCallFilter.0"} with input as _with({"SystemCallFilter": ["@mount", "~chroot"]})
	given.said(rule.report) == {"fail sections.Service.SystemCallFilter.0"} with input as _with({"SystemCallFilter": ["~@privileged"]})
}

test_silent_where_people_can_log_in if {
	unit := _with({
		"CapabilityBoundingSet": ["CAP_SETGID", "CAP_SETUID", "CAP_SYS_CHROOT"],
		"SystemCallFilter": ["@system-service", "chroot"],
	})
	count(rule.report) == 0 with input as unit
	count(rule.report) == 0 with input as _with({"SystemCallFilter": ["~@clock"]})
}

test_silent_on_other_units if {
	count(rule.report) == 0 with input as given.service("nginx", {"SystemCallFilter": ["@system-service"]})
}

test_unknown_filter if {
	unit := given.unclear(_with({}), "Service", "SystemCallFilter")
	given.said(rule.report) == {"unknown sections.Service.SystemCallFilter.0"} with input as unit
}

test_absent_is_nobodys_lockout if count(rule.report) == 0 with input as _with({})

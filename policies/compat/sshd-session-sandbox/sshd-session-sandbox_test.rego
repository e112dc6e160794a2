package nixlint.rules.compat.sshd_session_sandbox_test

import data.nixlint.lib.given
import data.nixlint.rules.compat.sshd_session_sandbox as rule
import future.keywords.not

_with(directives) := given.override("service", "sshd", "Service", directives)

test_fires_on_what_sessions_inherit if {
	unit := _with({"NoNewPrivileges": ["yes"], "ProtectHome": ["yes"], "ProtectSystem": ["strict"]})
	given.said(rule.report) == {
		"fail sections.Service.NoNewPrivileges.0",
		"fail sections.Service.ProtectHome.0",
		"fail sections.Service.ProtectSystem.0",
	} with input as unit
}

test_fires_on_a_login_without_a_terminal if {
	unit := _with({"CapabilityBoundingSet": ["CAP_SETGID", "CAP_SETUID", "CAP_SYS_CHROOT", "CAP_AUDIT_WRITE"]})
	given.said(rule.report) == {"fail sections.Service.CapabilityBoundingSet.0"} with input as unit
}

test_silent_where_compat_sshd_lockout_speaks if {
	count(rule.report) == 0 with input as _with({"CapabilityBoundingSet": ["CAP_DAC_READ_SEARCH"]})
}

test_silent_on_a_sandbox_to_live_in if {
	count(rule.report) == 0 with input as _with({"NoNewPrivileges": ["no"], "ProtectHome": ["no"], "ProtectSystem": ["full"]})
}

test_unknown_value if {
	unit := given.unclear(_with({}), "Service", "ProtectHome")
	given.said(rule.report) == {"unknown sections.Service.ProtectHome.0"} with input as unit
}

test_absent_is_silent if count(rule.report) == 0 with input as _with({})

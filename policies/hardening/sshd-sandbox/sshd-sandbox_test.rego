package nixlint.rules.hardening.sshd_sandbox_test

import data.nixlint.lib.given
import data.nixlint.rules.hardening.sshd_sandbox as rule
import future.keywords.not

_full := {
	"NoNewPrivileges": ["yes"], "PrivateMounts": ["yes"], "PrivateTmp": ["yes"], "ProtectControlGroups": ["yes"],
	"ProtectHome": ["yes"], "ProtectKernelModules": ["yes"], "ProtectKernelTunables": ["yes"], "ProtectSystem": ["strict"],
	"RemoveIPC": ["yes"], "RestrictNamespaces": ["yes"], "RestrictRealtime": ["yes"], "RestrictSUIDSGID": ["yes"],
	"SystemCallFilter": ["@system-service"], "CapabilityBoundingSet": ["CAP_NET_BIND_SERVICE", "CAP_DAC_READ_SEARCH"],
}

_with(directives) := given.override("service", "sshd", "Service", object.union(_full, directives))

test_silent_on_the_whole_set if {
	count(rule.report) == 0 with input as _with({})
	count(rule.report) == 0 with input as _with({"SystemCallFilter": ["@system-service", "~@privileged"]})
}

test_silent_on_other_units if count(rule.report) == 0 with input as given.service("nginx", {})

test_fires_on_a_weaker_value if {
	given.said(rule.report) == {"fail sections.Service.ProtectSystem.0"} with input as _with({"ProtectSystem": ["full"]})
}

test_fires_on_more_capabilities_and_names_the_lockout if {
	unit := _with({"CapabilityBoundingSet": ["CAP_NET_BIND_SERVICE", "CAP_SYS_CHROOT"]})
	given.said(rule.report) == {"fail sections.Service.CapabilityBoundingSet.0"} with input as unit
	some found in rule.report with input as unit
	contains(found.msg, "CapabilityBoundingSet allows CAP_SYS_CHROOT beyond")
	contains(found.msg, "compat/sshd-lockout")
}

test_fires_on_more_system_calls if {
	unit := _with({"SystemCallFilter": ["@system-service", "chroot"]})
	given.said(rule.report) == {"fail sections.Service.SystemCallFilter.0"} with input as unit
}

test_fires_on_a_list_of_what_is_denied if {
	unit := _with({"SystemCallFilter": ["~@mount"]})
	given.said(rule.report) == {"fail sections.Service.SystemCallFilter.0"} with input as unit
}

test_unknown_value if {
	unit := given.unclear(_with({}), "Service", "PrivateTmp")
	given.said(rule.report) == {"unknown sections.Service.PrivateTmp.0"} with input as unit
}

test_absent_on_an_override_is_unknown if {
	found := given.said(rule.report) with input as given.override("service", "sshd@", "Service", {})
	count(found) == 14
	every text in found { startswith(text, "unknown ") }
}

test_absent_on_an_own_unit_fails if {
	found := given.said(rule.report) with input as given.service("sshd", {})
	count(found) == 14
	every text in found { startswith(text, "fail ") }
}

test_silent_on_what_is_taken_away_again if {
	count(rule.report) == 0 with input as _with({"SystemCallFilter": ["@system-service", "chroot", "~@mount"]})
}

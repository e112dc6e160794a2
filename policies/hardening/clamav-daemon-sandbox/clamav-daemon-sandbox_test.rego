package nixlint.rules.hardening.clamav_daemon_sandbox_test

import data.nixlint.lib.given
import data.nixlint.rules.hardening.clamav_daemon_sandbox as rule
import future.keywords.not

_good := {"ProtectSystem": ["strict"], "ProtectHome": ["read-only"], "ReadWritePaths": ["/var/lib/clamav", "-/var/log/clamav"]}

_with(directives) := given.override("service", "clamav-daemon", "Service", directives)

test_silent_on_the_whole_set if count(rule.report) == 0 with input as _with(_good)

test_fires_on_another_value if {
	unit := _with(object.union(_good, {"ProtectHome": ["no"]}))
	given.said(rule.report) == {"fail sections.Service.ProtectHome.0"} with input as unit
}

test_unknown_whether_the_base_has_the_path if {
	unit := _with(object.union(_good, {"ReadWritePaths": ["/var/lib/clamav"]}))
	given.said(rule.report) == {"unknown sections.Service.ReadWritePaths.0"} with input as unit
}

test_unknown_value if {
	unit := given.unclear(_with(_good), "Service", "ProtectSystem")
	given.said(rule.report) == {"unknown sections.Service.ProtectSystem.0"} with input as unit
}

test_absent_on_an_override_is_unknown if {
	given.said(rule.report) == {"unknown sections.Service.ProtectSystem"} with input as _with(object.remove(_good, ["ProtectSystem"]))
}

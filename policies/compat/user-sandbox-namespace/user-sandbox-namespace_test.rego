package nixlint.rules.compat.user_sandbox_namespace_test

import data.nixlint.lib.given
import data.nixlint.rules.compat.user_sandbox_namespace as rule
import future.keywords.not

_user(directives) := given.user(given.service("a", directives))

test_fires if {
	given.said(rule.report) == {
		"fail sections.Service.PrivateDevices.0", "fail sections.Service.PrivateTmp.0",
		"fail sections.Service.ProtectSystem.0",
	} with input as _user({
		"PrivateTmp": ["yes"], "PrivateDevices": ["yes"], "ProtectSystem": ["strict"], "NoNewPrivileges": ["yes"],
		"DynamicUser": ["yes"],
	})
}

test_fires_on_capabilities_where_a_newer_systemd_makes_the_namespace if {
	given.said(rule.report) == {"fail sections.Service.CapabilityBoundingSet", "fail sections.Service.ProtectHome.0"} with input as _user({
		"CapabilityBoundingSet": [],
		"ProtectHome": ["yes"],
	})
	count(rule.report) == 0 with input as _user({"CapabilityBoundingSet": []})
}

test_silent_with_private_users if {
	count(rule.report) == 0 with input as _user({
		"PrivateUsers": ["yes"], "PrivateTmp": ["yes"], "ProtectSystem": ["strict"],
		"CapabilityBoundingSet": [], "PrivateDevices": ["yes"], "ProtectKernelModules": ["yes"],
	})
	count(rule.report) == 0 with input as given.unclear(_user({"PrivateTmp": ["yes"]}), "Service", "PrivateUsers")
}

test_silent if {
	count(rule.report) == 0 with input as _user({"PrivateDevices": ["no"], "ProtectSystem": ["no"]})
	count(rule.report) == 0 with input as given.service("a", {"PrivateTmp": ["yes"]})
}

test_unknown if {
	given.said(rule.report) == {"unknown sections.Service.ProtectHome.0"} with input as given.unclear(_user({}), "Service", "ProtectHome")
}

test_absent if count(rule.report) == 0 with input as _user({})

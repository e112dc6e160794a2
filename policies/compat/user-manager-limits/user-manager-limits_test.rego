package nixlint.rules.compat.user_manager_limits_test

import data.nixlint.lib.given
import data.nixlint.rules.compat.user_manager_limits as rule
import future.keywords.not

_user(directives) := given.user(given.service("jupyter", directives))

test_fires_on_the_report if {
	unit := object.union(
		_user({
			"DeviceAllow": ["/dev/nvidia0 rw", "/dev/nvidiactl rw"], "SupplementaryGroups": ["nvidia"],
			"PrivateTmp": ["yes"], "ProtectSystem": ["strict"], "NoNewPrivileges": ["yes"],
			"LoadCredential": ["jupyter-token:/etc/credstore/jupyter-token"],
		}),
		{"effective": {"Unit": {"After": [given.possible(["network.target"])]}}},
	)
	given.said(rule.report) == {
		"fail sections.Service.DeviceAllow.0", "fail sections.Service.LoadCredential.0",
		"fail sections.Service.SupplementaryGroups.0", "fail sections.Unit.After.0",
	} with input as unit
}

test_fires_on_no_capabilities if {
	given.said(rule.report) == {"fail sections.Service.CapabilityBoundingSet"} with input as _user({"CapabilityBoundingSet": []})
}

test_silent_on_capabilities_where_a_newer_systemd_makes_the_namespace if {
	count(rule.report) == 0 with input as _user({"CapabilityBoundingSet": [], "PrivateTmp": ["yes"]})
}

test_what_leaves_nothing_open_is_minor if {
	some found in rule.report with input as _user({"RemoveIPC": ["yes"]})
	found.minor
}

test_no_capabilities_alone_is_not_minor if {
	some found in rule.report with input as _user({"CapabilityBoundingSet": []})
	not found.minor
}

test_requiring_a_target_of_the_system_is_worse_than_waiting_for_it if {
	unit := object.union(_user({}), {"effective": {"Unit": {
		"After": [given.possible(["network.target"])], "Requires": [given.possible(["network-online.target"])],
	}}})
	{found.path[2] | some found in rule.report with input as unit; found.minor} == {"After"}
	{found.path[2] | some found in rule.report with input as unit; not found.minor} == {"Requires"}
}

test_silent_with_private_users if {
	count(rule.report) == 0 with input as _user({
		"PrivateUsers": ["yes"], "PrivateTmp": ["yes"], "ProtectSystem": ["strict"],
		"CapabilityBoundingSet": [], "PrivateDevices": ["yes"], "ProtectKernelModules": ["yes"],
	})
}

test_silent_on_what_is_off if {
	count(rule.report) == 0 with input as _user({"PrivateDevices": ["no"], "DevicePolicy": ["auto"], "DeviceAllow": []})
}

test_silent_on_system_units if count(rule.report) == 0 with input as given.service("a", {"DynamicUser": ["yes"]})

test_unknown_value if {
	unit := given.unclear(_user({}), "Service", "DynamicUser")
	given.said(rule.report) == {"unknown sections.Service.DynamicUser.0"} with input as unit
}

test_absent_is_silent if count(rule.report) == 0 with input as _user({})

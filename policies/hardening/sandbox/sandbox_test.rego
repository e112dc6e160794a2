package nixlint.rules.hardening.sandbox_test

import data.nixlint.lib.given
import data.nixlint.rules.hardening.sandbox as rule
import future.keywords.not

_good := {
	"User": ["a"], "CapabilityBoundingSet": [], "SystemCallFilter": ["@system-service"], "ProtectSystem": ["strict"],
	"NoNewPrivileges": ["yes"], "ProtectHome": ["yes"], "PrivateTmp": ["yes"],
}

test_silent_in_the_whole_sandbox if count(rule.report) == 0 with input as given.service("a", _good)

test_fires_once_and_lists_by_gain if {
	unit := given.service("a", object.remove(_good, ["PrivateTmp", "SystemCallFilter"]))
	{found.msg | some found in rule.report} == {"leaves out, by gain: SystemCallFilter, PrivateTmp"} with input as unit
	given.said(rule.report) == {"fail sections.Service"} with input as unit
}

test_silent_on_oneshots_overrides_and_user_units if {
	count(rule.report) == 0 with input as given.service("a", {"Type": ["oneshot"]})
	count(rule.report) == 0 with input as given.override("service", "a", "Service", {})
	count(rule.report) == 0 with input as given.user(given.service("a", {}))
}

test_silent_on_the_homes_of_a_backup if {
	count(rule.report) == 0 with input as given.service("restic-home", object.remove(_good, ["ProtectHome"]))
}

test_unknown_value if {
	unit := given.unclear(given.service("a", _good), "Service", "PrivateTmp")
	{[found.verdict, found.msg] | some found in rule.report} == {["unknown", "may leave out, by gain: PrivateTmp"]} with input as unit
}

test_absent_everything_fails if {
	some found in rule.report with input as given.service("a", {})
	found.msg == concat("", [
		"leaves out, by gain: a user of its own (User or DynamicUser), CapabilityBoundingSet, SystemCallFilter, ",
		"ProtectSystem, NoNewPrivileges, ProtectHome, PrivateTmp",
	])
}

test_unknown_where_something_may_add_to_it if {
	unit := object.union(given.service("a", object.remove(_good, ["PrivateTmp"])), {"open": "config.x is not known"})
	{found.verdict | some found in rule.report} == {"unknown"} with input as unit
}

test_fires_on_a_filter_that_forbids_nothing if {
	powerful := ["CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_NET_ADMIN", "CAP_SETUID", "CAP_SYS_ADMIN", "CAP_SYS_PTRACE"]
	unit := given.service("a", object.union(_good, {"CapabilityBoundingSet": powerful, "SystemCallFilter": ["~"]}))
	{found.msg | some found in rule.report} == {"leaves out, by gain: SystemCallFilter, CapabilityBoundingSet"} with input as unit
}

test_fires_on_a_filter_that_is_reset if {
	unit := given.service("a", object.union(_good, {"SystemCallFilter": []}))
	{found.msg | some found in rule.report} == {"leaves out, by gain: SystemCallFilter"} with input as unit
}

test_says_what_is_not_known_beside_what_is_left_out if {
	unit := given.unclear(given.service("a", object.remove(_good, ["ProtectHome"])), "Service", "PrivateTmp")
	{found.msg | some found in rule.report} == {"leaves out, by gain: ProtectHome; may leave out: PrivateTmp"} with input as unit
}

test_fires_lightly_on_a_script_that_may_be_a_job if {
	some job in rule.report with input as given.script(given.service("a", {}), "echo 1 > /sys/x\n")
	job.minor
	some served in rule.report with input as given.script(given.service("a", {}), "mkdir /run/a\nexec server \\\n  --port 1\n")
	not served.minor
	some restarted in rule.report with input as given.script(given.service("a", {"Restart": ["always"]}), "server\n")
	not restarted.minor
}

test_fires_lightly_on_what_ends if {
	every text in [
		"<pkgs.alsa-tools>/bin/hda-verb /dev/snd/hwC0D0 0x1d SET_PIN_WIDGET_CONTROL 0x0",
		"-<pkgs.util-linux>/bin/rfkill block 0",
	] {
		some found in rule.report with input as given.service("a", {"Type": ["simple"], "Restart": ["on-failure"], "ExecStart": [text]})
		found.minor
		contains(found.msg, "Type=oneshot")
	}
	some script in rule.report with input as given.service("a", {"Restart": ["no"], "ExecStart": ["<pkgs.bash>/bin/bash <pkgs.x>/aspm.sh"]})
	script.minor
	run := object.union(given.service("a", {"ExecStart": ["<pkgs.go>"]}), {"scripts": {"ExecStart": [{"value": "sync-all\n", "known": true}]}})
	some written in rule.report with input as run
	written.minor
}

test_fires_wholly_on_what_stays if {
	every directives in [
		{"ExecStart": ["<pkgs.iproute2>/bin/ip monitor"]},
		{"ExecStart": ["<pkgs.kmod>/bin/modprobe x"], "Restart": ["always"]},
		{"ExecStart": ["<pkgs.bash>/bin/bash -c server"]},
		{"ExecStart": ["<pkgs.bash>/bin/bash <pkgs.x>/serve.sh"], "Restart": ["on-failure"]},
		{"ExecStart": ["<pkgs.ipfs>/bin/ipfs daemon"]},
	] {
		some found in rule.report with input as given.service("a", directives)
		not found.minor
	}
	configured := object.union(
		given.service("a", {"ExecStart": ["<pkgs.caddy>/bin/caddy run --config <pkgs.Caddyfile>"]}),
		{"scripts": {"ExecStart": [{"value": ":80 {\n}\n", "known": true}]}},
	)
	some found in rule.report with input as configured
	not found.minor
}

test_capabilities_come_last_where_none_can_be_had if {
	nobody := object.remove(_good, ["CapabilityBoundingSet", "PrivateTmp"])
	{found.msg | some found in rule.report} == {"leaves out, by gain: PrivateTmp, CapabilityBoundingSet"} with input as given.service("a", nobody)
	given_some := object.union(nobody, {"AmbientCapabilities": ["CAP_NET_ADMIN"]})
	{found.msg | some found in rule.report} == {"leaves out, by gain: CapabilityBoundingSet, PrivateTmp"} with input as given.service("a", given_some)
}

test_silent_on_files_in_a_root_of_its_own if {
	rooted := object.union(
		object.remove(_good, ["ProtectSystem", "ProtectHome", "PrivateTmp"]),
		{"RootDirectory": ["/run/a"], "BindReadOnlyPaths": ["/nix/store", "/etc/ssl"], "BindPaths": ["/var/lib/a"]},
	)
	count(rule.report) == 0 with input as given.service("a", rooted)
	every more in [
		{"BindPaths": ["/etc/a:/etc/a"]}, {"BindPaths": ["/"]}, {"BindReadOnlyPaths": ["-/home/a:/a"]}, {"RootDirectory": ["/"]},
		{"BindReadOnlyPaths": ["/"]},
	] {
		{found.msg | some found in rule.report} == {"leaves out, by gain: ProtectSystem, ProtectHome, PrivateTmp"} with input as given.service(
			"a",
			object.union(rooted, more),
		)
	}
}

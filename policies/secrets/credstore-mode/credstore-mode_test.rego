package nixlint.rules.secrets.credstore_mode_test

import data.nixlint.lib.given
import data.nixlint.rules.secrets.credstore_mode as rule
import future.keywords.not

_host(units, lines) := given.host(units, lines, {})

_script(text) := _host([given.script(given.service("a", {}), text)], [])

test_fires_on_another_mode if {
	given.said(rule.report) == {"fail tmpfiles.0"} with input as _host([], [given.line("d", "/etc/credstore", "0755", "root", "root", "")])
	given.said(rule.report) == {"fail tmpfiles.0"} with input as _host([], [given.line("d", "/etc/credstore", "", "", "", "")])
	given.said(rule.report) == {"fail tmpfiles.0"} with input as _host([], [given.line("d", "/etc/credstore", "0700", "a", "", "")])
}

test_fires_on_a_script_that_sets_no_mode if {
	given.said(rule.report) == {"fail units.0.scripts.start"} with input as _script("mkdir -p /etc/credstore\nchmod 755 /etc/credstore\n")
	some found in rule.report with input as _script("true\nmkdir -p /etc/credstore\n")
	found.match == "mkdir -p /etc/credstore"
}

test_silent_on_a_closed_store if {
	count(rule.report) == 0 with input as _host([], [given.line("d", "/etc/credstore", "0700", "root", "root", "")])
	count(rule.report) == 0 with input as _script("mkdir -p /etc/credstore\nchmod 700 /etc/credstore\n")
	count(rule.report) == 0 with input as _script("install -d -m 0700 /etc/credstore")
	count(rule.report) == 0 with input as _script("cat /etc/credstore/x")
}

test_unknown_mode if {
	host := _host([], [given.line("d", "/etc/credstore", "<unknown: m>", "", "", "")])
	given.said(rule.report) == {"unknown tmpfiles.0"} with input as host
}

test_absent_is_silent if count(rule.report) == 0 with input as _host([], [])

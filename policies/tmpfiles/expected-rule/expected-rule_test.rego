package nixlint.rules.tmpfiles.expected_rule_test

import data.nixlint.lib.given
import data.nixlint.rules.tmpfiles.expected_rule as rule
import future.keywords.not

_host(units, lines) := given.host(units, lines, {})

test_silent_on_the_lines_that_were_agreed if {
	count(rule.report) == 0 with input as _host([], [
		given.line("d", "/var/log/clamav", "0755", "clamav", "clamav", ""),
		given.line("d", "/var/cache/cuda", "770", "root", "nvidia", ""),
		given.line("d", "/srv/vms/shared", "0755", "", "libvirtd", ""),
		given.line("L+", "/var/tmp/cuda-cache", "", "", "", "/var/cache/cuda"),
	])
}

test_silent_on_hosts_that_have_nothing_to_do_with_them if {
	count(rule.report) == 0 with input as _host([given.service("nginx", {"ReadWritePaths": ["/var/log/nginx"]})], [])
	count(rule.report) == 0 with input as _host([given.service("a", {"ReadWritePaths": ["/var/log/clamav-x"]})], [])
}

test_fires_on_another_mode if {
	host := _host([], [given.line("d", "/var/log/clamav", "0777", "clamav", "clamav", "")])
	given.said(rule.report) == {"fail tmpfiles.0"} with input as host
	some found in rule.report with input as host
	startswith(found.msg, "/var/log/clamav has mode 0777, want 0755: ")
}

test_fires_on_another_target if {
	host := _host([], [given.line("L+", "/var/tmp/cuda-cache", "", "", "", "/tmp/x")])
	given.said(rule.report) == {"fail tmpfiles.0"} with input as host
}

test_absent_line_fires_where_a_unit_names_the_path if {
	host := _host([given.service("scan", {"ExecStart": ["clamscan --log=/var/log/clamav/scan.log /home"]})], [])
	given.said(rule.report) == {"fail units.0.sections.Service.ExecStart.0"} with input as host
}

test_absent_line_is_silent_where_the_unit_makes_the_folder if {
	host := _host([given.service("scan", {"ExecStart": ["x /var/log/clamav"], "LogsDirectory": ["clamav"]})], [])
	count(rule.report) == 0 with input as host
}

test_unknown_field if {
	host := _host([], [given.line("d", "/var/log/clamav", "<unknown: cfg.mode>", "clamav", "clamav", "")])
	given.said(rule.report) == {"unknown tmpfiles.0"} with input as host
}

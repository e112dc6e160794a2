package nixlint.rules.scheduling.clamav_scan_scope_test

import data.nixlint.lib.given
import data.nixlint.rules.scheduling.clamav_scan_scope as rule
import future.keywords.not

_command := concat(" ", [
	"<pkgs.clamav>/bin/clamscan --recursive --exclude-dir=^/sys --exclude-dir=^/proc '--exclude-dir=^/dev'",
	"--exclude-dir=/run --exclude-dir=/nix/store --max-filesize=100M --max-scansize 300M",
	"--log=/var/log/clamav/scan.log /home",
])

_scan(text) := given.service("clamav-scan", {"ExecStart": [text]})

_said(text) := messages if {
	messages := {found.msg | some found in rule.report} with input as _scan(text)
}

test_silent_on_the_whole_command if {
	count(rule.report) == 0 with input as _scan(_command)
	one := "clamscan -r --exclude-dir='^/(sys|proc|dev|run|nix/store)' --max-filesize=50M --max-scansize=300M -l /var/log/clamav/scan.log /home"
	count(rule.report) == 0 with input as _scan(one)
}

test_fires_on_each_that_is_missing if {
	given.said(rule.report) == {"fail sections.Service.ExecStart.0"} with input as _scan(replace(_command, " /home", " /srv"))
	count(_said("clamscan /home")) == 8
	count(_said(replace(_command, " --exclude-dir=/run", ""))) == 1
}

test_fires_on_a_larger_limit if {
	_said(replace(_command, "=100M", "=1G")) == {"--max-filesize is 1G, want at most 100M: one archive can keep the scan busy for hours"}
	count(_said(replace(_command, "=100M", "=0"))) == 1
}

test_fires_on_another_log if {
	some message in _said(replace(_command, "scan.log", "x.log"))
	startswith(message, "--log is /var/log/clamav/x.log, want /var/log/clamav/scan.log: ")
}

test_unknown_rest if {
	found := given.said(rule.report) with input as _scan("clamscan <unknown: excludes> /home")
	found == {"unknown sections.Service.ExecStart.0"}
}

test_absent_command_is_unknown if {
	found := given.said(rule.report) with input as given.override("service", "clamav-scan", "Service", {})
	found == {"unknown sections.Service.ExecStart"}
}

package nixlint.rules.gpu.device_file_access_test

import data.nixlint.lib.given
import data.nixlint.rules.gpu.device_file_access as rule
import future.keywords.not

_host(rules) := given.knowing(given.host([], [], {}), given.facts(true, {"udev": given.fact("udev", {"extraRules": [rules]})}))

test_fires_on_group_and_mode if {
	text := `
KERNEL=="sda", MODE="0600"
KERNEL=="nvidia*", GROUP="nvidia", MODE="0660"
`
	given.said(rule.report) == {"fail facts.udev.fields.extraRules.0"} with input as _host(text)
	{found.match | some found in rule.report} == {`KERNEL=="nvidia*", GROUP="nvidia", MODE="0660"`} with input as _host(text)
}

test_silent_on_other_devices_and_comments if {
	count(rule.report) == 0 with input as _host(`KERNEL=="uinput", GROUP="input"`)
	count(rule.report) == 0 with input as _host(`# KERNEL=="nvidia*", GROUP="nvidia"`)
	count(rule.report) == 0 with input as _host(`KERNEL=="nvidia", RUN+="/bin/x"`)
}

test_unknown_group if {
	given.said(rule.report) == {"unknown facts.udev.fields.extraRules.0"} with input as _host(`KERNEL=="nvidia*", GROUP="<unknown: config.x>"`)
}

test_absent_rules_are_silent if count(rule.report) == 0 with input as given.host([], [], {})

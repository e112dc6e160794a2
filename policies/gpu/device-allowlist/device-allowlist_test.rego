package nixlint.rules.gpu.device_allowlist_test

import data.nixlint.lib.given
import data.nixlint.rules.gpu.device_allowlist as rule
import future.keywords.not

_with(devices) := given.service("jupyter", {"DeviceAllow": devices})

test_silent_on_the_list if count(rule.report) == 0 with input as _with(["/dev/nvidia0 rw", "/dev/nvidiactl rw", "/dev/nvidia-uvm r"])

test_fires_on_another_device if {
	given.said(rule.report) == {"fail sections.Service.DeviceAllow.1"} with input as _with(["/dev/nvidia0 rw", "/dev/sda rw"])
}

test_fires_on_the_right_to_make_nodes if {
	given.said(rule.report) == {"fail sections.Service.DeviceAllow.0"} with input as _with(["/dev/nvidia0 rwm"])
}

test_fires_lightly_on_no_mode if {
	some found in rule.report with input as _with(["/dev/nvidia0"])
	found.minor
}

test_silent_on_what_the_site_adds if {
	count(rule.report) == 0 with input as _with(["/dev/dri/card0 rw"])
		with data.site.gpu.devices as ["/dev/dri/*"]
}

test_silent_on_other_units if count(rule.report) == 0 with input as given.service("a", {"DeviceAllow": ["/dev/sda rw"]})

test_unknown_on_an_override if {
	unit := given.override("service", "ollama", "Service", {})
	given.said(rule.report) == {"unknown sections.Service.DeviceAllow"} with input as unit
}

test_fires_once_on_the_list_of_the_base if {
	unit := given.override("service", "ollama", "Service", {"DeviceAllow": ["/dev/nvidia0 rw"]})
	base := given.based(unit, "Service", {"DeviceAllow": ["char-drm", "/dev/dxg"]})
	some found in rule.report with input as base
	found.path == ["sections", "Service", "DeviceAllow", 0]
	contains(found.msg, "also allows /dev/dxg, char-drm;")
	count(rule.report) == 1 with input as base
}

test_absent_fails if {
	given.said(rule.report) == {"fail sections.Service.DeviceAllow"} with input as given.service("jupyter", {})
}

test_absent_on_what_may_do_without if count(rule.report) == 0 with input as given.service("llamacpp", {})

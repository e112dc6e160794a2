package nixlint.rules.gpu.cuda_devices_test

import data.nixlint.lib.given
import data.nixlint.rules.gpu.cuda_devices as rule
import future.keywords.not

test_fires_without_uvm if {
	unit := given.service("jupyter", {"DeviceAllow": ["/dev/nvidia0 rw", "/dev/nvidiactl rw"]})
	given.said(rule.report) == {"fail sections.Service.DeviceAllow.0"} with input as unit
}

test_silent_with_uvm if {
	count(rule.report) == 0 with input as given.service("jupyter", {"DeviceAllow": ["/dev/nvidia0 rw", "/dev/nvidia-uvm rw"]})
	count(rule.report) == 0 with input as given.service("jupyter", {"DeviceAllow": ["/dev/dri/card0 rw"]})
	count(rule.report) == 0 with input as given.service("other", {"DeviceAllow": ["/dev/nvidia0 rw"]})
}

test_unknown_where_the_base_may_add_it if {
	unit := given.override("service", "ollama", "Service", {"DeviceAllow": ["/dev/nvidia0 rw"]})
	given.said(rule.report) == {"unknown sections.Service.DeviceAllow.0"} with input as unit
}

test_absent_is_silent if {
	count(rule.report) == 0 with input as given.service("jupyter", {})
	count(rule.report) == 0 with input as given.override("service", "ollama", "Service", {})
}

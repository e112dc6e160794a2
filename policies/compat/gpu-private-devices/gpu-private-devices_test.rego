package nixlint.rules.compat.gpu_private_devices_test

import data.nixlint.lib.given
import data.nixlint.rules.compat.gpu_private_devices as rule
import future.keywords.not

_uses := given.service("a", {"Environment": ["CUDA_VISIBLE_DEVICES=0"], "PrivateDevices": ["yes"]})

test_fires if {
	given.said(rule.report) == {"fail sections.Service.PrivateDevices.0"} with input as _uses
	given.said(rule.report) == {"fail sections.Service.PrivateDevices.0"} with input as given.service(
		"a",
		{"DeviceAllow": ["/dev/nvidia0 rw"], "PrivateDevices": ["yes"]},
	)
}

test_silent if {
	count(rule.report) == 0 with input as given.service("a", {"PrivateDevices": ["yes"]})
	count(rule.report) == 0 with input as given.service("a", {"Environment": ["CUDA_VISIBLE_DEVICES=0"], "PrivateDevices": ["no"]})
	count(rule.report) == 0 with input as given.service("a", {
		"Environment": ["CUDA_VISIBLE_DEVICES=0"], "PrivateDevices": ["yes"], "BindPaths": ["/dev/nvidia0"],
	})
}

test_unknown if {
	given.said(rule.report) == {"unknown sections.Service.PrivateDevices.0"} with input as given.either(
		_uses,
		"Service", "PrivateDevices", ["yes"], null,
	)
}

test_absent if {
	count(rule.report) == 0 with input as given.service("a", {"Environment": ["CUDA_VISIBLE_DEVICES=0"]})
}

package nixlint.rules.gpu.undeclared_access_test

import data.nixlint.lib.given
import data.nixlint.rules.gpu.undeclared_access as rule
import future.keywords.not

test_fires_on_layers if {
	unit := given.service("a", {"ExecStart": ["x --n-gpu-layers 35 --port 1"]})
	given.said(rule.report) == {"fail sections.Service.ExecStart.0"} with input as unit
	some found in rule.report with input as unit
	found.match == "--n-gpu-layers 35"
}

test_fires_on_a_variable if {
	unit := given.service("a", {"Environment": ["PATH=/bin", "CUDA_VISIBLE_DEVICES=0"]})
	given.said(rule.report) == {"fail sections.Service.Environment.1"} with input as unit
}

test_fires_in_a_script if {
	given.said(rule.report) == {"fail scripts.start"} with input as given.script(given.service("a", {}), "test -e /dev/nvidia0")
}

test_fires_lightly_on_a_group if {
	some found in rule.report with input as given.service("a", {"SupplementaryGroups": ["render"]})
	found.minor
}

test_silent_with_devices if {
	count(rule.report) == 0 with input as given.service("a", {"ExecStart": ["x -ngl 9"], "DeviceAllow": ["/dev/nvidia0 rw"]})
	count(rule.report) == 0 with input as given.service("a", {"ExecStart": ["x -ngl 9"], "PrivateDevices": ["yes"]})
	count(rule.report) == 0 with input as given.service("a", {"ExecStart": ["x -ngl 9"], "DevicePolicy": ["closed"]})
}

test_silent_without_a_gpu if {
	count(rule.report) == 0 with input as given.service("a", {"ExecStart": ["x --gpu-layers 0"], "Environment": ["CUDA_VISIBLE_DEVICES=-1"]})
}

test_unknown_number_of_layers if {
	unit := given.service("a", {"ExecStart": ["x --gpu-layers <unknown: cfg>"]})
	given.said(rule.report) == {"unknown sections.Service.ExecStart.0"} with input as unit
}

test_unknown_on_an_override if {
	unit := given.override("service", "a", "Service", {"Environment": ["CUDA_VISIBLE_DEVICES=0"]})
	given.said(rule.report) == {"unknown sections.Service.Environment.0"} with input as unit
}

test_absent_is_silent if count(rule.report) == 0 with input as given.service("a", {})

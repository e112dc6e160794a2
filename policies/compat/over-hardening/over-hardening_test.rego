package nixlint.rules.compat.over_hardening_test

import data.nixlint.lib.given
import data.nixlint.rules.compat.over_hardening as rule
import future.keywords.not

_node := "<pkgs.nodejs_22>/bin/node server.js"

test_fires_on_a_compiler if {
	unit := given.service("a", {"ExecStart": [_node], "MemoryDenyWriteExecute": ["yes"]})
	given.said(rule.report) == {"fail sections.Service.MemoryDenyWriteExecute.0"} with input as unit
}

test_fires_on_a_port if {
	unit := given.service("a", {"ExecStart": ["x --port 8080"], "PrivateNetwork": ["yes"]})
	given.said(rule.report) == {"fail sections.Service.PrivateNetwork.0"} with input as unit
}

test_silent if {
	count(rule.report) == 0 with input as given.service("a", {"ExecStart": ["<pkgs.x>/bin/node-exporter"], "MemoryDenyWriteExecute": ["yes"]})
	count(rule.report) == 0 with input as given.service("a", {"ExecStart": [_node], "MemoryDenyWriteExecute": ["no"]})
	count(rule.report) == 0 with input as given.service("a", {"ExecStart": ["x"], "PrivateNetwork": ["yes"]})
	count(rule.report) == 0 with input as given.service("a", {"ExecStart": ["x --port 80"], "PrivateNetwork": ["yes"], "Sockets": ["b.socket"]})
}

test_silent_without_a_compiler if {
	count(rule.report) == 0 with input as given.service("a", {
		"ExecStart": ["<pkgs.nodejs>/bin/node --jitless server.js"],
		"MemoryDenyWriteExecute": ["yes"],
	})
}

test_unknown if {
	unit := given.either(given.service("a", {"ExecStart": [_node]}), "Service", "MemoryDenyWriteExecute", ["yes"], null)
	given.said(rule.report) == {"unknown sections.Service.MemoryDenyWriteExecute.0"} with input as unit
}

test_absent if {
	count(rule.report) == 0 with input as given.service("a", {"ExecStart": [_node]})
}

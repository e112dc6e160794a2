package nixlint.rules.network.loopback_only_test

import data.nixlint.lib.given
import data.nixlint.rules.network.loopback_only as rule
import future.keywords.not

test_fires_on_every_address if {
	unit := given.service("llamacpp", {"ExecStart": ["x --host 0.0.0.0 --port 8080"]})
	given.said(rule.report) == {"fail sections.Service.ExecStart.0"} with input as unit
	some found in rule.report with input as unit
	found.match == "--host 0.0.0.0"
}

test_fires_in_a_script if {
	unit := given.script(given.service("jupyter", {}), "jupyter-lab --ip=10.0.0.1")
	given.said(rule.report) == {"fail scripts.start"} with input as unit
}

test_fires_on_a_variable if {
	unit := given.override("service", "ollama", "Service", {"Environment": ["OLLAMA_HOST=0.0.0.0:11434"]})
	given.said(rule.report) == {"fail sections.Service.Environment.0"} with input as unit
}

test_silent_on_loopback if {
	count(rule.report) == 0 with input as given.service("llamacpp", {"ExecStart": ["x --host 127.0.0.1"]})
	count(rule.report) == 0 with input as given.service("jupyter", {"ExecStart": ["x --ip=localhost --no-browser"]})
	count(rule.report) == 0 with input as given.override("service", "ollama", "Service", {"Environment": ["\"OLLAMA_HOST=127.0.0.1:11434\""]})
}

test_silent_on_other_units if count(rule.report) == 0 with input as given.service("nginx", {"ExecStart": ["x --host 0.0.0.0"]})

test_unknown_address if {
	unit := given.service("llamacpp", {"ExecStart": ["x --host <unknown: cfg.host> --port 1"]})
	given.said(rule.report) == {"unknown sections.Service.ExecStart.0"} with input as unit
}

test_absent_is_the_default_which_is_loopback if {
	count(rule.report) == 0 with input as given.service("llamacpp", {"ExecStart": ["x --port 8080"]})
	count(rule.report) == 0 with input as given.override("service", "ollama", "Service", {})
}

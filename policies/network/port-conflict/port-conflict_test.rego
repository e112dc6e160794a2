package nixlint.rules.network.port_conflict_test

import data.nixlint.lib.given
import data.nixlint.rules.network.port_conflict as rule
import future.keywords.not

_llama := given.service("llamacpp", {"ExecStart": ["x --host 127.0.0.1 --port 8080"]})

test_fires_on_two_commands if {
	host := given.host([_llama, given.service("web", {"ExecStart": ["y --port=8080"]})], [], {})
	given.said(rule.report) == {"fail units.1.sections.Service.ExecStart.0"} with input as host
	some found in rule.report with input as host
	startswith(found.msg, "port 8080 is also taken by llamacpp: ")
}

test_fires_on_a_setting if {
	settings := {"services.prometheus.enable": "true", "services.prometheus.port": "8080"}
	given.said(rule.report) == {"fail units.0.sections.Service.ExecStart.0"} with input as given.host([_llama], [], settings)
}

test_fires_on_a_socket if {
	host := given.host([_llama, given.unit("socket", "web", "Socket", {"ListenStream": ["0.0.0.0:8080"]})], [], {})
	given.said(rule.report) == {"fail units.1.sections.Socket.ListenStream.0"} with input as host
}

test_silent_on_other_ports_addresses_and_namespaces if {
	every other in [
		given.service("web", {"ExecStart": ["y --port 8081"]}),
		given.service("web", {"ExecStart": ["y --host 127.0.0.2 --port 8080"]}),
		given.service("web", {"ExecStart": ["y --port 8080"], "PrivateNetwork": ["yes"]}),
		given.unit("socket", "llamacpp", "Socket", {"ListenStream": ["8080"]}),
	] {
		count(rule.report) == 0 with input as given.host([_llama, other], [], {})
	}
}

test_silent_across_loose_modules if {
	host := given.host([_llama, given.service("web", {"ExecStart": ["y --port 8080"]})], [], {})
	count(rule.report) == 0 with input as object.union(host, {"source": "loose"})
}

test_unknown_port_may_be_anothers if {
	web := given.service("web", {"ExecStart": ["y --port <unknown: p>"]})
	given.said(rule.report) == {"unknown units.1.sections.Service.ExecStart.0"} with input as given.host([_llama, web], [], {})
	count(rule.report) == 0 with input as given.host([web], [], {})
}

test_absent_port_is_the_default_of_what_the_site_names if {
	host := given.host([given.service("llamacpp", {"ExecStart": ["x"]}), given.service("web", {"ExecStart": ["y --port 8080"]})], [], {})
	given.said(rule.report) == {"fail units.1.sections.Service.ExecStart.0"} with input as host
}

test_absent_setting_is_the_default_of_the_option if {
	unit := given.service("web", {"ExecStart": ["y --port 9090"]})
	found := given.said(rule.report) with input as given.host([unit], [], {"services.prometheus.enable": "true"})
	found == {"fail units.0.sections.Service.ExecStart.0"}
	count(rule.report) == 0 with input as given.host([unit], [], {"services.prometheus.enable": "false"})
}

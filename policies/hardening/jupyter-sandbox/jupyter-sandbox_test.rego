package nixlint.rules.hardening.jupyter_sandbox_test

import data.nixlint.lib.given
import data.nixlint.rules.hardening.jupyter_sandbox as rule
import future.keywords.not

_good := {
	"ExecStart": ["<pkgs.jupyter>/bin/jupyter-lab --no-browser"],
	"NoNewPrivileges": ["yes"], "PrivateTmp": ["yes"], "ProtectSystem": ["strict"],
}

test_silent_on_the_whole_set if count(rule.report) == 0 with input as given.service("jupyter", _good)

test_fires_without_no_browser if {
	unit := given.service("jupyter", object.union(_good, {"ExecStart": ["<pkgs.jupyter>/bin/jupyter-lab --ip=127.0.0.1"]}))
	given.said(rule.report) == {"fail sections.Service.ExecStart.0"} with input as unit
}

test_fires_on_a_weaker_value if {
	unit := given.service("jupyter", object.union(_good, {"ProtectSystem": ["yes"]}))
	given.said(rule.report) == {"fail sections.Service.ProtectSystem.0"} with input as unit
}

test_unknown_command if {
	unit := given.service("jupyter", object.union(_good, {"ExecStart": ["<pkgs.jupyter>/bin/jupyter-lab <unknown: args>"]}))
	given.said(rule.report) == {"unknown sections.Service.ExecStart.0"} with input as unit
}

test_absent_fails if {
	unit := given.service("jupyter", object.remove(_good, ["PrivateTmp"]))
	given.said(rule.report) == {"fail sections.Service.PrivateTmp"} with input as unit
}

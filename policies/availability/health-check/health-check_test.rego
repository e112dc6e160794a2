package nixlint.rules.availability.health_check_test

import data.nixlint.lib.given
import data.nixlint.rules.availability.health_check as rule
import future.keywords.not

_host(units) := given.host(units, [], {})

test_fires if {
	unit := given.service("jupyter", {"ExecStart": ["/bin/jupyter"]})
	given.said(rule.report) == {"fail units.0.sections.Service.ExecStartPost"} with input as _host([unit])
	some found in rule.report with input as _host([unit])
	found.minor
}

test_fires_on_a_watchdog_that_nobody_feeds if {
	unit := given.service("notes", {"WatchdogSec": ["30"], "Type": ["simple"]})
	given.said(rule.report) == {"fail units.0.sections.Service.WatchdogSec.0"} with input as _host([unit])
	majors := [found | some found in rule.report; not found.minor] with input as _host([unit])
	count(majors) == 1
	given.said(rule.report) == {
		"fail units.0.sections.Service.WatchdogSec.0",
		"fail units.0.sections.Service.ExecStartPost",
	} with input as _host([given.service("jupyter", {"WatchdogSec": ["30"]})])
}

test_silent if {
	count(rule.report) == 0 with input as _host([given.service("notes", {})])
	count(rule.report) == 0 with input as _host([given.service("jupyter", {"ExecStartPost": ["/bin/probe"]})])
	count(rule.report) == 0 with input as _host([given.service("jupyter", {"WatchdogSec": ["30"], "Type": ["notify"]})])
	count(rule.report) == 0 with input as _host([given.service("jupyter", {"WatchdogSec": ["30"], "NotifyAccess": ["main"]})])
	count(rule.report) == 0 with input as _host([given.service("notes", {"WatchdogSec": ["0"]})])
	count(rule.report) == 0 with input as _host([given.script(given.service("notes", {"WatchdogSec": ["9"]}), "systemd-notify WATCHDOG=1")])
	count(rule.report) == 0 with input as _host([given.service("jupyter", {}), given.timer("jupyter-healthcheck", {})])
}

test_unknown if {
	unit := given.unclear(given.service("jupyter", {}), "Service", "ExecStartPost")
	given.said(rule.report) == {"unknown units.0.sections.Service.ExecStartPost.0"} with input as _host([unit])
	base := given.override("service", "grafana", "Service", {"Restart": ["always"]})
	given.said(rule.report) == {"unknown units.0.sections.Service.ExecStartPost"} with input as _host([base])
	watched := given.override("service", "notes", "Service", {"WatchdogSec": ["30"]})
	given.said(rule.report) == {"unknown units.0.sections.Service.WatchdogSec.0"} with input as _host([watched])
}

test_absent if {
	given.said(rule.report) == {"fail units.0.sections.Service.ExecStartPost"} with input as _host([given.service("jupyter", {})])
	count(rule.report) == 0 with input as _host([given.service("notes", {})])
}

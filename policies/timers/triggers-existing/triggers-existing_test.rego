package nixlint.rules.timers.triggers_existing_test

import data.nixlint.lib.given
import data.nixlint.rules.timers.triggers_existing as rule
import future.keywords.not

_host(units) := given.host(units, [], {})

test_fires_on_a_unit_that_does_not_exist if {
	given.said(rule.report) == {"fail units.0.sections.Timer.Unit"} with input as _host([given.timer("a", {"Unit": ["b.service"]})])
}

test_absent_unit_is_the_service_of_the_same_name if {
	given.said(rule.report) == {"fail units.0"} with input as _host([given.timer("a", {})])
	count(rule.report) == 0 with input as _host([given.timer("a", {}), given.service("a", {})])
}

test_fires_across_managers if {
	given.said(rule.report) == {"fail units.0"} with input as _host([given.user(given.timer("a", {})), given.service("a", {})])
}

test_silent_on_instances_and_loose_modules if {
	count(rule.report) == 0 with input as _host([given.timer("a", {"Unit": ["b@x.service"]}), given.service("b@", {})])
	count(rule.report) == 0 with input as object.union(_host([given.timer("a", {})]), {"source": "loose"})
	count(rule.report) == 0 with input as _host([given.override("timer", "a", "Timer", {})])
}

test_silent_on_what_systemd_ships if {
	count(rule.report) == 0 with input as _host([given.timer("a", {"Unit": ["systemd-tmpfiles-clean.service"]})])
}

test_unknown_where_a_module_may_make_it if {
	host := _host([given.timer("a", {"Unit": ["restic-backups-b.service"]})])
	given.said(rule.report) == {"fail units.0.sections.Timer.Unit"} with input as host
	uses := object.union(host, {"settings": {"services.restic.backups.b.paths": [{"value": "[]", "known": true}]}})
	given.said(rule.report) == {"unknown units.0.sections.Timer.Unit"} with input as uses
}

test_unknown_unit if {
	given.said(rule.report) == {"unknown units.0.sections.Timer.Unit"} with input as _host([given.unclear(
		given.timer("a", {}),
		"Timer", "Unit",
	)])
}

package nixlint.rules.compat.undefined_identity_test

import data.nixlint.lib.given
import data.nixlint.rules.compat.undefined_identity as rule
import future.keywords.not

_host(directives, facts) := given.knowing(given.host([given.service("a", directives)], [], {}), facts)

_nobody := given.facts(true, {})

test_fires if {
	given.said(rule.report) == {"fail units.0.sections.Service.User.0"} with input as _host({"User": ["notes"]}, _nobody)
	given.said(rule.report) == {"fail units.0.sections.Service.Group.0"} with input as _host({"Group": ["notes"]}, _nobody)
	given.said(rule.report) == {"fail units.0.sections.Service.SupplementaryGroups.0"} with input as _host(
		{"SupplementaryGroups": ["video notes"], "DynamicUser": ["yes"]},
		_nobody,
	)
}

test_silent if {
	count(rule.report) == 0 with input as _host({"User": ["root"], "Group": ["video"]}, _nobody)
	count(rule.report) == 0 with input as _host({"User": ["1000"]}, _nobody)
	count(rule.report) == 0 with input as given.host([given.unclear(given.service("a", {}), "Service", "User")], [], {})
	count(rule.report) == 0 with input as _host({"User": ["%i"]}, _nobody)
	count(rule.report) == 0 with input as _host({"User": ["notes"], "DynamicUser": ["yes"]}, _nobody)
	count(rule.report) == 0 with input as _host(
		{"User": ["notes"], "Group": ["pages"]},
		given.facts(true, {"accounts": [given.fact("notes", {})], "memberships": [given.fact("pages", {})]}),
	)
	count(rule.report) == 0 with input as given.host([given.override("service", "a", "Service", {"User": ["notes"]})], [], {})
	theirs := given.based(given.override("service", "b", "Service", {}), "Service", {"User": ["notes"], "Group": ["pages"]})
	count(rule.report) == 0 with input as given.host(
		[given.service("a", {"User": ["notes"], "Group": ["pages"]}), theirs],
		[],
		{"services.notes.enable": "true"},
	)
	count(rule.report) == 0 with input as object.union(_host({"User": ["notes"]}, _nobody), {"source": "loose"})
}

test_fires_on_a_name_of_nixpkgs_in_the_other_database if {
	theirs := given.based(given.override("service", "b", "Service", {}), "Service", {"User": ["notes"]})
	given.said(rule.report) == {"fail units.0.sections.Service.Group.0"} with input as given.host(
		[given.service("a", {"Group": ["notes"]}), theirs],
		[], {},
	)
	dynamic := given.based(given.override("service", "b", "Service", {}), "Service", {"User": ["notes"], "DynamicUser": ["yes"]})
	given.said(rule.report) == {"fail units.0.sections.Service.User.0"} with input as given.host(
		[given.service("a", {"User": ["notes"]}), dynamic],
		[], {},
	)
}

test_silent_where_a_module_of_nixpkgs_makes_it if {
	grafana := given.service("a", {"User": ["grafana"], "Group": ["grafana"]})
	count(rule.report) == 0 with input as given.host([grafana], [], {"services.grafana.enable": "true"})
	docker := given.service("a", {"SupplementaryGroups": ["docker"]})
	count(rule.report) == 0 with input as given.host([docker], [], {"virtualisation.docker.enable": "true"})
}

test_unknown_where_the_module_is_off_or_given_another if {
	unit := given.service("a", {"User": ["nginx"]})
	said := {"unknown units.0.sections.Service.User.0"}
	given.said(rule.report) == said with input as given.host([unit], [], {"services.nginx.enable": "false"})
	given.said(rule.report) == said with input as given.host([unit], [], {"services.nginx.enable": "true", "services.nginx.user": "www"})
}

test_unknown if {
	said := {"unknown units.0.sections.Service.User.0"}
	given.said(rule.report) == said with input as _host({"User": ["notes"]}, given.facts(false, {}))
	given.said(rule.report) == said with input as _host({"User": ["wwwrun"]}, _nobody)
	unit := given.service("a", {"User": ["notes"]})
	given.said(rule.report) == said with input as given.host([unit], [], {"services.notes.enable": "true"})
	given.said(rule.report) == said with input as given.host([unit], [], {"services.pages.user": "notes"})
	given.said(rule.report) == said with input as given.host([given.script(unit, "useradd notes")], [], {})
}

test_absent if {
	count(rule.report) == 0 with input as given.host([given.service("a", {})], [], {})
}

package nixlint.rules.access.docker_socket_test

import data.nixlint.lib.given
import data.nixlint.rules.access.docker_socket as rule
import future.keywords.not

test_fires if {
	given.said(rule.report) == {"fail sections.Service.SupplementaryGroups.0"} with input as given.service(
		"a",
		{"SupplementaryGroups": ["docker"]},
	)
	given.said(rule.report) == {"fail sections.Service.BindPaths.0"} with input as given.service("a", {"BindPaths": ["/run/docker.sock"]})
}

test_silent if {
	count(rule.report) == 0 with input as given.service("a", {"SupplementaryGroups": ["video"], "BindPaths": ["/srv"]})
}

_maybe := object.union(given.service("a", {"Group": ["docker"]}), {"sections": {"Service": {"Group": [[
	{"value": "docker", "known": true},
	{"value": "", "known": true, "absent": true},
]]}}})

test_unknown if {
	given.said(rule.report) == {"unknown sections.Service.Group.0"} with input as _maybe
}

test_absent if {
	count(rule.report) == 0 with input as given.service("a", {})
}

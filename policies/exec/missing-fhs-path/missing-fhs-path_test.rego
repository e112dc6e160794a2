package nixlint.rules.exec.missing_fhs_path_test

import data.nixlint.lib.given
import data.nixlint.rules.exec.missing_fhs_path as rule
import future.keywords.not

test_fires_1 if {
	given.said(rule.report) == {"fail sections.Service.ExecStart.0"} with input as given.service("a", {"ExecStart": ["/usr/bin/sleep 1"]})
}

test_fires_2 if {
	given.said(rule.report) == {"fail scripts.start"} with input as given.script(given.service("a", {}), "set -e\n/bin/mkdir /x")
}

test_silent if {
	count(rule.report) == 0 with input as given.service("a", {"ExecStart": ["/usr/bin/env a", "/bin/sh -c x", "<pkgs.x>/bin/a /usr/bin/b"]})
	count(rule.report) == 0 with input as given.service("a", {"ExecStart": ["/usr/bin/a"], "RootDirectory": ["/x"]})
	count(rule.report) == 0 with input as given.script(given.service("a", {}), "docker exec x /bin/bash")
}

test_silent_where_it_is_not_nixos if {
	count(rule.report) == 0 with input as object.union(given.service("a", {"ExecStart": ["/usr/bin/sleep 1"]}), {"system": "other"})
}

test_unknown if {
	given.said(rule.report) == {"unknown sections.Service.ExecStart.0"} with input as object.union(
		given.service("a", {}),
		{"text": "\n/usr/bin/a\n\n", "sections": {"Service": {"ExecStart": [[
			{"value": "/usr/bin/a", "known": true},
			{"value": "", "absent": true, "known": true},
		]]}}},
	)
}

test_absent if {
	count(rule.report) == 0 with input as given.service("a", {})
}

package nixlint.rules.compat.sandbox_read_only_test

import data.nixlint.lib.given
import data.nixlint.rules.compat.sandbox_read_only as rule
import future.keywords.not

_unit(more) := given.service("a", object.union({"ProtectSystem": ["strict"], "ExecStart": ["x --cache-dir=/var/cache/cuda"]}, more))

_path := "sections.Service.ExecStart.0"

test_fires if {
	given.said(rule.report) == {sprintf("fail %s", [_path])} with input as _unit({})
	given.said(rule.report) == {sprintf("fail %s", [_path])} with input as _unit({"ReadWritePaths": ["/var/cache/cuda-other"]})
	given.said(rule.report) == {"fail sections.Service.Environment.0"} with input as given.service("a", {
		"ProtectSystem": ["strict"], "Environment": ["CUDA_CACHE_PATH=/var/cache/cuda"],
	})
}

test_silent if {
	every more in [
		{"ReadWritePaths": ["-/var/cache"]}, {"CacheDirectory": ["cuda"]}, {"BindPaths": ["/srv/x:/var/cache/cuda"]},
		{"ProtectSystem": ["full"]},
	] {
		count(rule.report) == 0 with input as _unit(more)
	}
	count(rule.report) == 0 with input as given.service("a", {"ProtectSystem": ["strict"], "ExecStart": ["<pkgs.nodejs_22>/bin/node x"]})
	count(rule.report) == 0 with input as given.service("a", {"ProtectSystem": ["strict"], "StandardOutput": ["file:/var/log/a"]})
}

test_unknown if {
	unit := object.union(_unit({}), {"completeness": "override"})
	given.said(rule.report) == {sprintf("unknown %s", [_path])} with input as unit
}

test_absent if {
	count(rule.report) == 0 with input as given.service("a", {"ExecStart": ["x --cache-dir=/var/cache/cuda"]})
}

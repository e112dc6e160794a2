package nixlint.rules.lifecycle.oneshot_timeout_test

import data.nixlint.lib.given
import data.nixlint.rules.lifecycle.oneshot_timeout as rule
import future.keywords.not

_oneshot := given.service("a", {"Type": ["oneshot"]})

test_fires if {
	every text in ["/bin/docker pull x", "curl -o y https://x.org", "cd /x\ngit -C /x pull", "docker compose pull", "rsync -a --exclude=x host:/x /y"] {
		given.said(rule.report) == {"fail scripts.start"} with input as given.script(_oneshot, text)
	}
	unlimited := given.service("a", {"Type": ["oneshot"], "TimeoutStartSec": ["infinity"]})
	given.said(rule.report) == {"fail scripts.start"} with input as given.script(unlimited, "docker pull x")
}

test_silent if {
	every text in ["timeout 60 curl x", "curl --max-time 60 x", "curl http://localhost:80", "echo pulled", "rsync -a --chown=a:b \\\n  /x/ /y"] {
		count(rule.report) == 0 with input as given.script(_oneshot, text)
	}
	limited := given.service("a", {"Type": ["oneshot"], "TimeoutStartSec": ["15min"]})
	count(rule.report) == 0 with input as given.script(limited, "docker pull x")
	count(rule.report) == 0 with input as given.script(given.service("a", {"Type": ["exec"]}), "docker pull x")
	count(rule.report) == 0 with input as given.script(given.service("a", {"Type": ["oneshot"], "TimeoutSec": ["15min"]}), "docker pull x")
}

test_unknown if {
	given.said(rule.report) == {"unknown scripts.start"} with input as given.script(
		given.unclear(_oneshot, "Service", "TimeoutStartSec"),
		"docker pull x",
	)
}

test_absent if {
	count(rule.report) == 0 with input as _oneshot
}

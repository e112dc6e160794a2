package nixlint.rules.containers.pinned_images_test

import data.nixlint.lib.given
import data.nixlint.rules.containers.pinned_images as rule
import future.keywords.not

_script(text) := given.script(given.service("a", {}), text)

test_fires_on_latest if {
	unit := _script("set -e\n<pkgs.docker>/bin/docker pull ghcr.io/x/y:latest\n")
	given.said(rule.report) == {"fail scripts.start"} with input as unit
	some found in rule.report with input as unit
	found.match == "ghcr.io/x/y:latest"
	not found.minor
}

test_fires_on_no_tag if {
	some found in rule.report with input as given.service("a", {"ExecStart": ["/bin/podman pull --quiet localhost:5000/x"]})
	startswith(found.msg, "image localhost:5000/x has no tag: ")
}

test_fires_lightly_on_no_digest if {
	some found in rule.report with input as _script("docker pull 'nvcr.io/nvidia/pytorch:25.09-py3'")
	found.minor
	startswith(found.msg, "image nvcr.io/nvidia/pytorch:25.09-py3 has no digest: ")
}

test_silent_on_a_digest if {
	count(rule.report) == 0 with input as _script("docker pull x/y:1@sha256:abc")
	count(rule.report) == 0 with input as _script("git pull origin")
}

test_unknown_name if {
	given.said(rule.report) == {"unknown scripts.start"} with input as _script("docker pull <unknown: cfg.image>")
	given.said(rule.report) == {"unknown scripts.start"} with input as _script(`docker pull "$image"`)
}

test_absent_is_silent if count(rule.report) == 0 with input as given.service("a", {})

test_fires_on_what_is_run if {
	unit := given.service("a", {"ExecStart": ["<pkgs.podman>/bin/podman run --rm --name x --publish 1:2 -e A=b docker.io/a/b:latest serve --now"]})
	{found.match | some found in rule.report} == {"docker.io/a/b:latest"} with input as unit
}

test_fires_on_the_main_program_of_a_package if {
	{found.match | some found in rule.report} == {"nginx:latest"} with input as _script("<unknown: the main program of pkgs.docker> pull nginx:latest")
}

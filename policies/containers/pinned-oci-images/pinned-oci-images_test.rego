package nixlint.rules.containers.pinned_oci_images_test

import data.nixlint.lib.given
import data.nixlint.rules.containers.pinned_oci_images as rule
import future.keywords.not

_host(fields) := given.knowing(given.host([], [], {}), given.facts(true, {"containers": [given.fact("app", fields)]}))

test_fires_on_latest_and_on_no_tag if {
	given.said(rule.report) == {"fail facts.containers.0.fields.image.0"} with input as _host({"image": ["redis:latest"]})
	said := {found.msg | some found in rule.report} with input as _host({"image": ["redis"]})
	said == {"container app: image redis has no tag: what runs changes without a commit"}
}

test_fires_lightly_on_no_digest if {
	some found in rule.report with input as _host({"image": ["localhost:5000/redis:7.2"]})
	found.minor
}

test_silent_on_a_digest_and_on_an_image_of_its_own if {
	count(rule.report) == 0 with input as _host({"image": ["redis:7.2@sha256:abc"]})
	count(rule.report) == 0 with input as _host({"image": ["app"], "imageFile": ["<pkgs.app-image>"]})
}

test_unknown_image if {
	host := given.knowing(given.host([], [], {}), given.facts(true, {"containers": [object.union(given.fact("app", {}), {"fields": {"image": [[{
		"value": "<unknown: config.x>", "known": false, "why": "config.x is not known",
	}]]}})]}))
	given.said(rule.report) == {"unknown facts.containers.0.fields.image.0"} with input as host
}

test_unknown_where_it_may_not_run if {
	host := given.knowing(given.host([], [], {}), given.facts(true, {"containers": [object.union(given.fact("app", {"image": ["redis"]}), {"guarded": true})]}))
	given.said(rule.report) == {"unknown facts.containers.0.fields.image.0"} with input as host
}

test_absent_containers_are_silent if count(rule.report) == 0 with input as given.host([], [], {})

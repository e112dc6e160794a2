# METADATA
# title: Images of virtualisation.oci-containers are pinned
# description: |
#   A tag such as latest is whatever the registry gives today: the machine changes without a commit, two machines differ,
#   and a rollback does not roll back.
# related_resources:
#   - https://docs.docker.com/reference/cli/docker/image/pull/#pull-an-image-by-digest-immutable-identifier
# custom:
#   kind: host
#   severity: warning
#   precision: very-high
#   security_severity: "5.0"
#   tags: [security, containers, reproducibility]
#   fix: |2
#     Name a version, and better its digest (`docker buildx imagetools inspect IMAGE` shows it):
#
#         virtualisation.oci-containers.containers.app.image = "ghcr.io/example/app:1.4.2@sha256:…";
package nixlint.rules.containers.pinned_oci_images

import data.nixlint.lib
import data.nixlint.lib.image
import future.keywords.not

report contains found if {
	input.kind == "host"
	some named in _images
	named.known
	found := _weighed(named, lib.finding(named.verdict, named.path, sprintf(
		"container %s: image %s %s",
		[named.container, named.value, image.flaw(named.value)],
	)))
}

report contains found if {
	input.kind == "host"
	some named in _images
	not named.known
	not contains(named.value, "@sha256:")
	not regex.match(`:[0-9a-z][A-Za-z0-9._-]*$`, named.value)
	found := lib.decided(
		"unknown", named.path, sprintf("container %s: its image may not be pinned", [named.container]),
		object.get(named, "why", "its name is not known"),
	)
}

_weighed(named, found) := lib.minor(found) if {
	image.tagged(named.value)
} else := found

# An image that the container brings along (imageFile) has a name, but nobody pulls it.
_images contains object.union(alternative, {
	"container": container.name, "path": ["facts", "containers", i, "fields", "image", k], "verdict": _verdict(container, setting),
}) if {
	some i, container in input.facts.containers
	not container.fields.imageFile
	some k, setting in container.fields.image
	some alternative in setting
	not object.get(alternative, "absent", false)
}

_verdict(container, setting) := "fail" if {
	count(setting) == 1
	not container.guarded
} else := "unknown"

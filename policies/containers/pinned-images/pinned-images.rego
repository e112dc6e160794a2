# METADATA
# title: Container images are pinned
# description: |
#   A tag such as latest is whatever the registry gives today: the machine changes without a commit, two machines differ,
#   and a rollback does not roll back.
# related_resources:
#   - https://docs.docker.com/reference/cli/docker/image/pull/#pull-an-image-by-digest-immutable-identifier
# custom:
#   kind: unit
#   severity: warning
#   precision: high
#   security_severity: "5.0"
#   tags: [security, containers, reproducibility]
#   fix: |2
#     Name a version, and better its digest (`docker buildx imagetools inspect IMAGE` shows it):
#
#         docker pull ghcr.io/huggingface/text-generation-inference:3.3.6@sha256:…
package nixlint.rules.containers.pinned_images

import data.nixlint.lib
import data.nixlint.lib.command
import data.nixlint.lib.image
import future.keywords.not

report contains found if {
	input.kind == "service"
	some named in _images
	found := _weighed(named, lib.matched(
		lib.finding("fail", named.path, sprintf("image %s %s", [named.name, image.flaw(named.name)])),
		named.name,
	))
}

_weighed(named, found) := lib.minor(found) if {
	image.tagged(named.name)
} else := found

report contains found if {
	input.kind == "service"
	some named in _vague
	found := lib.matched(
		lib.decided(
			"unknown", named.path,
			"an image that is pulled may not be pinned",
			"its name is not known",
		),
		named.name,
	)
}

_named contains {"path": found.path, "name": trim(match[1], `"'`)} if {
	some program in ["docker", "podman", "nerdctl"]
	contains(input.text, program)
	some found in command.texts
	some pattern in [_pull, _start]
	some match in regex.find_all_string_submatch_n(pattern, found.text, -1)
}

_pull := `(?:docker|podman|nerdctl)>?["']?\s+(?:image\s+)?pull\s+(?:-[^\s]+\s+)*("[^"\n]+"|'[^'\n]+'|<unknown>|[^\s"';&|<]+)`

# Flags that stand alone, flags with a value, and then the image.
_start := concat("", [
	`(?:docker|podman|nerdctl)>?["']?\s+(?:container\s+)?(?:run|create)\s+(?:(?:--(?:detach|init|interactive|no-healthcheck|privileged`,
	`|quiet|read-only|replace|rm|tty)|-[ditq]+|--[a-z0-9-]+=[^\s]+|--[a-z0-9-]+\s+[^\s]+`,
	`|-[A-Za-z]\s+[^\s]+)\s+(?:\\\n\s*)?)*("[^"\n]+"|'[^'\n]+'|<unknown>|[^\s"';&|<\-][^\s"';&|<]*)`,
])

_images contains named if {
	some named in _named
	not _unclear(named.name)
}

_vague contains named if {
	some named in _named
	_unclear(named.name)
	not contains(named.name, "@sha256:")
	not regex.match(`:[0-9a-z][A-Za-z0-9._-]*$`, named.name)
}

_unclear(name) if contains(name, "<unknown")

_unclear(name) if contains(name, "$")

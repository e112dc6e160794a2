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
import future.keywords.not

report contains found if {
	input.kind == "service"
	some image in _images
	_tag(image) == "latest"
	found := lib.matched(
		lib.finding("fail", image.path, sprintf(
			"image %s has the tag latest: what runs changes without a commit",
			[image.name],
		)),
		image.name,
	)
}

report contains found if {
	input.kind == "service"
	some image in _images
	_tag(image) == ""
	found := lib.matched(
		lib.finding("fail", image.path, sprintf(
			"image %s has no tag: what runs changes without a commit",
			[image.name],
		)),
		image.name,
	)
}

report contains found if {
	input.kind == "service"
	some image in _images
	not _tag(image) in {"", "latest"}
	found := lib.minor(lib.matched(
		lib.finding("fail", image.path, sprintf(
			"image %s has no digest: its tag can be moved to another image",
			[image.name],
		)),
		image.name,
	))
}

report contains found if {
	input.kind == "service"
	some image in _vague
	found := lib.matched(
		lib.decided(
			"unknown", image.path,
			"an image that is pulled may not be pinned",
			"its name is not known",
		),
		image.name,
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

_images contains image if {
	some image in _named
	not _unclear(image.name)
	not contains(image.name, "@sha256:")
}

_vague contains image if {
	some image in _named
	_unclear(image.name)
	not contains(image.name, "@sha256:")
	not regex.match(`:[0-9a-z][A-Za-z0-9._-]*$`, image.name)
}

_unclear(name) if contains(name, "<unknown")

_unclear(name) if contains(name, "$")

# The tag is behind the last colon, unless a slash follows: then it is a port.
_tag(image) := tag if {
	parts := split(image.name, "/")
	last := split(parts[count(parts) - 1], ":")
	tag := concat("", array.slice(last, 1, 2))
}

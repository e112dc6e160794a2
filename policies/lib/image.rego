# METADATA
# description: What is wrong with the name of a container image.
package nixlint.lib.image

import future.keywords.not

# flaw says why an image may be another one tomorrow; undefined of one that its digest pins.
flaw(name) := "has the tag latest: what runs changes without a commit" if {
	_open(name)
	_tag(name) == "latest"
} else := "has no tag: what runs changes without a commit" if {
	_open(name)
	_tag(name) == ""
} else := "has no digest: its tag can be moved to another image" if {
	_open(name)
}

# tagged: the image has a version, if not a digest.
tagged(name) if not _tag(name) in {"", "latest"}

_open(name) if not contains(name, "@sha256:")

# The tag is behind the last colon, unless a slash follows: then it is a port.
_tag(name) := tag if {
	parts := split(name, "/")
	last := split(parts[count(parts) - 1], ":")
	tag := concat("", array.slice(last, 1, 2))
}

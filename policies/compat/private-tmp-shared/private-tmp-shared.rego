# METADATA
# title: What is shared below /tmp is not hidden by PrivateTmp
# description: |
#   With PrivateTmp a service has a /tmp and a /var/tmp of its own: it does not see what a line of tmpfiles.d or another service puts
#   there, and others do not see what it writes.
# related_resources:
#   - https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#PrivateTmp=
# custom:
#   kind: host
#   severity: warning
#   precision: high
#   tags: [compat, tmpfiles]
#   fix: |2
#         serviceConfig.CacheDirectory = "cuda"; # /var/cache/cuda: a folder that all see, not one below /tmp
package nixlint.rules.compat.private_tmp_shared

import data.nixlint.lib
import future.keywords.not

report contains found if {
	input.kind == "host"
	some i, unit in input.units
	unit.kind == "service"
	contains(unit.text, "tmp/")
	private := lib.forbidden("Service", "PrivateTmp", ["disconnected", "yes"]) with input as unit
	private != "pass"
	unit.effective.Service.PrivateTmp
	unit.scope == "system"
	some path in _made
	some place in _places(unit, path)
	not _seen(unit, path)
	found := lib.matched(
		lib.decided(
			private, array.concat(["units", i], place), sprintf(
				"%s is made by a line of tmpfiles.d, and PrivateTmp hides it: the service has a /tmp and a /var/tmp of its own",
				[path],
			),
			"PrivateTmp is not decided",
		),
		path,
	)
}

_made := {line.path |
	some rule in input.tmpfiles
	some line in rule.lines
	regex.match(`^/(?:var/)?tmp/[^<%*]+$`, line.path)
	not substring(line.type, 0, 1) in {"R", "r", "x", "X"}
}

_places(unit, path) := [["sections", "Service", directive, k] |
	some directive, settings in unit.sections.Service
	some k, setting in settings
	some alternative in setting
	_names(alternative.value, path)
] if {
	contains(unit.text, path)
}

_names(text, path) if {
	some word in regex.find_n(`/(?:var/)?tmp/[A-Za-z0-9._/-]+`, text, -1)
	_under(word, path)
}

_under(word, path) if word == path

_under(word, path) if startswith(word, sprintf("%s/", [path]))

_seen(unit, path) if {
	some directive in ["BindPaths", "BindReadOnlyPaths"]
	some possible in unit.effective.Service[directive]
	some value in possible.values
	contains(value.text, path)
}

_seen(unit, _) if unit.effective.Unit.JoinsNamespaceOf

# METADATA
# title: Root does not write into a folder of a service
# description: |
#   The owner of a folder can exchange every file in it for a link. What root then writes or changes there is another file of the machine:
#   who has broken into the service has all of it.
# related_resources:
#   - https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#LogsDirectory=
#   - https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#StandardOutput=
# custom:
#   kind: host
#   severity: warning
#   precision: medium
#   security_severity: "6.0"
#   tags: [tmpfiles, security]
#   fix: |2
#         # Let the service have a user, or write to a folder that is root's:
#         serviceConfig = { User = "notes"; LogsDirectory = "notes"; };
package nixlint.rules.tmpfiles.root_writes_in_service_directory

import data.nixlint.lib
import data.nixlint.lib.tmpfiles
import data.nixlint.lib.writes
import future.keywords.not

report contains found if {
	input.kind == "host"
	input.source != "loose"
	count(tmpfiles.owners) > 0
	some i, unit in input.units
	unit.kind == "service"
	unit.scope == "system"
	some written in writes.paths with input as unit
	folder := tmpfiles.home(written.file)
	root := _root with input as unit
	root != "pass"
	found := lib.matched(
		lib.decided(
			_both(root, written.sure), array.concat(["units", i], written.path), sprintf(
				"root writes %s, and %s belongs to %s, who can make it a link to another file",
				[written.file, folder[0], folder[1]],
			),
			"its user is not decided",
		),
		written.match,
	)
}

# Somebody else runs it with DynamicUser, or with a user that is not root.
_root := lib.together({_dynamic, _user})

_dynamic := "pass" if {
	lib.is("Service", "DynamicUser", ["yes"])
} else := "unknown" if {
	lib.may("Service", "DynamicUser", {"yes"})
} else := "fail"

_user := lib.verdict({_vote(state) | some state in lib.states("Service", "User")})

_vote(state) := "unknown" if {
	state.state == "unknown"
} else := "fail" if {
	state.state == "absent"
} else := "fail" if {
	state.texts[count(state.texts) - 1] in {"", "0", "root"}
} else := "pass"

_both("fail", true) := "fail"

_both("unknown", _) := "unknown"

_both("fail", false) := "unknown"

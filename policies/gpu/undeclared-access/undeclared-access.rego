# METADATA
# title: A service that uses a GPU says which devices it may open
# description: |
#   Without DeviceAllow nothing limits which devices the service opens: a bug in a model server reaches disks, cameras and
#   input devices that its user may open, and as root all of them.
# related_resources:
#   - https://www.freedesktop.org/software/systemd/man/latest/systemd.resource-control.html#DeviceAllow=
# custom:
#   kind: unit
#   severity: warning
#   precision: medium
#   security_severity: "5.0"
#   tags: [security, hardening, gpu]
#   fix: |2
#         serviceConfig = {
#           DeviceAllow = [ "/dev/nvidia0 rw" "/dev/nvidiactl rw" "/dev/nvidia-uvm rw" ];
#           DevicePolicy = "closed";
#         };
package nixlint.rules.gpu.undeclared_access

import data.nixlint.lib
import data.nixlint.lib.gpu
import data.site
import future.keywords.not

report contains found if {
	_judged
	count(gpu.evidence) > 0
	first := sort([[shown.verdict, shown.path, shown.what] | some shown in gpu.evidence])[0]
	judged := _both(_open, first[0])
	found := lib.matched(
		lib.decided(
			judged, first[1], sprintf(
				"uses the GPU (%s) but has no DeviceAllow: nothing limits which devices it opens",
				[first[2]],
			),
			_why,
		),
		first[2],
	)
}

report contains found if {
	_judged
	lib.may("Service", "SupplementaryGroups", site.gpu.groups)
	groups := [group |
		some group in lib.stated("Service", "SupplementaryGroups")
		group.text in site.gpu.groups
	]
	names := sort({group.text | some group in groups})
	count(names) > 0
	count(gpu.evidence) == 0
	found := lib.minor(lib.decided(
		_open, lib.at_list("Service", "SupplementaryGroups"), sprintf(
			"uses the GPU (group %s) but has no DeviceAllow: nothing limits which devices it opens",
			[concat(", ", names)],
		),
		_why,
	))
}

# A user's manager cannot filter devices: compat/user-manager-limits says so.
_judged if {
	input.kind == "service"
	input.scope == "system"
}

_open := "pass" if {
	lib.directive_verdict("Service", "PrivateDevices", ["yes"]) == "pass"
} else := "pass" if {
	lib.directive_verdict("Service", "DevicePolicy", ["closed", "strict"]) == "pass"
} else := lib.verdict({_vote(state) | some state in lib.states("Service", "DeviceAllow")})

_vote(state) := "pass" if {
	state.state == "set"
} else := "pass" if {
	some text in state.texts
	not contains(text, "<unknown")
} else := "unknown" if {
	state.state == "unknown"
} else := "fail"

_both("fail", "fail") := "fail"

_both("fail", "unknown") := "unknown"

_both("unknown", _) := "unknown"

_why := lib.why("Service", "DeviceAllow") if {
	_open == "unknown"
} else := "the number of layers is not known"

# METADATA
# title: A GPU service is in the groups that own the devices
# description: |
#   The device nodes belong to a group. A service outside of it gets "permission denied" and finds no GPU.
# related_resources:
#   - https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#SupplementaryGroups=
# custom:
#   kind: unit
#   severity: error
#   precision: high
#   tags: [compatibility, gpu]
#   fix: |2
#         serviceConfig.SupplementaryGroups = [ "nvidia" ];
#
#     A user unit cannot: put the user into the group, `users.users.NAME.extraGroups = [ "nvidia" ];`.
package nixlint.rules.gpu.supplementary_groups

import data.nixlint.lib
import data.nixlint.lib.gpu
import data.site
import future.keywords.not

report contains found if {
	input.kind == "service"
	site.gpu.units[input.name]
	_uses
	wanted := site.gpu.units[input.name].groups
	judged := lib.list_verdict("Service", "SupplementaryGroups", wanted)
	missing := [group |
		some group in wanted
		lib.list_verdict("Service", "SupplementaryGroups", [group]) != "pass"
	]
	found := lib.decided(
		judged, lib.at_list("Service", "SupplementaryGroups"), sprintf(
			"SupplementaryGroups lacks %s: the service may not open the GPU's devices%s",
			[concat(", ", missing), _user],
		),
		lib.why("Service", "SupplementaryGroups"),
	)
}

_uses if site.gpu.units[input.name].always

_uses if {
	some shown in gpu.evidence
	shown.verdict == "fail"
}

_user := "; in a user unit it fails, put the user into the group instead (compat/user-manager-limits)" if {
	input.scope == "user"
} else := ""

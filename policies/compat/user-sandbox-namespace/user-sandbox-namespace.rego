# METADATA
# title: The sandbox of a user unit has its user namespace
# description: |
#   A user's manager has no rights to hide or lock files; in a user namespace of its own a unit has them. From systemd 254 on the
#   directives that need one make it; before, only PrivateUsers does: without it the sandbox is not there and nobody says so, or the
#   unit fails. NixOS has 254 since 23.11; other systems that a home is used on may have an older one.
# related_resources:
#   - https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#PrivateUsers=
#   - https://www.freedesktop.org/software/systemd/man/latest/user@.service.html
# custom:
#   kind: unit
#   severity: warning
#   precision: high
#   tags: [compatibility, user-unit, hardening]
#   fix: |2
#         systemd.user.services.notes.serviceConfig = {
#           PrivateUsers = true;
#           ProtectSystem = "strict";
#         };
package nixlint.rules.compat.user_sandbox_namespace

import data.nixlint.lib
import data.nixlint.lib.user
import future.keywords.not

report contains found if {
	input.kind == "service"
	input.scope == "user"
	some directive, consequence in _before_254
	input.sections.Service[directive] # what another directive implies is not said again
	not user.namespace
	found := lib.decided(
		user.asked(directive), lib.at("Service", directive),
		sprintf("%s %s", [directive, consequence]),
		lib.why("Service", directive),
	)
}

report contains found if {
	input.kind == "service"
	input.scope == "user"
	input.sections.Service.CapabilityBoundingSet
	not user.namespace
	user.implied # else it fails with every version: compat/user-manager-limits
	found := lib.decided(
		user.asked("CapabilityBoundingSet"), lib.at_list("Service", "CapabilityBoundingSet"),
		sprintf("CapabilityBoundingSet %s", [_no_capabilities]),
		lib.why("Service", "CapabilityBoundingSet"),
	)
}

_before_254 := {
	"PrivateDevices": _no_capabilities,
	"PrivateTmp": _no_sandbox,
	"ProtectHome": _no_sandbox,
	"ProtectKernelModules": _no_capabilities,
	"ProtectSystem": _no_sandbox,
}

_no_sandbox := "does nothing in a user unit before systemd 254 unless PrivateUsers is set: the sandbox is not there"

_no_capabilities := concat("", [
	"fails in a user unit (218/CAPABILITIES) before systemd 254 unless PrivateUsers is set: ",
	"a user's manager may not drop capabilities",
])

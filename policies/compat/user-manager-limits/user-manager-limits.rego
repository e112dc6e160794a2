# METADATA
# title: A user unit asks only for what a user's manager can do
# description: |
#   The manager of a user has no rights of its own. Some directives make a unit fail to start, others do nothing at all and
#   leave a sandbox that is none: nobody notices, because systemd does not say so. RemoveIPC, and an order after what is not there,
#   weigh less.
# related_resources:
#   - https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html
#   - https://www.freedesktop.org/software/systemd/man/latest/user@.service.html
# custom:
#   kind: unit
#   severity: error
#   precision: very-high
#   tags: [compatibility, user-unit]
#   fix: |2
#     Make it a system service that runs as a user of its own:
#
#         systemd.services.jupyter.serviceConfig = {
#           User = "jupyter";
#           SupplementaryGroups = [ "nvidia" ];
#           LoadCredential = [ "jupyter-token:/etc/credstore/jupyter-token" ];
#         };
#
#     Or keep the user unit: PrivateUsers=true makes ProtectSystem, ProtectHome, PrivateTmp, PrivateDevices and the limits on
#     capabilities work, and an After= or Wants= on a target of the system can go.
package nixlint.rules.compat.user_manager_limits

import data.nixlint.lib
import data.nixlint.lib.user
import data.site
import future.keywords.not

report contains found if {
	_judged
	some directive, consequence in _always
	input.sections.Service[directive] # what another directive implies is not said again
	found := _weighed(directive, lib.decided(
		user.asked(directive), lib.at_list("Service", directive),
		sprintf("%s %s", [directive, consequence]),
		lib.why("Service", directive),
	))
}

# Nothing stays open that it would have shut: what a user's processes leave is the user's own.
_weighed("RemoveIPC", found) := lib.minor(found)

_weighed(directive, found) := found if directive != "RemoveIPC"

report contains found if {
	_judged
	input.sections.Service.CapabilityBoundingSet
	not user.namespace
	not user.implied # a systemd before 254 still fails: compat/user-sandbox-namespace
	found := lib.decided(
		user.asked("CapabilityBoundingSet"), lib.at_list("Service", "CapabilityBoundingSet"),
		concat("", [
			"CapabilityBoundingSet fails in a user unit (218/CAPABILITIES) unless PrivateUsers is set: ",
			"a user's manager may not drop capabilities",
		]),
		lib.why("Service", "CapabilityBoundingSet"),
	)
}

report contains found if {
	_judged
	some directive in ["LoadCredential", "LoadCredentialEncrypted"]
	some credential in lib.stated("Service", directive)
	contains(credential.text, sprintf(":%s/", [site.credentials.store]))
	found := lib.finding("fail", credential.path, sprintf(
		"%s fails in a user unit (243/CREDENTIALS): a user's manager cannot read %s, which is root's alone",
		[directive, site.credentials.store],
	))
}

report contains found if {
	_judged
	some directive in ["After", "Wants"]
	some target in lib.stated("Unit", directive)
	target.text in _system_targets
	found := lib.minor(lib.finding("fail", target.path, sprintf(
		"%s=%s names nothing in a user's manager: the target exists in the system's manager only",
		[directive, target.text],
	)))
}

report contains found if {
	_judged
	some directive in ["BindsTo", "Requires", "Requisite"]
	some target in lib.stated("Unit", directive)
	target.text in _system_targets
	found := lib.finding("fail", target.path, sprintf(
		"%s=%s keeps a user unit from starting: the target exists in the system's manager only",
		[directive, target.text],
	))
}

_judged if {
	input.kind == "service"
	input.scope == "user"
}

_always := {
	"DeviceAllow": "does nothing in a user unit: a user's manager cannot filter devices, every one its user may open stays open",
	"DevicePolicy": "does nothing in a user unit: a user's manager cannot filter devices",
	"DynamicUser": "fails in a user unit (217/USER): a user's manager cannot become another user",
	"IPAddressAllow": "does nothing in a user unit: a user's manager cannot filter addresses",
	"IPAddressDeny": "does nothing in a user unit: a user's manager cannot filter addresses",
	"RemoveIPC": "does nothing in a user unit: it needs a User of its own",
	"SupplementaryGroups": "fails in a user unit (216/GROUP): a user's manager may not set groups, not even those its user is in",
}

_system_targets := {
	"getty.target", "graphical.target", "local-fs.target", "multi-user.target", "network-online.target", "network.target",
	"nss-lookup.target", "remote-fs.target", "sysinit.target",
}

# METADATA
# title: A user unit asks only for what a user's manager can do
# description: |
#   The manager of a user has no rights of its own. Some directives make a unit fail to start, others do nothing at all and
#   leave a sandbox that is none: nobody notices, because systemd does not say so.
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
#     Or keep the user unit and add PrivateUsers=true, which makes ProtectSystem, ProtectHome and PrivateTmp work.
package nixlint.rules.compat.user_manager_limits

import data.nixlint.lib
import data.site
import future.keywords.not

report contains found if {
	_judged
	some directive, consequence in _always
	input.sections.Service[directive] # what another directive implies is not said again
	judged := lib.verdict({_used(directive, state) | some state in lib.states("Service", directive)})
	found := lib.decided(
		judged, lib.at_list("Service", directive),
		sprintf("%s %s", [directive, consequence]),
		lib.why("Service", directive),
	)
}

report contains found if {
	_judged
	not _private_users
	some directive in ["PrivateTmp", "ProtectHome", "ProtectSystem"]
	input.sections.Service[directive]
	judged := lib.verdict({_used(directive, state) | some state in lib.states("Service", directive)})
	found := lib.decided(
		judged, lib.at("Service", directive), sprintf(
			"%s does nothing in a user unit before systemd 254 unless PrivateUsers is set: the sandbox is not there",
			[directive],
		),
		lib.why("Service", directive),
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
	some directive in ["After", "BindsTo", "Requires", "Requisite", "Wants"]
	some target in lib.stated("Unit", directive)
	target.text in _system_targets
	found := lib.finding("fail", target.path, sprintf(
		"%s=%s names nothing in a user's manager: the target exists in the system's manager only",
		[directive, target.text],
	))
}

_judged if {
	input.kind == "service"
	input.scope == "user"
}

_private_users if lib.directive_verdict("Service", "PrivateUsers", ["yes", "self", "identity"]) != "fail"

_used(directive, state) := "unknown" if {
	state.state == "unknown"
	count(state.texts) > 0
} else := "fail" if {
	state.state == "set"
	not _off(directive, state.texts)
} else := "pass"

# A boolean that is off, or an emptied list; but no capabilities at all is still a demand.
_off(directive, texts) if {
	count(texts) == 0
	directive != "CapabilityBoundingSet"
}

_off(_, texts) if texts[count(texts) - 1] in {"auto", "no"}

_always := {
	"CapabilityBoundingSet": "fails in a user unit (218/CAPABILITIES): a user's manager may not drop capabilities",
	"DeviceAllow": "does nothing in a user unit: a user's manager cannot filter devices, every one its user may open stays open",
	"DevicePolicy": "does nothing in a user unit: a user's manager cannot filter devices",
	"DynamicUser": "fails in a user unit (217/USER): a user's manager cannot become another user",
	"IPAddressAllow": "does nothing in a user unit: a user's manager cannot filter addresses",
	"IPAddressDeny": "does nothing in a user unit: a user's manager cannot filter addresses",
	"PrivateDevices": "fails in a user unit (218/CAPABILITIES): a user's manager may not drop capabilities",
	"ProtectKernelModules": "fails in a user unit (218/CAPABILITIES): a user's manager may not drop capabilities",
	"RemoveIPC": "does nothing in a user unit: it needs a User of its own",
	"SupplementaryGroups": "fails in a user unit (216/GROUP): a user's manager may not set groups, not even those its user is in",
}

_system_targets := {
	"getty.target", "graphical.target", "local-fs.target", "multi-user.target", "network-online.target", "network.target",
	"nss-lookup.target", "remote-fs.target", "sysinit.target",
}

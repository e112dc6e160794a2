# METADATA
# description: |
#   What units of a user's manager ask for, and the user namespace that gives them the rights for it.
package nixlint.lib.user

import data.nixlint.lib
import future.keywords.not

# asked is the verdict on a directive that is stated: "fail" where it surely asks for something, "pass" where it is switched off.
asked(directive) := lib.verdict({_used(directive, state) | some state in lib.states("Service", directive)})

# namespace: the unit may have a user namespace of its own, whatever the version of systemd.
namespace if lib.directive_verdict("Service", "PrivateUsers", ["yes", "self", "identity"]) != "fail"

# implied: a directive makes the namespace too, from systemd 254 on.
implied if {
	some directive in _implying
	some state in lib.states("Service", directive)
	_used(directive, state) == "fail"
}

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

_implying := {
	"MountAPIVFS", "PrivateDevices", "PrivateIPC", "PrivateMounts", "PrivateNetwork", "PrivateTmp", "ProtectClock", "ProtectControlGroups",
	"ProtectHome", "ProtectHostname", "ProtectKernelLogs", "ProtectKernelModules", "ProtectKernelTunables", "ProtectSystem",
}

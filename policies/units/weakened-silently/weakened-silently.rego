# METADATA
# title: A protection is not taken away from afar
# description: |
#   mkForce in one file takes away what another file protects with: who reads the definition of the service believes that the
#   protection holds. A list that is only made longer is not meant.
# related_resources:
#   - https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#Sandboxing
#   - https://nixos.org/manual/nixos/stable/#sec-option-definitions-setting-priorities
# custom:
#   kind: unit
#   severity: warning
#   precision: high
#   security_severity: "5.0"
#   tags: [security, hardening]
#   fix: |2
#         # Change the value where the service is defined, or give what it needs
#         # instead of taking the protection away:
#         systemd.services.notes.serviceConfig = {
#           ProtectSystem = "strict";
#           ReadWritePaths = [ "/srv/notes" ];
#         };
package nixlint.rules.units.weakened_silently

import data.nixlint.lib
import future.keywords.not

# A default (mkDefault) is there to be changed; what is defined plainly is not.
report contains found if {
	input.kind == "service"
	some directive, lost in input.overrides.Service
	before := max({_rank(directive, other.value) | some other in lost; other.priority <= 100})
	before > 0
	count(input.sections.Service[directive]) == 1
	judged := lib.verdict({_vote(directive, alternative, before) | some alternative in input.sections.Service[directive][0]})
	found := _finding(judged, directive)
}

# Whether the forced value stands is open.
report contains found if {
	input.kind == "service"
	some directive, settings in input.sections.Service
	settings[0][1] # more than one alternative
	count(settings) == 1
	not input.overrides.Service[directive]
	before := max({_rank(directive, plain.value) | some plain in settings[0]; not plain.forced})
	before > 0
	some alternative in settings[0]
	alternative.forced
	_vote(directive, alternative, before) == "fail"
	found := _finding("unknown", directive)
}

# What is forced off in a unit of elsewhere is on there, or nobody had to force it.
report contains found if {
	input.kind == "service"
	input.completeness == "override"
	some directive in _booleans
	setting := input.sections.Service[directive][0]
	not input.overrides.Service[directive]
	some alternative in setting
	alternative.forced
	judged := lib.verdict({_vote(directive, other, 1) | some other in setting})
	found := lib.minor(_finding(judged, directive))
}

_finding(judged, directive) := lib.decided(
	judged, ["sections", "Service", directive, 0], sprintf(
		"mkForce weakens %s: what the service's own definition says of it does not hold",
		[directive],
	),
	"which of the values stands is not decided",
)

_vote(directive, alternative, before) := "pass" if {
	not alternative.forced
} else := "unknown" if {
	alternative.known == false
} else := "fail" if {
	_rank(directive, alternative.value) < before
} else := "pass"

# How much a value protects, nothing for 0.
_rank(directive, value) := _levels[directive][lower(value)] if {
	_levels[directive][lower(value)]
} else := 1 if {
	directive in _booleans
	lower(value) in {"1", "on", "true", "y", "yes"}
} else := 1 if {
	directive in _lists
	not lower(value) in {"", "no", "false", "0"}
} else := 1 if {
	directive == "User"
	not value in {"", "root", "0"}
} else := 0

_levels := {
	"DevicePolicy": {"closed": 1, "strict": 2},
	"ProtectHome": {"read-only": 1, "tmpfs": 2, "true": 2, "yes": 2, "1": 2, "on": 2},
	"ProtectSystem": {"true": 1, "yes": 1, "1": 1, "on": 1, "full": 2, "strict": 3},
}

_booleans := {
	"DynamicUser", "LockPersonality", "MemoryDenyWriteExecute", "NoNewPrivileges", "PrivateDevices", "PrivateIPC", "PrivateMounts",
	"PrivateNetwork", "PrivateTmp", "PrivateUsers", "ProtectClock", "ProtectControlGroups", "ProtectHome", "ProtectHostname",
	"ProtectKernelLogs", "ProtectKernelModules", "ProtectKernelTunables", "ProtectSystem", "RestrictNamespaces", "RestrictRealtime",
	"RestrictSUIDSGID",
}

# The empty set of CapabilityBoundingSet is the strongest, so it is none of these.
_lists := {
	"IPAddressDeny", "InaccessiblePaths", "NoExecPaths", "ReadOnlyPaths", "RestrictAddressFamilies", "RestrictNamespaces",
	"SystemCallArchitectures", "SystemCallFilter",
}

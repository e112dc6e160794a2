# METADATA
# title: A long-running service has a sandbox
# description: |
#   What a service leaves out, whoever breaks into it can use. The list is ordered by how much each entry takes away from
#   them. A service that cannot bear one of these says why in a suppression.
# related_resources:
#   - https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#Sandboxing
# custom:
#   kind: unit
#   severity: info
#   precision: medium
#   security_severity: "4.0"
#   tags: [security, hardening, "nist-800-53:AC-6", "nist-800-53:SC-39", "anssi-bp-028:R64"]
#   fix: |2
#     A service that needs files of its own and a socket, and nothing else:
#
#         serviceConfig = {
#           DynamicUser = true; # or User; implies NoNewPrivileges, PrivateTmp, ProtectSystem, ProtectHome
#           CapabilityBoundingSet = "";
#           SystemCallFilter = [ "@system-service" "~@privileged" ];
#           ProtectSystem = "strict";
#           NoNewPrivileges = true;
#           ProtectHome = true;
#           PrivateTmp = true;
#         };
package nixlint.rules.hardening.sandbox

import data.nixlint.lib
import future.keywords.not

report contains found if {
	input.kind == "service"
	input.scope == "system"
	input.completeness != "override"
	found := _weighed(_finding(_long_running))
}

# A script that says neither how it is started nor what happens when it ends is a job as often as not: a lesser case.
_weighed(found) := lib.minor(found) if {
	count(lib.stated("Service", "Type")) == 0
	count(lib.stated("Service", "Restart")) == 0
	some alternative in input.scripts.start
	not _stays(alternative.value)
} else := found

# The last command takes the place of the shell.
_stays(script) if regex.match(`(?:^|\n)[ \t]*exec[ \t][^\n]*(?:\\\n[^\n]*)*\s*$`, script)

_finding("fail") := lib.finding("fail", ["sections", "Service"], sprintf("leaves out, by gain: %s%s", [
	concat(", ", _left({"fail"})),
	_perhaps,
])) if {
	count(_left({"fail"})) > 0
} else := _maybe

# Whether it runs long may be what is not known.
_finding("unknown") := _maybe

_maybe := lib.finding("unknown", ["sections", "Service"], sprintf(
	"may leave out, by gain: %s",
	[concat(", ", _left({"fail", "unknown"}))],
)) if {
	count(_left({"fail", "unknown"})) > 0
}

# What is not known is said beside what is left out.
_perhaps := sprintf("; may leave out: %s", [concat(", ", _left({"unknown"}))]) if {
	count(_left({"unknown"})) > 0
} else := ""

_left(verdicts) := [entry.says | some entry in _demands; entry.verdict in verdicts]

# The verdict on what a service that runs long is not.
_long_running := lib.directive_verdict("Service", "Type", ["oneshot"])

_demands := [
	{"says": "a user of its own (User or DynamicUser)", "verdict": _user},
	{"says": "CapabilityBoundingSet", "verdict": _restricting("CapabilityBoundingSet")},
	{"says": "SystemCallFilter", "verdict": _restricting("SystemCallFilter")},
	{"says": "ProtectSystem", "verdict": lib.directive_verdict("Service", "ProtectSystem", ["full", "strict", "yes"])},
	{"says": "NoNewPrivileges", "verdict": lib.directive_verdict("Service", "NoNewPrivileges", ["yes"])},
	{"says": "ProtectHome", "verdict": _home},
	{"says": "PrivateTmp", "verdict": lib.directive_verdict("Service", "PrivateTmp", ["disconnected", "yes"])},
]

_user := "pass" if {
	lib.directive_verdict("Service", "DynamicUser", ["yes"]) == "pass"
} else := lib.verdict({_named(state) | some state in lib.states("Service", "User")})

_named(state) := "pass" if {
	state.state == "set"
	not state.texts[count(state.texts) - 1] in {"", "0", "root"}
} else := "unknown" if {
	state.state == "unknown"
} else := "fail"

_restricting(directive) := lib.verdict({_restricts(directive, state) | some state in lib.states("Service", directive)})

_restricts(directive, state) := "pass" if {
	state.state == "set"
	not _forbids_nothing(directive, state.texts)
} else := "unknown" if {
	state.state == "unknown"
} else := "fail"

# A set that keeps these takes nothing from who breaks in, and neither does a list of system calls that is empty or a lone ~.
_forbids_nothing("CapabilityBoundingSet", texts) if {
	every capability in ["CAP_DAC_OVERRIDE", "CAP_NET_ADMIN", "CAP_SETUID", "CAP_SYS_ADMIN", "CAP_SYS_PTRACE"] { capability in texts }
}

_forbids_nothing("SystemCallFilter", texts) if every text in texts { text == "~" }

# Who scans or saves the homes has to see them.
_home := "pass" if {
	regex.match(`backup|borg|clamav|kopia|rclone|restic|rsnapshot|rsync|sanoid|scan|snapper|syncthing|timeshift`, input.name)
} else := lib.directive_verdict("Service", "ProtectHome", ["read-only", "tmpfs", "yes"])

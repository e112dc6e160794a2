# METADATA
# title: A long-running service has a sandbox
# description: |
#   What a service leaves out, whoever breaks into it can use. The list is ordered by how much each entry takes away from
#   them. A service that cannot bear one of these says why in a suppression. What looks like a job that ends, though no Type=oneshot
#   says so, is a lesser case.
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

_weighed(found) := object.union(lib.minor(found), {"msg": sprintf("%s (if it is a job that ends, Type=oneshot says so)", [found.msg])}) if {
	_job
} else := found

# A script that says neither how it is started nor that it is started again is a job as often as not.
_job if {
	_silent
	some alternative in input.scripts.start
	not _stays(alternative.value)
}

# The command is itself a script of the tree; of another command the text may be that of its configuration.
_job if {
	_silent
	some command in lib.stated("Service", "ExecStart")
	regex.match(`^[-@:+!|]*<pkgs\.[^>]*>(?:\s|$)`, command.text)
	some alternative in input.scripts.ExecStart
	not _stays(alternative.value)
}

_job if {
	_silent
	some command in lib.stated("Service", "ExecStart")
	regex.match(`^[-@:+!|]*(?:\S*/)?(?:ba|da|z)?sh\s+(?:-[a-z]+\s+)*[^-\s]\S*\.sh(?:\s|$)`, command.text)
}

# A command that is known to end does not run long, whatever Type says; unless it is started again whenever it ends.
_job if {
	not lib.may("Service", "Restart", {"always", "on-success"})
	some command in lib.stated("Service", "ExecStart")
	regex.match(_ending, command.text)
	not contains(command.text, "monitor")
}

_silent if {
	not _typed
	every value in lib.stated("Service", "Restart") { value.text == "no" }
}

_typed if {
	some possible in input.effective.Service.Type
	count(possible.values) > 0
}

_ending := sprintf(`^[-@:+!|]*(?:\S*/)?(?:%s)(?:\s|$)`, [concat("|", [
	"amixer", "brightnessctl", "chmod", "chown", "cp", "echo", "ethtool", "hciconfig", "hda-verb", "hdparm", "install", "ip", "iw", "ln",
	"mkdir", "modprobe", "mount", "mv", "rfkill", "rm", "rmmod", "setpci", "sysctl", "tee", "touch", "udevadm", "umount", "xrandr",
])])

# The last command takes the place of the shell.
_stays(script) if regex.match(`(?:^|\n)[ \t]*exec[ \t][^\n]*(?:\\\n[^\n]*)*\s*$`, script)

_finding("fail") := lib.finding("fail", ["sections", "Service"], sprintf("leaves out, by gain: %s%s", [
	concat(", ", _lacking),
	_perhaps,
])) if {
	count(_lacking) > 0
} else := _maybe

# Whether it runs long may be what is not known.
_finding("unknown") := _maybe

_maybe := lib.finding("unknown", ["sections", "Service"], sprintf(
	"may leave out, by gain: %s",
	[concat(", ", _missing)],
)) if {
	count(_missing) > 0
}

# What is not known is said beside what is left out.
_perhaps := sprintf("; may leave out: %s", [concat(", ", _open)]) if {
	count(_open) > 0
} else := ""

_lacking := _left({"fail"})

_open := _left({"unknown"})

_missing := _left({"fail", "unknown"})

_left(verdicts) := array.concat(
	[entry.says | some entry in _amiss; entry.verdict in verdicts; not entry.says in _late],
	[entry.says | some entry in _amiss; entry.verdict in verdicts; entry.says in _late],
)

_amiss := [entry | some entry in _demands; entry.verdict != "pass"]

# Who is not root and can gain nothing has no capabilities that the set could take away.
_late := {"CapabilityBoundingSet"} if {
	_user == "pass"
	lib.is("Service", "NoNewPrivileges", ["yes"])
	count(lib.stated("Service", "AmbientCapabilities")) == 0
} else := set()

# The verdict on what a service that runs long is not.
_long_running := lib.directive_verdict("Service", "Type", ["oneshot"])

_demands := [
	{"says": "a user of its own (User or DynamicUser)", "verdict": _user},
	{"says": "CapabilityBoundingSet", "verdict": _restricting("CapabilityBoundingSet")},
	{"says": "SystemCallFilter", "verdict": _restricting("SystemCallFilter")},
	{"says": "ProtectSystem", "verdict": _outside(lib.directive_verdict("Service", "ProtectSystem", ["full", "strict", "yes"]))},
	{"says": "NoNewPrivileges", "verdict": lib.directive_verdict("Service", "NoNewPrivileges", ["yes"])},
	{"says": "ProtectHome", "verdict": _outside(_home)},
	{"says": "PrivateTmp", "verdict": _outside(lib.directive_verdict("Service", "PrivateTmp", ["disconnected", "yes"]))},
]

# What protects the files of the machine is not missed where they are not in sight: in a root of its own.
_outside(verdict) := "pass" if {
	_rooted
} else := verdict

_rooted if {
	some directive in ["RootDirectory", "RootImage"]
	input.effective.Service[directive]
	every state in lib.states("Service", directive) {
		state.state == "set"
		count(state.texts) > 0
		not state.texts[count(state.texts) - 1] in {"", "/"}
	}
	not _shown
}

# Of the machine's files what matters is bound into it.
_shown if {
	some directive in ["BindPaths", "BindReadOnlyPaths"]
	some possible in input.effective.Service[directive]
	not possible.known
}

_shown if {
	some directive, places in {
		"BindPaths": `^-?/(?:$|[:\s]|(?:boot|etc|home|root|run|tmp|usr|var)/?(?:$|[:\s])|(?:boot|etc|home|root|run/user|tmp|usr|var/tmp)/)`,
		"BindReadOnlyPaths": `^-?/(?:$|[:\s]|(?:home|root|run|run/user)/?(?:$|[:\s])|(?:home|root|run/user)/)`,
	}
	some value in lib.stated("Service", directive)
	regex.match(places, value.text)
}

_user := "pass" if {
	lib.directive_verdict("Service", "DynamicUser", ["yes"]) == "pass"
} else := "pass" if {
	not input.effective.Service.User[0].sole in {"", "0", "root"}
	input.effective.Service.User[0].sole
} else := lib.verdict({_named(state) | some state in lib.states("Service", "User")})

_named(state) := "pass" if {
	state.state == "set"
	not state.texts[count(state.texts) - 1] in {"", "0", "root"}
} else := "unknown" if {
	state.state == "unknown"
} else := "fail"

# Most have one value, and need no votes.
_restricting(directive) := "pass" if {
	input.effective.Service[directive][0].sole
	not _forbids_nothing(directive, [value.text | some value in input.effective.Service[directive][0].values])
} else := lib.verdict({_restricts(directive, state) | some state in lib.states("Service", directive)})

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

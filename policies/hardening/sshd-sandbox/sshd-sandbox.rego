# METADATA
# title: sshd runs in the sandbox that was agreed
# description: |
#   sshd reads what strangers send it, as root. Each directive that is left out gives whoever breaks into it one more way
#   to the rest of the machine.
# related_resources:
#   - https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html
# custom:
#   kind: unit
#   severity: error
#   precision: high
#   security_severity: "7.0"
#   tags: [security, hardening, sshd, "nist-800-53:AC-6", "anssi-bp-028:R64"]
#   fix: |2
#     State the directive on the unit:
#
#         systemd.services.sshd.serviceConfig.PrivateTmp = true;
#
#     Three of the demands cannot stand as they are written on a machine that people log in to, see
#     `compat/sshd-lockout` and `compat/sshd-session-sandbox`. The strongest set that still lets them in:
#
#         systemd.services.sshd.serviceConfig = {
#           PrivateTmp = true; PrivateMounts = true; RemoveIPC = true;
#           ProtectSystem = "full";
#           ProtectKernelTunables = true; ProtectKernelModules = true; ProtectControlGroups = true;
#           RestrictNamespaces = true; RestrictRealtime = true; RestrictSUIDSGID = true;
#           # nixlint: ignore hardening/sshd-sandbox -- a login needs chroot
#           SystemCallFilter = [ "@system-service" "chroot" ];
#           # nixlint: ignore hardening/sshd-sandbox -- a login needs these
#           CapabilityBoundingSet = [
#             "CAP_NET_BIND_SERVICE" "CAP_DAC_READ_SEARCH" "CAP_SYS_CHROOT" "CAP_SETGID" "CAP_SETUID" "CAP_CHOWN"
#             "CAP_AUDIT_WRITE"
#           ];
#         };
package nixlint.rules.hardening.sshd_sandbox

import data.nixlint.lib
import data.nixlint.lib.sshd
import data.site
import future.keywords.not

report contains lib.demand("Service", directive, accepted, _consequence(directive)) if {
	_judged
	some directive, accepted in site.sshd.directives
}

report contains found if {
	_judged
	judged := lib.verdict({_within(state, site.sshd.capabilities) |
		some state in lib.states("Service", "CapabilityBoundingSet")
	})
	extra := {value.text | some value in lib.stated("Service", "CapabilityBoundingSet")} - {c | some c in site.sshd.capabilities}
	found := lib.finding(judged, lib.at_list("Service", "CapabilityBoundingSet"), sprintf(
		"%s: a broken sshd keeps what it may do; the demand alone locks everybody out, see compat/sshd-lockout",
		[_beyond(judged, "CapabilityBoundingSet", extra, site.sshd.capabilities)],
	))
}

report contains found if {
	_judged
	judged := lib.verdict({_filter(state) | some state in lib.states("Service", "SystemCallFilter")})
	extra := {value.text |
		some value in lib.stated("Service", "SystemCallFilter")
		not value.text in site.sshd.syscalls
		not startswith(value.text, "~")
	}
	found := lib.finding(judged, lib.at_list("Service", "SystemCallFilter"), sprintf(
		"%s: a broken sshd may call the whole kernel; the demand alone kills every login, see compat/sshd-lockout",
		[_beyond(judged, "SystemCallFilter", extra, site.sshd.syscalls)],
	))
}

_judged if {
	input.kind == "service"
	input.name in site.sshd.units
}

# An allow list within the capabilities; nothing at all is everything.
_within(state, _) := "unknown" if {
	state.state == "unknown"
} else := "pass" if {
	state.state == "set"
	every text in state.texts { text in site.sshd.capabilities }
} else := "fail"

_filter(state) := "unknown" if {
	state.state == "unknown"
} else := "pass" if {
	state.state == "set"
	allowed := [text | some text in state.texts; not startswith(text, "~"); not _taken_away(text, state.texts)]
	count(allowed) > 0
	every text in allowed { text in site.sshd.syscalls }
} else := "fail"

# What a later word denies is not allowed.
_taken_away(text, texts) if sprintf("~%s", [text]) in texts

_taken_away("chroot", texts) if sshd.no_chroot(texts)

_beyond("fail", directive, extra, wanted) := sprintf("%s allows %s beyond %s", [
	directive, concat(", ", sort(extra)),
	concat(", ", wanted),
]) if {
	count(extra) > 0
} else := sprintf("%s, want %s", [lib.shown("Service", directive), concat(" ", wanted)])

_beyond("unknown", directive, _, wanted) := sprintf("%s may not be within %s (%s)", [
	directive, concat(", ", wanted),
	lib.why("Service", directive),
])

_consequence(directive) := _consequences[directive] if {
	_consequences[directive]
} else := "a broken sshd reaches further into the machine"

_consequences := {
	"NoNewPrivileges": "a setuid program gives a broken sshd more rights (but no su or sudo with it, see compat/sshd-session-sandbox)",
	"PrivateMounts": "what sshd mounts shows up on the whole machine",
	"PrivateTmp": "sshd shares /tmp with every user and can be fed files there",
	"ProtectControlGroups": "a broken sshd can rewrite the limits of every service",
	"ProtectHome": "a broken sshd reads every home (but so does no login with it, see compat/sshd-session-sandbox)",
	"ProtectKernelModules": "a broken sshd can load code into the kernel",
	"ProtectKernelTunables": "a broken sshd can change kernel settings under /proc and /sys",
	"ProtectSystem": "a broken sshd can write to the system (but sessions write nowhere with it, see compat/sshd-session-sandbox)",
	"RemoveIPC": "shared memory outlives the service (without User= it has no effect)",
	"RestrictNamespaces": "a broken sshd can make namespaces, the usual step to a kernel exploit",
	"RestrictRealtime": "a broken sshd can take the processor for itself",
	"RestrictSUIDSGID": "a broken sshd can leave setuid programs behind",
}

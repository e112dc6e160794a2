# METADATA
# title: sshd's sandbox still lets people log in
# description: |
#   sshd gives up root for the user who logs in: it calls chroot, setgid and setuid. A capability set without
#   CAP_SYS_CHROOT, CAP_SETGID and CAP_SETUID, or a system call filter without chroot (which @system-service does not
#   hold), ends every login; under the filter sshd is killed and nothing is in its log. A remote machine is lost then.
# related_resources:
#   - https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#SystemCallFilter=
# custom:
#   kind: unit
#   severity: error
#   precision: very-high
#   tags: [compatibility, sshd]
#   fix: |2
#     The strongest set that still lets people in:
#
#         systemd.services.sshd.serviceConfig = {
#           SystemCallFilter = [ "@system-service" "chroot" ];
#           CapabilityBoundingSet = [
#             "CAP_NET_BIND_SERVICE" "CAP_DAC_READ_SEARCH" "CAP_SYS_CHROOT" "CAP_SETGID" "CAP_SETUID"
#             "CAP_CHOWN" "CAP_AUDIT_WRITE" # a terminal, and the audit log
#           ];
#         };
#
#     Both are more than `hardening/sshd-sandbox` allows: give it a reason on each,
#     `# nixlint: ignore hardening/sshd-sandbox -- a login needs these`.
package nixlint.rules.compat.sshd_lockout

import data.nixlint.lib
import data.nixlint.lib.sshd
import data.site
import future.keywords.not

report contains found if {
	_judged
	judged := lib.verdict({_login(state) | some state in lib.states("Service", "CapabilityBoundingSet")})
	missing := concat(", ", sort({needed |
		some state in lib.states("Service", "CapabilityBoundingSet")
		state.state == "set"
		some needed in _needed
		not needed in state.texts
	}))
	found := lib.decided(
		judged, lib.at_list("Service", "CapabilityBoundingSet"), sprintf(
			"CapabilityBoundingSet leaves out %s: sshd cannot become the user who logs in, so nobody can log in",
			[missing],
		),
		lib.why("Service", "CapabilityBoundingSet"),
	)
}

report contains found if {
	_judged
	judged := lib.verdict({_chroot(state) | some state in lib.states("Service", "SystemCallFilter")})
	found := lib.decided(
		judged, lib.at_list("Service", "SystemCallFilter"),
		"SystemCallFilter does not allow chroot: sshd is killed at each login with nothing in its log, so nobody can log in",
		lib.why("Service", "SystemCallFilter"),
	)
}

_judged if {
	input.kind == "service"
	input.name in site.sshd.units
}

_needed := {"CAP_SETGID", "CAP_SETUID", "CAP_SYS_CHROOT"}

# What is not stated is nobody's lockout: nixpkgs' own unit sets neither.
_login(state) := "unknown" if {
	state.state == "unknown"
	count(state.texts) > 0
} else := "fail" if {
	state.state == "set"
	some needed in _needed
	not needed in state.texts
} else := "pass"

_chroot(state) := "unknown" if {
	state.state == "unknown"
	count(state.texts) > 0
} else := "fail" if {
	state.state == "set"
	sshd.no_chroot(state.texts)
} else := "pass"

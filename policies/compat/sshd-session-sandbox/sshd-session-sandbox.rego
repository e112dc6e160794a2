# METADATA
# title: sshd's sandbox is one that sessions can live in
# description: |
#   A session is a child of sshd and lives in its sandbox: with ProtectHome people find no home and sshd no keys in it,
#   with NoNewPrivileges neither su nor sudo works, with ProtectSystem=strict a session can write nowhere.
# related_resources:
#   - https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#Sandboxing
# custom:
#   kind: unit
#   severity: warning
#   precision: high
#   tags: [compatibility, sshd]
#   fix: |2
#     On a machine that people work on:
#
#         systemd.services.sshd.serviceConfig = {
#           ProtectSystem = "full";
#           ProtectHome = false;
#           NoNewPrivileges = false;
#         };
#
#     With ProtectHome, keys under /etc/ssh/authorized_keys.d (users.users.NAME.openssh.authorizedKeys) still work.
package nixlint.rules.compat.sshd_session_sandbox

import data.nixlint.lib
import data.site
import future.keywords.not

report contains found if {
	_judged
	some directive, bad in _inherited
	judged := lib.verdict({_vote(state, bad.values) | some state in lib.states("Service", directive)})
	found := lib.decided(
		judged, lib.at("Service", directive), sprintf(
			"%s is inherited by every session: %s",
			[lib.shown("Service", directive), bad.consequence],
		),
		lib.why("Service", directive),
	)
}

report contains found if {
	_judged
	judged := lib.verdict({_terminal(state) | some state in lib.states("Service", "CapabilityBoundingSet")})
	missing := concat(", ", sort({useful |
		some state in lib.states("Service", "CapabilityBoundingSet")
		state.state == "set"
		some useful in _useful
		not useful in state.texts
	}))
	found := lib.decided(
		judged, lib.at_list("Service", "CapabilityBoundingSet"), sprintf(
			"CapabilityBoundingSet leaves out %s: sessions get no terminal without CAP_CHOWN and no audit entry without CAP_AUDIT_WRITE",
			[missing],
		),
		lib.why("Service", "CapabilityBoundingSet"),
	)
}

_judged if {
	input.kind == "service"
	input.name in site.sshd.units
}

_inherited := {
	"NoNewPrivileges": {"values": {"yes"}, "consequence": "su, sudo and every other setuid program fail in it"},
	"ProtectHome": {
		"values": {"read-only", "tmpfs", "yes"},
		"consequence": "people cannot work in their homes, and sshd finds no keys there",
	},
	"ProtectSystem": {"values": {"strict"}, "consequence": "people cannot write anywhere, their homes included"},
}

_vote(state, bad) := "unknown" if {
	state.state == "unknown"
	count(state.texts) > 0
} else := "fail" if {
	state.state == "set"
	state.texts[count(state.texts) - 1] in bad
} else := "pass"

_login := {"CAP_SETGID", "CAP_SETUID", "CAP_SYS_CHROOT"}

_useful := {"CAP_AUDIT_WRITE", "CAP_CHOWN"}

# Where nobody can log in, compat/sshd-lockout speaks instead.
_terminal(state) := "fail" if {
	state.state == "set"
	every needed in _login { needed in state.texts }
	some useful in _useful
	not useful in state.texts
} else := "pass"

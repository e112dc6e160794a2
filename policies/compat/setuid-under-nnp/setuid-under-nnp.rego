# METADATA
# title: What runs without new privileges needs none
# description: |
#   The programs of /run/wrappers (sudo, ping, sendmail, mount, …) get their rights when they are started. With NoNewPrivileges they do not:
#   the command fails, perhaps only on the day it is needed.
# related_resources:
#   - https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#NoNewPrivileges=
# custom:
#   kind: unit
#   severity: error
#   precision: high
#   tags: [compat, correctness]
#   fix: |2
#         # Give the service the one right it needs, and call the program itself:
#         serviceConfig.AmbientCapabilities = [ "CAP_NET_RAW" ];
#         script = "${pkgs.iputils}/bin/ping -c 1 example.org";
package nixlint.rules.compat.setuid_under_nnp

import data.nixlint.lib
import data.nixlint.lib.command
import future.keywords.not

report contains found if {
	input.kind == "service"
	contains(input.text, "/run/wrappers/bin/")
	lib.may("Service", "NoNewPrivileges", {"yes"})
	judged := lib.together({lib.forbidden("Service", "NoNewPrivileges", ["yes"]), _unprivileged})
	judged != "pass"
	some text in command.texts
	found_text := regex.find_n(`/run/wrappers/bin/[A-Za-z0-9._-]+`, text.text, 1)[0]
	found := lib.matched(
		lib.decided(
			_sure(judged, text.sure), text.path,
			sprintf("%s needs rights that NoNewPrivileges does not let it have: it fails", [found_text]),
			"NoNewPrivileges, the user or the command is not decided",
		),
		found_text,
	)
}

# Root has the rights already. Somebody else runs it if a user is stated, or in a user's manager.
_unprivileged := "fail" if {
	input.scope == "user"
} else := "fail" if {
	lib.is("Service", "DynamicUser", ["yes"])
} else := lib.verdict({_vote(state) | some state in lib.states("Service", "User")})

_vote(state) := "unknown" if {
	state.state == "unknown"
} else := "pass" if {
	state.state == "absent"
} else := "pass" if {
	state.texts[count(state.texts) - 1] in {"", "0", "root"}
} else := "fail"

_sure("fail", true) := "fail"

_sure("fail", false) := "unknown"

_sure("unknown", _) := "unknown"

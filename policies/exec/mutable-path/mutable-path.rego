# METADATA
# title: Root runs nothing that others can write
# description: |
#   A program under /home, /tmp or /var/tmp belongs to a person or to nobody: who can write it is root the next time the service
#   starts.
# related_resources:
#   - https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#User=
# custom:
#   kind: unit
#   severity: error
#   precision: high
#   security_severity: "7.8"
#   tags: [exec, security]
#   fix: |2
#         serviceConfig.ExecStart = "${./notes.sh}"; # in the store, where nobody writes
#         serviceConfig.User = "ada";                # or run it as who owns it
package nixlint.rules.exec.mutable_path

import data.nixlint.lib
import data.nixlint.lib.command
import future.keywords.not

report contains found if {
	input.kind == "service"
	input.scope == "system"
	_suspect
	some line in command.lines
	not startswith(line.text, "<pkgs.") # most commands, and a look is cheaper than an expression
	program := regex.find_all_string_submatch_n(`^([@:+!-]*)(/(?:home|tmp|var/tmp|dev/shm)/[^\s]+)`, line.text, 1)[0]
	judged := _worse(line.verdict, _root(program[1]))
	found := lib.matched(
		lib.decided(
			judged, line.path,
			sprintf("root runs %s: who can write it is root at the next start", [program[2]]),
			"the user of the service is not known",
		),
		program[2],
	)
}

# Most units have no such word.
_suspect if {
	some folder in ["/home/", "/tmp/", "/dev/shm/"]
	contains(input.text, folder)
}

_root(prefix) := "fail" if {
	regex.match(`[+!]`, prefix)
} else := "pass" if {
	lib.is("Service", "DynamicUser", ["yes"])
} else := lib.verdict({_vote(state) | some state in lib.states("Service", "User")})

_vote(state) := "unknown" if {
	state.state == "unknown"
} else := "pass" if {
	state.state == "set"
	not state.texts[count(state.texts) - 1] in {"", "0", "root"}
} else := "fail"

_worse("fail", verdict) := verdict

_worse("unknown", "pass") := "pass"

_worse("unknown", verdict) := "unknown" if verdict != "pass"

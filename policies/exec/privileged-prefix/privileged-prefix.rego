# METADATA
# title: No command is taken out of the sandbox
# description: |
#   A + before a command runs it as root without any of the unit's restrictions, a ! with the rights of root: the sandbox that
#   the unit states is not that of this command.
# related_resources:
#   - https://www.freedesktop.org/software/systemd/man/latest/systemd.service.html#Command%20lines
# custom:
#   kind: unit
#   severity: warning
#   precision: very-high
#   security_severity: "5.0"
#   tags: [exec, security, "nist-800-53:AC-6"]
#   fix: |2
#         serviceConfig.StateDirectory = "notes"; # instead of ExecStartPre = "+… mkdir"
package nixlint.rules.exec.privileged_prefix

import data.nixlint.lib
import data.nixlint.lib.command
import future.keywords.not

report contains found if {
	input.kind == "service"
	input.scope == "system"
	_suspect
	some line in command.lines
	not startswith(line.text, "<pkgs.") # most commands, and a look is cheaper than an expression
	prefix := regex.find_n(`^[@:-]*[+!]`, line.text, 1)[0]
	found := lib.decided(
		line.verdict, line.path,
		sprintf("%s begins with %s: the command runs with the rights of root, outside of the sandbox", [
			line.directive,
			substring(prefix, count(prefix) - 1, 1),
		]),
		"the command is not decided",
	)
}

# Most units have no line that begins so.
_suspect if {
	some start in ["\n+", "\n!", "\n-", "\n:", "\n@+", "\n@!", "\n@-", "\n@:"]
	contains(input.text, start)
}

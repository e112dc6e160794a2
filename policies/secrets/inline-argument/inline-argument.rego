# METADATA
# title: No secret stands on a command line
# description: |
#   A command line is in the store and, while the service runs, in the list of processes: every user of the machine reads it.
# related_resources:
#   - https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#Credentials
# custom:
#   kind: unit
#   severity: error
#   precision: high
#   security_severity: "7.5"
#   tags: [secrets, security, "nist-800-53:IA-5(7)"]
#   fix: |2
#         serviceConfig.ExecStart = "${pkgs.notes}/bin/notes --token-file %d/token"; # a path is no secret
#         serviceConfig.LoadCredential = [ "token:/etc/credstore/token" ];
package nixlint.rules.secrets.inline_argument

import data.nixlint.lib
import data.nixlint.lib.command
import future.keywords.not

report contains found if {
	input.kind == "service"
	_suspect
	some line in command.lines
	some match in regex.find_all_string_submatch_n(`(?:^|\s)(--?[A-Za-z0-9-]*(?i:password|passwd|secret|token|api-?key))(?:=|\s+)([^\s-][^\s]*)`, line.text, -1)
	not regex.match(`^["']?(?:$|/|~|%|\$|@|file:|env:|<pkgs|<unknown|["']$|[0-9]+$|(?i:true|false|yes|no|none|null|on|off|auto)["']?$)`, match[2])
	not regex.match(_switch, match[1])
	found := lib.matched(
		lib.decided(
			line.verdict, line.path,
			sprintf("%s is given on the command line: every user of the machine can read it in the list of processes", [match[1]]),
			"the command is not decided",
		),
		trim_space(match[0]),
	)
}

# What only says how secrets are dealt with takes no value: what follows it is another argument.
_switch := `^--?(?:allow|ask|check|disable|enable|generate|no|prompt|require|reset|rotate|show|skip|use|without)-`

_suspect if {
	some word in ["pass", "secret", "token", "key"]
	contains(lower(input.text), word)
}

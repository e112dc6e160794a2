# METADATA
# title: A command line of a unit has no shell syntax
# description: |
#   systemd starts programs itself, without a shell: |, >, && and & are handed to the program as arguments. A % that is no
#   specifier makes systemd ignore the whole line.
# related_resources:
#   - https://www.freedesktop.org/software/systemd/man/latest/systemd.service.html#Command%20lines
# custom:
#   kind: unit
#   severity: error
#   precision: high
#   tags: [exec, correctness]
#   fix: |2
#         script = "notes | tee /var/log/notes"; # a script is run by a shell
#         serviceConfig.ExecStart = "${pkgs.curl}/bin/curl https://example.org/a%%20b"; # %% is a percent sign
package nixlint.rules.exec.shell_syntax

import data.nixlint.lib
import data.nixlint.lib.command
import future.keywords.not

report contains found if {
	input.kind == "service"
	_suspect
	some line in command.lines
	some operator in _operators(line.text)
	found := lib.decided(
		line.verdict, line.path,
		sprintf("%s hands %s to the program as an argument: there is no shell that would act on it", [line.directive, operator]),
		"the command is not decided",
	)
}

report contains found if {
	input.kind == "service"
	contains(input.text, "%")
	some line in command.lines
	contains(line.text, "%")
	regex.match(`%(?:[^aAbBcCdDEfgGhHiIjJlLmMnNopPqrRsStTuUvVwWyYzZ%]|$)`, replace(line.text, "%%", ""))
	found := lib.decided(
		line.verdict, line.path,
		sprintf("%s has a %% that is no specifier: systemd ignores the line, a percent sign is %%%%", [line.directive]),
		"the command is not decided",
	)
}

# Most units have nothing of the kind, and one look at all their text tells.
_suspect if {
	some sign in ["|", "&", " < ", " <\n", "\t<", "<\t", "> ", ">\t", ">\n", ">>"]
	contains(input.text, sign)
}

_operators(text) := {found[1] |
	some sign in ["|", "&", " < ", "\t<", "<\t", "> ", ">\t", ">>", ">&"]
	contains(concat("", [text, " "]), sign)
	some found in regex.find_all_string_submatch_n(`(?:^|\s)(\|\|?|&&|&|[0-9]?>>?(?:&[0-9])?|<)(?:\s|$)`, _bare(text), -1)
}

# What stands in quotes is for a shell that the command names, or meant as an argument.
_bare(text) := regex.replace(regex.replace(text, `"(?:[^"\\]|\\.)*"|'[^']*'`, "_"), `<[^<>\s][^<>]*>`, "_")

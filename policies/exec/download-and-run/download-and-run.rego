# METADATA
# title: Nothing is downloaded and run at once
# description: |
#   What a server sends is run with the rights of the service, without a check and without a trace in the configuration: whoever
#   controls the server or the way to it controls the machine.
# related_resources:
#   - https://www.freedesktop.org/software/systemd/man/latest/systemd.service.html#ExecStart=
# custom:
#   kind: unit
#   severity: error
#   precision: high
#   security_severity: "9.0"
#   tags: [exec, security]
#   fix: |2
#         script = "${pkgs.callPackage ./installer.nix { }}/bin/install"; # fetchurl with a hash
package nixlint.rules.exec.download_and_run

import data.nixlint.lib
import data.nixlint.lib.command
import future.keywords.not

report contains found if {
	input.kind == "service"
	some program in ["curl", "wget"]
	contains(input.text, program)
	some source in command.texts
	some match in _runs(source.text)
	found := lib.matched(
		lib.decided(
			_verdict(source), source.path,
			"a download is run without a check: who controls the server or the way to it controls the machine",
			"the command is not decided",
		),
		match,
	)
}

# What is piped into a shell or an interpreter is run, unless that is given a program of its own: then it is what the program reads.
_runs(text) := {found[1] |
	some [pattern, own] in _piped
	some found in regex.find_all_string_submatch_n(pattern, text, -1)
	not regex.match(own, found[2])
} | {found |
	some found in regex.find_n(`(?:ba|da|z)?sh\s+(?:-c\s+)?["']?(?:\$|<)\((?:\S*/)?(?:curl|wget)\b[^\n)]*\)`, text, -1)
}

# By what stands before the arguments, and by arguments that say what to run.
_piped := [
	[
		`((?:curl|wget)\b[^\n|;]*\|\s*(?:sudo\s+(?:-\S+\s+)*)?(?:\S*/)?(?:ba|da|z|k)?sh\b)([^\n|;&)]*)`,
		`^\s+(?:-[a-z]*c\s|[^-\s<>"'#\\0-9])`,
	],
	[
		`((?:curl|wget)\b[^\n|;]*\|\s*(?:sudo\s+)?(?:\S*/)?(?:python3?|perl|ruby|node)\b)([^\n|;&)]*)`,
		`^\s+(?:-[A-Za-z]*[cempnE][\s'"]|--(?:eval|print)|[^-\s<>"'#\\0-9])`,
	],
]

_verdict(source) := "fail" if {
	source.sure
} else := "unknown"

# METADATA
# title: No program is looked for where NixOS has none
# description: |
#   NixOS has /bin/sh and /usr/bin/env and no other program under /bin, /sbin or /usr: the service fails with 203/EXEC, or its
#   script with "not found". Units of a built system are judged where something says that it is NixOS: one of them names the store, or
#   the system has etc/NIXOS.
# related_resources:
#   - https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#Process%20Exit%20Codes
# custom:
#   kind: unit
#   severity: error
#   precision: high
#   tags: [exec, correctness]
#   fix: |2
#         serviceConfig.ExecStart = "${pkgs.coreutils}/bin/sleep 10"; # not /bin/sleep
#         path = [ pkgs.curl ]; # a script then says curl
package nixlint.rules.exec.missing_fhs_path

import data.nixlint.lib
import data.nixlint.lib.command
import future.keywords.not

report contains found if {
	input.kind == "service"
	_suspect
	input.system == ""
	not _root_of_its_own
	some line in command.lines
	not startswith(line.text, "<pkgs.") # most commands, and a look is cheaper than an expression
	program := regex.find_n(`^[@:+!-]*(/(?:usr/)?(?:local/)?s?bin/[A-Za-z0-9._+-]+)`, line.text, 1)[0]
	found := _finding(trim_left(program, "@:+!-"), line.path, line.verdict)
}

report contains found if {
	input.kind == "service"
	_suspect
	input.system == ""
	not _root_of_its_own
	some name, script in input.scripts
	some alternative in script
	contains(alternative.value, "bin/")
	some text in split(alternative.value, "\n")
	not regex.match(`docker|podman|nspawn|chroot|nsenter|machinectl|ssh |\[ |test |[^|]\|\||if `, text)
	program := regex.find_all_string_submatch_n(`^\s*(?:exec\s+)?(/(?:usr/)?(?:local/)?s?bin/[A-Za-z0-9._+-]+)(?:\s|$)`, text, 1)[0][1]
	found := _finding(program, ["scripts", name], lib.standing(script))
}

# Most units have no such line, and one look at all their text tells.
_suspect if regex.match(`\n[@:+!-]*\s*(?:exec\s+)?/(?:usr/)?(?:local/)?s?bin/`, input.text)

_finding(program, path, verdict) := lib.matched(
	lib.decided(
		verdict, path,
		sprintf("%s does not exist on NixOS: it fails to start, name the package instead", [program]),
		"the command is not decided",
	),
	program,
) if {
	not program in {"/bin/sh", "/usr/bin/env"}
}

_root_of_its_own if {
	some directive in ["RootDirectory", "RootImage", "BindPaths", "BindReadOnlyPaths"]
	input.sections.Service[directive]
}

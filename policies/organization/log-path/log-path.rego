# METADATA
# title: Logs are where logs are looked for
# description: |
#   A log file of its own outside of the folder for logs is neither rotated nor shipped nor found at an incident, and grows
#   until the disk is full. What goes to the journal needs none of this.
# related_resources:
#   - https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#StandardOutput=
#   - https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#RuntimeDirectory=
# custom:
#   kind: unit
#   severity: info
#   precision: high
#   tags: [organization, logging]
#   fix: |2
#     Write to the journal (the default), or below /var/log:
#
#         serviceConfig = {
#           LogsDirectory = "app"; # makes /var/log/app
#           StandardOutput = "append:/var/log/app/out.log";
#         };
package nixlint.rules.organization.log_path

import data.nixlint.lib
import data.nixlint.lib.command
import data.site
import future.keywords.not

report contains found if {
	input.kind == "service"
	some directive in ["StandardOutput", "StandardError"]
	input.effective.Service[directive]
	some state in lib.states("Service", directive)
	some text in state.texts
	some file in regex.find_all_string_submatch_n(`^(?:file|append|truncate):(/.*)$`, text, 1)
	judged := _outside(file[1], count(lib.states("Service", directive)) == 1)
	found := lib.decided(
		judged, lib.at("Service", directive),
		sprintf("%s writes to %s, outside of %s: nobody rotates or reads it there", [directive, _shown(file[1]), site.logs.root]),
		"its path is not decided",
	)
}

report contains found if {
	input.kind == "service"
	contains(input.text, "log")
	some source in command.texts
	some flag in site.logs.flags
	contains(source.text, flag)
	some given in command.values(source.text, flag)
	startswith(given.value, "/")
	judged := _outside(given.value, source.sure)
	found := lib.matched(
		lib.decided(
			judged, source.path,
			sprintf("logs to %s, outside of %s: nobody rotates or reads it there", [_shown(given.value), site.logs.root]),
			"its path is not decided",
		),
		given.match,
	)
}

# Devices and what lives no longer than the service are no logs to keep.
_outside(path, sure) := judged if {
	not startswith(path, sprintf("%s/", [site.logs.root]))
	not regex.match(`^/(?:dev|run|proc)/`, path)
	judged := _sure(path, sure)
}

_sure(path, sure) := "fail" if {
	sure
	not contains(path, "<unknown")
} else := "unknown"

_shown(path) := split(path, "<unknown")[0]

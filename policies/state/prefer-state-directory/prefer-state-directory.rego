# METADATA
# title: systemd makes the folder of a service
# description: |
#   A script that makes its folder runs with the rights of the service, or as root and has to give it away, and a sandbox has to be opened
#   for it. StateDirectory makes it with the right owner, before the service starts, and lets it write there.
# related_resources:
#   - https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#RuntimeDirectory=
# custom:
#   kind: unit
#   severity: info
#   precision: medium
#   tags: [state]
#   fix: |2
#         serviceConfig.StateDirectory = "notes"; # /var/lib/notes, of the service's user
package nixlint.rules.state.prefer_state_directory

import data.nixlint.lib
import data.nixlint.lib.command
import future.keywords.not

report contains found if {
	input.kind == "service"
	input.scope == "system"
	contains(input.text, "/var/")
	_makes_some
	some text in command.texts
	some made in regex.find_all_string_submatch_n(_makes, text.text, 1)
	directive := _directives[made[2]]
	not _stated(directive, made[3])
	found := lib.matched(
		lib.decided(
			_verdict(directive, text), text.path,
			sprintf("the script makes %s, want %s=%s: systemd makes it, gives it to the service and lets it write there", [
				made[1],
				directive, made[3],
			]),
			"the script or its directories are not decided",
		),
		made[1],
	)
}

_makes_some if contains(input.text, "mkdir")

_makes_some if contains(input.text, "install")

_makes := `(?:mkdir|install -d|install --directory)\s[^\n;&|]*?["']?(/var/(lib|cache|log)/([A-Za-z0-9._-]+))["']?/?(?:[\s;&|]|$)`

_directives := {"cache": "CacheDirectory", "lib": "StateDirectory", "log": "LogsDirectory"}

_stated(directive, name) if {
	some value in lib.stated("Service", directive)
	split(split(value.text, ":")[0], "/")[0] == name
}

_verdict(directive, text) := "unknown" if {
	some state in lib.states("Service", directive)
	state.state == "unknown"
} else := "fail" if {
	text.sure
} else := "unknown"

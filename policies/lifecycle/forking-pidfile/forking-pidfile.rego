# METADATA
# title: A forking service says which process is its main one
# description: |
#   Without PIDFile systemd guesses the main process of a Type=forking service; where it cannot, it notices neither a crash nor
#   the end, and Restart does nothing.
# related_resources:
#   - https://www.freedesktop.org/software/systemd/man/latest/systemd.service.html#PIDFile=
# custom:
#   kind: unit
#   severity: info
#   precision: medium
#   tags: [lifecycle, availability]
#   fix: |2
#         serviceConfig.PIDFile = "/run/notes/notes.pid"; # or run it in the foreground, with Type=notify or exec
package nixlint.rules.lifecycle.forking_pidfile

import data.nixlint.lib
import future.keywords.not

report contains found if {
	input.kind == "service"
	lib.is("Service", "Type", ["forking"])
	judged := lib.verdict({_vote(state) | some state in lib.states("Service", "PIDFile")})
	found := lib.decided(
		judged, lib.at("Service", "Type"),
		"Type=forking without PIDFile: systemd guesses the main process, and may not notice that it crashed",
		lib.why("Service", "PIDFile"),
	)
}

_vote(state) := "pass" if {
	state.state == "set"
} else := "pass" if {
	some text in state.texts
	regex.replace(text, `<unknown:[^>]*>`, "") != "" # a piece of it is known, so there is one
} else := "unknown" if {
	state.state == "unknown"
} else := "fail"

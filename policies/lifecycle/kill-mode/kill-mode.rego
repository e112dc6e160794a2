# METADATA
# title: Stopping a service stops its processes
# description: |
#   With KillMode=none systemd kills nothing: processes stay behind outside of any service, hold ports and files, and a restart runs
#   beside them. systemd calls it unsafe and will take it away.
# related_resources:
#   - https://www.freedesktop.org/software/systemd/man/latest/systemd.kill.html#KillMode=
# custom:
#   kind: unit
#   severity: warning
#   precision: very-high
#   tags: [lifecycle]
#   fix: |2
#         serviceConfig.KillMode = "mixed"; # the main process first, then the rest
package nixlint.rules.lifecycle.kill_mode

import data.nixlint.lib
import future.keywords.not

report contains found if {
	input.kind == "service"
	lib.may("Service", "KillMode", {"none"})
	judged := _turned[lib.directive_verdict("Service", "KillMode", ["none"])]
	found := lib.decided(
		judged, lib.at("Service", "KillMode"),
		"KillMode=none leaves the processes of the service behind when it stops, want control-group or mixed",
		lib.why("Service", "KillMode"),
	)
}

_turned := {"pass": "fail", "unknown": "unknown"}

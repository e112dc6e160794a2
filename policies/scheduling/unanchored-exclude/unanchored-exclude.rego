# METADATA
# title: A scan leaves out a folder, not a name
# description: |
#   --exclude-dir of clamscan is an expression that is looked for anywhere in a path: /dev leaves out /home/a/dev as well, and malware
#   that is there is never found.
# related_resources:
#   - https://docs.clamav.net/manual/Usage/Scanning.html#clamscan
# custom:
#   kind: unit
#   severity: warning
#   precision: very-high
#   security_severity: "4.0"
#   tags: [scheduling, security, clamav]
#   fix: |2
#         ${pkgs.clamav}/bin/clamscan --recursive --exclude-dir=^/dev --exclude-dir=^/nix/store /home
package nixlint.rules.scheduling.unanchored_exclude

import data.nixlint.lib
import data.nixlint.lib.command
import future.keywords.not

report contains found if {
	input.kind == "service"
	contains(input.text, "clamscan")
	contains(input.text, "--exclude")
	some script in command.texts
	loose := [excluded |
		some flag in ["--exclude-dir", "--exclude"]
		some excluded in command.values(script.text, flag)
		startswith(excluded.value, "/")
	]
	count(loose) > 0
	found := lib.matched(
		lib.decided(
			_verdict(script), script.path,
			sprintf("%s is looked for anywhere in a path, so it leaves out /home/a%s too; want ^%s", [
				concat(", ", [excluded.match | some excluded in loose]),
				trim_right(loose[0].value, "/$"),
				loose[0].value,
			]),
			"whether it is run is not decided",
		),
		loose[0].match,
	)
}

_verdict(script) := "fail" if {
	script.sure
} else := "unknown"

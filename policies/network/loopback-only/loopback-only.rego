# METADATA
# title: A service for this machine listens on this machine only
# description: |
#   These services have no authentication worth the name: whoever reaches their port can run code or use the models.
# related_resources:
#   - https://www.freedesktop.org/software/systemd/man/latest/systemd.resource-control.html#IPAddressAllow=ADDRESS%5B/PREFIXLENGTH%5D%E2%80%A6
# custom:
#   kind: unit
#   severity: error
#   precision: high
#   security_severity: "8.0"
#   tags: [security, network]
#   fix: |2
#     Bind the loopback address and put a proxy that authenticates in front:
#
#         ExecStart = "${pkgs.llama-cpp}/bin/llama-server --host 127.0.0.1 --port 8080";
package nixlint.rules.network.loopback_only

import data.nixlint.lib
import data.nixlint.lib.command
import data.site
import future.keywords.not

report contains found if {
	_judged
	some flag in site.loopback[input.name].flags
	some alternative in command.main
	some given in command.values(alternative.text, flag)
	judged := _vote(given.value)
	found := lib.matched(_finding(judged, alternative.path, given.match), given.match)
}

# The defaults are loopback, so only a command that is not known can hide another address.
report contains found if {
	_judged
	some alternative in command.main
	alternative.known == false
	alternative.text == ""
	input.completeness != "override"
	found := _finding("unknown", alternative.path, "the command")
}

report contains found if {
	_judged
	some variable in site.loopback[input.name].variables
	some assignment in lib.stated("Service", "Environment")
	text := trim(assignment.text, `"'`)
	startswith(text, sprintf("%s=", [variable]))
	judged := _vote(substring(text, count(variable) + 1, -1))
	found := _finding(judged, assignment.path, text)
}

_judged if {
	input.kind == "service"
	site.loopback[input.name]
}

_finding(judged, path, what) := lib.decided(
	judged, path, sprintf(
		"%s opens it to the network: whoever reaches the machine can use it, want 127.0.0.1",
		[what],
	),
	"the address is not known",
)

_vote(address) := "unknown" if {
	contains(address, "<unknown")
} else := "pass" if {
	regex.match(`^(?:https?://)?(?:localhost|127\.[0-9.]+|::1|\[::1\])(?::[0-9]+)?$`, address)
} else := "fail"

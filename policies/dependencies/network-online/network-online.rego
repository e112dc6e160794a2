# METADATA
# title: Who needs the network waits for network-online.target
# description: |
#   network.target does not mean that the network is up, only that what sets it up was started. After=network-online.target alone
#   orders after a target that perhaps nothing starts: it takes Wants as well.
# related_resources:
#   - https://systemd.io/NETWORK_ONLINE/
#   - https://www.freedesktop.org/software/systemd/man/latest/systemd.special.html#network-online.target
# custom:
#   kind: unit
#   severity: warning
#   precision: high
#   tags: [dependencies, availability]
#   fix: |2
#         wants = [ "network-online.target" ];
#         after = [ "network-online.target" ];
package nixlint.rules.dependencies.network_online

import data.nixlint.lib
import future.keywords.not

report contains found if {
	input.kind == "service"
	input.scope == "system"
	some after in lib.stated("Unit", "After")
	after.text == "network-online.target"
	not _any_pulls
	found := lib.decided(
		_verdict, after.path,
		"After=network-online.target without Wants: nothing may start the target, and then the service does not wait",
		"what it wants is not decided",
	)
}

_directives := ["BindsTo", "Requires", "Wants"]

_any_pulls if {
	some directive in _directives
	some value in lib.stated("Unit", directive)
	value.text == "network-online.target"
}

_verdict := "unknown" if {
	some directive in _directives
	some state in lib.states("Unit", directive)
	state.state == "unknown"
} else := "fail"

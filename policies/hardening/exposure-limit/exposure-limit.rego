# METADATA
# title: A service is no more exposed than its limit
# description: |
#   The exposure is what `systemd-analyze security` computes: 0.0 is locked up, 10.0 wide open. Above its limit a service that is
#   broken into hands over more of the machine than was agreed. A limit that is reached by chance is lost by chance: the next
#   change of the unit is judged too. `nixlint exposure --unit NAME` lists what can be gained by what.
# related_resources:
#   - https://www.freedesktop.org/software/systemd/man/latest/systemd-analyze.html#systemd-analyze%20security%20UNIT...
#   - https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#Sandboxing
# custom:
#   kind: unit
#   severity: warning
#   precision: high
#   security_severity: "4.0"
#   tags: [security, hardening]
#   fix: |2
#     Set what the message lists first, or agree on another limit, in tenths, in .nixlint.yaml:
#
#         site:
#           exposure:
#             units: {llamacpp: 20}
package nixlint.rules.hardening.exposure_limit

import data.nixlint.lib
import data.site
import future.keywords.not

report contains found if {
	input.kind == "service"
	input.scope == "system"
	limit := _limit
	found := lib.decided(_verdict(limit), ["sections", "Service"], _message(limit), "its settings are not all decided")
}

_limit := site.exposure.units[input.name] if {
	site.exposure.units[input.name]
} else := site.exposure.limit if {
	input.completeness != "override"
	not input.exposure.max <= site.exposure.limit # most are, and a look is cheaper than the list of the exempt
	not _exempt
}

# What people log in to and what runs others cannot be locked up: a limit of their own is judged all the same.
_exempt if {
	input.name in site.exposure.exempt
}

_exempt if {
	some pattern in site.exposure.exempt
	endswith(pattern, "*")
	startswith(input.name, trim_suffix(pattern, "*"))
}

_verdict(limit) := "fail" if {
	input.exposure.min > limit
} else := "unknown" if {
	not input.exposure.max <= limit
}

_message(limit) := sprintf("the exposure is %s, its limit %s; what would help most: %s", [
	_shown, _tenths(limit),
	concat(", ", input.exposure.gains),
]) if {
	count(input.exposure.gains) > 0
} else := sprintf("the exposure may be above its limit %s", [_tenths(limit)])

_shown := _tenths(input.exposure.min) if {
	input.exposure.min == input.exposure.max
} else := sprintf("between %s and %s", [_tenths(input.exposure.min), _tenths(input.exposure.max)])

_tenths(n) := sprintf("%d.%d", [floor(n / 10), n % 10])

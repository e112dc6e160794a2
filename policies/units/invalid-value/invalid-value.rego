# METADATA
# title: Every value is one that systemd reads
# description: |
#   systemd ignores a value that it cannot read, with one line in its log, and the directive keeps its default. A capability that
#   does not exist is dropped: a set of which none is left is empty, and ~CAP_FOO restricts nothing. For a few, such as User and a
#   command without an absolute path, it does not load the unit at all. A value is judged by the grammar of its directive in systemd
#   252 to 262: what one of these versions reads is accepted, and so is what depends on a specifier or a piece that is not known.
# related_resources:
#   - https://www.freedesktop.org/software/systemd/man/latest/systemd.syntax.html
#   - https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html
#   - https://www.freedesktop.org/software/systemd/man/latest/systemd.time.html
# custom:
#   kind: unit
#   severity: error
#   precision: very-high
#   security_severity: "5.0"
#   tags: [units, correctness]
#   fix: |2
#         serviceConfig.NoNewPrivileges = true; # not "ture"
#         serviceConfig.CapabilityBoundingSet = "CAP_NET_BIND_SERVICE"; # not CAP_NET_BIND
#         serviceConfig.MemoryMax = "1G"; # not "1GB"
#         after = [ "network.target" ]; # not "network"
package nixlint.rules.units.invalid_value

import data.nixlint.lib
import future.keywords.not

report contains found if {
	some entry in input.misread
	found := lib.decided(
		_verdict(entry), ["sections", entry.section, entry.name, entry.index],
		sprintf("%s=%s is not read, want %s: %s", [entry.name, entry.value, entry.want, entry.effect]),
		"the value is not decided",
	)
}

_verdict(entry) := "fail" if {
	entry.sure
} else := "unknown"

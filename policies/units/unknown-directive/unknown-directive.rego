# METADATA
# title: Every directive is one that systemd has, in its section
# description: |
#   systemd ignores a directive that it does not know with one line in its log, and NixOS does not check names: a sandbox that
#   is misspelt is no sandbox, a limit in the wrong section no limit. Names that begin with X- are for others and accepted, and so
#   are old spellings. Known are the directives of systemd 252 to 262; what the newest of them does not read any more is a note.
# related_resources:
#   - https://www.freedesktop.org/software/systemd/man/latest/systemd.directives.html
#   - https://www.freedesktop.org/software/systemd/man/latest/systemd.unit.html
# custom:
#   kind: unit
#   severity: error
#   precision: very-high
#   security_severity: "5.0"
#   tags: [units, correctness]
#   fix: |2
#         serviceConfig.EnvironmentFile = "/run/secrets/notes"; # not Environmentfile
#         unitConfig.StartLimitIntervalSec = 60; # [Unit], not serviceConfig
package nixlint.rules.units.unknown_directive

import data.nixlint.lib
import future.keywords.not

report contains found if {
	some entry in input.unrecognised
	entry.until == 0
	judged := lib.verdict({lib.standing(setting) | some setting in input.sections[entry.section][entry.name]})
	found := lib.decided(judged, ["sections", entry.section, entry.name, 0], _message(entry), "whether it is set is not decided")
}

report contains lib.minor(found) if {
	some entry in input.unrecognised
	entry.until > 0
	judged := lib.verdict({lib.standing(setting) | some setting in input.sections[entry.section][entry.name]})
	message := sprintf("%s has no effect from systemd %d on", [entry.name, entry.until])
	found := lib.decided(judged, ["sections", entry.section, entry.name, 0], message, "whether it is set is not decided")
}

_message(entry) := sprintf("a %s has no section [%s]: systemd ignores %s", [input.kind, entry.section, entry.name]) if {
	not entry.has
} else := sprintf("%s belongs in [%s], not in [%s]: systemd ignores it here", [entry.name, entry.belongs[0], entry.section]) if {
	count(entry.belongs) > 0
} else := sprintf("%s is for another kind of unit than a %s: systemd ignores it here", [entry.name, input.kind]) if {
	split(entry.nearest, " ")[0] == entry.name
} else := sprintf("[%s] has no directive %s, did you mean %s? systemd ignores it", [entry.section, entry.name, entry.nearest]) if {
	entry.nearest != ""
} else := sprintf("[%s] has no directive %s: systemd ignores it", [entry.section, entry.name])

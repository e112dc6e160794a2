# METADATA
# title: The credential store is root's alone
# description: |
#   /etc/credstore holds secrets in the clear. With a mode other than 0700 everybody on the machine reads them.
# related_resources:
#   - https://systemd.io/CREDENTIALS/
#   - https://www.freedesktop.org/software/systemd/man/latest/tmpfiles.d.html
# custom:
#   kind: host
#   severity: error
#   precision: high
#   security_severity: "8.0"
#   tags: [security, secrets, tmpfiles]
#   fix: |2
#         systemd.tmpfiles.rules = [ "d /etc/credstore 0700 root root -" ];
package nixlint.rules.secrets.credstore_mode

import data.nixlint.lib
import data.nixlint.lib.command
import data.nixlint.lib.tmpfiles
import data.site
import future.keywords.not

report contains found if {
	input.kind == "host"
	some i, rule in input.tmpfiles
	some line in rule.lines
	line.path == site.credentials.store
	judged := lib.verdict({_vote(alternative) | some alternative in rule.lines})
	found := lib.decided(
		judged, ["tmpfiles", i], sprintf(
			"%s has mode %s of %s, want %s of root: its secrets can be read by others",
			[line.path, _shown(line.mode, "0755"), _shown(line.user, "root"), site.credentials.mode],
		),
		tmpfiles.why(rule.lines),
	)
}

report contains found if {
	input.kind == "host"
	some i, unit in input.units
	contains(unit.text, site.credentials.store)
	some script in command.texts with input as unit
	made := _making(script.text)
	judged := _secured(script)
	found := lib.matched(
		lib.decided(
			judged, array.concat(["units", i], script.path),
			sprintf("the script makes %s without mode %s: its secrets can be read by others", [
				site.credentials.store,
				site.credentials.mode,
			]),
			"the script is not wholly known",
		),
		made,
	)
}

_vote(line) := "pass" if {
	line.absent
} else := "pass" if {
	not substring(line.type, 0, 1) in {"D", "Z", "d", "e", "q", "v", "z"}
} else := "unknown" if {
	contains(concat(" ", [line.mode, line.user]), "<unknown")
} else := "pass" if {
	tmpfiles.same_mode(line.mode, site.credentials.mode)
	line.user in {"", "-", "0", "root"}
} else := "fail"

_shown(field, standard) := standard if {
	field == ""
} else := field

_making(text) := trim_space(found) if {
	some found in regex.find_n(sprintf(`(?:mkdir|install)\s[^\n;&|]*%s(?:[/\s"']|$)`, [site.credentials.store]), text, 1)
}

_secured(script) := "pass" if {
	mode := trim_left(site.credentials.mode, "0")
	regex.match(sprintf(`chmod\s+(?:-[A-Za-z]+\s+)*(?:0*%s|u=rwx,(?:go|g=,o)=)\s[^\n]*%s`, [mode, site.credentials.store]), script.text)
} else := "pass" if {
	mode := trim_left(site.credentials.mode, "0")
	regex.match(sprintf(`(?:mkdir|install)\s[^\n;&|]*(?:-m\s*|--mode[= ])(?:0*%s|u=rwx,go=)\s[^\n]*%s`, [mode, site.credentials.store]), script.text)
} else := "pass" if {
	contains(script.text, "umask 077")
} else := "unknown" if {
	command.vague(script)
} else := "fail"

# METADATA
# title: No tmpfiles line makes a setuid or setgid file
# description: |
#   A file that is setuid gives whoever starts it the rights of its owner; NixOS makes such programs under /run/wrappers, where each is
#   declared. On directories setgid is usual and accepted.
# related_resources:
#   - https://www.freedesktop.org/software/systemd/man/latest/tmpfiles.d.html
# custom:
#   kind: tmpfiles
#   severity: error
#   precision: high
#   security_severity: "7.8"
#   tags: [tmpfiles, security, "anssi-bp-028:R56"]
#   fix: |2
#         security.wrappers.notes = { source = "${pkgs.notes}/bin/notes"; owner = "root"; group = "root"; setuid = true; };
package nixlint.rules.tmpfiles.setuid

import data.nixlint.lib
import data.nixlint.lib.tmpfiles
import future.keywords.not

report contains found if {
	input.kind == "tmpfiles"
	bits := {_bits(line) | some line in input.lines}
	judged := lib.verdict(bits)
	line := [line | some line in input.lines; _bits(line) != "pass"][0]
	found := lib.decided(
		judged, ["line"],
		sprintf("%s has mode %s: whoever starts the file has the rights of its owner or group", [line.path, line.mode]),
		tmpfiles.why(input.lines),
	)
}

_bits(line) := "pass" if {
	line.absent
} else := "pass" if {
	not substring(line.type, 0, 1) in {"C", "F", "f", "z"}
} else := "unknown" if {
	contains(line.mode, "<unknown")
} else := "fail" if {
	regex.match(`^0?[2-7][0-7]{3}$`, tmpfiles.digits(line))
} else := "pass"

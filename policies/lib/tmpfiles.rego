# METADATA
# description: |
#   What a line of tmpfiles.d says.
package nixlint.lib.tmpfiles

import future.keywords.not

# digits is the octal mode of a line without the prefixes of systemd-tmpfiles; undefined for "-" and for what is no mode.
digits(line) := mode if {
	mode := trim_left(line.mode, "~:")
	regex.match(`^[0-7]{3,5}$`, mode)
}

# same_mode: two modes are one, whatever the leading zeros.
same_mode(a, b) if trim_left(a, "~:0") == trim_left(b, "~:0")

# why says why a line is not known.
why(lines) := reason if {
	reasons := [line.why | some line in lines; object.get(line, "why", "") != ""]
	reason := reasons[0]
} else := "it depends on what is not decided"

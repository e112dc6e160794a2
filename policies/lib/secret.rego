# METADATA
# description: |
#   Variables whose name says that they hold a secret.
package nixlint.lib.secret

import future.keywords.not

# assigned is the name and the value of such a variable, NAME=VALUE; undefined where the value is none of a secret.
assigned(text) := {"name": match[1], "value": match[2]} if {
	match := regex.find_all_string_submatch_n(_assignment, trim(text, `"'`), 1)[0]
	not _reference(match[2])
}

_assignment := `^([A-Za-z0-9_]*(?i:PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|PRIVATE_?KEY|ACCESS_?KEY))=(.+)$`

# A path, a switch, a number, or what only stands for it.
_reference(value) if regex.match(`^["']?(?:/|<pkgs|~|%|\$[A-Za-z_{]|file:|[0-9]+["']?$|(?i:true|false|yes|no|none|null|on|off|auto|enabled|disabled|changeme)["']?$)`, value)

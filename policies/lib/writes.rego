# METADATA
# description: |
#   The files and folders that a service says it writes to: redirections, logs and folders that flags and variables name. Only absolute
#   paths that are wholly known.
package nixlint.lib.writes

import data.nixlint.lib
import data.nixlint.lib.command

import future.keywords.not

# paths are what is written, with the path of where that is said, the piece of text, and whether it surely is.
paths contains {"file": _trimmed(found[1]), "match": trim_space(found[0]), "path": text.path, "sure": text.sure} if {
	_suspect
	some text in command.texts
	some expression in _expressions
	some found in regex.find_all_string_submatch_n(expression, text.text, -1)
	_real(found[1])
}

paths contains {"file": found[1], "match": "", "path": value.path, "sure": true} if {
	some directive in ["StandardError", "StandardOutput"]
	some value in lib.stated("Service", directive)
	some found in regex.find_all_string_submatch_n(`^(?:file|append|truncate):(/[^\s%<]+)$`, value.text, 1)
}

paths contains {"file": found[1], "match": "", "path": value.path, "sure": true} if {
	_names_a_folder
	some value in lib.stated("Service", "Environment")
	some found in regex.find_all_string_submatch_n(
		`^["']?[A-Z_]*(?:CACHE_PATH|CACHE_DIR|CACHE_HOME|DATA_DIR|STATE_DIR|LOG_DIR|LOG_FILE)=(/[^\s"'%<:]+)["']?$`,
		value.text, 1,
	)
	_real(found[1])
}

# Most units write nothing that they say, and one look at all their text tells.
_suspect if {
	some word in [
		"tee ", "tee\t", "--log", "--data", "--cache-dir", "--state-dir", "--pid", " >", "\t>", "\n>", ";>", "&>", "|>", ")>", "0>", "1>", "2>",
		"3>", "4>", "5>", "6>", "7>", "8>", "9>", ">>",
	]
	contains(input.text, word)
}

_names_a_folder if {
	some possible in input.effective.Service.Environment
	some value in possible.values
	regex.match(`(?:CACHE|DATA|STATE|LOG)_[DFHP]`, value.text)
}

_expressions := [
	`(?:^|[\s;&|)]|\s[0-9&])>>?[ \t]*["']?(/[A-Za-z0-9._/-]+)`,
	`(?:^|[\s|])tee[ \t]+(?:-a[ \t]+)?["']?(/[A-Za-z0-9._/-]+)`,
	`--(?:log|log-file|logfile|log-dir|data-dir|datadir|cache-dir|state-dir|pid-file|pidfile)[= ]["']?(/[A-Za-z0-9._/-]+)`,
]

_trimmed(path) := trim_right(path, "/.")

_real(path) if {
	not startswith(path, "/dev/")
	not startswith(path, "/proc/")
	not startswith(path, "/sys/")
	not startswith(path, "/nix/")
	not path in {"/", "/dev"}
}

# METADATA
# title: A secret is not in the store
# description: |
#   Everybody on the machine reads /nix/store, and what was once built stays there and in every binary cache: a secret that writeText,
#   toFile or a path of the repository puts there is public. A file of variables in the store is a lesser case where
#   it is not known what it says: it may hold none.
# related_resources:
#   - https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#LoadCredential=ID:PATH
#   - https://systemd.io/CREDENTIALS/
# custom:
#   kind: unit
#   severity: error
#   precision: high
#   security_severity: "7.5"
#   tags: [security, secrets, "nist-800-53:IA-5(7)"]
#   fix: |2
#         # A file that is on the machine and not in the repository, or one that sops-nix or agenix decrypts:
#         serviceConfig.LoadCredential = [ "token:/run/secrets/notes-token" ];
package nixlint.rules.secrets.store_path

import data.nixlint.lib
import data.nixlint.lib.command
import data.nixlint.lib.secret
import future.keywords.not

report contains found if {
	input.kind == "service"
	some value in lib.stated("Service", "LoadCredential")
	regex.match(`^[^:]+:(?:<pkgs\.|/nix/store/)`, value.text)
	found := _called(value.text, lib.decided(
		lib.standing(input.sections.Service.LoadCredential[value.path[3]]), value.path,
		sprintf("the credential %s comes from the store: everybody on the machine can read it", [split(value.text, ":")[0]]),
		"whether it is loaded is not decided",
	))
}

# Certificates and configuration are handed over as credentials too.
_called(text, found) := found if {
	regex.match(`secret|token|passw|credential|key|auth|private`, lower(text))
} else := lib.minor(found)

report contains found if {
	input.kind == "service"
	some value in _variables
	found := _weighed(value.text, lib.decided(
		lib.standing(input.sections.Service.EnvironmentFile[value.path[3]]), value.path,
		sprintf("EnvironmentFile=%s is in the store%s: what it says everybody on the machine can read", [value.text, _saying]),
		"whether it is read is not decided",
	))
}

# The files of variables that are in the store.
_variables contains value if {
	some value in lib.stated("Service", "EnvironmentFile")
	regex.match(`^-?(?:<pkgs\.|/nix/store/)`, value.text)
}

report contains found if {
	input.kind == "service"
	contains(input.text, "-file")
	some text in command.texts
	some given in regex.find_n(_flag, text.text, 1)
	found := lib.matched(
		lib.decided(
			_sure(text), text.path,
			sprintf("%s: the secret is in the store, where everybody on the machine can read it", [trim_space(given)]),
			"whether it is run is not decided",
		),
		trim_space(given),
	)
}

_flag := `(?:^|\s)--[a-z-]*(?:password|secret|token|passphrase)-file[= ]["']?(?:<pkgs\.|/nix/store/)[^\s"']*`

_weighed(text, found) := found if {
	regex.match(`secret|token|passw|credential`, lower(text))
} else := found if {
	count(_secrets) > 0
} else := lib.minor(found) if {
	not _harmless
}

_saying := sprintf(" and holds %s", [concat(", ", sort(_secrets))]) if {
	count(_secrets) > 0
} else := ""

_secrets contains held.name if {
	some held in _held
	not contains(held.value, "<unknown")
}

_held contains secret.assigned(trim_space(line)) if {
	some alternative in input.scripts.EnvironmentFile
	some line in split(alternative.value, "\n")
}

# What the only such file says was written in the tree, each line with a name that is known, and none of a secret.
_harmless if {
	count(_variables) == 1
	count(_held) == 0
	every alternative in input.scripts.EnvironmentFile {
		every line in split(alternative.value, "\n") { regex.match(`^\s*(?:$|[#;]|[A-Za-z_][A-Za-z0-9_]*=)`, line) }
	}
}

_sure(text) := "fail" if {
	text.sure
} else := "unknown"

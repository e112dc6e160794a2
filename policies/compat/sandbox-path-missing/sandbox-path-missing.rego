# METADATA
# title: What a sandbox names is there when the service starts
# description: |
#   A path of ReadWritePaths, ReadOnlyPaths, InaccessiblePaths, ExecPaths, NoExecPaths or the source of a BindPaths that does not exist
#   stops the service with 226/NAMESPACE, unless it begins with "-". A preStart comes too late to make it: it runs in the same sandbox.
#   Judged are folders of /run, /srv, /var/cache, /var/lib and /var/log that no directory of a unit, no line of tmpfiles.d and no other
#   script makes. It is certain only of a folder that bears the name of its service: another may be made by a module that is not on disk.
# related_resources:
#   - https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#ReadWritePaths=
#   - https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#Process%20Exit%20Codes
# custom:
#   kind: host
#   severity: warning
#   precision: medium
#   tags: [compat, hardening]
#   fix: |2
#         serviceConfig.StateDirectory = "notes"; # makes /var/lib/notes, and it can be written
#         serviceConfig.ReadWritePaths = [ "-/srv/notes" ]; # where it may not be there
package nixlint.rules.compat.sandbox_path_missing

import data.nixlint.lib
import future.keywords.not

report contains found if {
	input.kind == "host"
	some i, unit in input.units
	unit.kind == "service"
	unit.scope == "system"
	unit.completeness == "own"
	not _other_root(unit)
	some directive in _directives
	some possible in unit.effective.Service[directive]
	some value in possible.values
	path := regex.find_all_string_submatch_n(_judged, value.text, 1)[0][1]
	not contains(_there, sprintf(" %s ", [path]))
	not _made(unit, path)
	index := max([value.index, 0])
	found := lib.matched(
		lib.decided(
			_verdict(unit, directive, index, path), ["units", i, "sections", "Service", directive, index],
			sprintf("nothing in sight makes %s: where it is not there, %s stops the service with 226/NAMESPACE", [path, directive]),
			sprintf("a module that is not in sight may make %s", [path]),
		),
		path,
	)
}

_directives := [
	"BindPaths", "BindReadOnlyPaths", "ExecPaths", "InaccessiblePaths", "NoExecPaths", "ReadOnlyPaths", "ReadWriteDirectories",
	"ReadWritePaths",
]

# A folder of one of those that services have theirs in.
_judged := `^\+?(/(?:run|srv|var/(?:cache|lib|log))/[A-Za-z0-9_][A-Za-z0-9._+-]*)/?(?:$|:)`

# In an image or a folder of its own a path is another one.
_other_root(unit) if {
	some directive in ["RootDirectory", "RootImage", "TemporaryFileSystem"]
	unit.sections.Service[directive]
}

# A directory of a unit, of this one or another.
_made(_, path) if {
	some other in input.units
	some directive, base in _bases
	some possible in other.effective.Service[directive]
	some value in possible.values
	some word in split(value.text, " ")
	_within(sprintf("%s/%s", [base, split(word, ":")[0]]), path)
}

_made(_, path) if {
	some rule in input.tmpfiles
	some line in rule.lines
	not substring(line.type, 0, 1) in {"R", "Z", "a", "r", "t", "x", "X", "z"}
	_within(line.path, path)
}

# A file system is mounted there.
_made(_, path) if {
	some other in input.units
	some section in ["Automount", "Mount"]
	some possible in other.effective[section].Where
	some value in possible.values
	_within(value.text, path)
}

_made(_, path) if {
	some option, _ in input.settings
	startswith(option, "fileSystems./")
	_within(regex.replace(option, `^fileSystems\.(.*)\.[A-Za-z]+$`, "$1"), path)
}

# What another unit names may be made by it.
_made(unit, path) if {
	some other in input.units
	other.unit != unit.unit
	_names(other, path)
}

# So may what a command outside of the sandbox names.
_made(unit, path) if {
	some possible in unit.effective.Service.ExecStartPre
	some value in possible.values
	startswith(value.text, "+")
	contains(value.text, path)
}

_bases := {"CacheDirectory": "/var/cache", "LogsDirectory": "/var/log", "RuntimeDirectory": "/run", "StateDirectory": "/var/lib"}

_within(made, path) if made == path

_within(made, path) if startswith(made, sprintf("%s/", [path]))

_names(other, path) if {
	some directive, settings in other.sections.Service
	not directive in _directives
	some setting in settings
	some alternative in setting
	contains(alternative.value, path)
}

_names(other, path) if {
	some script in other.scripts
	some alternative in script
	contains(alternative.value, path)
}

# What systemd and NixOS make themselves.
_there := concat("", [
	" /run/agenix /run/agenix.d /run/binfmt /run/booted-system /run/credentials /run/current-system /run/dbus /run/keys /run/lock /run/log",
	" /run/mount /run/nscd /run/opengl-driver /run/secrets /run/secrets.d /run/systemd /run/udev /run/user /run/wrappers /var/cache/private",
	" /var/lib/nixos /var/lib/private /var/lib/systemd /var/log/journal /var/log/private ",
])

_verdict(unit, directive, index, path) := lib.standing(unit.sections.Service[directive][index]) if {
	regex.replace(path, `^.*/`, "") == unit.name
	_told
	not _spoken(path)
} else := "unknown"

# Of all lines of tmpfiles.d it is known what they make.
_told if {
	not input.settings["systemd.tmpfiles.packages"]
	every rule in input.tmpfiles {
		every line in rule.lines { regex.match(`^[^<]+$`, line.path) }
	}
}

# The home of an account, or what an option of another module is given.
_spoken(path) if {
	some account in input.facts.accounts
	some settings in account.fields
	some setting in settings
	some alternative in setting
	contains(alternative.value, path)
}

_spoken(path) if {
	some setting in input.settings
	some alternative in setting
	contains(alternative.value, path)
}

# METADATA
# title: A service can write where it says it writes
# description: |
#   ProtectSystem=strict makes everything read-only but what ReadWritePaths and the directories of the service name. What it writes
#   elsewhere fails: a log stays empty, a cache is never filled, or the service does not start.
# related_resources:
#   - https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#ProtectSystem=
#   - https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#ReadWritePaths=
# custom:
#   kind: unit
#   severity: warning
#   precision: high
#   tags: [compat, hardening]
#   fix: |2
#         serviceConfig.CacheDirectory = "cuda"; # /var/cache/cuda, made and writable
#         serviceConfig.ReadWritePaths = [ "/srv/notes" ];
package nixlint.rules.compat.sandbox_read_only

import data.nixlint.lib
import data.nixlint.lib.writes
import future.keywords.not

report contains found if {
	input.kind == "service"
	input.scope == "system"
	lib.may("Service", "ProtectSystem", {"strict"})
	some written in writes.paths
	not written.path[2] in {"StandardError", "StandardOutput"} # systemd opens them, outside of the sandbox
	not _writable(written.file)
	strict := lib.forbidden("Service", "ProtectSystem", ["strict"])
	found := lib.matched(
		lib.decided(
			_verdict(strict, written.sure), written.path, sprintf(
				"ProtectSystem=strict makes %s read-only, and nothing makes it writable again: writing to it fails",
				[written.file],
			),
			_reason,
		),
		written.match,
	)
}

_reason := "an empty ReadWritePaths takes away those before it, and which stands last is not known" if {
	_emptied
} else := "ProtectSystem or what is writable is not decided"

_verdict("fail", true) := "fail" if {
	lib.closed
	not _vague
}

_verdict("fail", true) := "unknown" if not lib.closed

_verdict("fail", true) := "unknown" if {
	lib.closed
	_vague
}

_verdict("fail", false) := "unknown"

_verdict("unknown", _) := "unknown"

_vague if {
	some directive in ["BindPaths", "CacheDirectory", "LogsDirectory", "ReadWritePaths", "RuntimeDirectory", "StateDirectory"]
	some possible in input.effective.Service[directive]
	not possible.known
}

_vague if _emptied

# An empty entry among others takes away those before it, wherever the module system put it.
_emptied if {
	count(input.sections.Service.ReadWritePaths) > 1
	some setting in input.sections.Service.ReadWritePaths
	some alternative in setting
	alternative.value == ""
}

_writable(path) if {
	some directive in ["BindPaths", "ReadWritePaths", "TemporaryFileSystem"]
	some value in lib.stated("Service", directive)
	some part in array.slice(split(trim_left(value.text, "-+"), ":"), 0, 2)
	_under(path, trim_right(part, "/"))
}

_writable(path) if {
	some directive, base in _bases
	some value in lib.stated("Service", directive)
	_under(path, sprintf("%s/%s", [base, split(value.text, ":")[0]]))
}

_writable(path) if {
	some directive, base in _bases
	some value in lib.stated("Service", directive)
	_under(path, sprintf("%s/private/%s", [base, split(value.text, ":")[0]]))
}

_writable(path) if {
	regex.match(`^/(?:var/)?tmp(?:/|$)`, path)
	lib.may("Service", "PrivateTmp", {"yes", "disconnected"})
}

_bases := {
	"CacheDirectory": "/var/cache", "ConfigurationDirectory": "/etc", "LogsDirectory": "/var/log", "RuntimeDirectory": "/run",
	"StateDirectory": "/var/lib",
}

_under(path, folder) if path == folder

_under(path, folder) if startswith(path, sprintf("%s/", [folder]))

# METADATA
# title: A dynamic user keeps its files where systemd knows them
# description: |
#   With DynamicUser the number of the user may be another one at the next start. systemd gives StateDirectory, CacheDirectory and
#   LogsDirectory to it anew each time; in any other folder the files stay with the old number, and the service cannot read them.
# related_resources:
#   - https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#DynamicUser=
#   - https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#RuntimeDirectory=
# custom:
#   kind: unit
#   severity: info
#   precision: medium
#   tags: [state]
#   fix: |2
#         serviceConfig = { DynamicUser = true; StateDirectory = "notes"; }; # /var/lib/notes
package nixlint.rules.state.dynamic_user_paths

import data.nixlint.lib
import future.keywords.not

report contains found if {
	input.kind == "service"
	lib.may("Service", "DynamicUser", {"yes"})
	not input.effective.Service.User # a user of that name that exists is taken
	some value in lib.stated("Service", "ReadWritePaths")
	path := trim_right(trim_left(value.text, "-+"), "/")
	regex.match(`^/(?:var/(?:lib|cache|log|spool)|srv|home|opt)/`, path)
	not _managed(path)
	found := lib.decided(
		_both(lib.forbidden("Service", "DynamicUser", ["yes"]), lib.standing(input.sections.Service.ReadWritePaths[value.path[3]])), value.path,
		sprintf("DynamicUser writes to %s, where its files stay with the number that it has today: want StateDirectory or its kin", [path]),
		"DynamicUser is not decided",
	)
}

_both(a, b) := lib.together({a, b})

_managed(path) if {
	some directive, base in {"CacheDirectory": "/var/cache", "LogsDirectory": "/var/log", "StateDirectory": "/var/lib"}
	some value in lib.stated("Service", directive)
	folder := sprintf("%s/%s", [base, split(value.text, ":")[0]])
	startswith(sprintf("%s/", [path]), sprintf("%s/", [folder]))
}

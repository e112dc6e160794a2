package nixlint.rules.compat.sandbox_path_missing_test

import data.nixlint.lib.given
import data.nixlint.rules.compat.sandbox_path_missing as rule
import future.keywords.not

_host(directives) := given.host([given.service("notes", directives)], [], {})

_fails := {"fail units.0.sections.Service.ReadWritePaths.0"}

_unknown := {"unknown units.0.sections.Service.ReadWritePaths.0"}

test_fires if {
	given.said(rule.report) == _fails with input as _host({"ReadWritePaths": ["/var/lib/notes"]})
	given.said(rule.report) == _fails with input as _host({"ReadWritePaths": ["/srv/notes"], "StateDirectory": ["notes"]})
}

test_silent if {
	count(rule.report) == 0 with input as _host({"ReadWritePaths": ["/var/lib/notes"], "StateDirectory": ["notes"]})
	count(rule.report) == 0 with input as _host({"ReadWritePaths": ["/var/lib/notes"], "StateDirectory": ["notes/pages"]})
	count(rule.report) == 0 with input as _host({"ReadWritePaths": ["-/var/lib/notes"]})
	count(rule.report) == 0 with input as _host({"ReadWritePaths": ["/home", "/etc/notes", "/run/systemd"]})
	count(rule.report) == 0 with input as _host({"ReadWritePaths": ["/srv/notes"], "ExecStartPre": ["+mkdir /srv/notes"]})
	count(rule.report) == 0 with input as _host({"ReadWritePaths": ["/srv/notes"], "RootDirectory": ["/srv"]})
	line := given.line("d", "/srv/notes", "0750", "notes", "notes", "")
	count(rule.report) == 0 with input as given.host([given.service("notes", {"ReadWritePaths": ["/srv/notes"]})], [line], {})
	maker := given.script(given.service("setup", {}), "mkdir -p /srv/notes")
	count(rule.report) == 0 with input as given.host([given.service("notes", {"ReadWritePaths": ["/srv/notes"]}), maker], [], {})
}

test_silent_where_a_file_system_is_mounted if {
	notes := given.service("notes", {"ReadWritePaths": ["/srv/notes"]})
	every place in ["/srv/notes", "/srv/notes/pages"] {
		count(rule.report) == 0 with input as given.host([notes, given.unit("mount", "srv-notes", "Mount", {"Where": [place]})], [], {})
		count(rule.report) == 0 with input as given.host([notes], [], {sprintf("fileSystems.%s.fsType", [place]): "ext4"})
	}
	given.said(rule.report) == _fails with input as given.host([notes], [], {"fileSystems./srv/notes-of-old.fsType": "ext4"})
}

test_unknown_with_lines_of_packages if {
	notes := given.service("notes", {"ReadWritePaths": ["/srv/notes"]})
	given.said(rule.report) == _unknown with input as given.host([notes], [], {"systemd.tmpfiles.packages": "[]"})
}

test_unknown if {
	given.said(rule.report) == _unknown with input as _host({"ReadWritePaths": ["/srv/pages"]})
	set := {"services.pages.folder": "/srv/notes"}
	given.said(rule.report) == _unknown with input as given.host([given.service("notes", {"ReadWritePaths": ["/srv/notes"]})], [], set)
}

test_absent if {
	count(rule.report) == 0 with input as _host({})
}

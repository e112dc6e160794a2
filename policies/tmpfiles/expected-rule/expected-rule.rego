# METADATA
# title: The folders that were agreed on are made as agreed
# description: |
#   Services write their logs and caches there. With another owner or mode they fail, or others can read and write along.
#   An expectation concerns a host where a line of tmpfiles.d is for its path, or where a unit names the path; on every
#   other host nothing is expected.
# related_resources:
#   - https://www.freedesktop.org/software/systemd/man/latest/tmpfiles.d.html
# custom:
#   kind: host
#   severity: error
#   precision: high
#   security_severity: "5.0"
#   tags: [tmpfiles]
#   fix: |2
#         systemd.tmpfiles.rules = [
#           "d /var/log/clamav 0755 clamav clamav -"
#           "d /var/cache/cuda 0770 root nvidia -"
#           "L+ /var/tmp/cuda-cache - - - - /var/cache/cuda"
#           "d /srv/vms/shared 0755 root libvirtd -"
#         ];
package nixlint.rules.tmpfiles.expected_rule

import data.nixlint.lib
import data.nixlint.lib.tmpfiles
import data.site
import future.keywords.not

report contains found if {
	input.kind == "host"
	some i, rule in input.tmpfiles
	paths := {line.path | some line in rule.lines}
	some path in paths
	expected := site.tmpfiles[path]
	judged := lib.verdict({_vote(line, expected) | some line in rule.lines})
	bad := [line | some line in rule.lines; _vote(line, expected) != "pass"][0]
	found := lib.decided(
		judged, ["tmpfiles", i], sprintf("%s has %s: the services that use it fail, or others read and write along", [
			path,
			concat("; ", sort(_differences(bad, expected))),
		]),
		tmpfiles.why(rule.lines),
	)
}

report contains found if {
	input.kind == "host"
	some path, expected in site.tmpfiles
	not _made(path)
	places := [place | some place in _named(path)]
	found := lib.finding("fail", places[0], sprintf(
		"no tmpfiles line makes %s, want \"%s\": what uses it finds nothing there, or a folder of another owner",
		[path, _line(path, expected)],
	))
}

_vote(line, _) := "pass" if {
	line.absent
} else := "pass" if {
	not _makes(line)
} else := "fail" if {
	count([field | some field in _differing(line, expected_of(line)); not contains(_got(line, field), "<unknown")]) > 0
} else := "unknown" if {
	count(_differing(line, expected_of(line))) > 0
} else := "pass"

expected_of(line) := site.tmpfiles[line.path]

# Lines that adjust or remove what is there do not make it.
_makes(line) if substring(line.type, 0, 1) in {"C", "D", "L", "Q", "d", "e", "f", "q", "v"}

_differing(line, expected) := {field |
	some field, want in expected
	not _fits(field, _got(line, field), want)
}

_differences(line, expected) := {sprintf("%s %s, want %s", [field, _got(line, field), expected[field]]) |
	some field in _differing(line, expected)
}

_got(line, field) := got if {
	got := object.get(line, field, "")
	got != ""
} else := "-"

_fits("mode", got, want) if tmpfiles.same_mode(got, want)

_fits("type", got, want) if trim_right(got, "!-=~^$") == want

# An owner that is not stated is root.
_fits(field, got, want) if {
	field in {"group", "user"}
	trim_left(got, ":") in _owners(want)
}

_fits("argument", want, want)

_owners("root") := {"-", "0", "root"}

_owners(want) := {want} if want != "root"

_made(path) if {
	some rule in input.tmpfiles
	some line in rule.lines
	line.path == path
}

# So does a unit for itself.
_made(path) if {
	some directive, base in {"CacheDirectory": "/var/cache/", "LogsDirectory": "/var/log/", "StateDirectory": "/var/lib/"}
	startswith(path, base)
	some unit in input.units
	some possible in unit.effective.Service[directive]
	some value in possible.values
	sprintf("%s%s", [base, split(value.text, ":")[0]]) == path
}

_named(path) := [["units", i, "sections", section, directive, j] |
	some i, unit in input.units
	contains(unit.text, path)
	some section, directives in unit.sections
	some directive, settings in directives
	some j, setting in settings
	some alternative in setting
	_names(alternative.value, path)
] if {
	_anywhere(path)
} else := []

_anywhere(path) if {
	some unit in input.units
	contains(unit.text, path)
}

_names(text, path) if {
	contains(text, path)
	regex.match(sprintf(`%s(?:[/\s"',:;]|$)`, [path]), text)
}

_line(path, expected) := sprintf("L+ %s - - - - %s", [path, expected.argument]) if {
	expected.type == "L+"
} else := sprintf("%s %s %s %s %s -", [expected.type, path, expected.mode, expected.user, expected.group])

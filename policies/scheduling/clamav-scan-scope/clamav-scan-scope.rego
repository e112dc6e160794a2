# METADATA
# title: A virus scan covers what was agreed
# description: |
#   The scan covers the homes and leaves out what is no file that somebody stored; without limits one archive can keep it
#   busy for hours, and without the log nobody learns what it found.
# related_resources:
#   - https://docs.clamav.net/manual/Usage/Scanning.html#clamscan
# custom:
#   kind: unit
#   severity: error
#   precision: high
#   tags: [scheduling, clamav]
#   fix: |2
#         ${pkgs.clamav}/bin/clamscan --recursive --infected \
#           --exclude-dir=^/sys --exclude-dir=^/proc --exclude-dir=^/dev --exclude-dir=^/run --exclude-dir=^/nix/store \
#           --max-filesize=100M --max-scansize=300M --log=/var/log/clamav/scan.log /home
package nixlint.rules.scheduling.clamav_scan_scope

import data.nixlint.lib
import data.nixlint.lib.command
import data.site
import future.keywords.not

report contains found if {
	_judged
	some path in site.clamav_scan.scan
	judged := lib.verdict({_scans(alternative, path) | some alternative in command.main})
	found := _finding(judged, sprintf("the scan does not cover %s: what is stored there is never looked at", [path]))
}

report contains found if {
	_judged
	some path in site.clamav_scan.exclude
	judged := lib.verdict({_excludes(alternative, path) | some alternative in command.main})
	found := _finding(judged, sprintf(
		"the scan does not exclude %s: it spends its time on what is no file that somebody stored",
		[path],
	))
}

report contains found if {
	_judged
	some flag, limit in site.clamav_scan.limits
	judged := lib.verdict({_limits(alternative, flag, limit) | some alternative in command.main})
	found := _marked(
		_finding(judged, sprintf("%s, want at most %s: one archive can keep the scan busy for hours", [_shown(flag), limit])),
		flag,
	)
}

report contains found if {
	_judged
	wanted := site.clamav_scan.log
	judged := lib.verdict({_logs(alternative, wanted) | some alternative in command.main})
	found := _marked(_finding(judged, sprintf("%s, want %s: nobody finds what the scan found", [_shown("--log"), wanted])), "--log")
}

_judged if {
	input.kind == "service"
	input.name in site.clamav_scan.units
}

_finding(judged, msg) := lib.decided(judged, command.main[0].path, msg, "the command is not wholly known")

# A finding about a flag that is given stands at the flag.
_marked(found, flag) := lib.matched(found, given[count(given) - 1].match) if {
	given := command.values(command.main[0].text, flag)
	count(given) > 0
} else := found

_scans(alternative, path) := "pass" if {
	regex.match(sprintf(`(?:^|\s)["']?(?:%s/?|/)["']?(?:\s|$)`, [path]), alternative.text)
} else := _absent(alternative)

# The value is an expression that is looked for anywhere in a path.
_excludes(alternative, path) := "pass" if {
	some flag in ["--exclude-dir", "--exclude"]
	some given in command.values(alternative.text, flag)
	regex.is_valid(given.value)
	regex.match(given.value, path)
} else := _absent(alternative)

_limits(alternative, flag, limit) := _vote(_bytes(given[count(given) - 1].value), _bytes(limit)) if {
	given := command.values(alternative.text, flag)
	count(given) > 0
} else := _absent(alternative)

_vote(got, want) := "unknown" if {
	got < 0
} else := "pass" if {
	got <= want
	got > 0
} else := "fail"

# Zero is no limit at all, and -1 what is not known.
_bytes(text) := to_number(parts[1]) * _factors[upper(parts[2])] if {
	parts := regex.find_all_string_submatch_n(`^([0-9]+)([KMGkmg]?)$`, text, 1)[0]
} else := -1

_factors := {"": 1, "K": 1024, "M": 1048576, "G": 1073741824}

_logs(alternative, wanted) := "pass" if {
	some flag in ["--log", "-l"]
	some given in command.values(alternative.text, flag)
	given.value == wanted
} else := "unknown" if {
	some given in command.values(alternative.text, "--log")
	command.unknown(given.value)
} else := "fail" if {
	count(command.values(alternative.text, "--log")) > 0
} else := _absent(alternative)

_absent(alternative) := "unknown" if {
	command.vague(alternative)
} else := "fail"

_shown(flag) := sprintf("%s is %s", [flag, concat(" or ", values)]) if {
	values := {given.value | some alternative in command.main; some given in command.values(alternative.text, flag)}
	count(values) > 0
} else := sprintf("%s is not set", [flag])

# METADATA
# title: A oneshot that fetches something gives up in the end
# description: |
#   The start of a oneshot has no time limit: a transfer that hangs keeps it "activating" for ever, what is ordered after it waits, and
#   its timer does not start it again.
# related_resources:
#   - https://www.freedesktop.org/software/systemd/man/latest/systemd.service.html#TimeoutStartSec=
# custom:
#   kind: unit
#   severity: warning
#   precision: medium
#   tags: [lifecycle, availability]
#   fix: |2
#         serviceConfig = {
#           Type = "oneshot";
#           TimeoutStartSec = "15min";
#         };
package nixlint.rules.lifecycle.oneshot_timeout

import data.nixlint.lib
import data.nixlint.lib.command
import future.keywords.not

report contains found if {
	input.kind == "service"
	_suspect
	lib.is("Service", "Type", ["oneshot"])
	judged := _limit
	judged != "pass"
	some script in command.texts
	fetching := _fetching(script.text)
	found := lib.matched(
		lib.decided(
			_both(judged, script), script.path,
			sprintf("%q may hang, and a oneshot without TimeoutStartSec waits for ever: what comes after it never starts", [fetching]),
			"whether it has a time limit is not decided",
		),
		fetching,
	)
}

_suspect if {
	some word in ["pull", "clone", "fetch", "curl", "wget", "rsync", "nix copy"]
	contains(input.text, word)
}

_limit := "pass" if {
	input.effective.Service.TimeoutSec
	{_limited(state) | some state in lib.states("Service", "TimeoutSec")} == {"pass"}
} else := lib.verdict({_limited(state) | some state in lib.states("Service", "TimeoutStartSec")})

_limited(state) := "unknown" if {
	state.state == "unknown"
} else := "pass" if {
	state.state == "set"
	not state.texts[count(state.texts) - 1] in {"", "0", "0s", "infinity"}
} else := "fail"

_both("fail", script) := "fail" if script.sure

_both("fail", script) := "unknown" if not script.sure

_both("unknown", _) := "unknown"

# The first command of a text that transfers something and says no limit itself.
_fetching(text) := trim_space(found[0][1]) if {
	lines := [line |
		some line in split(replace(text, "\\\n", " "), "\n")
		regex.match(_transfer, line)
		not regex.match(_bounded, line)
		not _copies(line)
	]
	found := regex.find_all_string_submatch_n(_transfer, lines[0], 1)
}

# rsync from one folder to another waits for nobody.
_copies(line) if {
	not regex.match(_fetches, line)
	not regex.match(`:|<unknown`, regex.replace(line, `\s--?[A-Za-z]\S*`, ""))
}

_transfer := sprintf(`(?:^|[\s;&|(/])(rsync|%s)(?:\s|$)`, [_fetchers])

_fetches := sprintf(`(?:^|[\s;&|(/])(?:%s)(?:\s|$)`, [_fetchers])

_fetchers := concat("|", [
	`(?:docker|podman|skopeo|crane)(?:\s+(?:image|compose))?\s+(?:pull|copy)`,
	`git\s+(?:-C\s+\S+\s+)?(?:clone|fetch|pull)`,
	"curl", "wget", `nix\s+copy`,
])

_bounded := `(?:^|[\s;&|(/])timeout\s|--max-time|\s-m\s*[0-9]|--timeout|--connect-timeout|localhost|127\.0\.0\.1|--unix-socket`

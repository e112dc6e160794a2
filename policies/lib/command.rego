# METADATA
# description: |
#   What a service runs, as text, and the flags in it.
package nixlint.lib.command

import data.nixlint.lib

import future.keywords.not

# sources are the texts that a service runs: scripts, and the Exec lines that are not NixOS' wrappers of scripts.
sources contains {"path": ["scripts", name], "alternatives": script} if {
	some name, script in input.scripts
	name != "EnvironmentFile" # no script
}

sources contains {"path": ["sections", "Service", directive, i], "alternatives": setting} if {
	some directive in ["ExecStart", "ExecStartPre", "ExecStartPost", "ExecCondition"]
	some i, setting in input.sections.Service[directive]
	not _wrapper(setting)
}

_wrapper(setting) if {
	some alternative in setting
	startswith(alternative.value, "<pkgs.unit-script-")
}

# texts are all single texts with their path.
texts contains {
	"path": source.path, "text": _clean(alternative.value), "known": alternative.known, "why": _why(alternative),
	"sure": count(source.alternatives) == 1,
} if {
	some source in sources
	some alternative in source.alternatives
	not _nothing(alternative)
}

# lines are the command lines of a unit that are not NixOS' wrappers of scripts, each alternative with its verdict.
lines contains {"path": ["sections", "Service", directive, i], "directive": directive, "text": text, "verdict": _stands(setting)} if {
	some directive in _commands
	some i, setting in input.sections.Service[directive]
	not _wrapper(setting)
	some alternative in setting
	not _nothing(alternative)
	text := _clean(alternative.value)
	text != ""
}

_commands := ["ExecCondition", "ExecReload", "ExecStart", "ExecStartPost", "ExecStartPre", "ExecStop", "ExecStopPost"]

# What is surely there says what it says, whatever the pieces that are not known.
_stands(setting) := "fail" if {
	count(setting) == 1
	setting[0].known
} else := "unknown"

# main are the alternatives of what the service is started for: script, or its ExecStart lines read as one.
main := _alternatives(["scripts", "start"], input.scripts.start) if {
	input.scripts.start
} else := _alternatives(_lines[0].path, _lines[0].alternatives) if {
	count(_lines) == 1
} else := [_joined] if {
	count(_lines) > 1
} else := [{"path": ["sections", "Service", "ExecStart"], "text": "", "known": false, "why": lib.open_why}]

_lines := [{"path": ["sections", "Service", "ExecStart", i], "alternatives": setting} |
	some i, setting in input.sections.Service.ExecStart
	not _reset(setting)
]

_reset(setting) if {
	some alternative in setting
	alternative.value == ""
}

_alternatives(path, setting) := [{
	"path": path, "text": _clean(alternative.value),
	"known": alternative.known, "why": _why(alternative),
} |
	some alternative in setting
]

_joined := {
	"path": _lines[0].path,
	"text": concat("\n", [_clean(line.alternatives[0].value) | some line in _lines]),
	"known": count([line | some line in _lines; _decided(line)]) == count(_lines),
	"why": "several commands are not decided",
}

_decided(line) if {
	count(line.alternatives) == 1
	line.alternatives[0].known
}

_nothing(alternative) if alternative.absent

_why(alternative) := object.get(alternative, "why", "")

# An unknown piece becomes one word, so that it can stand as a flag's value; what a script has in comments is not run.
_clean(text) := regex.replace(
	regex.replace(_run(text), `<unknown: the main program of pkgs\.([A-Za-z0-9_.-]+)>`, "<pkgs.$1>"),
	`<unknown:[^>]*>`, "<unknown>",
) if {
	contains(text, "<unknown:")
} else := _run(text)

_run(text) := regex.replace(text, `(?m)^[ \t]*#[^\n]*`, "") if {
	contains(text, "#")
} else := text

# values are what a text gives for a flag, as --flag=value or --flag value, each with the match.
values(text, flag) := [{"match": trim_space(found[0]), "value": trim(found[1], `"'`)} |
	some found in regex.find_all_string_submatch_n(sprintf(`(?:^|\s)["']?%s(?:=|["']?[ \t]+(?:\\\n\s*)?)("[^"]*"|'[^']*'|[^\s"'\\;]+)`, [flag]), text, -1)
]

# has: the text has the flag as a word.
has(text, flag) if regex.match(sprintf(`(?:^|\s)["']?%s(?:["'\s=]|$)`, [flag]), text)

unknown(text) if contains(text, "<unknown>")

# vague: something of this alternative is not known.
vague(command) if command.known == false

vague(command) if unknown(command.text)

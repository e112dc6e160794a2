# METADATA
# description: |
#   What every rule is made of: what a directive may be, the three verdicts, and the findings they become. A rule that
#   uses verdict, demand or decided cannot forget that something may be unknown.
package nixlint.lib

import future.keywords.not

# closed: a directive that is not there is surely not there.
closed if {
	input.completeness != "override"
	object.get(input, "open", "") == ""
}

# all_said: what a section of the unit may have is in sight: the unit's own, or its base is known whole.
all_said(_) if closed

all_said(section) if {
	section in input.closed
	object.get(input, "open", "") == ""
}

open_why := sprintf("the base of %s is not known whole, as of %s", [input.unit, input.base]) if {
	input.completeness == "override"
	input.base != ""
} else := sprintf("%s is defined elsewhere and its base is not in sight", [input.unit]) if {
	input.completeness == "override"
} else := object.get(input, "open", "")

# states are what a directive may amount to, one for each alternative: "set" with its texts, "absent", or "unknown".
states(section, directive) := {_state(section, possible) | some possible in input.effective[section][directive]} if {
	count(input.effective[section][directive]) > 0
} else := {_nothing(section)}

_state(section, possible) := _stated(section, "unknown", possible, possible.why) if {
	possible.known == false
} else := _nothing(section) if {
	possible.absent
} else := _stated(section, "set", possible, "")

_stated(section, state, possible, why) := {
	"state": state, "section": section, "texts": [value.text | some value in possible.values], "why": why,
}

_nothing(section) := {"state": "absent", "section": section, "texts": [], "why": ""} if {
	all_said(section)
} else := {"state": "unknown", "section": section, "texts": [], "why": open_why}

# standing is the verdict on an assignment that is wrong whatever its value: it may not be made at all.
standing(setting) := "unknown" if {
	some alternative in setting
	object.get(alternative, "absent", false)
} else := "fail"

# is: a directive surely has one of the values.
is(section, directive, values) if directive_verdict(section, directive, values) == "pass"

# may: a directive may have one of the values, and is stated.
may(section, directive, values) if {
	some possible in input.effective[section][directive]
	some value in possible.values
	value.text in values
}

# last is the last value of a directive that is decided.
last(section, directive) := _decided(section, directive)

# texts are all values that are stated for a directive, with their place, whatever the alternative.
stated(section, directive) := {{"text": value.text, "path": _place(section, directive, value.index)} |
	some possible in input.effective[section][directive]
	some value in possible.values
}

_place(section, directive, index) := ["sections", section, directive, index] if {
	index >= 0
} else := ["sections", section, directive]

# verdict of votes "pass", "fail" and "unknown", one for each alternative: pass if all pass, fail if all fail.
verdict(votes) := "pass" if {
	votes == {"pass"}
} else := "fail" if {
	votes == {"fail"}
} else := "unknown"

# directive_verdict is the verdict on a directive whose last value must be one of the accepted ones.
directive_verdict(section, directive, accepted) := "pass" if {
	input.effective[section][directive][0].sole in accepted
} else := "fail" if {
	input.effective[section][directive][0].sole
} else := verdict({_scalar(section, possible, accepted) |
	some possible in input.effective[section][directive]
}) if {
	input.effective[section][directive]
} else := _absent(section)

# Most directives have one value, and need no votes: what is decided says what its last value is.
_decided(section, directive) := input.effective[section][directive][0].sole

_scalar(section, possible, accepted) := "unknown" if {
	possible.known == false
} else := "pass" if {
	possible.values[count(possible.values) - 1].text in accepted
} else := _absent(section) if {
	possible.absent
} else := "fail"

_absent(section) := "fail" if {
	all_said(section)
} else := "unknown"

# forbidden is the verdict on a directive that must not have one of the values: nothing stated is no such value.
forbidden(section, directive, values) := _opposite[directive_verdict(section, directive, values)]

_opposite := {"fail": "pass", "pass": "fail", "unknown": "unknown"}

# together is the verdict on what is wrong only if all of it is: one pass is enough.
together(votes) := "pass" if {
	"pass" in votes
} else := "fail" if {
	votes == {"fail"}
} else := "unknown"

# list_verdict is the verdict on a list that must hold all the words.
list_verdict(section, directive, words) := verdict({_list(state, words) | some state in states(section, directive)})

_list(state, words) := "pass" if {
	every word in words { word in state.texts }
} else := lacking(state)

# lacking is the vote of a list that does not hold what it should: the base of an override, which is merged with it, may.
lacking(state) := "unknown" if {
	state.state == "unknown"
} else := "unknown" if {
	not all_said(state.section)
} else := "fail"

# demand is the finding about a directive whose value must be one of the accepted ones, the first of which is the one to
# write; undefined when it is.
demand(section, directive, accepted, consequence) := result if {
	judged := directive_verdict(section, directive, accepted)
	judged != "pass"
	result := finding(judged, at(section, directive), sprintf("%s: %s", [
		_wanted(judged, section, directive, accepted[0]),
		consequence,
	]))
}

_wanted("fail", section, directive, wanted) := sprintf("%s, want %s", [shown(section, directive), wanted])

_wanted("unknown", section, directive, wanted) := sprintf("%s may not be %s (%s)", [
	directive, wanted,
	why(section, directive),
])

# shown is what a directive is, for a person: "ProtectSystem=full" or "ProtectSystem is not set".
shown(section, directive) := sprintf("%s=%s", [directive, concat(" or ", values)]) if {
	values := {concat(" ", state.texts) | some state in states(section, directive); state.state != "absent"; count(state.texts) > 0}
	count(values) > 0
} else := sprintf("%s is not set", [directive])

# why says why a directive cannot be told.
why(section, directive) := reason if {
	reasons := [state.why | some state in states(section, directive); state.state == "unknown"; state.why != ""]
	reason := reasons[0]
} else := open_why if {
	open_why != ""
} else := "it depends on what is not decided"

# at is the path of a directive that has one value: its last assignment, or the directive itself when there is none.
at(section, directive) := ["sections", section, directive, max(_indices(section, directive))] if {
	count(_indices(section, directive)) > 0
} else := ["sections", section, directive]

# at_list is the path of a directive that is a list: the first assignment that counts, or the directive itself.
at_list(section, directive) := ["sections", section, directive, min(_indices(section, directive))] if {
	count(_indices(section, directive)) > 0
} else := ["sections", section, directive]

_indices(section, directive) := {value.index |
	some possible in input.effective[section][directive]
	some value in possible.values
	value.index >= 0
}

# finding is what a rule reports: a verdict other than pass, a path into the input, and what to say.
finding(judged, path, msg) := {"verdict": judged, "path": path, "msg": msg} if judged in {"fail", "unknown"}

# decided is finding with the reason added when it cannot be told.
decided("fail", path, msg, _) := finding("fail", path, msg)

decided("unknown", path, msg, reason) := finding("unknown", path, sprintf("cannot be told (%s): %s", [reason, msg]))

# minor marks a finding as a lesser case of its rule; the profile says what those weigh.
minor(found) := object.union(found, {"minor": true})

# matched narrows a finding to a piece of the text that its path names.
matched(found, text) := object.union(found, {"match": text})

# METADATA
# title: Credentials are there before what loads them
# description: |
#   A service that loads a credential whose file is not there yet fails with status 243/CREDENTIALS. What makes the credential store has
#   to come first; units of a user's manager are not ordered against those of the system and are not judged.
# related_resources:
#   - https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#LoadCredential=ID:PATH
#   - https://www.freedesktop.org/software/systemd/man/latest/systemd.unit.html#Before=
# custom:
#   kind: host
#   severity: error
#   precision: high
#   tags: [dependencies, secrets]
#   fix: |2
#         systemd.services.notes = {
#           after = [ "setup-system-credentials.service" ];
#           requires = [ "setup-system-credentials.service" ];
#         };
package nixlint.rules.dependencies.credentials_before_use

import data.nixlint.lib
import data.nixlint.lib.command
import data.site
import future.keywords.not

report contains found if {
	input.kind == "host"
	input.source != "loose"
	count(_makers) > 0
	some i, unit in input.units
	unit.kind == "service"
	some directive in ["LoadCredential", "LoadCredentialEncrypted"]
	some possible in unit.effective.Service[directive]
	some value in possible.values
	_from_store(value.text)
	makers := [maker | some maker in _makers; maker.scope == unit.scope; maker.unit != unit.unit]
	count(makers) > 0
	every maker in makers { not _first(maker, unit) }
	index := max([value.index, 0])
	found := lib.decided(
		_verdict(unit, makers), ["units", i, "sections", "Service", directive, index],
		sprintf("%s makes %s and is not ordered before %s: where it comes second the service fails with 243/CREDENTIALS", [
			makers[0].unit,
			site.credentials.store,
			unit.unit,
		]),
		"what it is ordered after is not decided",
	)
}

_from_store(text) if contains(text, sprintf(":%s/", [site.credentials.store]))

# Without a path it is looked for in the store.
_from_store(text) if {
	not contains(text, ":")
	not contains(text, "<unknown")
}

_makers := [unit |
	some unit in input.units
	unit.kind == "service"
	contains(unit.text, site.credentials.store)
	_makes(unit)
]

_makes(unit) if {
	texts := command.texts with input as unit
	some script in texts
	regex.match(sprintf(`(?:mkdir|install|cp|mv|tee)\s[^\n;&|]*%[1]s|>\s*["']?%[1]s`, [site.credentials.store]), script.text)
}

_first(maker, unit) if maker.unit in _names(unit, "After")

_first(maker, unit) if unit.unit in _names(maker, "Before")

# Both know a unit between them.
_first(maker, unit) if {
	some between in _names(maker, "Before")
	between in _names(unit, "After")
}

# It comes before what every service with the default dependencies waits for.
_first(maker, unit) if {
	some early in ["basic.target", "sysinit.target"]
	early in _names(maker, "Before")
	not "no" in {value.text | some possible in unit.effective.Unit.DefaultDependencies; some value in possible.values}
}

_names(unit, directive) := {value.text | some possible in unit.effective.Unit[directive]; some value in possible.values}

_verdict(unit, makers) := "unknown" if {
	some each in array.concat([unit], makers)
	_vague(each)
} else := "fail"

_vague(unit) if unit.completeness == "override"

_vague(unit) if {
	some directive in ["After", "Before"]
	some possible in unit.effective.Unit[directive]
	not possible.known
}

_vague(unit) if object.get(unit, "open", "") != ""

# METADATA
# title: A unit requires what there is
# description: |
#   A unit that requires one which does not exist is not started: "Unit notes-db.service not found". Judged are Requires, Requisite and
#   BindsTo; not Wants and After, which do nothing then, nor devices, mounts, swap areas and slices, which systemd makes. The units of
#   a built system are all there. Of Nix files it is not known what modules of nixpkgs define: what neither they nor systemd are seen
#   to define cannot be told. A unit that is masked (enable = false) is as good as none.
# related_resources:
#   - https://www.freedesktop.org/software/systemd/man/latest/systemd.unit.html#Requires=
# custom:
#   kind: host
#   severity: error
#   precision: high
#   tags: [dependencies, correctness]
#   fix: |2
#         requires = [ "postgresql.service" ]; # as the unit is called
#         wants = [ "notes-db.service" ]; # where it may not be there
package nixlint.rules.dependencies.missing_unit

import data.nixlint.lib
import data.nixlint.lib.shipped
import future.keywords.not

report contains found if {
	input.kind == "host"
	input.source != "loose"
	some i, unit in input.units
	unit.system == ""
	unit.completeness != "override" # what nixpkgs requires of its own is its affair
	some directive in ["BindsTo", "Requires", "Requisite"]
	some possible in unit.effective.Unit[directive]
	some value in possible.values
	some name in split(value.text, " ")
	regex.match(`^[A-Za-z0-9:_.\\@-]+\.(?:service|socket|timer|path|target|automount)$`, name)
	not _has(unit.scope, name)
	index := max([value.index, 0])
	found := lib.decided(
		_verdict(unit, directive, index), ["units", i, "sections", "Unit", directive, index],
		sprintf("%s=%s, which does not exist: the unit is not started", [directive, name]),
		sprintf("nothing in sight defines %s, and a module that is not on disk may", [name]),
	)
}

# A unit that is masked exists no more for who requires it.
report contains found if {
	input.kind == "host"
	count(input.masked) > 0
	some i, unit in input.units
	some directive in ["BindsTo", "Requires", "Requisite"]
	some possible in unit.effective.Unit[directive]
	some value in possible.values
	some name in split(value.text, " ")
	sprintf("%s %s", [unit.scope, name]) in input.masked
	index := max([value.index, 0])
	found := lib.decided(
		lib.standing(unit.sections.Unit[directive][index]), ["units", i, "sections", "Unit", directive, index],
		sprintf("%s=%s, which is masked here (enable = false): the unit is not started", [directive, name]),
		"whether it is required is not decided",
	)
}

_has(scope, name) if [scope, name] in _units

_has(scope, name) if sprintf("%s %s", [scope, name]) in input.masked

_has(scope, name) if [scope, shipped.template(name)] in _units

# nixpkgs' module makes both.
_has(scope, "postgresql.target") if [scope, "postgresql.service"] in _units

_has(scope, name) if shipped.has(scope, name)

_has(scope, name) if shipped.has(scope, shipped.template(name))

# Units by all their names.
_units := {[unit.scope, unit.unit] | some unit in input.units} | {[unit.scope, alternative.value] |
	some unit in input.units
	some link in unit.links
	link.type == "alias"
	some alternative in link.target
}

_verdict(unit, directive, index) := lib.standing(unit.sections.Unit[directive][index]) if {
	_whole(unit.scope)
} else := "unknown"

# A built system that is shown whole has the target that all is started for.
_whole("system") if {
	input.source == "units"
	["system", "multi-user.target"] in _units
}

_whole("user") if {
	input.source == "units"
	["user", "default.target"] in _units
}

# METADATA
# description: Inputs for the tests of rules, made as package policy makes them.
package nixlint.lib.given

import future.keywords.not

# unit is a unit of the tree's own, of one section; directives are lists of values, one an assignment.
unit(kind, name, section, directives) := {
	"kind": kind, "name": name, "unit": sprintf("%s.%s", [name, kind]), "scope": "system", "status": "active",
	"completeness": "own", "open": "", "base": "", "system": "", "closed": [], "scripts": {}, "links": [], "overrides": {}, "unrecognised": [], "misread": [],
	"text": sprintf("\n%s\n", [concat("\n", [value | some values in directives; some value in values])]),
	"sections": {section: {directive: [[_alternative(value)] | some value in values] | some directive, values in directives}},
	"effective": {section: {directive: [possible(values)] | some directive, values in directives}},
}

service(name, directives) := unit("service", name, "Service", directives)

timer(name, directives) := unit("timer", name, "Timer", directives)

# override is a unit whose base is elsewhere.
override(kind, name, section, directives) := object.union(
	unit(kind, name, section, directives),
	{"completeness": "override", "status": "override"},
)

# based is an override of a base that is known whole, and states more directives; they count as the base's do, after its own.
based(given, section, directives) := object.union(given, {
	"base": "nixpkgs 0123456789ab", "closed": [section],
	"effective": {section: {directive: [_merged(
		[{"text": value, "index": -1} | some value in values],
		[value | some stated in object.get(given.effective[section], directive, []); some value in stated.values],
	)] |
		some directive, values in directives
	}},
})

_merged(base, own) := object.union(
	{"values": array.concat(base, own), "known": true, "absent": false, "why": ""},
	_sole([value.text | some value in array.concat(base, own)]),
)

# user is the unit in a user's manager.
user(given) := object.union(given, {"scope": "user"})

# possible is the one thing that a directive may be; values are its values in order.
possible(values) := object.union(_possible(values), _sole(values))

_possible(values) := {
	"values": [{"text": value, "index": i} | some i, value in values],
	"known": true, "absent": false, "why": "",
}

_sole(values) := {"sole": values[count(values) - 1]} if {
	count(values) > 0
} else := {}

_alternative(value) := {"value": value, "known": true, "absent": false, "why": "", "conditional": false}

# unclear makes a directive one that is stated but not known.
unclear(given, section, directive) := object.union(given, {
	"sections": {section: {directive: [[{
		"value": "<unknown: config.x>", "known": false, "absent": false, "why": "config.x is not known", "conditional": false,
	}]]}},
	"effective": {section: {directive: [{
		"values": [{"text": "<unknown: config.x>", "index": 0}], "known": false, "absent": false, "why": "config.x is not known",
	}]}},
})

# either makes a directive one of two lists of values, or nothing for a null.
either(given, section, directive, a, b) := object.union(given, {
	"sections": {section: {directive: [[_alternative("one or the other")]]}},
	"effective": {section: {directive: [_maybe(a), _maybe(b)]}},
})

_maybe(values) := _possible(values) if {
	values != null
} else := {"values": [], "known": true, "absent": true, "why": ""}

# script is the unit with a script of that text.
script(given, text) := object.union(given, {
	"scripts": {"start": [_alternative(text)]},
	"text": sprintf("%s%s\n", [given.text, text]),
})

# linked is the unit wanted by a target.
linked(given, target) := object.union(given, {"links": [{"type": "wants", "target": [_alternative(target)]}]})

# line is a line of tmpfiles.d.
line(type, path, mode, user, group, argument) := {"kind": "tmpfiles", "lines": [{
	"text": "", "known": true, "absent": false, "why": "", "type": type, "path": path, "mode": mode, "user": user,
	"group": group, "age": "", "argument": argument,
}]}

# host is a host of units, lines and settings.
host(units, lines, settings) := {
	"kind": "host", "source": "flake", "facts": facts(true, {}), "masked": [],
	"units": units,
	"tmpfiles": [{"lines": given.lines} | some given in lines],
	"settings": {path: [_alternative(value)] | some path, value in settings},
}

# facts are those of a host, complete or not; more holds lists of facts by kind, and single ones: accounts, firewall, openssh, …
facts(complete, more) := object.union(
	{
		"complete": complete, "packages": [],
		"users": [account.name | some account in object.get(more, "accounts", [])],
		"groups": [group.name | some group in object.get(more, "memberships", [])],
		"accounts": [], "memberships": [], "wrappers": [], "firewall": [], "listeners": [], "containers": [], "unitFiles": [],
	},
	more,
)

# fact is a named thing of a host; fields are lists of values, one for an option that is no list.
fact(name, fields) := {
	"name": name, "guarded": false, "open": "",
	"fields": {field: [[_alternative(value)] | some value in values] | some field, values in fields},
}

# knowing is a host with facts.
knowing(given, stated) := object.union(given, {"facts": stated})

# said are the verdicts of what was reported, by path.
said(report) := {sprintf("%s %s", [found.verdict, concat(".", [sprintf("%v", [step]) | some step in found.path])]) |
	some found in report
}

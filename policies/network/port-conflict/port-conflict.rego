# METADATA
# title: Two services of one host do not take one port
# description: |
#   The second service that starts fails with "address already in use", and which one that is depends on the boot.
#   Judged are ports that commands state, sockets, and the settings that the site names; never across loose modules.
# related_resources:
#   - https://www.freedesktop.org/software/systemd/man/latest/systemd.socket.html#ListenStream=
# custom:
#   kind: host
#   severity: error
#   precision: medium
#   tags: [network]
#   fix: |2
#     Give one of them another port:
#
#         ExecStart = "${pkgs.llama-cpp}/bin/llama-server --host 127.0.0.1 --port 8081";
package nixlint.rules.network.port_conflict

import data.nixlint.lib
import data.nixlint.lib.command as command_text
import data.site
import future.keywords.not

report contains found if {
	input.kind == "host"
	input.source != "loose"
	some port in _shared
	claims := {claim | some claim in _claims; claim.port == port}
	some later in claims
	others := {other.owner |
		some other in claims
		other.owner != later.owner
		[other.rank, other.owner] < [later.rank, later.owner]
		_overlap(other.address, later.address)
	}
	count(others) > 0
	found := lib.matched(
		lib.finding("fail", later.path, sprintf(
			"port %v is also taken by %s: the one that starts second fails",
			[later.port, concat(", ", sort(others))],
		)),
		later.match,
	)
}

# A port that is not known may be any that another takes.
report contains found if {
	input.kind == "host"
	input.source != "loose"
	some i, unit in _ported
	contains(unit.text, "<unknown")
	some command in _commands(unit)
	regex.match(`--port(?:=|\s+)["']?<unknown`, command.text)
	others := {claim.owner | some claim in _claims; claim.owner != unit.name}
	count(others) > 0
	found := lib.decided(
		"unknown", array.concat(["units", i], command.path), sprintf(
			"the port of %s may be one that %s takes",
			[unit.name, concat(", ", sort(others))],
		),
		"the port is not known",
	)
}

# In order, a port that is claimed twice stands next to itself.
_shared := {port | some i, port in _ordered; _ordered[i + 1] == port}

_ordered := sort([claim.port | some claim in _claims])

_claims contains claim if {
	some i, unit in _ported
	some command in _commands(unit)
	some given in command_text.values(command.text, "--port")
	regex.match(`^[0-9]+$`, given.value)
	claim := _claim(i, unit, command, to_number(given.value), given.match)
}

_ported := {i: unit | some i, unit in input.units; contains(unit.text, "--port")}

# What a unit that the site names listens on when its command says nothing.
_claims contains claim if {
	defaults := site.ports.defaults # read once, not for each unit
	some i, unit in input.units
	port := defaults[unit.name]
	some command in _commands(unit)
	not contains(command.text, "<unknown")
	not command_text.has(command.text, site.ports.flags[unit.name])
	claim := _claim(i, unit, command, port, "")
}

_claim(i, unit, command, port, match) := {
	"owner": unit.name, "rank": 1, "port": port, "address": _address(command.text),
	"path": array.concat(["units", i], command.path), "match": match,
}

# The commands of a service that are decided, where others can reach its ports.
_commands(unit) := {{"path": ["sections", "Service", "ExecStart", k], "text": setting[0].value} |
	unit.kind == "service"
	not _alone(unit)
	some k, setting in unit.sections.Service.ExecStart
	count(setting) == 1
} | {{"path": ["scripts", "start"], "text": unit.scripts.start[0].value} |
	unit.kind == "service"
	not _alone(unit)
	count(unit.scripts.start) == 1
}

# A socket and its service share.
_claims contains claim if {
	some i, unit in input.units
	unit.kind == "socket"
	some possible in unit.effective.Socket.ListenStream
	possible.known
	some value in possible.values
	value.index >= 0
	parts := regex.find_all_string_submatch_n(`^(?:(.*):)?([0-9]+)$`, value.text, 1)[0]
	claim := {
		"owner": unit.name, "rank": 1, "port": to_number(parts[2]), "address": _normal(parts[1]),
		"path": ["units", i, "sections", "Socket", "ListenStream", value.index], "match": "",
	}
}

_claims contains claim if {
	some owner, service in site.ports.settings
	_decided(service.enable) == "true"
	some path in service.port
	claim := {
		"owner": owner, "rank": 0, "port": to_number(_decided(path)), "address": "",
		"path": ["settings", path], "match": "",
	}
}

_claims contains claim if {
	some owner, service in site.ports.settings
	_decided(service.enable) == "true"
	every path in service.port { not input.settings[path] }
	claim := {
		"owner": owner, "rank": 0, "port": service["default"], "address": "",
		"path": ["settings", service.enable], "match": "",
	}
}

_decided(path) := input.settings[path][0].value if {
	count(input.settings[path]) == 1
	input.settings[path][0].known
}

_alone(unit) if {
	some possible in unit.effective.Service.PrivateNetwork
	some value in possible.values
	value.text == "yes"
}

_address(text) := _normal(given[0].value) if {
	given := [value | some flag in ["--host", "--ip"]; some value in command_text.values(text, flag)]
	count(given) > 0
} else := ""

# Empty is every address.
_normal(address) := "" if {
	address in {"", "*", "0.0.0.0", "::", "[::]"}
} else := "127.0.0.1" if {
	address == "localhost"
} else := address

_overlap("", _)

_overlap(a, b) if {
	a != ""
	b in {"", a}
}

# METADATA
# title: The account a service runs as exists
# description: |
#   systemd looks User=, Group= and SupplementaryGroups= up when it starts the service. A name that nobody defines stops it with status
#   217/USER or 216/GROUP; NixOS builds such a machine without a word.
# related_resources:
#   - https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#User=
#   - https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#SupplementaryGroups=
# custom:
#   kind: host
#   severity: error
#   precision: medium
#   tags: [compat, correctness]
#   fix: |2
#         users.users.notes = { isSystemUser = true; group = "notes"; };
#         users.groups.notes = { };
package nixlint.rules.compat.undefined_identity

import data.nixlint.lib
import future.keywords.not

report contains found if {
	input.kind == "host"
	input.source != "loose"
	some i, unit in input.units
	unit.kind == "service"
	unit.scope == "system"
	unit.completeness == "own"
	some directive in ["Group", "SupplementaryGroups", "User"]
	some possible in unit.effective.Service[directive]
	possible.known
	some value in possible.values
	some name in split(value.text, " ")
	regex.match(`^[A-Za-z_][A-Za-z0-9_-]*$`, name)
	not _defined(directive, name)
	not [_database[directive], name] in _theirs_already
	not _enabled(directive, name)
	not _made(unit, directive)
	index := max([value.index, 0])
	found := _finding(
		_verdict(unit, directive, index, name), ["units", i, "sections", "Service", directive, index],
		sprintf("%s=%s", [directive, name]), _status[directive],
	)
}

_finding("fail", path, account, status) := lib.finding("fail", path, sprintf(
	"%s, which nothing defines: the service fails with %s",
	[account, status],
))

_finding("unknown", path, account, status) := lib.finding("unknown", path, sprintf(
	"cannot be told (only a module that is not in sight may define it): %s, without which the service fails with %s",
	[account, status],
))

_status := {"Group": "216/GROUP", "SupplementaryGroups": "216/GROUP", "User": "217/USER"}

_defined("User", name) if name in input.facts.users

_defined("User", name) if contains(_users, sprintf(" %s ", [name]))

_defined(directive, name) if {
	directive != "User"
	name in input.facts.groups
}

_defined(directive, name) if {
	directive != "User"
	contains(_groups, sprintf(" %s ", [name]))
}

# What every NixOS has: nixos/modules/config/users-groups.nix of nixpkgs. sshd, nscd and the accounts of systemd are made by the modules
# of theirs; _verdict leaves those open.
_users := " nobody root "

_groups := concat("", [
	" adm audio cdrom clock dialout disk floppy input kmem kvm lp nixbld nogroup render root sgx shadow tape tty users utmp uucp",
	" video wheel ",
])

# What a unit of nixpkgs runs as, the module that defines the unit defines too.
_theirs_already := {[_database[directive], value.text] |
	some unit in input.units
	unit.base != ""
	unit.scope == "system"
	not unit.effective.Service.DynamicUser
	some directive in ["Group", "User"]
	some possible in unit.effective.Service[directive]
	some value in possible.values
	value.index < 0
}

# Modules that make the account of their name where they are enabled, unless they are given another: in nixos/modules of nixpkgs.
_enabled(directive, name) if {
	module := _modules[name]
	_surely(input.settings[sprintf("%s.enable", [module])])
	not input.settings[sprintf("%s.%s", [module, _database[directive]])]
	not input.settings[sprintf("%s.user", [module])]
}

_enabled(directive, name) if {
	directive != "User"
	name in {"docker", "libvirtd", "podman"}
	_surely(input.settings[sprintf("virtualisation.%s.enable", [name])])
}

_surely(setting) if {
	every alternative in setting {
		alternative.value == "true"
		not alternative.conditional
	}
}

_modules := object.union(
	{"hass": "services.home-assistant", "postgres": "services.postgresql"},
	{name: sprintf("services.%s", [name]) | some name in [
		"caddy", "forgejo", "gitea", "grafana", "jellyfin", "matrix-synapse", "mosquitto", "mysql", "nextcloud", "nginx", "paperless",
		"prometheus", "radicle", "telegraf", "transmission", "vaultwarden",
	]},
)

_database := {"Group": "group", "SupplementaryGroups": "group", "User": "user"}

# DynamicUser makes the user and the group of a service.
_made(unit, directive) if {
	directive != "SupplementaryGroups"
	some possible in unit.effective.Service.DynamicUser
	not object.get(possible, "absent", false)
	every value in possible.values { value.text != "no" }
}

_verdict(unit, directive, index, name) := "unknown" if {
	_open(name)
} else := lib.standing(unit.sections.Service[directive][index])

_open(_) if not input.facts.complete

# Modules of nixpkgs make accounts: what an option speaks of, or what is called otherwise than its option, may be one of theirs.
_open(name) if contains(_options, lower(name))

_open(name) if startswith(name, "systemd-")

_open(name) if contains(_theirs, sprintf(" %s ", [name]))

_open(name) if name in _values

_open(_) if _undecided

# Scripts and lists of sysusers.d make accounts too. Each of these is asked once of a host, not once of a name.
_undecided if {
	some unit in input.units
	regex.match(`useradd|groupadd|adduser|sysusers`, unit.text)
}

_undecided if contains(_options, "sysusers")

_undecided if {
	some setting in input.settings
	some alternative in setting
	alternative.known == false
}

_values := {alternative.value |
	some setting in input.settings
	some alternative in setting
}

_options := lower(concat("\n", [path | some path, _ in input.settings]))

_theirs := concat("", [
	" adbusers avahi git hass i2c keys messagebus nm-iodine nm-openvpn nscd plugdev polkituser postdrop qemu-libvirtd rpc rtkit scanner",
	" spamd sshd tss turnserver uinput vboxusers wireshark wwwrun ",
])

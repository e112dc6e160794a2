# METADATA
# description: |
#   The units that every NixOS has though no module in sight defines them: those that systemd ships, of versions 252 to 262.
package nixlint.lib.shipped

import data.nixlint.lib.shipped.systemd
import future.keywords.not

# has reports whether the managers of a scope have a unit, by the name of it or of its template.
has("system", name) if contains(systemd.system, sprintf(" %s ", [name]))

has("system", name) if contains(_nixos, sprintf(" %s ", [name]))

has("user", name) if contains(systemd.user, sprintf(" %s ", [name]))

has("user", name) if name in {"dbus.service", "dbus.socket"}

# template is the name of the template of an instance, and the name itself of another unit.
template(name) := regex.replace(name, `@.*(\.[a-z]+)$`, "@$1")

# What nixpkgs defines on every machine.
_nixos := " dbus.service dbus.socket nix-daemon.service nix-daemon.socket nscd.service suid-sgid-wrappers.service "

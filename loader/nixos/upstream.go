package nixos

import (
	"slices"
	"strings"

	"github.com/nixlint/nixlint/loader/inventory"
	"github.com/nixlint/nixlint/loader/nixos/base"
)

// enables are options of nixpkgs that make a unit whose name is not that of the option.
var enables = map[string]string{
	"services.openssh.enable": "sshd", "services.clamav.daemon.enable": "clamav-daemon", "services.clamav.updater.enable": "clamav-freshclam",
	"services.avahi.enable": "avahi-daemon", "services.resolved.enable": "systemd-resolved", "services.timesyncd.enable": "systemd-timesyncd",
	"services.tailscale.enable": "tailscaled", "services.printing.enable": "cups", "services.deluge.enable": "deluged",
	"services.prometheus.exporters.node.enable": "prometheus-node-exporter", "services.samba.enable": "samba-smbd",
	"networking.networkmanager.enable": "NetworkManager", "networking.firewall.enable": "firewall", "hardware.bluetooth.enable": "bluetooth",
	"security.rtkit.enable": "rtkit-daemon", "security.polkit.enable": "polkit", "virtualisation.docker.enable": "docker",
	"virtualisation.libvirtd.enable": "libvirtd", "system.autoUpgrade.enable": "nixos-upgrade",
}

// upstream adds the units that options of nixpkgs enable and that nothing in sight defines: they run, and are not in the tree. An option
// whose unit is not known adds none.
func (s *system) upstream() {
	for i := range s.host.Settings {
		at := &s.host.Settings[i]
		if !at.Decided() || at.Alternatives[0].Value != "true" {
			continue
		}
		name := enables[at.Path]
		if service, ok := strings.CutSuffix(at.Path, ".enable"); ok && name == "" {
			if option, ok := strings.CutPrefix(service, "services."); ok && knownUnits[option+".service"] {
				name = option
			}
		}
		name += ".service"
		if name == ".service" {
			continue
		}
		has := func(u inventory.Unit) bool { return u.Name == name && u.Scope == inventory.System }
		// What the tree says of it may not count here: it runs all the same.
		s.host.Units = slices.DeleteFunc(s.host.Units, func(u inventory.Unit) bool { return has(u) && u.Off() })
		if slices.ContainsFunc(s.host.Units, has) {
			continue
		}
		u := inventory.Unit{
			Name: name, Kind: "service", Scope: inventory.System, Status: inventory.Upstream, Completeness: inventory.Partial,
			Definitions: []inventory.Location{}, Sections: map[string]map[string][]inventory.Setting{},
		}
		if place := at.Alternatives[0].Place(); place != nil {
			u.Definitions = append(u.Definitions, *place)
		}
		if known := base.Lookup(name); known != nil {
			u.Base, u.BaseSections, u.BaseClosed = known.Label, known.Sections, known.Closed
		}
		s.host.Units = append(s.host.Units, u)
	}
}

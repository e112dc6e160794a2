package nixos_test

import (
	"strings"
	"testing"

	"github.com/nixlint/nixlint/loader/inventory"
)

func TestOverrideHasItsBase(t *testing.T) {
	for module, want := range map[string]string{
		`systemd.services.sshd.serviceConfig.PrivateTmp = true;`:                                                  "nixpkgs 4aa6836a648c: Service Unit, closed Service Unit",
		`systemd.services.sshd.serviceConfig.PrivateTmp = lib.mkForce true;`:                                      "nixpkgs 4aa6836a648c: Service Unit, closed Service Unit",
		`systemd.services.sshd.serviceConfig = lib.mkForce { PrivateTmp = true; };`:                               "nixpkgs 4aa6836a648c: Unit, closed Unit",
		`systemd.services.sshd.unitConfig = lib.mkForce { };`:                                                     "nixpkgs 4aa6836a648c: Service, closed Service",
		`systemd.services.sshd = lib.mkForce { serviceConfig.PrivateTmp = true; };`:                               "none",
		`systemd.services.sshd = lib.mkIf config.x (lib.mkForce { serviceConfig.Nice = 1; });`:                    "none",
		`systemd.services.sshd.serviceConfig = lib.mkIf config.x (lib.mkForce { Nice = 1; });`:                    "nixpkgs 4aa6836a648c: Unit, closed Unit",
		`systemd.services.sshd.serviceConfig = lib.mkIf config.x { Nice = 1; };`:                                  "nixpkgs 4aa6836a648c: Service Unit, closed Service Unit",
		`systemd.services.sshd.serviceConfig = lib.mkDefault { Nice = 1; };`:                                      "nixpkgs 4aa6836a648c: Service Unit, closed Service Unit",
		`disabledModules = [ "services/networking/ssh/sshd.nix" ]; systemd.services.sshd.serviceConfig.Nice = 1;`: "none",
		`systemd.services."serial-getty@ttyS0".serviceConfig.Nice = 1;`:                                           "systemd 252: Service Unit, closed ",
		`systemd.services.mine.serviceConfig.Nice = 1;`:                                                           "none",
		`systemd.services.mine.serviceConfig.ExecStart = "/bin/x";`:                                               "none",
		`systemd.user.services.sshd.serviceConfig.Nice = 1;`:                                                      "none",
	} {
		inv := host(t, "{ config, lib, ... }: { "+module+" }")
		u := &inv.Hosts[0].Units[0]
		got := "none"
		if u.Base != "" {
			var sections []string
			for _, s := range []string{"Service", "Unit"} {
				if u.BaseSections[s] != nil {
					sections = append(sections, s)
				}
			}
			got = u.Base + ": " + strings.Join(sections, " ") + ", closed " + strings.Join(u.BaseClosed, " ")
		}
		if got != want {
			t.Errorf("%s\n%s, want %s", module, got, want)
		}
		if u.Base != "" && u.Completeness != inventory.Partial {
			t.Errorf("%s: %s", module, u.Completeness)
		}
	}
}

// TestBaseHasTheValuesOfOptions: what a directive of the base has of an option is known where the tree defines the option for sure.
func TestBaseHasTheValuesOfOptions(t *testing.T) {
	for config, want := range map[string]string{
		`services.nginx.user = "www";`:                      "www",
		`services.nginx.user = lib.mkIf config.x "www";`:    "<unknown: it is the value of services.nginx.user>",
		`services.nginx.user = config.y;`:                   "<unknown: it is the value of services.nginx.user>",
		`services.nginx.enable = true;`:                     "<unknown: it is the value of services.nginx.user>",
		`services.nginx.user = lib.mkDefault "web-${"a"}";`: "web-a",
	} {
		inv := host(t, "{ config, lib, ... }: { systemd.services.nginx.serviceConfig.Nice = 1; "+config+" }")
		u := unit(t, inv, "nginx.service")
		if got := u.BaseSections["Service"]["User"][0].Alternatives[0].Value; got != want {
			t.Errorf("%s: User=%s, want %s", config, got, want)
		}
	}
}

package nixos_test

import (
	"strings"
	"testing"

	"github.com/nixlint/nixlint/loader/inventory"
)

// stated writes what facts say, one a line: KIND NAME FIELD=VALUE|VALUE;VALUE.
func stated(kind string, facts []inventory.Fact) []string {
	var out []string
	for i := range facts {
		f := &facts[i]
		for option := range f.Fields {
			u := inventory.Unit{Sections: map[string]map[string][]inventory.Setting{"x": {option: f.Fields[option]}}}
			out = append(out, kind+" "+f.Name+" "+option+"="+values(&u, "x", option))
		}
	}
	return out
}

const factsModule = `{ config, lib, pkgs, ... }: {
  users.users.alice = {
    isNormalUser = true;
    uid = 1000;
    extraGroups = [ "wheel" ] ++ lib.optional config.virtualisation.docker.enable "docker";
    openssh.authorizedKeys.keys = [ "ssh-ed25519 AAAA" ];
  };
  users.users.app = { isSystemUser = true; group = "app"; };
  users.groups.app.members = [ "alice" ];
  security.wrappers.dig = { source = "${pkgs.dig}/bin/dig"; owner = "root"; setuid = true; };
  networking.firewall = {
    allowedTCPPorts = [ 80 ];
    allowedTCPPortRanges = [ { from = 1000; to = 2000; } ];
    interfaces.eth0.allowedUDPPorts = [ 53 ];
  };
  services.openssh = { enable = true; passwordAuthentication = false; settings.PermitRootLogin = "no"; };
  services.prometheus = { enable = true; port = 9090; listenAddress = "127.0.0.1"; };
  services.grafana.settings.server.http_port = config.site.port;
  services.grafana.settings.database.port = 5432;
  services.udev.extraRules = ''
    KERNEL=="nvidia*", MODE="0666"
  '';
  virtualisation.oci-containers = { backend = "docker"; containers.web.image = "nginx:latest"; };
  systemd.packages = [ pkgs.foo ];
  environment.etc."systemd/system/raw.service".text = "[Service]";
}`

func TestFactsOfAHost(t *testing.T) {
	inv := host(t, factsModule, `{ networking.firewall.allowedTCPPorts = [ 443 ]; services.udev.extraRules = "# more"; }`)
	f := &inv.Hosts[0].Facts
	var got []string
	for kind, facts := range f.Kinds() {
		got = append(got, stated(kind, facts)...)
	}
	for kind, fact := range f.Singles() {
		if fact == nil {
			t.Fatalf("no %s", kind)
		}
		got = append(got, stated(kind, []inventory.Fact{*fact})...)
	}
	all := strings.Join(got, "\n") + "\n"
	docker := "config.virtualisation.docker.enable"
	for _, want := range []string{
		"accounts alice uid=1000", "accounts alice isNormalUser=true",
		"accounts alice extraGroups=wheel, docker if " + docker + " | (absent) if !" + docker,
		"accounts alice openssh.authorizedKeys.keys=ssh-ed25519 AAAA",
		"accounts app group=app", "memberships app members=alice",
		"wrappers dig source=<pkgs.dig>/bin/dig", "wrappers dig setuid=true",
		"firewall  allowedTCPPorts=443, 80", "firewall  allowedTCPPortRanges=1000-2000", "firewall eth0 allowedUDPPorts=53",
		"openssh openssh PasswordAuthentication=false", "openssh openssh PermitRootLogin=no",
		"listeners services.prometheus port=9090", "listeners services.prometheus address=127.0.0.1", "listeners services.prometheus enable=true",
		"listeners services.grafana port=<unknown: option site.port is not declared in the tree>",
		"udev udev extraRules=# more, KERNEL==\"nvidia*\", MODE=\"0666\"\n",
		"containers web image=nginx:latest", "containers web unit=docker-web.service",
		"unitFiles systemd/system/raw.service text=[Service]",
	} {
		if !strings.Contains(all, want+"\n") {
			t.Errorf("no fact %q in\n%s", want, all)
		}
	}
	if strings.Contains(all, "5432") {
		t.Errorf("the port of a database elsewhere is no listener:\n%s", all)
	}
	rules := f.Udev.Fields["extraRules"]
	if at := rules[len(rules)-1].Alternatives[0].Lines; len(at) != 1 || at[0].File != "a.nix" || at[0].Line != 21 {
		t.Errorf("the line of a udev rule is at %+v, want a.nix:21", at)
	}
	if len(f.Packages) != 1 || f.Packages[0].Alternatives[0].Value != "<pkgs.foo>" {
		t.Errorf("packages: %+v", f.Packages)
	}
	if f.Complete {
		t.Error("a host with systemd.packages, which are not read, is complete")
	}
}

func TestHostIsCompleteWhenEveryModuleIsInSight(t *testing.T) {
	for module, want := range map[string]bool{
		"{ users.users.a.isNormalUser = true; }":                      true,
		"{ lib, ... }: { users.users = lib.mkIf true { a = { }; }; }": true,
		"{ inputs, ... }: { imports = [ inputs.gone.module ]; }":      false,
		"{ users = import <elsewhere>; }":                             false,
		"{ config, ... }: { users.users = config.site.users; }":       false,
	} {
		if inv := host(t, module); inv.Hosts[0].Facts.Complete != want {
			t.Errorf("%s: complete is %v, want %v (missing %+v)", module, !want, want, inv.Hosts[0].Missing)
		}
	}
}

// What nobody decides about a user is said of it, and a user that may not be there has its condition.
func TestFactsThatAreNotDecided(t *testing.T) {
	inv := host(t, `{ config, lib, ... }: {
		users.users.maybe = lib.mkIf config.site.on { isSystemUser = true; uid = config.site.uid; };
		users.users.open = config.site.user;
	}`)
	facts := inv.Hosts[0].Facts.Accounts
	if len(facts) != 2 || facts[0].Name != "maybe" || facts[1].Name != "open" {
		t.Fatalf("accounts: %+v", facts)
	}
	if g := facts[0].Guards; len(g) != 1 || g[0].Text != "config.site.on" || g[0].Verdict != "unknown" {
		t.Errorf("guards of a user under a condition: %+v", g)
	}
	if s := facts[0].Fields["isSystemUser"]; len(s) != 1 || !s[0].Decided() {
		t.Errorf("a field of a user that may not be there is decided where it is there: %+v", s)
	}
	if s := facts[0].Fields["uid"]; len(s) != 1 || s[0].Decided() {
		t.Errorf("an unknown uid is known: %+v", s)
	}
	if facts[1].Open == "" {
		t.Error("a user that is not known is not open")
	}
}

// Of loose modules what they say of accounts and the like is kept; their settings are not, as they are of no one machine.
func TestFactsOfLooseModules(t *testing.T) {
	inv := load(t, map[string]string{
		"a.nix": `{ users.users.alice.extraGroups = [ "docker" ]; services.prometheus.port = 1; }`,
		"b.nix": `{ users.users.alice.extraGroups = [ "wheel" ]; services.x.y = throw "no"; }`,
	})
	h := &inv.Hosts[0]
	if len(h.Facts.Accounts) != 2 || h.Facts.Complete || len(h.Settings) != 0 {
		t.Errorf("facts %+v, settings %+v", h.Facts, h.Settings)
	}
	if text := failures(inv); text != "" || len(inv.Problems) > 0 {
		t.Errorf("problems: %+v", inv.Problems)
	}
}

func TestSettingJoinsTheListsOfModules(t *testing.T) {
	inv := host(t, `{ services.x.list = [ 1 ]; }`, `{ services.x.list = [ 2 ]; }`)
	if s := inv.Hosts[0].Settings; len(s) != 1 || s[0].Alternatives[0].Value != "[2,1]" {
		t.Errorf("settings: %+v", s)
	}
}

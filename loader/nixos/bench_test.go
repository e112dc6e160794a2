package nixos_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/nixlint/nixlint/loader/nixos"
	"github.com/nixlint/nixlint/loader/source"
)

// fleet is a host of n modules, of which every third or so defines a service with what such modules have: an option, a guard, a
// script, packages and a sandbox.
func fleet(n int) fstest.MapFS {
	tree := fstest.MapFS{}
	var list strings.Builder
	for i := range n {
		unit := ""
		if i%10 < 3 {
			unit = fmt.Sprintf(`
    systemd.services.svc%[1]d = {
      description = "Service %[1]d";
      wantedBy = [ "multi-user.target" ];
      after = [ "network.target" ] ++ lib.optional cfg.enable "svc.target";
      path = [ pkgs.git pkgs.curl ];
      environment.PORT = toString cfg.port;
      preStart = "mkdir -p ${cfg.dir}";
      serviceConfig = hardened // {
        ExecStart = "${lib.getExe' cfg.package "svc"} --port ${toString cfg.port} ${lib.concatMapStringsSep " " (x: "--x ${x}") cfg.list}";
        User = cfg.user;
        Restart = "on-failure";
        ReadWritePaths = [ cfg.dir "/run/svc%[1]d" ];
      };
    };`, i)
		}
		text := fmt.Sprintf(`{ config, lib, pkgs, ... }:
let
  cfg = config.my.m%[1]d;
  hardened = { PrivateTmp = true; ProtectSystem = "strict"; NoNewPrivileges = true; ProtectHome = true; PrivateDevices = true; };
in {
  options.my.m%[1]d = {
    enable = lib.mkEnableOption "module %[1]d";
    port = lib.mkOption { type = lib.types.port; default = 8000 + %[1]d; };
    dir = lib.mkOption { type = lib.types.str; default = "/var/lib/m%[1]d"; };
    user = lib.mkOption { type = lib.types.str; default = "m%[1]d"; };
    list = lib.mkOption { type = lib.types.listOf lib.types.str; default = [ "a" "b" ]; };
    package = lib.mkPackageOption pkgs "hello" { };
  };
  config = lib.mkMerge [ { my.m%[1]d.enable = true; } (lib.mkIf cfg.enable {
    users.users.m%[1]d.group = cfg.user;
    networking.firewall.allowedTCPPorts = [ cfg.port ];%[2]s
  }) ];
}
`, i, unit)
		name := fmt.Sprintf("modules/m%d.nix", i)
		tree[name] = &fstest.MapFile{Data: []byte(text)}
		list.WriteString(" ./" + name)
	}
	tree["flake.nix"] = &fstest.MapFile{Data: []byte(`{ inputs.nixpkgs.url = "github:NixOS/nixpkgs"; outputs = { nixpkgs, ... }: {
  nixosConfigurations.box = nixpkgs.lib.nixosSystem { modules = [` + list.String() + ` ]; }; }; }`)}
	return tree
}

// BenchmarkLoad is a host of 100 modules with 30 services, and of four times as many: time must grow with the files.
func BenchmarkLoad(b *testing.B) {
	for _, n := range []int{100, 400} {
		tree := fleet(n)
		b.Run(fmt.Sprintf("%d modules", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				inv, _, err := nixos.Load(context.Background(), source.NewTree(tree), []string{"."}, nixos.Inputs{})
				if err != nil || len(inv.Hosts) != 1 || len(inv.Hosts[0].Units) != 3*n/10 || len(inv.Problems) > 0 {
					b.Fatalf("%v, %+v", err, inv.Problems)
				}
			}
		})
	}
}

// hosts are n hosts that share forty modules.
func hosts(n int) fstest.MapFS {
	tree := fleet(40)
	var names strings.Builder
	for i := range n {
		fmt.Fprintf(&names, " \"host%d\"", i)
	}
	var list strings.Builder
	for i := range 40 {
		fmt.Fprintf(&list, " ./modules/m%d.nix", i)
	}
	tree["flake.nix"] = &fstest.MapFile{Data: []byte(`{ inputs.nixpkgs.url = "github:NixOS/nixpkgs"; outputs = { nixpkgs, ... }: {
  nixosConfigurations = nixpkgs.lib.genAttrs [` + names.String() + ` ] (name: nixpkgs.lib.nixosSystem {
    modules = [ { networking.hostName = name; }` + list.String() + ` ]; }); }; }`)}
	return tree
}

// BenchmarkHosts is a flake of 8 hosts, and of four and sixteen times as many: time must grow with the hosts.
func BenchmarkHosts(b *testing.B) {
	for _, n := range []int{8, 32, 128} {
		tree := hosts(n)
		b.Run(fmt.Sprintf("%d hosts", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				inv, _, err := nixos.Load(context.Background(), source.NewTree(tree), []string{"."}, nixos.Inputs{})
				if err != nil || len(inv.Hosts) != n || len(inv.Problems) > 0 {
					b.Fatalf("%v, %d hosts, %+v", err, len(inv.Hosts), inv.Problems)
				}
			}
		})
	}
}

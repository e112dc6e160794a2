package loader

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/nixlint/nixlint/loader/inventory"
)

// TestSourcePath has what `nix-store --print-fixed-path --recursive sha256 HASH source` prints.
func TestSourcePath(t *testing.T) {
	for hash, want := range map[string]string{
		"sha256-" + base64.StdEncoding.EncodeToString([]byte(strings.Repeat("\xab", 32))): "akprx4fm52l03mcry7gcm1w3760hrhl5-source",
		"sha256-short": "", "sha512-AAAA": "", "": "",
	} {
		if got, ok := sourcePath(hash); got != want || ok != (want != "") {
			t.Errorf("%s: got %q, want %q", hash, got, want)
		}
	}
}

// folder writes files and is the folder they are in.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// A small nixpkgs: the files that it is told by, and one module.
var pretended = map[string]string{
	"nixos/modules/module-list.nix": `[ ./services/shell.nix ]`,
	"nixos/lib/utils.nix":           `{ lib, config, pkgs }: { line = lib.concatStringsSep " "; }`,
	"nixos/modules/services/shell.nix": `{ config, lib, pkgs, utils, ... }:
let cfg = config.services.openssh; in {
  imports = [ (lib.mkRemovedOptionModule [ "services" "openssh" "old" ] "It is gone.") ];
  options.services.openssh = {
    enable = lib.mkEnableOption "sshd";
    ports = lib.mkOption { type = lib.types.listOf lib.types.port; default = [ 22 ]; };
  };
  config = lib.mkIf cfg.enable {
    systemd.services.sshd = {
      wantedBy = [ "multi-user.target" ];
      serviceConfig = { ExecStart = utils.line [ "${pkgs.openssh}/bin/sshd" "-D" ]; KillMode = "process"; };
    };
    systemd.services.sshd-keys.serviceConfig.ExecStart = "${pkgs.openssh}/bin/ssh-keygen -A";
  };
}`,
}

const box = `{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.05";
  outputs = { nixpkgs, ... }: { nixosConfigurations.box = nixpkgs.lib.nixosSystem { modules = [ {
    services.openssh.enable = true;
    systemd.services.sshd.serviceConfig.ProtectHome = "read-only";
  } ]; }; };
}`

func load(t *testing.T, opts Options) *inventory.Inventory {
	t.Helper()
	inv, err := Load(context.Background(), opts)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range inv.Problems {
		t.Errorf("%s: %s", p.Severity, p.Message)
	}
	return inv
}

// sshd is what is known of the unit that the tree adds to, and the names of all units.
func sshd(t *testing.T, inv *inventory.Inventory) (inventory.Unit, string) {
	t.Helper()
	var names []string
	var out inventory.Unit
	for _, u := range inv.Hosts[0].Units {
		names = append(names, u.Name+" "+u.Status)
		if u.Name == "sshd.service" {
			out = u
		}
	}
	return out, strings.Join(names, ", ")
}

func TestAGivenNixpkgsIsTheBase(t *testing.T) {
	root, nixpkgs := folder(t, map[string]string{"flake.nix": box}), folder(t, pretended)
	u, names := sshd(t, load(t, Options{Root: root}))
	if names != "sshd.service override" || u.Completeness != inventory.Partial {
		t.Errorf("without nixpkgs: %s, %s", names, u.Completeness)
	}
	inv := load(t, Options{Root: root, Inputs: map[string]string{"nixpkgs": nixpkgs}})
	u, names = sshd(t, inv)
	if names != "sshd-keys.service upstream, sshd.service override" || u.Completeness != inventory.Own {
		t.Errorf("with nixpkgs: %s, %s", names, u.Completeness)
	}
	exec := u.Sections["Service"]["ExecStart"]
	if len(exec) != 1 || exec[0].Alternatives[0].Value != "<pkgs.openssh>/bin/sshd -D" ||
		exec[0].Alternatives[0].At.File != "<nixpkgs>/nixos/modules/services/shell.nix" {
		t.Errorf("ExecStart is %+v", exec)
	}
	if u.Definitions[0].File != "flake.nix" {
		t.Errorf("the first definition is in %s, not in the tree", u.Definitions[0].File)
	}
	if len(inv.Inputs) != 1 || inv.Inputs[0] != (inventory.Input{Name: "nixpkgs", Path: nixpkgs}) {
		t.Errorf("the inputs are %v", inv.Inputs)
	}
}

func TestAGivenNixpkgsReplacesWhatIsKnownOfIt(t *testing.T) {
	const flake = `{ inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.05"; outputs = { nixpkgs, ... }:
		let make = module: nixpkgs.lib.nixosSystem { modules = [ module ]; }; in { nixosConfigurations = {
		a = make { services.openssh.enable = true; systemd.services.sshd.serviceConfig.Nice = 3; };
		b = make { services.openssh.enable = true; };
		c = make { };
	}; }; }`
	describe := func(inv *inventory.Inventory) string {
		var out []string
		for _, h := range inv.Hosts {
			for _, u := range h.Units {
				if u.Name == "sshd.service" {
					out = append(out, fmt.Sprint(h.Name, " ", u.Status, " base ", u.Base != "", " ", u.Definitions[0].File, " ", len(u.Sections["Service"]["KillMode"])))
				}
			}
		}
		return strings.Join(out, "; ")
	}
	root, nixpkgs := folder(t, map[string]string{"flake.nix": flake}), folder(t, pretended)
	if got, want := describe(load(t, Options{Root: root})), "a override base true flake.nix 0; b upstream base true flake.nix 0"; got != want {
		t.Errorf("without nixpkgs: %s, want %s", got, want)
	}
	// A unit of nixpkgs that a host does not enable is none of its units.
	got := describe(load(t, Options{Root: root, Inputs: map[string]string{"nixpkgs": nixpkgs}}))
	if want := "a override base false flake.nix 1; b upstream base false <nixpkgs>/nixos/modules/services/shell.nix 1"; got != want {
		t.Errorf("with nixpkgs: %s, want %s", got, want)
	}
}

// The store has what the lock file names, and nothing else is read from it.
func TestTheStoreHasLockedInputs(t *testing.T) {
	hash := "sha256-" + base64.StdEncoding.EncodeToString([]byte(strings.Repeat("\xab", 32)))
	files := map[string]string{}
	for name, text := range pretended {
		files["akprx4fm52l03mcry7gcm1w3760hrhl5-source/"+name] = text
	}
	store := folder(t, files)
	root := folder(t, map[string]string{"flake.nix": box, "flake.lock": `{ "root": "root", "version": 7, "nodes": {
      "root": { "inputs": { "nixpkgs": "nixpkgs_2" } },
      "nixpkgs_2": { "locked": { "type": "github", "owner": "NixOS", "repo": "nixpkgs", "narHash": "` + hash + `" } } } }`})
	if _, names := sshd(t, load(t, Options{Root: root, Store: store})); names != "sshd.service override" {
		t.Errorf("the store was used without being asked for: %s", names)
	}
	inv := load(t, Options{Root: root, Store: store, UseStore: true})
	if _, names := sshd(t, inv); names != "sshd-keys.service upstream, sshd.service override" {
		t.Errorf("with the store: %s", names)
	}
	if len(inv.Inputs) != 1 || inv.Inputs[0].Name != "nixpkgs_2" || !strings.HasPrefix(inv.Inputs[0].Path, store) {
		t.Errorf("the inputs are %v", inv.Inputs)
	}
}

// An input is read through a tree of its own: neither it nor the repository reads outside of its folder.
func TestAnInputReadsNothingOutsideOfItself(t *testing.T) {
	root := folder(t, map[string]string{"secret.nix": "{ }", "flake.nix": `{
  inputs.lib.url = "github:someone/lib";
  outputs = { nixpkgs, lib, ... }: { nixosConfigurations.box = nixpkgs.lib.nixosSystem { modules = [ lib.nixosModules.job { systemd.services.own.script = "true"; } ]; }; };
}`})
	above := folder(t, map[string]string{"outside.nix": `{ systemd.services.outside.script = "true"; }`, "lib/flake.nix": `{
  outputs = { self }: { nixosModules.job.imports = [ ../outside.nix ../secret.nix (self + "/job.nix") ./link.nix ]; };
}`, "lib/job.nix": `{ systemd.services.job.script = "true"; }`})
	if err := os.Symlink("../outside.nix", filepath.Join(above, "lib/link.nix")); err != nil {
		t.Fatal(err)
	}
	inv, err := Load(context.Background(), Options{Root: root, Inputs: map[string]string{"lib": filepath.Join(above, "lib")}})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, u := range inv.Hosts[0].Units {
		names = append(names, u.Name+" "+u.Status)
	}
	if got := strings.Join(names, ", "); got != "job.service upstream, own.service active" {
		t.Errorf("found %s", got)
	}
	for _, h := range inv.Hosts {
		for _, m := range h.Missing {
			t.Log(m.Name, m.Why)
		}
	}
	for _, p := range inv.Problems {
		if p.Severity != "notice" {
			t.Errorf("%s: %s", p.Severity, p.Message)
		}
	}
}

func TestAnInputThatIsNoFolder(t *testing.T) {
	root := folder(t, map[string]string{"flake.nix": box})
	_, err := Load(context.Background(), Options{Root: root, Inputs: map[string]string{"nixpkgs": filepath.Join(root, "flake.nix")}})
	if !errors.Is(err, ErrInput) {
		t.Errorf("got %v", err)
	}
	if _, err = Load(context.Background(), Options{Root: root, Inputs: map[string]string{"nixpkgs": filepath.Join(root, "none")}}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v", err)
	}
}

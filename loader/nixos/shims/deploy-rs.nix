# deploy-rs: what activates a host is a package; the hosts themselves are in nixosConfigurations.
{ lib, pkgs, ... }:
let
  activate = {
    nixos = _: pkgs.deploy-rs;
    darwin = _: pkgs.deploy-rs;
    home-manager = _: pkgs.deploy-rs;
    noop = _: pkgs.deploy-rs;
    custom = { __functor = _: _: _: pkgs.deploy-rs; };
  };
in
{
  lib = lib.genAttrs [ "aarch64-darwin" "aarch64-linux" "x86_64-darwin" "x86_64-linux" ] (_: {
    inherit activate;
    setActivate = value: _: value;
    deployChecks = _: { };
  });
}

# nix-darwin: a Mac runs no systemd. Its modules are looked at to know that they are no NixOS modules.
{ native, ... }:
{
  lib.darwinSystem = native.darwinSystem;
}

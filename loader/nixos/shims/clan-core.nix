# clan: machines are named by the inventory, by `machines`, and by the folders below machines/, whose files are imported by name. What
# the services of the inventory add to a machine is not known here.
{ lib, native, value, ... }:
let
  inherit (builtins) attrNames filter map pathExists;

  clan = { self ? { inputs = { }; }, directory ? self, inventory ? { }, machines ? { }, specialArgs ? { }, ... }:
    let
      at = if builtins.isPath directory then directory else "${directory}";
      folder = "${at}/machines";
      folders = if pathExists folder then attrNames (lib.filterAttrs (_: type: type == "directory") (builtins.readDir folder)) else [ ];
      described = inventory.machines or { };
      names = lib.unique (folders ++ attrNames machines ++ attrNames described);
      isDarwin = name: (described.${name}.machineClass or "nixos") == "darwin";
      modules = name:
        filter pathExists (map (file: "${folder}/${name}/${file}") [ "configuration.nix" "hardware-configuration.nix" "disko.nix" ])
        ++ lib.optional (machines ? ${name}) machines.${name}
        ++ [ value.clanModules.services ];
      arguments = name: {
        modules = modules name;
        specialArgs = { inherit self; inputs = self.inputs; clan-core = value; } // specialArgs;
      };
      config = {
        nixosConfigurations = lib.genAttrs (filter (name: !(isDarwin name)) names) (name: lib.nixosSystem (arguments name));
        darwinConfigurations = lib.genAttrs (filter isDarwin names) (name: native.darwinSystem (arguments name));
        nixosModules = { };
        darwinModules = { };
        clanInternals = { };
        templates = { };
      };
    in
    config // { inherit config; };
in
{
  lib = { inherit clan; buildClan = clan; };
  flakeModules.default = { config, self, ... }: {
    flake = {
      inherit (clan ({ inherit self; } // config.clan)) nixosConfigurations darwinConfigurations;
    };
  };
}

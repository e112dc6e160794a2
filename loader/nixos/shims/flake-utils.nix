# The functions of flake-utils by which a flake is written once for several systems.
{ ... }:
let
  inherit (builtins) attrNames foldl' listToAttrs map;
  defaultSystems = [ "aarch64-darwin" "aarch64-linux" "x86_64-darwin" "x86_64-linux" ];

  # f gives outputs of one system; here each output is a set by system.
  eachSystem = systems: f:
    foldl' (all: system: let one = f system; in
      all // listToAttrs (map (output: {
        name = output;
        value = (all.${output} or { }) // { ${system} = one.${output}; };
      }) (attrNames one))
    ) { } systems;

  # f gives whole outputs for a system; they are laid over each other.
  eachSystemPassThrough = systems: f: foldl' (all: system: all // f system) { } systems;
in
{
  lib = {
    inherit defaultSystems eachSystem eachSystemPassThrough;
    allSystems = defaultSystems;
    eachDefaultSystem = eachSystem defaultSystems;
    eachDefaultSystemPassThrough = eachSystemPassThrough defaultSystems;
    eachSystemMap = systems: f: listToAttrs (map (system: { name = system; value = f system; }) systems);
    eachDefaultSystemMap = f: listToAttrs (map (system: { name = system; value = f system; }) defaultSystems);
    system = listToAttrs (map (system: { name = system; value = system; }) defaultSystems);
    mkApp = args: { type = "app"; program = args; };
    flattenTree = tree: tree;
    filterPackages = _: packages: packages;
  };
}

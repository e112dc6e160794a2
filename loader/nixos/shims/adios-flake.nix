# adios-flake: modules are functions of a system that give its outputs; `flake` are outputs of no system.
{ lib, pkgs, ... }:
{
  lib.mkFlake = { inputs, self ? inputs.self, systems ? [ "aarch64-linux" "x86_64-linux" ], modules ? [ ], perSystem ? (_: { }), flake ? { }, ... }:
    let
      one = system: value:
        let
          module = if builtins.isPath value then import value else value;
          given = { inherit system inputs self pkgs lib; inputs' = inputs; self' = lib.mapAttrs (_: by: by.${system} or { }) outputs; };
        in
        if lib.isFunction module then module (if builtins.functionArgs module == { } then given else builtins.intersectAttrs (builtins.functionArgs module) given) else module;
      names = [ "apps" "checks" "devShells" "formatter" "legacyPackages" "packages" ];
      of = system: map (one system) (modules ++ [ perSystem ]);
      outputs = lib.genAttrs names (name: lib.genAttrs systems (system: lib.foldl' (all: value: all // (value.${name} or { })) { } (of system)));
    in
    outputs // flake;
}

# extra-container: containers of NixOS that are built by themselves, as packages of a flake.
{ lib, native, ... }:
let
  inherit (lib) attrNames foldl' genAttrs;
  supportedSystems = [ "x86_64-linux" "i686-linux" "aarch64-linux" ];

  # What a function makes for each system, each output by system.
  eachSupportedSystem = f: foldl' (all: system: let one = f system; in
    all // genAttrs (attrNames one) (output: (all.${output} or { }) // { ${system} = one.${output}; })
  ) { } supportedSystems;
in
{
  lib = {
    inherit supportedSystems eachSupportedSystem;
    buildContainers = args: native.containers { modules = [ args.config ]; inherit (args) system; };
    evalContainers = args: native.containers { modules = [ args.config ]; inherit (args) system; };
  };
}

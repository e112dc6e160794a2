# easy-hosts: a module of flake-parts by which hosts are named, each with its modules.
{ ... }:
{
  flakeModule = { config, lib, inputs, self, ... }:
    let
      cfg = config.easyHosts;
      fromFolder =
        if cfg.autoConstruct && cfg.path != null then
          lib.concatMapAttrs (class: type:
            if type != "directory" then { } else
            let parts = lib.splitString "-" class; kind = lib.last parts; in
            lib.mapAttrs (_: _: { class = if builtins.elem kind [ "nixos" "darwin" "iso" ] then kind else "nixos"; folder = "${cfg.path}/${class}"; })
              (lib.filterAttrs (_: type: type == "directory") (builtins.readDir (cfg.path + "/${class}"))))
            (builtins.readDir cfg.path)
        else { };
      hosts = fromFolder // lib.mapAttrs (name: host: (fromFolder.${name} or { }) // host) cfg.hosts;
      inherit (cfg) shared;
      modulesOf = kind: name: host:
        (host.modules or [ ])
        ++ (if host ? path && host.path != null then [ host.path ] else if host ? folder then [ "${host.folder}/${name}" ] else if cfg.path != null then [ (cfg.path + "/${name}") ] else [ ])
        ++ (shared.modules or [ ])
        ++ (cfg.perClass kind).modules or [ ];
      nixos = lib.filterAttrs (_: host: builtins.elem (host.class or "nixos") [ "nixos" "iso" ]) hosts;
    in
    {
      options.easyHosts = lib.mapAttrs (_: default: lib.mkOption { type = lib.types.raw; inherit default; }) {
        autoConstruct = false;
        path = null;
        shared = { };
        perClass = _: { };
        perArch = _: { };
        perTag = _: { };
        additionalClasses = { };
        onlySystem = null;
      } // {
        hosts = lib.mkOption { type = lib.types.attrsOf lib.types.raw; default = { }; };
      };
      config.flake.nixosConfigurations = lib.mapAttrs (name: host: lib.nixosSystem {
        specialArgs = { inherit inputs self; } // (shared.specialArgs or { }) // (host.specialArgs or { });
        modules = modulesOf "nixos" name host ++ [ { networking.hostName = lib.mkDefault name; } ];
      }) nixos;
    };
}

# What real NixOS makes of modules: the texts of their units, with packages that are names. The modules of NixOS that turn options
# into unit text are taken from a checkout; all other options are free.
{ lib, nixos, modules, names, root, args ? { }, free ? false, home ? false }:
let
  inherit (lib) mkOption types genAttrs mapAttrs mapAttrsToList concatStrings concatStringsSep filterAttrs listToAttrs nameValuePair;
  store = name: "/nix/store/00000000000000000000000000000000-${name}";

  # A package is its attribute path; whatever is selected of it is one too.
  package = path: drv path "main-of-${path}" (genAttrs names (name: package "${path}.${name}"));
  drv = path: mainProgram: more: let self = more // {
    type = "derivation";
    name = path;
    pname = path;
    version = "1.0";
    outPath = store path;
    drvPath = store "${path}.drv";
    outputName = "out";
    out = self;
    bin = self;
    lib = self;
    dev = self;
    meta = { inherit mainProgram; };
    passthru = { };
    override = _: self;
    withPackages = _: self;
    overridePythonAttrs = _: self;
    overrideAttrs = f: drv ((f { name = path; }).name or path) mainProgram more;
    __functor = self: arg: if lib.isAttrs arg && (arg ? pname || arg ? name) then made (arg.pname or arg.name) else self;
  }; in self;
  made = name: drv (lib.strings.sanitizeDerivationName name) name { };
  program = made;
  format = _: { type = with types; let any = nullOr (oneOf [ bool int float str path (attrsOf any) (listOf any) ]); in any // { description = "data"; }; generate = name: _: made name; };
  pkgs = genAttrs names package // {
    inherit lib;
    writeText = name: _: made name;
    writeScript = name: _: made name;
    writeShellScript = name: _: made name;
    writeTextDir = path: _: made (baseNameOf path);
    writeScriptBin = name: _: program name;
    writeShellScriptBin = name: _: program name;
    writeShellApplication = a: program a.name;
    writeTextFile = a: made a.name;
    runCommand = name: _: _: made name;
    runCommandLocal = name: _: _: made name;
    formats = genAttrs [ "json" "yaml" "toml" "ini" "keyValue" "iniWithGlobalSection" "hocon" "xml" ] (_: format);
    callPackage = f: args: let fn = if lib.isFunction f then f else import f; in fn (builtins.intersectAttrs (builtins.functionArgs fn) pkgs // args);
    stdenv = package "stdenv" // { mkDerivation = package "mkDerivation"; isLinux = true; isDarwin = false; hostPlatform = { system = "x86_64-linux"; isLinux = true; isDarwin = false; }; };
    symlinkJoin = a: made (a.name or a.pname);
    buildEnv = a: made a.name;
    linkFarm = name: _: made name;
  };

  utils = {
    escapeSystemdPath = s: let
      trimmed = lib.removeSuffix "/" (lib.removePrefix "/" s);
      escape = c: if c == "/" then "-" else if builtins.match "[a-zA-Z0-9:_.]" c != null then c else "\\x" + lib.toLower (lib.fixedWidthString 2 "0" (lib.toHexString (lib.strings.charToInt c)));
    in if trimmed == "" then "-" else lib.concatMapStrings escape (lib.stringToCharacters trimmed);
    inherit systemdUtils;
  };
  given = fn: all: fn (builtins.intersectAttrs (builtins.functionArgs fn) all);
  systemdUtils = rec {
    lib' = given (import (nixos + "/lib/systemd-lib.nix")) { inherit lib pkgs utils; config = host.config; };
    unitOptions = given (import (nixos + "/lib/systemd-unit-options.nix")) { inherit lib; systemdUtils = { lib = lib'; }; };
    types = given (import (nixos + "/lib/systemd-types.nix")) { inherit lib pkgs; systemdUtils = { lib = lib'; inherit unitOptions; }; };
  };
  inherit (systemdUtils) lib' ;
  set = type: mkOption { default = { }; inherit type; };
  list = type: mkOption { default = [ ]; inherit type; };
  startAt = mapAttrs (_: service: { wantedBy = [ "timers.target" ]; timerConfig.OnCalendar = service.startAt; });
  tmpfiles = types.attrsOf (types.attrsOf (types.attrsOf (types.submodule ({ name, ... }: {
    options = genAttrs [ "mode" "user" "group" "age" ] (_: mkOption { type = types.str; default = "-"; }) // {
      type = mkOption { type = types.str; default = name; };
      argument = mkOption { type = types.str; default = ""; };
    };
  }))));

  # home-manager's units: sections of directives.
  primitive = with types; oneOf [ bool int str path ];
  sections = types.attrsOf (types.submodule {
    freeformType = with types; attrsOf (attrsOf (nullOr (either primitive (listOf primitive))));
    options.Unit.Description = mkOption { type = types.nullOr types.str; default = null; };
    options.Unit.Documentation = mkOption { type = with types; coercedTo str lib.toList (listOf str); default = [ ]; };
    options.Service.Environment = mkOption { type = with types; coercedTo str lib.toList (listOf str); default = [ ]; };
  });
  ini = def: {
    enable = true;
    requiredBy = def.Install.RequiredBy or [ ];
    wantedBy = def.Install.WantedBy or [ ];
    upheldBy = [ ];
    aliases = [ ];
    text = lib.generators.toINI {
      listsAsDuplicateKeys = true;
      mkKeyValue = key: value: "${key}=${if lib.isBool value then lib.boolToString value else toString value}";
    } (filterAttrs (_: s: s != { }) (mapAttrs (_: filterAttrs (_: v: v != null && v != [ ])) def));
  };

  base = { config, ... }: {
    ${if free then "freeformType" else null} = types.lazyAttrsOf types.anything;
    options.systemd = with systemdUtils.types; {
      package = mkOption { default = pkgs.systemd; };
      enableStrictShellChecks = mkOption { default = false; type = types.bool; };
      globalEnvironment = set (types.attrsOf types.raw);
      services = set services;
      timers = set timers;
      sockets = set sockets;
      paths = set paths;
      targets = set targets;
      slices = set slices;
      mounts = list mounts;
      automounts = list automounts;
      units = set (types.attrsOf types.anything);
      user = if home then genAttrs [ "services" "timers" "sockets" "paths" "targets" "slices" ] (_: set sections)
        else { services = set services; timers = set timers; sockets = set sockets; paths = set paths; targets = set targets; slices = set slices; };
      tmpfiles.rules = list (types.listOf types.str);
      tmpfiles.settings = set tmpfiles;
    };
    options.assertions = list (types.listOf types.unspecified);
    options.warnings = list (types.listOf types.str);
    config.systemd = {
      globalEnvironment = {
        LOCALE_ARCHIVE = "${pkgs.glibcLocales}/lib/locale/locale-archive";
        TZDIR = "${pkgs.tzdata}/share/zoneinfo";
      };
      timers = startAt (filterAttrs (_: s: s.enable && s.startAt != [ ]) config.systemd.services);
      user.timers = lib.mkIf (!home) (startAt (filterAttrs (_: s: s.startAt != [ ]) config.systemd.user.services));
    };
  };
  host = lib.evalModules {
    modules = [ base { _module.check = false; } { _module.args = { inherit pkgs utils; }; } ] ++ modules;
    specialArgs = { modulesPath = store "nixpkgs/nixos/modules"; } // args;
  };

  kinds = {
    services = lib'.serviceToUnit;
    timers = lib'.timerToUnit;
    sockets = lib'.socketToUnit;
    paths = lib'.pathToUnit;
    targets = lib'.targetToUnit;
    slices = lib'.sliceToUnit;
  };
  show = make: def: { inherit (make def) enable text wantedBy requiredBy upheldBy aliases; };
  below = scope: cfg: builtins.concatLists (mapAttrsToList (kind: make: mapAttrsToList (name: def:
    nameValuePair "${scope}/${name}.${lib.removeSuffix "s" kind}" (if home && scope == "user" then ini def else show make def)) cfg.${kind}) kinds);
  mounted = kind: make: map (def: nameValuePair "system/${utils.escapeSystemdPath def.where}.${kind}" (show make def)) host.config.systemd."${kind}s";
  line = path: e: "'${e.type}' '${path}' '${e.mode}' '${e.user}' '${e.group}' '${e.age}' ${e.argument}";
in rec {
  units = listToAttrs (below "system" host.config.systemd ++ below "user" host.config.systemd.user
    ++ mounted "mount" lib'.mountToUnit ++ mounted "automount" lib'.automountToUnit);
  unitNames = builtins.attrNames units;
  tmpfiles = { "00-nixos.conf" = host.config.systemd.tmpfiles.rules; }
    // lib.mapAttrs' (file: paths: nameValuePair "${file}.conf" (builtins.concatLists (mapAttrsToList (path: kinds: mapAttrsToList (_: line path) kinds) paths)))
      host.config.systemd.tmpfiles.settings;
}

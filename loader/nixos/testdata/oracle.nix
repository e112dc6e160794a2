# What real NixOS makes of modules: the texts of their units, with packages that are names. The modules of NixOS that turn options
# into unit text are taken from a checkout; of the others only what those read is here.
{ lib, nixos, modules, names, root, args ? { }, free ? false, home ? false }:
let
  inherit (lib) mkOption types genAttrs mapAttrs mapAttrsToList filterAttrs listToAttrs nameValuePair;
  store = name: "/nix/store/00000000000000000000000000000000-${name}";

  # A package is its attribute path; whatever is selected of it is one too.
  package = path: drv path "main-of-${path}" (genAttrs all-names (name: package "${path}.${name}"));
  # Those that the modules of NixOS name themselves.
  all-names = names ++ [
    "coreutils" "findutils" "gnugrep" "gnused" "systemd" "tzdata" "glibcLocales" "util-linux" "bash" "bashInteractive" "glibc" "less" "kmod"
    "kmod-debian-aliases" "buildPackages" "perl" "jq"
  ];
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
  pkgs = genAttrs all-names package // {
    inherit lib;
    systemd = package "systemd" // genAttrs [ "withCryptsetup" "withTpm2Tss" "withEfi" ] (_: false);
    closureInfo = _: made "closure-info";
    makeModulesClosure = _: made "modules";
    makeInitrdNG = _: made "initrd";
    writeText = name: _: made name;
    writeScript = name: _: made name;
    writeShellScript = name: _: made name;
    writeTextDir = path: text: drv (baseNameOf path) (baseNameOf path) { inherit text; file = path; };
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

  # What the modules of NixOS that make units read of others. All else that they define is not looked at.
  any = default: mkOption { type = types.anything; inherit default; };
  other = {
    options = builtins.foldl' lib.recursiveUpdate { } [
      (lib.setAttrByPath [ "networking" "proxy" "envVars" ] (any { }))
      (lib.setAttrByPath [ "environment" "binsh" ] (any "/bin/sh"))
      (lib.setAttrByPath [ "environment" "etc" ] (any { }))
      (lib.setAttrByPath [ "system" "fsPackages" ] (any [ ]))
      (lib.setAttrByPath [ "nix" "enable" ] (any true))
      (lib.setAttrByPath [ "boot" "initrd" "enable" ] (any true))
      (lib.setAttrByPath [ "fileSystems" ] (any { "/".mountPoint = "/"; }))
      (lib.setAttrByPath [ "boot" "initrd" "network" "postCommands" ] (any ""))
      { boot.initrd = genAttrs [
        "preFailCommands" "preDeviceCommands" "preLVMCommands" "postDeviceCommands" "postResumeCommands" "postMountCommands"
        "extraUdevRulesCommands" "extraUtilsCommands" "extraUtilsCommandsTest"
      ] (_: any ""); }
    ];
    config.boot.initrd.systemd.enable = true;
    # As config/i18n.nix and config/locale.nix have it.
    config.systemd.globalEnvironment = {
      LOCALE_ARCHIVE = "${pkgs.glibcLocales}/lib/locale/locale-archive";
      TZDIR = "${pkgs.tzdata}/share/zoneinfo";
    };
  };

  # home-manager's units: sections of directives.
  primitive = with types; oneOf [ bool int str path ];
  sections = types.attrsOf (types.submodule {
    freeformType = with types; attrsOf (attrsOf (nullOr (either primitive (listOf primitive))));
    options.Unit.Description = mkOption { type = types.nullOr types.str; default = null; };
    options.Unit.Documentation = mkOption { type = with types; coercedTo str lib.toList (listOf str); default = [ ]; };
    options.Service.Environment = mkOption { type = with types; coercedTo str lib.toList (listOf str); default = [ ]; };
  });
  homeKinds = [ "services" "timers" "sockets" "paths" "targets" "slices" ];
  homeUnits.options.systemd.user = genAttrs homeKinds (_: mkOption { default = { }; type = sections; });
  ini = def: {
    enable = true;
    overrideStrategy = "";
    requiredBy = def.Install.RequiredBy or [ ];
    wantedBy = def.Install.WantedBy or [ ];
    upheldBy = [ ];
    aliases = [ ];
    text = lib.generators.toINI {
      listsAsDuplicateKeys = true;
      mkKeyValue = key: value: "${key}=${if lib.isBool value then lib.boolToString value else toString value}";
    } (filterAttrs (_: s: s != { }) (mapAttrs (_: filterAttrs (_: v: v != null && v != [ ])) def));
  };

  real = path: nixos + "/modules/${path}.nix";
  evaluate = modules: let
    utils = import (nixos + "/lib/utils.nix") { inherit lib pkgs; config = host.config; };
    host = lib.evalModules {
      modules = map real ([
        "misc/assertions"
        "security/systemd-confinement"
        "system/boot/systemd"
        "system/boot/systemd/tmpfiles"
        "system/boot/systemd/initrd"
      ] ++ lib.optional (!home) "system/boot/systemd/user") ++ [
        other
        (if home then homeUnits else { })
        { ${if free then "freeformType" else null} = types.lazyAttrsOf types.anything; }
        { _module.check = false; _module.args = { inherit pkgs utils; }; }
      ] ++ modules;
      specialArgs = { modulesPath = store "nixpkgs/nixos/modules"; } // args;
    };
  in host.config;
  host = evaluate modules;
  bare = evaluate [ { systemd.globalEnvironment = lib.mkForce host.systemd.globalEnvironment; } ];

  show = u: { inherit (u) enable text wantedBy requiredBy upheldBy aliases overrideStrategy; };
  below = scope: lib.mapAttrs' (name: u: nameValuePair "${scope}/${name}" (show u));
  ofHome = cfg: listToAttrs (builtins.concatMap (kind: mapAttrsToList (name: def:
    nameValuePair "user/${name}.${lib.removeSuffix "s" kind}" (ini def)) cfg.${kind}) homeKinds);
  unitsOf = cfg: below "system" cfg.systemd.units // below "initrd" cfg.boot.initrd.systemd.units
    // (if home then ofHome cfg.systemd.user else below "user" cfg.systemd.user.units);
  rules = text: builtins.filter (line: line != "") (lib.splitString "\n" text);
  own = unitsOf bare;
  all = unitsOf host;
  # A unit that NixOS has of itself is left out, unless the modules change it.
  changed = name: !(own ? ${name}) || own.${name} != all.${name};
in rec {
  unitNames = builtins.filter (name: !(own ? ${name}) || !(builtins.tryEval (builtins.deepSeq all.${name} true)).success || changed name) (builtins.attrNames all);
  units = lib.getAttrs unitNames all;
  inherit (host) warnings;
  failed = map (a: a.message) (builtins.filter (a: !a.assertion) host.assertions);
  tmpfiles = { "00-nixos.conf" = lib.subtractLists bare.systemd.tmpfiles.rules host.systemd.tmpfiles.rules; }
    // listToAttrs (builtins.concatMap (p: if p ? file then [ (nameValuePair (baseNameOf p.file) (rules p.text)) ] else [ ]) host.systemd.tmpfiles.packages);
}

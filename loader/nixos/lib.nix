# What modules use of nixpkgs' lib, by behaviour. `native` holds what is written in Go: types and what must keep
# unknown values apart.
{ native }:
let
  b = builtins;
  inherit (builtins)
    attrNames attrValues concatLists concatMap elem elemAt filter foldl' hasAttr head isAttrs isBool isFunction isInt isList isPath
    isString length listToAttrs map mapAttrs replaceStrings stringLength substring tail toString genList concatStringsSep;

  id = x: x;
  const = x: _: x;
  flip = f: a: b: f b a;
  pipe = foldl' (x: f: f x);

  # lists
  singleton = x: [ x ];
  optional = cond: x: if cond then [ x ] else [ ];
  optionals = cond: xs: if cond then xs else [ ];
  toList = x: if isList x then x else [ x ];
  range = first: last: if first > last then [ ] else genList (n: first + n) (last - first + 1);
  imap0 = f: xs: genList (n: f n (elemAt xs n)) (length xs);
  imap1 = f: xs: genList (n: f (n + 1) (elemAt xs n)) (length xs);
  last = xs: elemAt xs (length xs - 1);
  init = xs: take (length xs - 1) xs;
  take = n: xs: genList (elemAt xs) (if n > length xs then length xs else n);
  drop = n: xs: if n >= length xs then [ ] else genList (i: elemAt xs (i + n)) (length xs - n);
  reverseList = xs: let n = length xs; in genList (i: elemAt xs (n - i - 1)) n;
  foldr = op: nul: xs: let n = length xs; go = i: if i == n then nul else op (elemAt xs i) (go (i + 1)); in go 0;
  foldl = op: nul: xs: foldl' op nul xs;
  flatten = x: if isList x then concatMap flatten x else [ x ];
  unique = foldl' (acc: x: if elem x acc then acc else acc ++ [ x ]) [ ];
  findFirst = pred: default: xs: let found = filter pred xs; in if found == [ ] then default else head found;
  zipListsWith = f: xs: ys:
    genList (n: f (elemAt xs n) (elemAt ys n)) (if length xs < length ys then length xs else length ys);
  count = pred: xs: length (filter pred xs);
  remove = x: filter (y: y != x);
  subtractLists = gone: filter (x: !(elem x gone));
  intersectLists = a: filter (x: elem x a);
  sortOn = f: b.sort (x: y: f x < f y);
  crossLists = f: foldl' (fs: args: concatMap (f: map f args) fs) [ f ];

  # attribute sets
  optionalAttrs = cond: set: if cond then set else { };
  nameValuePair = name: value: { inherit name value; };
  mapAttrs' = f: set: listToAttrs (mapAttrsToList f set);
  mapAttrsToList = f: set: native.mapAttrsToList f set;
  attrsToList = mapAttrsToList nameValuePair;
  filterAttrs = native.filterAttrs;
  genAttrs = names: f: listToAttrs (map (name: nameValuePair name (f name)) names);
  genAttrs' = xs: f: listToAttrs (map f xs);
  concatMapAttrs = f: set: foldl' (acc: x: acc // x) { } (mapAttrsToList f set);
  mergeAttrsList = foldl' (acc: x: acc // x) { };
  recursiveUpdate = native.recursiveUpdate;
  attrByPath = path: default: set:
    if path == [ ] then set
    else if isAttrs set && hasAttr (head path) set then attrByPath (tail path) default set.${head path}
    else default;
  hasAttrByPath = path: set:
    path == [ ] || (isAttrs set && hasAttr (head path) set && hasAttrByPath (tail path) set.${head path});
  getAttrFromPath = path: set: foldl' (acc: name: acc.${name}) set path;
  setAttrByPath = path: value: if path == [ ] then value else { ${head path} = setAttrByPath (tail path) value; };
  getAttrs = names: set: genAttrs names (name: set.${name});
  attrVals = names: set: map (name: set.${name}) names;
  mapAttrsRecursive = mapAttrsRecursiveCond (_: true);
  mapAttrsRecursiveCond = cond: f:
    let go = path: mapAttrs (name: value:
      let here = path ++ [ name ]; in if isAttrs value && cond value then go here value else f here value);
    in go [ ];
  collect = pred: x: if pred x then [ x ] else if isAttrs x then concatMap (collect pred) (attrValues x) else [ ];
  zipAttrsWith = f: sets:
    genAttrs (unique (concatMap attrNames sets)) (name: f name (b.catAttrs name sets));
  zipAttrs = zipAttrsWith (_: values: values);
  foldAttrs = op: nul: sets: mapAttrs (_: foldr op nul) (zipAttrs sets);
  foldlAttrs = f: init: set: foldl' (acc: name: f acc name set.${name}) init (attrNames set);
  isDerivation = x: x.type or null == "derivation";
  recurseIntoAttrs = set: set // { recurseForDerivations = true; };

  # strings
  optionalString = cond: s: if cond then s else "";
  concatStrings = concatStringsSep "";
  concatMapStrings = f: xs: concatStrings (map f xs);
  concatMapStringsSep = sep: f: xs: concatStringsSep sep (map f xs);
  concatImapStringsSep = sep: f: xs: concatStringsSep sep (imap1 f xs);
  concatMapAttrsStringSep = sep: f: set: concatStringsSep sep (mapAttrsToList f set);
  concatLines = concatMapStrings (s: s + "\n");
  intersperse = sep: xs:
    if length xs < 2 then xs else [ (head xs) ] ++ concatMap (x: [ sep x ]) (tail xs);
  hasPrefix = prefix: s: substring 0 (stringLength prefix) s == prefix;
  hasSuffix = suffix: s:
    let n = stringLength s; m = stringLength suffix; in n >= m && substring (n - m) n s == suffix;
  hasInfix = infix: s: native.hasInfix infix s;
  removePrefix = prefix: s: if hasPrefix prefix s then substring (stringLength prefix) (-1) s else s;
  removeSuffix = suffix: s:
    if hasSuffix suffix s then substring 0 (stringLength s - stringLength suffix) s else s;
  splitString = native.splitString;
  toLower = native.toLower;
  toUpper = native.toUpper;
  trim = native.trim;
  stringToCharacters = s: genList (i: substring i 1 s) (stringLength s);
  replicate = n: x: genList (_: x) n;
  fixedWidthString = width: filler: s: if stringLength s >= width then s else fixedWidthString width filler (filler + s);
  escape = chars: replaceStrings chars (map (c: "\\" + c) chars);
  escapeShellArg = native.escapeShellArg;
  escapeShellArgs = concatMapStringsSep " " escapeShellArg;
  escapeSystemdExecArg = native.escapeSystemdExecArg;
  escapeSystemdExecArgs = concatMapStringsSep " " escapeSystemdExecArg;
  boolToString = x: if x then "true" else "false";
  versionOlder = a: b: native.compareVersions b a == 1;
  versionAtLeast = a: b: !(versionOlder a b);
  makeSearchPath = sub: xs: concatStringsSep ":" (map (x: x + "/" + sub) (filter (x: x != null) xs));
  makeSearchPathOutput = _: makeSearchPath;
  makeBinPath = makeSearchPath "bin";
  makeLibraryPath = makeSearchPath "lib";
  getName = native.getName;
  getExe = native.getExe;
  getExe' = pkg: name: "${pkg}/bin/${name}";
  getBin = id;
  getLib = id;
  getDev = id;
  getOutput = _: id;
  toInt = s: let n = b.fromJSON s; in if isInt n then n else throw "${s} is no integer";
  isStringLike = x: isString x || isPath x || x ? outPath || x ? __toString;
  cmakeBool = name: x: "-D${name}:BOOL=${if x then "TRUE" else "FALSE"}";

  # modules
  mkIf = condition: content: { _type = "if"; inherit condition content; };
  mkMerge = contents: { _type = "merge"; inherit contents; };
  mkOverride = priority: content: { _type = "override"; inherit priority content; };
  mkForce = mkOverride 50;
  mkDefault = mkOverride 1000;
  mkOptionDefault = mkOverride 1500;
  mkImageMediaOverride = mkOverride 60;
  mkVMOverride = mkOverride 10;
  mkOrder = priority: content: { _type = "order"; inherit priority content; };
  mkBefore = mkOrder 500;
  mkAfter = mkOrder 1500;
  mkAssert = _: _: id;
  mkOption = x: { _type = "option"; } // x;
  mkEnableOption = name: mkOption {
    default = false;
    example = true;
    description = "Whether to enable ${name}.";
    type = types.bool;
  };
  mkPackageOption = pkgs: name: args:
    let path = toList name; in mkOption ({
      type = if args.nullable or false then types.nullOr types.package else types.package;
      description = "The ${last path} package to use.";
      default = if args ? default && args.default == null then null
        else getAttrFromPath (toList (args.default or path)) pkgs;
    });
  mkPackageOptionMD = mkPackageOption;
  mkSinkUndeclaredOptions = x: mkOption ({ internal = true; visible = false; default = false; } // x);
  literal = text: { _type = "literalExpression"; inherit text; };
  mkAliasDefinitions = mkAliasAndWrapDefinitions id;
  mkAliasAndWrapDefinitions = wrap: option: mkIf (option.isDefined or false) (wrap (mkMerge option.definitions));
  mkAliasAndWrapDefsWithPriority = wrap: option:
    mkIf (option.isDefined or false) (wrap (mkOverride (option.highestPrio or 100) (mkMerge option.definitions)));
  mkDerivedConfig = option: f: mkIf (option.isDefined or false) (mkOverride (option.highestPrio or 100) (f option.value));
  merged = from: to: f: { config, options, lib, ... }: {
    options = foldl' recursiveUpdate { } (map (path: setAttrByPath path (mkOption { type = types.anything; visible = false; })) from);
    config = setAttrByPath to (mkMerge [ (mkIf (b.any (path: (attrByPath path { } options).isDefined or false) from) (f config)) ]);
  };
  renamed = from: to: { _type = "nixlint-renamed"; inherit from to; };
  types = native.types // {
    strMatching = pattern: native.types.addCheck native.types.str (x: b.match pattern x != null);
    attrTag = _: native.types.raw;
    json = native.types.anything;
  };

  lists = {
    inherit singleton optional optionals toList range imap0 imap1 last init take drop reverseList foldr foldl flatten unique findFirst
      zipListsWith count remove subtractLists intersectLists sortOn crossLists replicate;
    inherit (builtins) foldl' map filter head tail length elem elemAt concatLists concatMap any all genList sort partition;
    fold = foldr;
    forEach = xs: f: map f xs;
  };
  attrsets = {
    inherit optionalAttrs nameValuePair mapAttrs' mapAttrsToList attrsToList filterAttrs genAttrs genAttrs' concatMapAttrs mergeAttrsList
      recursiveUpdate attrByPath hasAttrByPath getAttrFromPath setAttrByPath getAttrs attrVals mapAttrsRecursive mapAttrsRecursiveCond
      collect zipAttrsWith zipAttrs foldAttrs foldlAttrs isDerivation recurseIntoAttrs getBin getLib getDev getOutput;
    inherit (builtins) attrNames attrValues mapAttrs hasAttr getAttr removeAttrs listToAttrs catAttrs intersectAttrs isAttrs;
  };
  strings = {
    inherit optionalString concatStrings concatMapStrings concatMapStringsSep concatImapStringsSep concatMapAttrsStringSep concatLines
      intersperse hasPrefix hasSuffix hasInfix removePrefix removeSuffix splitString toLower toUpper trim stringToCharacters
      fixedWidthString escape escapeShellArg escapeShellArgs versionOlder versionAtLeast makeSearchPath makeBinPath makeLibraryPath
      getName toInt isStringLike replicate;
    inherit (builtins) concatStringsSep replaceStrings stringLength substring;
  };
  trivial = {
    inherit id const flip pipe boolToString;
    inherit (builtins) functionArgs;
    importJSON = path: b.fromJSON (b.readFile path);
    importTOML = path: b.fromTOML (b.readFile path);
  };
  options = {
    inherit mkOption mkEnableOption mkPackageOption mkPackageOptionMD mkSinkUndeclaredOptions;
    literalExpression = literal;
    literalMD = literal;
  };
  modules = {
    inherit mkIf mkMerge mkOverride mkForce mkDefault mkOptionDefault mkImageMediaOverride mkVMOverride mkOrder mkBefore mkAfter mkAssert
      mkAliasDefinitions;
    mkRenamedOptionModule = renamed;
    mkAliasOptionModule = renamed;
    mkAliasOptionModuleMD = renamed;
    mkRemovedOptionModule = _: _: { };
    inherit mkAliasAndWrapDefinitions mkAliasAndWrapDefsWithPriority mkDerivedConfig;
    mkMergedOptionModule = merged;
    mkChangedOptionModule = from: to: f: merged [ from ] to f;
    doRename = { from, to, ... }: renamed from to;
    setDefaultModuleLocation = _: module: { imports = [ module ]; };
    importApply = path: args: { imports = [ (import path args) ]; };
    evalModules = native.evalModules;
  };
  meta = { inherit getExe getExe' hiPrio lowPrio; };
  hiPrio = id;
  lowPrio = id;

  # generators, as far as they are asked for
  generators = rec {
    mkValueStringDefault = _: v:
      if isInt v || isString v then toString v
      else if v == true then "true" else if v == false then "false" else if v == null then "null"
      else if b.isFloat v then b.toJSON v
      else if isDerivation v then toString v
      else throw "generators.mkValueStringDefault: ${b.typeOf v} is not supported";
    mkKeyValueDefault = { mkValueString ? mkValueStringDefault { } }: sep: k: v: "${escape [ sep ] k}${sep}${mkValueString v}";
    toKeyValue = { mkKeyValue ? mkKeyValueDefault { } "=", listsAsDuplicateKeys ? false, indent ? "" }: set:
      concatStrings (concatLists (mapAttrsToList
        (k: v: map (x: indent + mkKeyValue k x + "\n") (if listsAsDuplicateKeys && isList v then v else [ v ])) set));
    toINI = { mkSectionName ? escape [ "[" "]" ], mkKeyValue ? mkKeyValueDefault { } "=", listsAsDuplicateKeys ? false }: sections:
      concatStringsSep "\n" (mapAttrsToList (name: set: "[${mkSectionName name}]\n" + toKeyValue { inherit mkKeyValue listsAsDuplicateKeys; } set) sections);
    toINIWithGlobalSection = args@{ mkSectionName ? null, mkKeyValue ? mkKeyValueDefault { } "=", listsAsDuplicateKeys ? false }: { globalSection, sections ? { } }:
      (if globalSection == { } then "" else toKeyValue { inherit mkKeyValue listsAsDuplicateKeys; } globalSection + "\n") + toINI args sections;
    toJSON = _: b.toJSON;
    toYAML = toJSON;
    toGitINI = native.opaque "generators.toGitINI";
    toPretty = native.opaque "generators.toPretty";
    toLua = native.opaque "generators.toLua";
    toPlist = native.opaque "generators.toPlist";
    toDhall = native.opaque "generators.toDhall";
    mkLuaInline = native.opaque "generators.mkLuaInline";
  };

  # functions of nixpkgs that make something of what the tree says; pkgs is the set of packages
  packages = pkgs:
    let
      inherit (native) written;
      data = types.nullOr (types.oneOf [ types.bool types.int types.float types.str types.path (types.attrsOf data) (types.listOf data) ]) // { };
      format = render: _: { type = data; generate = name: value: written name (render value) null; };
      other = format (_: null);
      call = scope: f: args:
        let fn = if isFunction f then f else import f; given = b.functionArgs fn;
        in fn (mapAttrs (name: _: scope.${name}) (b.removeAttrs given (attrNames args ++ filter (name: given.${name}) (attrNames given))) // args);
      platform = native.opened "it depends on the system that is built for" {
        isLinux = true; isDarwin = false; isWindows = false; isFreeBSD = false; isUnix = true; isBSD = false;
      };
    in {
      writeText = name: text: written name text null;
      writeScript = name: text: written name text null;
      writeShellScript = name: text: written name text null;
      writeTextDir = path: text: written (b.baseNameOf path) text null;
      writeScriptBin = name: text: written name text name;
      writeShellScriptBin = name: text: written name text name;
      writeTextFile = { name, text ? null, ... }: written name text null;
      writeShellApplication = { name, text ? null, ... }: written name text name;
      runCommand = name: _: _: written name null null;
      runCommandLocal = name: _: _: written name null null;
      runCommandCC = name: _: _: written name null null;
      symlinkJoin = { name ? null, pname ? "symlinks", ... }: written (if name == null then pname else name) null null;
      buildEnv = { name, ... }: written name null null;
      linkFarm = name: _: written name null null;
      concatText = name: _: written name null null;
      callPackage = call pkgs;
      callPackages = call pkgs;
      formats = native.opened "not all of pkgs.formats is supported" {
        json = format b.toJSON;
        keyValue = { ... }@args: format (generators.toKeyValue (b.removeAttrs args [ "atom" ])) args;
        yaml = other; toml = other; ini = other; iniWithGlobalSection = other; gitIni = other; hocon = other; xml = other; lua = other; systemd = other;
      };
      stdenv = native.opened "pkgs.stdenv depends on nixpkgs" {
        mkDerivation = pkgs.mkDerivation;
        hostPlatform = platform;
        targetPlatform = platform;
        buildPlatform = platform;
        isLinux = true;
        isDarwin = false;
      };
    };
in
trivial // lists // attrsets // strings // options // modules // meta // {
  inherit lists attrsets strings trivial options modules types meta escapeSystemdExecArg escapeSystemdExecArgs cmakeBool;
  inherit (builtins) add sub lessThan isBool isInt isFunction isList isPath isString seq deepSeq typeOf hasContext;
  inherit (trivial) importJSON importTOML;
  nixosSystem = native.nixosSystem;
  inherit (native.types) mkOptionType;
  isOptionType = x: x._type or "" == "option-type";
  isType = type: x: x._type or "" == type;
  literalDocBook = literal;
  defaultTo = default: x: if x == null then default else x;
  mapNullable = f: x: if x == null then x else f x;
  throwIf = cond: msg: x: if cond then throw msg else x;
  throwIfNot = cond: msg: x: if cond then x else throw msg;
  warn = msg: x: builtins.trace "warning: ${msg}" x;
  warnIf = cond: msg: x: if cond then builtins.trace "warning: ${msg}" x else x;
  warnIfNot = cond: msg: x: if cond then x else builtins.trace "warning: ${msg}" x;
  assertMsg = pred: msg: if pred then true else throw msg;
  asserts = { assertMsg = pred: msg: if pred then true else throw msg; };
  licenses = native.opaque "licenses";
  maintainers = native.opaque "maintainers";
  platforms = native.opaque "platforms";
  systems = native.opaque "systems";
  sources = native.opaque "sources";
  fileset = native.opaque "fileset";
  inherit generators;
  nixlint-pkgs = packages;
  gvariant = native.opaque "gvariant";
  cli = native.opaque "cli";
  customisation = native.opaque "customisation";
  fixedPoints = { fix = f: let x = f x; in x; };
  fix = f: let x = f x; in x;
  extend = _: native.opaque "extend";
  version = native.opaque "version";
  path = native.opaque "path";
  kernel = native.opaque "kernel";
  filesystem = native.filesystem;
  utils = native.opaque "utils";
  escapeShellArgs = escapeShellArgs;
}

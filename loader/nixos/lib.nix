# What modules use of nixpkgs' lib, by behaviour. `native` holds what is written in Go: types and what must keep
# unknown values apart.
{ native }:
let
  b = builtins;
  inherit (builtins)
    attrNames attrValues concatLists concatMap elem elemAt filter foldl' hasAttr head isAttrs isBool isInt isList isPath
    isString length listToAttrs map mapAttrs replaceStrings stringLength substring tail toString genList concatStringsSep;

  isFunction = f: b.isFunction f || (isAttrs f && f ? __functor && isFunction (f.__functor f));
  functionArgs = f: if isAttrs f && f ? __functor then f.__functionArgs or (functionArgs (f.__functor f)) else b.functionArgs f;
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
  hasSuffix = suffix: s: native.hasSuffix suffix s;
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
  renamedThat = warn: from: to: { _type = "nixlint-renamed"; inherit from to warn; };
  renamed = renamedThat true;
  aliased = renamedThat false;
  types = native.types // {
    strMatching = pattern: native.types.addCheck native.types.str (x: b.match pattern x != null);
    json = native.types.anything;
    inherit types;
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
    inherit functionArgs isFunction;
    importJSON = path: b.fromJSON (b.readFile path);
    importTOML = path: b.fromTOML (b.readFile path);
  };
  options = {
    inherit (more.merging) showOption mergeEqualOption mergeOneOption getValues getFiles;
    inherit mkOption mkEnableOption mkPackageOption mkPackageOptionMD mkSinkUndeclaredOptions;
    literalExpression = literal;
    literalMD = literal;
  };
  modules = {
    inherit mkIf mkMerge mkOverride mkForce mkDefault mkOptionDefault mkImageMediaOverride mkVMOverride mkOrder mkBefore mkAfter mkAssert
      mkAliasDefinitions;
    mkRenamedOptionModule = renamed;
    mkRenamedOptionModuleWith = { from, to, ... }: aliased from to; # whether it warns depends on the release
    mkAliasOptionModule = aliased;
    mkAliasOptionModuleMD = aliased;
    mkRemovedOptionModule = path: message: { _type = "nixlint-removed"; inherit path message; };
    inherit mkAliasAndWrapDefinitions mkAliasAndWrapDefsWithPriority mkDerivedConfig;
    mkMergedOptionModule = merged;
    mkChangedOptionModule = from: to: f: merged [ from ] to f;
    doRename = { from, to, warn ? false, ... }: renamedThat warn from to;
    setDefaultModuleLocation = _: module: { imports = [ module ]; };
    importApply = path: args: { imports = [ (import path args) ]; };
    evalModules = native.evalModules;
  };
  pathType = at: b.readFileType at;
  pathIsDirectory = at: b.pathExists at && b.readFileType at == "directory";
  pathIsRegularFile = at: b.pathExists at && b.readFileType at == "regular";
  packagesIn = args@{ callPackage, directory, ... }:
    let file = directory + "/package.nix"; in
    if b.pathExists file then callPackage file { }
    else b.foldl' (all: name:
      let at = directory + "/${name}"; type = (b.readDir directory).${name}; in
      if type == "directory" then all // { ${name} = packagesIn (args // { directory = at; }); }
      else if type == "regular" && hasSuffix ".nix" name then all // { ${removeSuffix ".nix" name} = callPackage at { }; }
      else all) { } (attrNames (b.readDir directory));
  meta = { inherit getExe getExe' hiPrio lowPrio; availableOn = _: native.outside "meta.availableOn"; };
  hiPrio = id;
  lowPrio = id;

  # what is asked for less often
  more = {
    path = {
      inherit (native) hasStorePathPrefix;
      append = root: sub: root + ("/" + sub);
      hasPrefix = at: path: hasPrefix (toString at + "/") (toString path + "/");
      removePrefix = at: path: "./" + removePrefix "/" (removePrefix (toString at) (toString path));
      subpath = {
        isValid = x: isString x && x != "" && !(hasPrefix "/" x) && !(elem ".." (splitString "/" x));
        join = parts: "./" + concatStringsSep "/" (map (removePrefix "./") parts);
        normalise = x: "./" + removePrefix "./" x;
        components = x: filter (part: part != "" && part != ".") (splitString "/" x);
      };
    };
    # A source that is filtered is its folder, not the set that nixpkgs makes of it: what a filter leaves out is still found in it.
    sources = rec {
      cleanSource = src: src.outPath or src;
      cleanSourceWith = { src, ... }: cleanSource src;
      sourceByRegex = src: _: cleanSource src;
      sourceByGlobs = sourceByRegex;
      sourceFilesBySuffices = sourceByRegex;
    };
    # Pairs of processor and kernel that nixpkgs builds for.
    doubles =
      let
        on = kernel: cpus: map (cpu: "${cpu}-${kernel}") (splitString " " cpus);
        cpu = prefix: filter (hasPrefix prefix) kernels.all;
        kernels = rec {
          cygwin = on "cygwin" "i686 x86_64";
          darwin = on "darwin" "x86_64 aarch64";
          freebsd = on "freebsd" "i686 x86_64 aarch64";
          genode = on "genode" "aarch64 i686 x86_64";
          illumos = on "solaris" "x86_64";
          linux = on "linux" ("aarch64 arc armv5tel armv6l armv7a armv7l i686 loongarch64 m68k sh4 microblaze microblazeel mips mips64 mips64el mipsel "
            + "powerpc powerpc64 powerpc64le riscv32 riscv64 s390 s390x x86_64");
          netbsd = on "netbsd" "aarch64 armv6l armv7a armv7l i686 m68k mipsel powerpc riscv32 riscv64 x86_64";
          openbsd = on "openbsd" "i686 x86_64";
          redox = on "redox" "x86_64";
          windows = on "windows" "aarch64 x86_64 i686";
          bare = on "none" ("aarch64_be aarch64 arm armv6l avr i686 microblaze microblazeel mips mips64 msp430 or1k m68k powerpc powerpcle riscv32 riscv64 rx "
            + "s390 s390x vc4 x86_64");
          unix = cygwin ++ darwin ++ freebsd ++ illumos ++ linux ++ netbsd ++ openbsd ++ redox;
          all = cygwin ++ darwin ++ freebsd ++ genode ++ illumos ++ [ "javascript-ghcjs" ] ++ linux ++ [ "mmix-mmixware" ] ++ netbsd ++ bare ++ openbsd ++ redox
            ++ on "wasi" "wasm64 wasm32" ++ windows ++ on "uefi" "aarch64 x86_64";
        };
      in
      b.removeAttrs kernels [ "bare" ] // {
        none = [ ];
        x86_64 = cpu "x86_64-";
        i686 = cpu "i686-";
        x86 = filter (x: hasPrefix "x86_64-" x || hasPrefix "i686-" x) kernels.all;
        aarch64 = cpu "aarch64";
        arm = cpu "arm";
        riscv = cpu "riscv";
        riscv64 = cpu "riscv64-";
      };
    kernel = rec {
      option = x: x // { optional = true; };
      yes = { tristate = "y"; optional = false; };
      no = { tristate = "n"; optional = false; };
      module = { tristate = "m"; optional = false; };
      unset = { tristate = null; optional = false; };
      freeform = x: { freeform = x; optional = false; };
    };
    # A set of files is the list of their paths.
    fileset =
      let
        files = x: if isAttrs x && x._type or "" == "fileset" then x.files else if b.pathExists (x + "/.") then native.filesystem.listFilesRecursive x else [ x ];
        of = list: { _type = "fileset"; files = list; };
      in
      rec {
        toList = files;
        union = a: c: of (unique (files a ++ files c));
        unions = sets: of (unique (concatMap files sets));
        intersection = a: c: let has = files c; in of (filter (x: elem x has) (files a));
        difference = a: c: let gone = files c; in of (filter (x: !(elem x gone)) (files a));
        maybeMissing = x: if b.pathExists x then of (files x) else of [ ];
        fileFilter = pred: at: of (filter (x:
          let name = baseNameOf x; parts = splitString "." name; in
          pred { inherit name; type = "regular"; hasExt = ext: length parts > 1 && hasSuffix ".${ext}" name; }) (files at));
        fromSource = x: of (files (x.origSrc or x));
        gitTracked = x: of (files x);
        gitTrackedWith = _: gitTracked;
        toSource = { root, ... }: root;
        trace = _: x: x;
        traceVal = x: x;
      };
    customisation = rec {
      callPackageWith = scope: fn: args:
        let f = if isFunction fn then fn else import fn; in
        f (b.intersectAttrs (functionArgs f) scope // args);
      callPackagesWith = callPackageWith;
      makeOverridable = f: mirrorFunctionArgs f (args:
        let made = f args; again = g: makeOverridable f (args // (if isFunction g then g args else g)); in
        if isAttrs made then made // { override = again; }
        else if isFunction made then setFunctionArgs made (functionArgs made) // { override = again; }
        else made);
      inherit (more.trivial) mirrorFunctionArgs setFunctionArgs;
      makeScope = newScope: f:
        let
          self = f self // {
            newScope = scope: newScope (self // scope);
            callPackage = self.newScope { };
            overrideScope = g: makeScope newScope (final: let previous = f final; in previous // g final previous);
            packages = f;
          };
        in
        self;
      makeScopeWithSplicing' = { newScope, ... }: { f, ... }: makeScope newScope f;
    };
    lists = rec {
      sublist = start: n: xs: take n (drop start xs);
      findFirstIndex = pred: default: xs:
        let go = i: if i == length xs then default else if pred (elemAt xs i) then i else go (i + 1); in go 0;
      commonPrefix = xs: ys:
        let go = i: if i < length xs && i < length ys && elemAt xs i == elemAt ys i then go (i + 1) else take i xs; in go 0;
      ifilter0 = pred: xs: map (i: elemAt xs i) (filter (i: pred i (elemAt xs i)) (genList id (length xs)));
      allUnique = xs: length (unique xs) == length xs;
      mutuallyExclusive = xs: ys: intersectLists xs ys == [ ];
      zipLists = zipListsWith (fst: snd: { inherit fst snd; });
      uniqueStrings = xs: attrNames (genAttrs xs id);
      groupBy = b.groupBy;
      imap = imap1;
      findSingle = pred: none: many: xs:
        let found = filter pred xs; in if found == [ ] then none else if length found == 1 then head found else many;
      hasPrefix = start: xs: take (length start) xs == start;
      removePrefix = start: xs: if hasPrefix start xs then drop (length start) xs else throw "a list does not begin with what is to be removed";
      compareLists = cmp: xs: ys:
        if xs == [ ] || ys == [ ] then (if xs == ys then 0 else if xs == [ ] then -1 else 1)
        else let here = cmp (head xs) (head ys); in if here == 0 then compareLists cmp (tail xs) (tail ys) else here;
      naturalSort = xs:
        let parts = s: map (part: if isList part then toInt (head part) else part) (b.split "(0|[1-9][0-9]*)" s); in
        map (x: x.s) (b.sort (x: y: compareLists more.trivial.compare x.key y.key < 0) (map (s: { inherit s; key = parts s; }) xs));
      inherit foldr;
    };
    attrsets = rec {
      filterAttrsRecursive = pred: set:
        mapAttrs (_: value: if isAttrs value then filterAttrsRecursive pred value else value) (filterAttrs pred set);
      mergeAttrs = x: y: x // y;
      concatAttrValues = set: concatLists (attrValues set);
      showAttrPath = path: if path == [ ] then "<root attribute path>" else concatMapStringsSep "." more.strings.escapeNixIdentifier path;
      updateManyAttrsByPath = updates: set:
        let
          at = path: update: x:
            if path == [ ] then update x
            else if isAttrs x then x // { ${head path} = at (tail path) update (x.${head path} or (if tail path == [ ] then throw "there is no ${head path} to update" else { })); }
            else throw "${head path} is to be updated in what is no set";
          deep = b.sort (x: y: length x.path > length y.path) updates;
        in foldl' (x: u: at u.path u.update x) set deep;
      cartesianProduct = set: foldl' (rows: name: concatMap (row: map (value: row // { ${name} = value; }) set.${name}) rows) [ { } ] (attrNames set);
      overrideExisting = old: new: mapAttrs (name: value: new.${name} or value) old;
      matchAttrs = pattern: set: b.all (name: hasAttr name set
        && (if isAttrs pattern.${name} && isAttrs set.${name} then matchAttrs pattern.${name} set.${name} else pattern.${name} == set.${name})) (attrNames pattern);
      longestValidPathPrefix = path: set:
        let go = n: if hasAttrByPath (take n path) set then take n path else go (n - 1); in go (length path);
    };
    strings = rec {
      toIntBase10 = s: toInt (let m = b.match "[[:space:]]*(-?)0*([0-9]+)[[:space:]]*" s; in
        if m == null then throw "${s} is no integer" else head m + elemAt m 1);
      lowerChars = stringToCharacters "abcdefghijklmnopqrstuvwxyz";
      upperChars = stringToCharacters "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
      storeDir = b.storeDir;
      isStorePath = x: isStringLike x && native.isStorePath x;
      escapeNixString = s: replaceStrings [ "$" ] [ "\\$" ] (b.toJSON s);
      escapeNixIdentifier = s: if b.match "[a-zA-Z_][a-zA-Z0-9_'-]*" s != null then s else escapeNixString s;
      sanitizeDerivationName = s:
        let
          name = head (b.match "[.]*(.*)" (b.unsafeDiscardStringContext s));
          clean = concatMapStrings (part: if isList part then "-" else part) (b.split "[^[:alnum:]+._?=-]+" name);
          over = stringLength clean - 207;
        in
        if clean == "" then "unknown" else substring (if over > 0 then over else 0) (-1) clean;
      nameFromURL = url: sep: head (splitString sep (last (splitString "/" url)));
      normalizePath = s: foldl' (at: c: if c == "/" && hasSuffix "/" at then at else at + c) "" (stringToCharacters s);
      makeIncludePath = makeSearchPath "include";
      inherit makeSearchPathOutput cmakeBool;
      inherit (builtins) readFile fromJSON;
      fileContents = file: removeSuffix "\n" (b.readFile file);
      stringAsChars = f: s: concatMapStrings f (stringToCharacters s);
      join = concatStringsSep;
      concatImapStrings = f: xs: concatStrings (imap1 f xs);
      isValidPosixName = name: b.match "[a-zA-Z_][a-zA-Z0-9_]*" name != null;
      toShellVar = name: value:
        if !isValidPosixName name then throw "${name} is no name of a shell variable"
        else if isList value then "declare -a ${name}=(${escapeShellArgs value})"
        else if isAttrs value && !(isStringLike value) then
          "declare -A ${name}=(${concatStringsSep " " (mapAttrsToList (key: x: "[${escapeShellArg key}]=${escapeShellArg x}") value)})"
        else "${name}=${escapeShellArg value}";
      toShellVars = set: concatStringsSep "\n" (mapAttrsToList toShellVar set);
      getVersion = x: if isString x then (b.parseDrvName x).version else x.version or (b.parseDrvName x.name).version;
      toSentenceCase = s: native.toUpper (substring 0 1 s) + native.toLower (substring 1 (-1) s);
      replaceString = from: to: replaceStrings [ from ] [ to ];
      escapeRegex = escape (stringToCharacters "\\[{()^$?*+|.");
      escapeXML = replaceStrings [ "\"" "'" "<" ">" "&" ] [ "&quot;" "&apos;" "&lt;" "&gt;" "&amp;" ];
      fixedWidthNumber = width: n: fixedWidthString width "0" (toString n);
      boolToYesNo = x: if x then "yes" else "no";
      cmakeOptionType = type: name: value: "-D${name}:${type}=${value}";
      cmakeFeature = cmakeOptionType "STRING";
      mesonOption = name: value: "-D${name}=${value}";
      mesonBool = name: x: mesonOption name (boolToString x);
      mesonEnable = name: x: mesonOption name (if x then "enabled" else "disabled");
      enableFeature = x: name: "--${if x then "enable" else "disable"}-${name}";
      withFeature = x: name: "--${if x then "with" else "without"}-${name}";
      commonPrefixLength = x: y:
        let go = i: if i < stringLength x && i < stringLength y && substring i 1 x == substring i 1 y then go (i + 1) else i; in go 0;
      trimWith = { start ? false, end ? false }: s:
        let
          m = b.match "([[:space:]]*)(.*[^[:space:]]|)([[:space:]]*)" s;
          at = elemAt m;
        in (if start then "" else at 0) + at 1 + (if end then "" else at 2);
    };
    trivial = rec {
      min = x: y: if x < y then x else y;
      max = x: y: if x > y then x else y;
      mod = x: y: x - y * (b.div x y);
      inherit (builtins) bitAnd bitOr bitXor isFloat;
      inherit (builtins) floor ceil toString dirOf baseNameOf;
      compare = x: y: if x < y then -1 else if x > y then 1 else 0;
      "or" = x: y: x || y;
      and = x: y: x && y;
      xor = x: y: x != y;
      toBaseDigits = base: n: if n < base then [ n ] else toBaseDigits base (b.div n base) ++ [ (mod n base) ];
      toHexString = n: concatMapStrings (elemAt (stringToCharacters "0123456789ABCDEF")) (toBaseDigits 16 n);
      setFunctionArgs = f: args: { __functor = _: f; __functionArgs = args; };
      mirrorFunctionArgs = from: f: setFunctionArgs f (b.functionArgs from);
    };
    versions = rec {
      splitVersion = b.splitVersion;
      major = v: elemAt (splitVersion v) 0;
      minor = v: elemAt (splitVersion v) 1;
      patch = v: elemAt (splitVersion v) 2;
      majorMinor = v: concatStringsSep "." (take 2 (splitVersion v));
    };
    extensible = rec {
      converge = f: x: let next = f x; in if next == x then x else converge f next;
      extends = overlay: f: final: let prev = f final; in prev // overlay final prev;
      composeExtensions = f: g: final: prev: let x = f final prev; in x // g final (prev // x);
      makeExtensible = makeExtensibleWithCustomName "extend";
      makeExtensibleWithCustomName = name: f: let self = f self; in self // { ${name} = g: makeExtensibleWithCustomName name (extends g f); };
    };
    asserts = {
      assertMsg = pred: msg: if pred then true else throw msg;
      assertOneOf = name: x: xs: if elem x xs then true else throw "${name} must be one of ${b.toJSON xs}, but is ${b.toJSON x}";
    };
    cli = rec {
      toGNUCommandLine = {
        mkOptionName ? (k: if stringLength k == 1 then "-${k}" else "--${k}"),
        mkBool ? (k: v: optional v (mkOptionName k)),
        mkList ? (k: v: concatMap (mkOption k) v),
        mkOption ? (k: v: if v == null then [ ] else if optionValueSeparator == null then [ (mkOptionName k) (generators.mkValueStringDefault { } v) ]
          else [ "${mkOptionName k}${optionValueSeparator}${generators.mkValueStringDefault { } v}" ]),
        optionValueSeparator ? null
      }: set: concatLists (mapAttrsToList (k: v: if isBool v then mkBool k v else if isList v then mkList k v else mkOption k v) set);
      toGNUCommandLineShell = args: set: escapeShellArgs (toGNUCommandLine args set);
      toCommandLine = spec: set: concatLists (mapAttrsToList (name: value:
        let
          how = spec name;
          text = (how.formatArg or (generators.mkValueStringDefault { }));
          say = x:
            if x == null then [ ]
            else if isList x then concatMap say x
            else if isBool x && !how.explicitBool then optional x how.option
            else if how.sep == null then [ how.option (text x) ]
            else [ "${how.option}${how.sep}${text x}" ];
        in if name == "" then throw "an option of a command line has no name" else say value) set);
      toCommandLineGNU = { isLong ? name: stringLength name > 1, explicitBool ? false, formatArg ? generators.mkValueStringDefault { } }:
        toCommandLine (name: {
          option = (if isLong name then "--" else "-") + name;
          sep = if isLong name then "=" else "";
          inherit explicitBool formatArg;
        });
      toCommandLineShell = spec: set: escapeShellArgs (toCommandLine spec set);
      toCommandLineShellGNU = args: set: escapeShellArgs (toCommandLineGNU args set);
    };
    # what is said while it is evaluated
    debug = {
      trace = _: x: x;
      traceIf = _: _: x: x;
      traceVal = x: x;
      traceValFn = _: x: x;
      traceSeq = _: x: x;
      traceSeqN = _: _: x: x;
      traceValSeq = x: x;
      traceValSeqFn = _: x: x;
      traceValSeqN = _: x: x;
      traceValSeqNFn = _: _: x: x;
    };
    sourceTypes = mapAttrs (shortName: isSource: { inherit shortName isSource; }) {
      fromSource = true; binaryNativeCode = false; binaryBytecode = false; binaryFirmware = false; obfuscatedCode = false;
    };
    # what types of one's own merge with
    merging = rec {
      getValues = map (def: def.value);
      getFiles = map (def: def.file);
      showFiles = concatMapStringsSep " and " (file: "`${file}'");
      mergeEqualOption = loc: defs:
        if defs == [ ] then throw "option ${showOption loc} has no definition"
        else foldl' (first: def: if def.value == first then first else throw "option ${showOption loc} has conflicting definitions") (head defs).value (tail defs);
      mergeOneOption = loc: defs:
        if length defs == 1 then (head defs).value else throw "option ${showOption loc} takes one definition, and has ${toString (length defs)}";
      showOption = concatMapStringsSep "." (part:
        if b.elem part [ "*" "<name>" "<function body>" ] || b.match "[a-zA-Z_][a-zA-Z0-9_'-]*" part != null then part else b.toJSON part);
    };
    # parts of scripts that name those they come after
    ordered = {
      noDepEntry = text: { inherit text; deps = [ ]; };
      fullDepEntry = text: deps: { inherit text deps; };
      packEntry = deps: { text = ""; inherit deps; };
      stringAfter = deps: text: { inherit text deps; };
    };
  };

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
      inherit (native) written writtenAt;
      data = types.nullOr (types.oneOf [ types.bool types.int types.float types.str types.path (types.attrsOf data) (types.listOf data) ]) // { };
      format = render: _: { type = data; generate = name: value: written name (render value) null; };
      other = format (_: null);
      call = scope: f: args:
        let fn = if isFunction f then f else import f; given = functionArgs fn;
        in fn (mapAttrs (name: _: scope.${name}) (b.removeAttrs given (attrNames args ++ filter (name: given.${name}) (attrNames given))) // args);
      platform = native.platform pkgs;
    in {
      writeText = name: text: written name text null;
      writeScript = name: text: written name text null;
      writeShellScript = name: text: written name text null;
      writeTextDir = path: text: writtenAt (b.baseNameOf path) text path;
      writeScriptBin = name: text: written name text name;
      writeShellScriptBin = name: text: written name text name;
      writeTextFile = { name, text ? null, destination ? "", ... }: writtenAt name text destination;
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
      newScope = extra: f: args:
        let fn = if isFunction f then f else import f; given = functionArgs fn;
        in fn (mapAttrs (name: _: extra.${name} or pkgs.${name})
          (b.removeAttrs given (attrNames args ++ filter (name: given.${name} && !(extra ? ${name})) (attrNames given))) // args);
      formats = native.opened "not all of pkgs.formats is supported" {
        json = format b.toJSON;
        keyValue = { ... }@args: format (generators.toKeyValue (b.removeAttrs args [ "atom" ])) args;
        yaml = other; toml = other; ini = other; iniWithGlobalSection = other; gitIni = other; hocon = other; xml = other; lua = other; systemd = other;
      };
      stdenv = native.opened "pkgs.stdenv depends on nixpkgs" {
        mkDerivation = pkgs.mkDerivation;
        hostPlatform = platform;
        targetPlatform = platform;
        buildPlatform = native.platform null;
        isLinux = true;
        isDarwin = false;
      };
    };
in
more.trivial // b.removeAttrs more.lists [ "hasPrefix" "removePrefix" ] // more.attrsets // more.strings // more.sources // more.debug // more.extensible // more.merging // more.ordered
// trivial // lists // attrsets // strings // options // modules // meta // {
  lists = more.lists // lists;
  attrsets = more.attrsets // attrsets;
  strings = more.strings // strings // { inherit (builtins) match split toJSON; };
  trivial = more.trivial // trivial // {
    version = native.outside "trivial.version";
    release = native.outside "trivial.release";
    codeName = native.outside "trivial.codeName";
    versionSuffix = native.outside "trivial.versionSuffix";
  };
  inherit (more) versions cli asserts;
  inherit (more.asserts) assertOneOf;
  inherit (builtins) match split partition readFile pathExists readDir replaceStrings all any sort;
  inherit options modules types meta escapeSystemdExecArg escapeSystemdExecArgs cmakeBool;
  mdDoc = id;
  literalExample = literal;
  inherit (builtins) toJSON;
  inherit (builtins) add sub lessThan isBool isInt isList isPath isString seq deepSeq typeOf hasContext;
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
  inherit (more.asserts) assertMsg;
  inherit (native) licenses maintainers teams;
  platforms = native.opened "not all of lib.platforms is supported" more.doubles;
  systems = native.opened "not all of lib.systems is supported" {
    inherit (more) doubles;
    flakeExposed = [
      "x86_64-linux" "aarch64-linux" "x86_64-darwin" "armv6l-linux" "armv7l-linux" "i686-linux" "aarch64-darwin" "powerpc64le-linux" "riscv64-linux"
      "x86_64-freebsd"
    ];
    examples = native.examples;
  };
  sources = more.sources;
  fileset = more.fileset;
  inherit generators;
  nixlint-pkgs = packages;
  nixlint-utils = native.opened "not all of the argument utils is supported" {
    inherit (native) escapeSystemdPath escapeSystemdExecArg;
    inherit escapeSystemdExecArgs;
    removePackagesByName = packages: gone: filter (x: !(elem (native.getName x) (map native.getName gone))) packages;
    disablePackageByName = package: gone: !(elem (native.getName package) (map native.getName gone));
    toShellPath = shell: if isDerivation shell then "/run/current-system/sw${shell.shellPath}" else shell;
    pathsNeededForBoot = [ "/" "/nix" "/nix/store" "/var" "/var/log" "/var/lib" "/var/lib/nixos" "/etc" "/usr" ];
    systemdUtils = native.opened "not all of systemdUtils is supported" {
      unitOptions = native.opened "not all of systemdUtils.unitOptions is supported" { unitOption = native.types.unit; };
    };
  };
  gvariant = native.opaque "gvariant";
  inherit (more) customisation;
  inherit (more.customisation) callPackageWith callPackagesWith makeOverridable makeScope makeScopeWithSplicing';
  fixedPoints = more.extensible // { fix = f: let x = f x; in x; };
  inherit (more) debug sourceTypes;
  setType = _type: x: x // { inherit _type; };
  fix = f: let x = f x; in x;
  extend = _: native.opaque "extend";
  version = native.outside "version";
  path = more.path;
  kernel = native.opened "not all of lib.kernel is supported" more.kernel;
  filesystem = native.filesystem // {
    inherit pathIsDirectory pathIsRegularFile pathType;
    resolveDefaultNix = at: if pathIsDirectory at then at + "/default.nix" else at;
    packagesFromDirectoryRecursive = packagesIn;
  };
  inherit pathIsDirectory pathIsRegularFile pathType;
  packagesFromDirectoryRecursive = packagesIn;
  utils = native.opaque "utils";
  escapeShellArgs = escapeShellArgs;
}

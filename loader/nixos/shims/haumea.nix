# haumea: a folder of Nix files is a set, a file a name. A file that is a function is given those of its arguments that there are.
{ lib, ... }:
let
  inherit (builtins) attrNames concatMap foldl' functionArgs isFunction listToAttrs match readDir;

  # What there is none of counts only when it is used.
  given = inputs: value:
    if !(isFunction value) then value else
    let takes = functionArgs value; in
    value (lib.mapAttrs (name: _: inputs.${name}) (lib.filterAttrs (name: hasDefault: !hasDefault || inputs ? ${name}) takes));

  loaders = {
    default = inputs: path: given inputs (import path);
    scoped = inputs: path: given inputs (builtins.scopedImport inputs path);
    callPackage = inputs: path: given inputs (import path);
    verbatim = _: import;
    path = _: path: path;
  };

  # A file a.nix and a folder a are the attribute a; what starts with _ is seen by its siblings only, with __ by nobody else's.
  nameOf = file: match "(_{0,2})(.*)\\.nix" file;
  publicOf = name: match "(_{0,2})(.*)" name;

  load = { src, inputs ? { }, loader ? loaders.scoped, transformer ? [ ] }:
    let
      apply = if builtins.isFunction loader then loader else loaders.scoped;
      transformers = lib.toList transformer;
      transform = at: value: foldl' (value: f: f at value) value transformers;
      folder = at: dir: parents:
        let
          entries = readDir dir;
          found = concatMap (file:
            let name = nameOf file; type = entries.${file}; in
            if type == "directory" then
              let parts = publicOf file; in
              [ { private = builtins.elemAt parts 0; name = builtins.elemAt parts 1; value = folder (at ++ [ file ]) (dir + "/${file}") parents'; } ]
            else if name != null then
              [ { private = builtins.elemAt name 0; name = builtins.elemAt name 1; value = file' file; } ]
            else [ ]) (attrNames entries);
          file' = file:
            let self = seen; super = if parents == [ ] then { } else builtins.head parents;
                root = if parents == [ ] then seen else lib.last parents; in
            apply (inputs // { inherit self super root; }) (dir + "/${file}");
          seen = listToAttrs found;
          parents' = [ seen ] ++ parents;
          shown = listToAttrs (builtins.filter (x: x.private == "") found);
        in
        transform at shown;
    in
    folder [ ] src [ ];
in
{
  lib = {
    inherit load loaders;
    loadEvalTests = _: { };
    transformers = {
      hoistAttrs = _: _: _: value: value;
      hoistLists = _: _: _: value: value;
      prependUnderscore = _: value: value;
      liftDefault = _: value:
        if value ? default then builtins.removeAttrs value [ "default" ] // (if builtins.isAttrs value.default then value.default else { default = value.default; }) else value;
    };
  };
}

# import-tree: a module that imports every Nix file below folders, but those with a part that starts with _.
{ lib, native, ... }:
let
  inherit (builtins) concatMap filter isPath isString map;
  listed = keep: at:
    if lib.isList at then concatMap (listed keep) at
    else if (isPath at || isString at) && lib.pathIsDirectory at then
      map (file: file.path) (filter (file: lib.hasSuffix ".nix" file.below && !(lib.hasInfix "/_" file.below) && keep file.below) (native.filesBelow at))
    else [ at ];
  tree = keep: over: {
    __functor = _: at: { imports = map over (listed keep at); };
    filter = f: tree (file: keep file && f file) over;
    filterNot = f: tree (file: keep file && !(f file)) over;
    match = pattern: tree (file: keep file && builtins.match pattern file != null) over;
    matchNot = pattern: tree (file: keep file && builtins.match pattern file == null) over;
    map = f: tree keep (file: f (over file));
    withLib = _: tree keep over;
    leafs = { __functor = _: at: map over (listed keep at); };
    files = map over [ ];
  };
in
tree (_: true) (file: file)

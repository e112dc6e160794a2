# colmena: a hive is what it is made of; its nodes are read as those of an output colmena.
{ ... }:
{
  lib.makeHive = hive: hive // { __schema = "v0.5"; };
}

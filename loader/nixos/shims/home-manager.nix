# home-manager: the configuration of a user, evaluated as that of a host is.
{ native, ... }:
{
  lib.homeManagerConfiguration = native.homeConfiguration;
}

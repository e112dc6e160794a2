package nixos_test

import (
	"strings"
	"testing"

	"github.com/nixlint/nixlint/loader/inventory"
)

func TestUnitsOfEnabledOptionsAreUpstream(t *testing.T) {
	inv := host(t, `{ config, lib, ... }: {
		services.openssh.enable = true;
		services.nginx.enable = true;
		services.grafana.enable = false;
		services.prometheus.enable = lib.mkIf config.site.on true;
		services.nobody-knows.enable = true;
		systemd.services.nginx.serviceConfig.Nice = 1;
	}`)
	var got []string
	for _, u := range inv.Hosts[0].Units {
		got = append(got, u.Name+" "+u.Status)
		if u.Status == inventory.Upstream && (u.Base == "" || len(u.Definitions) != 1 || u.Definitions[0].Line != 2) {
			t.Errorf("%+v", u)
		}
	}
	if all, want := strings.Join(got, ", "), "nginx.service override, sshd.service upstream"; all != want {
		t.Errorf("%s, want %s", all, want)
	}
}

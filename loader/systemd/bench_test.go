package systemd_test

import (
	"testing"

	"github.com/nixlint/nixlint/loader/systemd"
)

func BenchmarkEffectiveOf(b *testing.B) {
	u := service(
		"Type=simple", "ExecStart=<pkgs.web>/bin/web --port 80", "User=web", "DynamicUser=true", "PrivateTmp=true", "ProtectSystem=strict",
		"ProtectHome=true", "NoNewPrivileges=true", "CapabilityBoundingSet=~CAP_SYS_ADMIN CAP_NET_ADMIN", "SystemCallFilter=@system-service",
		"SystemCallFilter=~@privileged @resources", "RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX", "RestrictNamespaces=true",
		"ReadWritePaths=/var/lib/web /var/log/web", "DeviceAllow=/dev/nvidia0 rw", "DeviceAllow=/dev/nvidiactl rw", "Restart=always",
		`Environment="PATH=/nix/store/a/bin:/nix/store/b/bin"`, "Unit.After=network.target postgresql.service", "Unit.Description=Web",
	)
	b.ReportAllocs()
	for b.Loop() {
		systemd.EffectiveOf(u, systemd.Newest)
	}
}

func BenchmarkRender(b *testing.B) {
	u := web()
	b.ReportAllocs()
	for b.Loop() {
		systemd.Render(u, systemd.Stage)
	}
}

package nixos

import "strings"

// knownUnits are units that nixpkgs, or systemd itself, defines by this very name: what a repository says of one adds to a base that is
// not in the tree. Where the name of an instance follows, as in bitcoind-NAME, the short name is free for a repository's own.
var knownUnits = func() map[string]bool {
	out := map[string]bool{}
	for name := range strings.FieldsSeq(knownServices) {
		out[name+".service"] = true
	}
	return out
}()

const knownServices = `
acme-setup adguardhome apcupsd atd auditd autofs avahi-daemon blocky bluetooth borgmatic chronyd clamav-daemon clamav-freshclam
cloud-init colord consul containerd coturn couchdb cron cups cups-browsed
dbus dbus-broker display-manager dnsmasq dnscrypt-proxy docker dovecot2 emacs etcd exim fail2ban firewall flatpak-system-helper
forgejo frigate fwupd geoclue getty@ gitea gitlab gitolite grafana haproxy hostapd
home-assistant hydra-server hydra-evaluator hydra-queue-runner influxdb influxdb2 iwd jackett jellyfin jenkins k3s kea-dhcp4-server keycloak
klipper knot kresd@ kubelet libvirtd loki lxd mastodon-web matrix-synapse mediamtx minio monero mongodb mosquitto mpd munge murmur
mysql netdata networkd-dispatcher network-manager NetworkManager NetworkManager-wait-online nextcloud-setup nextcloud-cron nfs-server
nginx nix-daemon nix-gc nix-optimise nix-serve nixos-upgrade nscd nsd ntpd ollama opensmtpd oauth2-proxy paperless-scheduler
paperless-task-queue paperless-web pcscd plex podman polkit postfix postgresql postgresqlBackup power-profiles-daemon
privoxy prometheus prometheus-alertmanager prometheus-node-exporter prosody pulseaudio radarr rabbitmq redis resolvconf
restic-rest-server rpcbind rspamd rsyslog rtkit-daemon samba-smbd samba-nmbd samba-winbindd seatd smartd snapper-timeline sonarr sshd sshd@
stubby strongswan supervisord suricata syncthing syslog systemd-boot-random-seed systemd-hostnamed systemd-journald systemd-journal-upload
systemd-localed systemd-logind systemd-machined systemd-modules-load systemd-networkd systemd-networkd-wait-online systemd-nspawn@ systemd-oomd
systemd-random-seed systemd-resolved systemd-rfkill systemd-sysctl systemd-timedated systemd-timesyncd systemd-tmpfiles-clean
systemd-tmpfiles-setup systemd-udev-settle systemd-udevd systemd-update-utmp systemd-user-sessions systemd-vconsole-setup tailscaled teamspeak3-server
thermald tlp tor traefik transmission udisks2 unbound unifi upower uptime-kuma user@ user-runtime-dir@ usbguard vaultwarden vault victoriametrics
virtlockd virtlogd vsftpd wpa_supplicant xrdp zerotierone zfs-mount zfs-import zfs-share zfs-zed znc zrepl
`

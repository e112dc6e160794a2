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
acme-setup adguardhome apcupsd atd auditd autofs avahi-daemon blocky bluetooth borgmatic chronyd clamav-daemon clamav-freshclam cloud-init
colord consul containerd coturn couchdb cron cups cups-browsed dbus dbus-broker display-manager dnscrypt-proxy dnsmasq docker docker-prune
dovecot2 emacs etcd exim fail2ban firewall flatpak-system-helper forgejo frigate fstrim fwupd fwupd-refresh geoclue getty@ gitea gitlab
gitolite grafana haproxy home-assistant hostapd hydra-evaluator hydra-queue-runner hydra-server influxdb influxdb2 iwd jackett jellyfin
jenkins k3s kea-dhcp4-server keycloak klipper knot kresd@ kubelet libvirtd logrotate loki lxd mastodon-web matrix-synapse mediamtx minio
monero mongodb mosquitto mpd munge murmur mysql netdata network-manager networkd-dispatcher NetworkManager NetworkManager-wait-online
nextcloud-cron nextcloud-setup nfs-server nginx nix-daemon nix-gc nix-optimise nix-serve nixos-upgrade nscd nsd ntpd oauth2-proxy ollama
opensmtpd paperless-scheduler paperless-task-queue paperless-web pcscd plex podman podman-auto-update podman-prune polkit postfix postgresql
postgresqlBackup power-profiles-daemon privoxy prometheus prometheus-alertmanager prometheus-node-exporter prosody pulseaudio rabbitmq
radarr redis resolvconf restic-rest-server rpcbind rspamd rsyslog rtkit-daemon samba-nmbd samba-smbd samba-winbindd sanoid seatd smartd
snapper-cleanup snapper-timeline sonarr sshd sshd@ strongswan stubby supervisord suricata syncthing syslog systemd-boot-random-seed
systemd-hostnamed systemd-journal-upload systemd-journald systemd-localed systemd-logind systemd-machined systemd-modules-load
systemd-networkd systemd-networkd-wait-online systemd-nspawn@ systemd-oomd systemd-random-seed systemd-resolved systemd-rfkill
systemd-sysctl systemd-timedated systemd-timesyncd systemd-tmpfiles-clean systemd-tmpfiles-setup systemd-udev-settle systemd-udevd
systemd-update-utmp systemd-user-sessions systemd-vconsole-setup tailscaled teamspeak3-server thermald tlp tor traefik transmission udisks2
unbound unifi update-locatedb upower uptime-kuma usbguard user-runtime-dir@ user@ vault vaultwarden victoriametrics virtlockd virtlogd
vsftpd wpa_supplicant xrdp zerotierone zfs-import zfs-mount zfs-scrub zfs-share zfs-zed znc zpool-trim zrepl
`

# METADATA
# description: |
#   The units that every NixOS has though no module in sight defines them: those that systemd ships, of versions 252 to 262.
package nixlint.lib.shipped

import future.keywords.not

# has reports whether the managers of a scope have a unit, by the name of it or of its template.
has("system", name) if contains(_system, sprintf(" %s ", [name]))

has("system", name) if contains(_nixos, sprintf(" %s ", [name]))

has("user", name) if contains(_user, sprintf(" %s ", [name]))

# template is the name of the template of an instance, and the name itself of another unit.
template(name) := regex.replace(name, `@.*(\.[a-z]+)$`, "@$1")

# What nixpkgs defines on every machine.
_nixos := " dbus.service dbus.socket nix-daemon.service nix-daemon.socket nscd.service suid-sgid-wrappers.service "

_system := concat("", [
	" autovt@.service basic.target blockdev@.target bluetooth.target boot-complete.target breakpoint-pre-basic.service",
	" breakpoint-pre-mount.service breakpoint-pre-switch-root.service breakpoint-pre-udev.service capsule@.service",
	" console-getty.service container-getty@.service cryptsetup-pre.target cryptsetup.target ctrl-alt-del.target",
	" dbus-org.freedesktop.hostname1.service dbus-org.freedesktop.locale1.service dbus-org.freedesktop.login1.service",
	" dbus-org.freedesktop.timedate1.service default.target emergency.service emergency.target exit.target factory-reset-now.target",
	" factory-reset.target final.target first-boot-complete.target getty-pre.target getty.target getty@.service graphical.target",
	" halt.target hibernate.target hybrid-sleep.target imports-pre.target imports.target initrd-cleanup.service initrd-fs.target",
	" initrd-parse-etc.service initrd-root-device.target initrd-root-fs.target initrd-switch-root.service initrd-switch-root.target",
	" initrd-udevadm-cleanup-db.service initrd-usr-fs.target initrd.target integritysetup-pre.target integritysetup.target",
	" kexec.target kmod-static-nodes.service ldconfig.service local-fs-pre.target local-fs.target modprobe@.service",
	" multi-user.target network-online.target network-pre.target network.target nss-lookup.target nss-user-lookup.target",
	" paths.target poweroff.target printer.target proc-sys-fs-binfmt_misc.automount quotaon-root.service quotaon.service",
	" quotaon@.service reboot.target remote-cryptsetup.target remote-fs-pre.target remote-fs.target remote-veritysetup.target",
	" rescue.service rescue.target rpcbind.target runlevel0.target runlevel1.target runlevel2.target runlevel3.target",
	" runlevel4.target runlevel5.target runlevel6.target serial-getty@.service shutdown.target sigpwr.target sleep.target",
	" slices.target smartcard.target sockets.target soft-reboot.target sound.target storage-target-mode.target",
	" suspend-then-hibernate.target suspend.target swap.target sysinit.target syslog.socket system-install.target",
	" system-update-cleanup.service system-update-pre.target system-update.target systemd-ask-password-console.path",
	" systemd-ask-password-console.service systemd-ask-password-wall.path systemd-ask-password-wall.service",
	" systemd-ask-password.socket systemd-ask-password@.service systemd-backlight@.service systemd-battery-check.service",
	" systemd-binfmt.service systemd-boot-check-no-failures.service systemd-bsod.service systemd-confext-initrd.service",
	" systemd-confext-sysroot.service systemd-confext.service systemd-creds.socket systemd-creds@.service systemd-exit.service",
	" systemd-factory-reset-complete.service systemd-factory-reset-reboot.service systemd-factory-reset-request.service",
	" systemd-factory-reset.socket systemd-factory-reset@.service systemd-firstboot.service systemd-fsck-root.service",
	" systemd-fsck@.service systemd-fsckd.service systemd-fsckd.socket systemd-growfs-root.service systemd-growfs@.service",
	" systemd-halt.service systemd-hibernate-clear.service systemd-hibernate-resume.service systemd-hibernate-resume@.service",
	" systemd-hibernate.service systemd-hostnamed.service systemd-hostnamed.socket systemd-hybrid-sleep.service",
	" systemd-initctl.service systemd-initctl.socket systemd-journal-catalog-update.service systemd-journal-flush.service",
	" systemd-journalctl-metrics.socket systemd-journalctl-metrics@.service systemd-journalctl.socket systemd-journalctl@.service",
	" systemd-journald-audit.socket systemd-journald-dev-log.socket systemd-journald-sync@.service systemd-journald-varlink@.socket",
	" systemd-journald.service systemd-journald.socket systemd-journald@.service systemd-journald@.socket systemd-kexec.service",
	" systemd-localed.service systemd-logind-varlink.socket systemd-logind.service systemd-loop@.service",
	" systemd-machine-id-commit.service systemd-machine-tag@.service systemd-modules-load.service systemd-mute-console.socket",
	" systemd-mute-console@.service systemd-network-generator.service systemd-networkd-persistent-storage.service",
	" systemd-networkd-resolve-hook.socket systemd-networkd-varlink-metrics.socket systemd-networkd-varlink.socket",
	" systemd-networkd-wait-online.service systemd-networkd-wait-online@.service systemd-networkd.service systemd-networkd.socket",
	" systemd-pcrextend.socket systemd-pcrextend@.service systemd-pcrfs-root.service systemd-pcrfs@.service",
	" systemd-pcrlock-file-system.service systemd-pcrlock-firmware-code.service systemd-pcrlock-firmware-config.service",
	" systemd-pcrlock-machine-id.service systemd-pcrlock-make-policy.service systemd-pcrlock-secureboot-authority.service",
	" systemd-pcrlock-secureboot-policy.service systemd-pcrlock.socket systemd-pcrlock@.service systemd-pcrmachine.service",
	" systemd-pcrphase-initrd.service systemd-pcrphase-sysinit.service systemd-pcrphase.service systemd-poweroff.service",
	" systemd-pstore.service systemd-quotacheck-root.service systemd-quotacheck.service systemd-quotacheck@.service",
	" systemd-random-seed.service systemd-reboot.service systemd-remount-fs.service systemd-repart.service systemd-rfkill.service",
	" systemd-rfkill.socket systemd-soft-reboot.service systemd-storagetm.service systemd-suspend-then-hibernate.service",
	" systemd-suspend.service systemd-sysctl.service systemd-sysext-initrd.service systemd-sysext-sysroot.service",
	" systemd-sysext.service systemd-sysext.socket systemd-sysext@.service systemd-sysinstall.service systemd-sysinstall.socket",
	" systemd-sysinstall@.service systemd-sysupdate-notify-sysext.socket systemd-sysupdate-notify-sysext@.service",
	" systemd-sysupdate-reboot.service systemd-sysupdate-reboot.timer systemd-sysupdate.service systemd-sysupdate.timer",
	" systemd-sysusers.service systemd-time-wait-sync.service systemd-timedated.service systemd-tmpfiles-clean.service",
	" systemd-tmpfiles-clean.timer systemd-tmpfiles-setup-dev-early.service systemd-tmpfiles-setup-dev.service",
	" systemd-tmpfiles-setup.service systemd-tpm2-setup-early.service systemd-tpm2-setup.service systemd-update-done.service",
	" systemd-update-utmp-runlevel.service systemd-update-utmp.service systemd-user-sessions.service systemd-validatefs@.service",
	" systemd-volatile-root.service time-set.target time-sync.target timers.target tpm2.target umount.target usb-gadget.target",
	" user-runtime-dir@.service user@.service veritysetup-pre.target veritysetup.target",
	" ",
])

_user := concat("", [
	" basic.target bluetooth.target capsule@.target default.target exit.target graphical-session-pre.target",
	" graphical-session.target paths.target printer.target shutdown.target smartcard.target sockets.target sound.target",
	" systemd-ask-password.socket systemd-ask-password@.service systemd-exit.service systemd-journalctl.socket",
	" systemd-journalctl@.service systemd-tmpfiles-clean.service systemd-tmpfiles-clean.timer systemd-tmpfiles-setup.service",
	" timers.target xdg-desktop-autostart.target",
	" dbus.service dbus.socket ",
])

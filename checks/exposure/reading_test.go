package exposure_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// corners are texts whose lines are hard to tell apart. What systemd reads of them shows in the rows.
var corners = []string{
	"NoNewPrivileges=yes\rPrivateTmp=yes\r\rPrivateUsers=yes\n",
	"NoNewPrivileges=yes\n\rPrivateTmp=yes\r\n\r\nPrivateUsers=yes\n\n\rProtectClock=yes",
	"NoNewPrivileges=yes\x00PrivateTmp=yes\n\x00\nPrivateUsers=yes\x00\x00ProtectClock=yes\n",
	"NoNewPrivileges=\\\n  yes\nPrivateTmp=\\\n\nPrivateUsers=yes\n",
	"NoNewPrivileges=\\\n# comment\n; another\n  yes\nPrivateTmp=yes\n",
	"NoNewPrivileges=yes \\\n# comment \\\nPrivateTmp=yes\nPrivateUsers=yes\n",
	"CapabilityBoundingSet=CAP_KILL \\\n  CAP_CHOWN \\\n",
	"CapabilityBoundingSet=CAP_KILL \\",
	"CapabilityBoundingSet=CAP_KILL \\\\\nPrivateTmp=yes\n",
	"CapabilityBoundingSet=CAP_KILL \\ \nPrivateTmp=yes\n",
	"CapabilityBoundingSet=CAP_KI\\\nLL\n",
	"# comment \\\nNoNewPrivileges=yes\n",
	"   NoNewPrivileges   =   yes   \n\t;x\n \t#PrivateTmp=yes\n",
	"NoNewPrivileges=yes # not a comment\nPrivateTmp=yes;\n",
	"NoNewPrivileges = \n=yes\nyes\nPrivateTmp=yes=no\n",
	"[Unit]\n[Service]  \nNoNewPrivileges=yes\n  [Service]\nPrivateTmp=yes\n",
	"[service]\nNoNewPrivileges=yes\n",
	"[ Service ]\nNoNewPrivileges=yes\n[X-Service]\nPrivateTmp=yes\n[-Service]\nPrivateUsers=yes\n",
	"[]\nNoNewPrivileges=yes\n[Service]\nPrivateTmp=yes\n",
	"[Service]x\nNoNewPrivileges=yes\n",
	"[Servi\"ce]\nNoNewPrivileges=yes\n",
	"[Install]\nNoNewPrivileges=yes\n[Service]\nPrivateTmp=yes\nDefaultDependencies=no\n[Unit]\nProtectHome=yes\nDefaultDependencies=no\n",
	".include /etc/x\nNoNewPrivileges=yes\n",
	"\ufeffNoNewPrivileges=yes\n\ufeff#x\n",
	"nonewprivileges=yes\nNONEWPRIVILEGES=yes\nNoNewPrivileges=yes\n",
	"Environment=" + strings.Repeat("x", 100_000) + "\nNoNewPrivileges=yes\n",
	"Environment=" + strings.Repeat("x\\\n", 30_000) + "\nNoNewPrivileges=yes\n",
	"NoNewPrivileges\u00a0=yes\nPrivateTmp=\u00a0yes\nPrivateUsers=yes\v\n",
	"NoNewPrivileges=yes\n\x1aPrivateTmp=yes\n",
	"UMask=0077\\\nPrivateTmp=yes\n",
	"User=a\xc3\n",
}

// TestReadingAgrees compares what is read of files that are odd.
func TestReadingAgrees(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for i, text := range corners {
		write(t, filepath.Join(dir, fmt.Sprintf("c%d.service", i)), "[Service]\nExecStart=/bin/true\n"+text)
		// Of a drop-in, what stands before a line that cannot be read counts.
		write(t, filepath.Join(dir, fmt.Sprintf("d%d.service", i)), "[Service]\nExecStart=/bin/true\n")
		write(t, filepath.Join(dir, fmt.Sprintf("d%d.service.d/a.conf", i)), "[Service]\nRestrictRealtime=yes\n"+text)
		write(t, filepath.Join(dir, fmt.Sprintf("d%d.service.d/b.conf", i)), "RemoveIPC=yes\n[Service]\nRestrictSUIDSGID=yes\n")
	}
	agree(t, dir, dir)
}

// TestMergingAgrees compares which files a unit is made of.
func TestMergingAgrees(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	command := "[Service]\nExecStart=/bin/true\n"
	mask := func(value string) string { return "[Service]\nUMask=" + value + "\n" }
	files := map[string]string{
		"a-b-c.service": command, "a-b.service": command, "a.service": command, "a-.service": command, "t-x@.service": command,
		"t-x@i-j.service": command, "-.service": command, "u--v.service": command,
		// The same name in folders near and far.
		"service.d/10.conf": mask("0000"), "a-.service.d/10.conf": mask("0002"), "a-b-.service.d/10.conf": mask("0006"),
		"a-b-c.service.d/10.conf": mask("0026"), "u-.service.d/11.conf": mask("0026"), "u--.service.d/11.conf": mask("0006"),
		// By name of the file, not of the folder.
		"service.d/20.conf": "[Service]\nProtectHome=yes\n", "a-b-c.service.d/15.conf": "[Service]\nProtectHome=no\n",
		"a-b.service.d/90.conf": "[Service]\nProtectHome=tmpfs\n", "a-b.service.d/9.conf": "[Service]\nProtectHome=read-only\n",
		// Of templates and instances.
		"t-x@.service.d/30.conf": "[Service]\nPrivateTmp=yes\n", "t-x@i-j.service.d/30.conf": "[Service]\nPrivateUsers=yes\n",
		"t-.service.d/31.conf": "[Service]\nPrivateNetwork=yes\n", "t-x@i-.service.d/32.conf": "[Service]\nPrivateDevices=yes\n",
		// What is no drop-in.
		"a.service.d/x.txt": mask("0077"), "a.service.d/.y.conf": mask("0077"), "a.service.d/sub.conf/z.conf": mask("0077"),
		"a.service.d/40.conf": "", "service.d/40.conf": "[Service]\nProtectClock=yes\n", "service.d/50.conf": "[Service]\nProtectKernelLogs=yes\n",
		"alias.service.d/60.conf": "[Service]\nProtectKernelModules=yes\n", "empty.service": "",
		"elsewhere/x.service": command, "elsewhere/d.conf": "[Service]\nLockPersonality=yes\n",
	}
	for name, text := range files {
		write(t, filepath.Join(dir, name), text)
	}
	for name, to := range map[string]string{
		"alias.service": "a-b.service", "second.service": "alias.service", "off.service": "/dev/null", "a-b.service.d/50.conf": "/dev/null",
		"x.service": "elsewhere/x.service", "a-.service.d/70.conf": "../elsewhere/d.conf", "dangling.service": "nowhere.service",
		"loop.service": "loop.service", "t-x@k.service": "t-x@.service",
	} {
		if err := os.Symlink(to, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	agree(t, dir, dir)
}

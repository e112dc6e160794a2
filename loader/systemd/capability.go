package systemd

import (
	"slices"
	"strconv"
	"strings"
)

// capabilityNames are the capabilities by number, as of Linux 5.9.
var capabilityNames = [...]string{
	"CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_DAC_READ_SEARCH", "CAP_FOWNER", "CAP_FSETID", "CAP_KILL", "CAP_SETGID", "CAP_SETUID",
	"CAP_SETPCAP", "CAP_LINUX_IMMUTABLE", "CAP_NET_BIND_SERVICE", "CAP_NET_BROADCAST", "CAP_NET_ADMIN", "CAP_NET_RAW",
	"CAP_IPC_LOCK", "CAP_IPC_OWNER", "CAP_SYS_MODULE", "CAP_SYS_RAWIO", "CAP_SYS_CHROOT", "CAP_SYS_PTRACE", "CAP_SYS_PACCT",
	"CAP_SYS_ADMIN", "CAP_SYS_BOOT", "CAP_SYS_NICE", "CAP_SYS_RESOURCE", "CAP_SYS_TIME", "CAP_SYS_TTY_CONFIG", "CAP_MKNOD",
	"CAP_LEASE", "CAP_AUDIT_WRITE", "CAP_AUDIT_CONTROL", "CAP_SETFCAP", "CAP_MAC_OVERRIDE", "CAP_MAC_ADMIN", "CAP_SYSLOG",
	"CAP_WAKE_ALARM", "CAP_BLOCK_SUSPEND", "CAP_AUDIT_READ", "CAP_PERFMON", "CAP_BPF", "CAP_CHECKPOINT_RESTORE",
}

// Capability reads a capability: a name in any case, or a number, which may be one that has no name yet.
func Capability(word string) (number int, ok bool) {
	if n, err := strconv.ParseInt(word, 0, 32); err == nil && !strings.Contains(word, "_") {
		return int(n), n >= 0 && n < 64
	}
	n := slices.Index(capabilityNames[:], strings.ToUpper(word))
	return n, n >= 0
}

func capability(word string) (string, bool) {
	n, ok := Capability(word)
	if !ok || n >= len(capabilityNames) {
		return "", false
	}
	return capabilityNames[n], true
}

// capabilities computes the set. An assignment replaces a set that is still as it starts (all for CapabilityBoundingSet=,
// none for AmbientCapabilities=); one that names no capability gives the empty set, inverted the whole one.
func (f *folder) capabilities(a Assignment) {
	rest, inverted := signed(a.Text)
	words := splitWords(rest, literal)
	if !a.Known {
		f.filter(a)
		return
	}
	var named []string
	for _, w := range words {
		if c, ok := capability(w); ok {
			named = append(named, c)
		}
	}
	if len(named) > 0 && !f.initial() {
		for _, c := range named {
			f.put(c, a.Index, !inverted)
		}
		return
	}
	f.reset()
	if !inverted {
		named = slices.Compact(named)
		for _, c := range named {
			f.put(c, a.Index, true)
		}
		return
	}
	for _, c := range capabilityNames {
		if !slices.Contains(named, c) {
			f.add(c, a.Index)
		}
	}
}

func (f *folder) initial() bool {
	if f.name == "AmbientCapabilities" {
		return len(f.p.Values) == 0
	}
	return f.p.Absent || len(f.p.Values) == len(capabilityNames)
}

package exposure_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

var booleans = []string{"yes", "no", "1", "0", "True", "OFF", "on", "f", "t", "y", "N", "", "ja", "yes please", `"yes"`}

// pools are values of the directives that the assessment reads: good, odd and wrong ones.
var pools = map[string][]string{
	"AmbientCapabilities": {}, "CapabilityBoundingSet": {},
	"Delegate":       {"yes", "no", "", "cpu memory", "pids", "bogus", "cpu bogus", "1", `"cpu`},
	"DynamicUser":    {"yes", "no", "TRUE", "0", "on"},
	"DeviceAllow":    {"/dev/null", "/dev/null rw", "/dev/null rwm", "/dev/null rx", "char-*", "block-loop r", "char-rtc", "foo", "", "/dev/", "/dev", "/dev/a/../b", "/tmp/x", "/run/systemd/inaccessible/chr", `"/dev/null" rw`, "/dev/null  rw", "/dev/null r w", "/dev/./null", "//dev/null", "/dev/null/", "%t/x", "/dev/%n", "%t/systemd/inaccessible/x", "/dev/null rw x", `/dev/"null" r`, "char-* x", "char-", "/dev/a b", "/dev/null "},
	"DevicePolicy":   {"auto", "closed", "strict", "Strict", "", "bogus"},
	"IPAddressAllow": {}, "IPAddressDeny": {},
	"IPIngressFilterPath":     {"/sys/fs/bpf/x", "x", "", "/../x", "/sys/fs/bpf/../x", "/"},
	"KeyringMode":             {"inherit", "private", "shared", "", "bogus", "Private"},
	"LoadCredentialEncrypted": {"a:/b", "a", "", "a:b", "a:", "a:b:c", "a:/b:c", "~a:b", ":/b", "a/b:/c", "a:/b/../c"},
	"SetCredentialEncrypted":  {"a:YWJj", "a", "", "a:!", ":YWJj", "a:YW Jj", "a:", "a:YWI=", "a:YWI", "a:YWJ="},
	"MountImages":             {"/a.img:/b", "-/a.img:/b", "/a.img:/b:root:ro", "/a.img", "", "a:b", "/a.img:b", "/a:/b /c:/d"},
	"NotifyAccess":            {"none", "main", "exec", "all", "All", "", "bogus"},
	"ProcSubset":              {"all", "pid", "", "bogus"},
	"ProtectHome":             {"yes", "no", "read-only", "tmpfs", "", "bogus", "Read-Only", "TRUE"},
	"ProtectProc":             {"default", "noaccess", "invisible", "ptraceable", "", "bogus", "yes"},
	"ProtectSystem":           {"yes", "no", "full", "strict", "", "bogus", "TRUE", "Full"},
	"RestrictAddressFamilies": {}, "RestrictNamespaces": {}, "SystemCallFilter": {}, "SystemCallArchitectures": {},
	"RootDirectory":            {"/", "/srv", "", "//", "/./", "/srv/", "/%n", "/a b", "%S/x", "%t"},
	"RootImage":                {"/", "/x.img", "", "//"},
	"SupplementaryGroups":      {"a", "a b", "", "video", `"a"`, `"a`, "1000", "%n"},
	"UMask":                    {"0022", "022", "77", "0077", "0027", "000", "", "999", "0007", "07777", "010000", "0x7", " 0077", "-1", "+77", "0o77", "2", "0026", "0066"},
	"User":                     {"root", "0", "nobody", "a", "1000", "", "%n", "%u", "%U", "%p", "65534", "Root", "a-b_c"},
	"Unit.DefaultDependencies": {"yes", "no", "", "bogus", "0", "1"},
}

var plain = []string{
	"LockPersonality", "MemoryDenyWriteExecute", "NoNewPrivileges", "PrivateDevices", "PrivateMounts", "PrivateNetwork",
	"PrivateTmp", "PrivateUsers", "ProtectClock", "ProtectControlGroups", "ProtectHostname", "ProtectKernelLogs", "ProtectKernelModules",
	"ProtectKernelTunables", "RemoveIPC", "RestrictRealtime", "RestrictSUIDSGID",
}

// bags are the words of directives that take lists.
var bags = map[string][]string{
	"AmbientCapabilities":     strings.Fields("CAP_CHOWN cap_kill CAP_NET_RAW 12 63 64 -1 40 41 CAP_BOGUS Cap_Sys_Time CAP_SYS_ADMIN +3 007 0x5"),
	"CapabilityBoundingSet":   strings.Fields("CAP_CHOWN cap_kill CAP_NET_RAW CAP_SYS_ADMIN CAP_SYSLOG CAP_SYS_TIME CAP_WAKE_ALARM CAP_MKNOD CAP_SYS_RAWIO CAP_SYS_MODULE CAP_BPF CAP_BOGUS 21 63 64 -1 41 \"CAP_LEASE\" CAP_AUDIT_READ CAP_MAC_ADMIN 'CAP_SETUID CAP_SYS_BOOT\\"),
	"IPAddressAllow":          strings.Fields("localhost any link-local multicast 127.0.0.1 127.0.0.1/8 127.0.0.0/1 10.0.0.0/8 ::1 ::1/128 ::1/64 fe80::/10 0.0.0.0/0 ::/0 bogus 1.2.3 1.2.3.4/33 1.2.3.4/ 10.1.2.3/0x8 10.1.2.3/010 ::ffff:127.0.0.1 127.1.2.3/32 fe80::1%eth0 LOCALHOST a.localhost 01.2.3.4"),
	"IPAddressDeny":           strings.Fields("any any any localhost 0.0.0.0/0 ::/0 0.0.0.0/0 ::/0 1.2.3.4/0 ffff::/0 10.0.0.0/8 bogus 0.0.0.0/1 128.0.0.0/1 ANY \"any\""),
	"RestrictAddressFamilies": strings.Fields("AF_INET AF_INET6 AF_UNIX af_unix AF_LOCAL AF_FILE AF_NETLINK AF_ROUTE AF_PACKET AF_BLUETOOTH AF_VSOCK AF_ALG AF_NOPE none 'AF_CAN' AF_X25 AF_UNSPEC AF_MAX \"AF_INET"),
	"RestrictNamespaces":      strings.Fields("user net mnt pid ipc uts cgroup time bogus User \"net\" yes no"),
	"SystemCallFilter":        strings.Fields("@system-service @privileged @resources @clock @mount @swap @reboot @module @obsolete @raw-io @cpu-emulation @debug @known @default @basic-io @nosuch @sandbox @chown @setuid read mount swapon reboot settimeofday ioperm nosuch read:EPERM @mount:EPERM @clock:5 @swap:EBOGUS @debug:kill mount:4095 mount:4096 @raw-io: uselib modify_ldt ptrace :EPERM @obsolete:0 _sysctl \"@reboot\" chown open_tree \\@mount @mou\\nt reboot\\ perf_event_open"),
	"SystemCallArchitectures": strings.Fields("native native native x86-64 x86 x32 arm64 bogus Native \"native\" riscv64"),
}

// generate writes the settings of a unit, or of a drop-in.
func generate(random *rand.Rand, whole bool) string {
	pick := func(of []string) string { return of[random.IntN(len(of))] }
	end := "\n"
	if random.IntN(20) == 0 {
		end = "\r\n"
	}
	var unit, service []string
	if whole {
		service = append(service, "ExecStart=/bin/true")
	}
	for range 1 + random.IntN(30) {
		name := pick(order)
		value := valueOf(random, pick, name)
		switch random.IntN(40) {
		case 0:
			value = strings.Replace(value, " ", " \\"+end+"  ", 1)
		case 1:
			value = strings.Replace(value, " ", " \\"+end+"# no"+end+"; none"+end, 1)
		case 2:
			value = "  " + value + "\t"
		}
		if rest, ok := strings.CutPrefix(name, "Unit."); ok {
			unit = append(unit, rest+"="+value)
			continue
		}
		equals := "="
		if random.IntN(20) == 0 {
			equals = " = "
		}
		service = append(service, name+equals+value)
	}
	switch random.IntN(30) {
	case 0:
		service = append(service, "NoNewPrivileges", "=yes", "# PrivateTmp=yes", "; x")
	case 1:
		service = append(service, "[X-Other]", "NoNewPrivileges=yes", "[Bogus]", "PrivateTmp=yes", "[Service]", "PrivateUsers=yes")
	case 2:
		service = append(service, "ProtectHome=yes\xff", "nonewprivileges=yes")
	case 3:
		service = append(service, "SyslogIdentifier="+strings.Repeat("x", 5000), "PrivateTmp=yes")
	}
	bom := ""
	if random.IntN(20) == 0 {
		bom = "\ufeff"
	}
	return bom + strings.Join(append(append(append([]string{"[Unit]"}, unit...), "[Service]"), service...), end) + end
}

func valueOf(random *rand.Rand, pick func([]string) string, name string) string {
	bag := bags[name]
	if bag == nil {
		if pool := pools[name]; pool != nil {
			return pick(pool)
		}
		return pick(booleans)
	}
	words := make([]string, 0, 8)
	for range random.IntN(6) {
		words = append(words, pick(bag))
	}
	switch random.IntN(12) {
	case 0:
		return ""
	case 1:
		return "~"
	case 2:
		words = bag
	}
	text := strings.Join(words, " ")
	if random.IntN(3) == 0 {
		text = "~" + text
	}
	return text
}

// order is the names of all directives, in an order that does not change.
var order = func() []string {
	names := append([]string{}, plain...)
	for n := range strings.FieldsSeq(`AmbientCapabilities CapabilityBoundingSet Delegate DeviceAllow DevicePolicy DynamicUser IPAddressAllow IPAddressDeny
		IPIngressFilterPath KeyringMode LoadCredentialEncrypted SetCredentialEncrypted MountImages NotifyAccess ProcSubset ProtectHome ProtectProc
		ProtectSystem RestrictAddressFamilies RestrictNamespaces SystemCallFilter SystemCallArchitectures RootDirectory RootImage SupplementaryGroups
		UMask User Unit.DefaultDependencies`) {
		if pools[n] == nil {
			panic(fmt.Sprint("no values of ", n))
		}
		names = append(names, n)
	}
	return names
}()

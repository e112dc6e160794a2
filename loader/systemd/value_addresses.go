package systemd

import (
	"net/netip"
	"strconv"
	"strings"
)

const addressNames = " any localhost link-local multicast "

// isAddressRange reports whether a word is an address, with the length of its prefix or without, or one of the names for such.
func isAddressRange(word string) bool {
	if inList(addressNames)(word) {
		return true
	}
	text, length, ok := strings.Cut(word, "/")
	address, err := netip.ParseAddr(text)
	if err != nil || address.Zone() != "" {
		return false
	}
	if !ok {
		return true
	}
	n, isNumber := unsigned(length, 8)
	return isNumber && int(n) <= address.BitLen() //nolint:gosec // of eight bits
}

// listener is what is wanted of the place that a socket listens at.
func listener(directive, value string) string {
	switch {
	case vague(value) && (value[0] != '/' || directive != "ListenFIFO"):
		return ""
	case oneOf(directive, "ListenFIFO", "ListenSpecial", "ListenUSBFunction"):
		return onePath(value)
	case directive == "ListenMessageQueue":
		return onePath(value)
	case directive == "ListenNetlink":
		return netlink(value)
	case directive == "ListenSequentialPacket":
		if isSocketPath(value) || strings.HasPrefix(value, "vsock:") && isVirtualSocket(value) {
			return ""
		}
		return "an absolute path, or a name behind @"
	case isSocketPath(value), isPort(value), isAddressAndPort(value), isVirtualSocket(value):
		return ""
	case strings.Contains(value, ":") && !strings.HasPrefix(value, "["):
		return "a port, an address and a port such as 127.0.0.1:80 or [::1]:80, or an absolute path; systemd resolves no names"
	}
	return "a port, an address and a port such as 127.0.0.1:80 or [::1]:80, or an absolute path"
}

// maxSocket is how long the path of a socket may be.
const maxSocket = 108

func isSocketPath(text string) bool {
	return strings.IndexByte("/@", text[0]) >= 0 && len(text) > 1 && len(text) < maxSocket
}

func isPort(text string) bool {
	n, ok := unsigned(text, 16)
	return ok && n > 0
}

// isAddressAndPort reports whether a text is 127.0.0.1:80 or [::1]:80. A zone may follow in early versions.
func isAddressAndPort(text string) bool {
	colon := strings.LastIndexByte(text, ':')
	if colon < 1 || !isPort(text[colon+1:]) {
		return false
	}
	host, six := strings.CutPrefix(text[:colon], "[")
	host, closed := strings.CutSuffix(host, "]")
	address, err := netip.ParseAddr(host)
	return err == nil && six == closed && address.Is6() == six
}

// isVirtualSocket reports whether a text is vsock:CID:PORT, where the CID may be left out.
func isVirtualSocket(text string) bool {
	kind, rest, ok := strings.Cut(text, ":")
	id, port, both := strings.Cut(rest, ":")
	_, isNumber := unsigned(port, 32)
	_, isID := unsigned(id, 32)
	return ok && both && oneOf(kind, "vsock", "vsock-stream", "vsock-dgram", "vsock-seqpacket") && isNumber && (isID || id == "")
}

const netlinkFamilies = " route firewall inet-diag nflog xfrm selinux iscsi audit fib-lookup connector netfilter ip6-fw dnrtmsg kobject-uevent generic scsitransport ecryptfs rdma "

// netlink is what is wanted of a family of netlink and its group.
func netlink(value string) string {
	family, group, _ := strings.Cut(value, " ")
	_, isNumber := unsigned(family, 31)
	if !isNumber && !inList(netlinkFamilies)(family) {
		return "a family of netlink such as kobject-uevent, which " + show(family) + " is not" + nearestName(family, []string{netlinkFamilies})
	}
	if group = strings.TrimLeft(group, blanks); group != "" {
		if _, ok := unsigned(group, 32); !ok {
			return "the number of a group behind the family"
		}
	}
	return ""
}

// isBind reports whether a text says what ports may be bound: any, or family:protocol:ports, where each may be left out.
func isBind(text string) bool {
	if text == "any" {
		return true
	}
	p := strings.Split(text, ":")
	if oneOf(p[0], "ipv4", "ipv6") {
		if p = p[1:]; len(p) == 0 {
			return true
		}
	}
	if oneOf(p[0], "tcp", "udp") {
		if p = p[1:]; len(p) == 0 {
			return true
		}
	}
	return len(p) == 1 && (p[0] == "any" && strings.HasPrefix(text, "ipv") || isPorts(p[0]))
}

func isPorts(text string) bool {
	first, last, ranged := strings.Cut(text, "-")
	from, ok := unsigned(first, 16)
	if !ok || !ranged {
		return ok
	}
	to, ok := unsigned(last, 16)
	return ok && from <= to
}

// isNFTSet reports whether a word is source:family:table:set.
func isNFTSet(word string) bool {
	p := strings.Split(word, ":")
	return len(p) == 4 && oneOf(p[0], "cgroup", "user", "group") && oneOf(p[1], "arp", "bridge", "inet", "ip", "ip6", "netdev") && //nolint:mnd // its parts
		isVariable(p[2]) && isVariable(p[3])
}

// processors is what is wanted of a list of numbers and ranges of processors or memory nodes, or of a word instead.
func processors(value, word string) string {
	if value == word || open(value) {
		return ""
	}
	if !strings.ContainsAny(value, `"'`) {
		value = strings.ReplaceAll(value, ",", " ")
	}
	return named(value, literal, "processors such as 0-3", func(w string) bool { return vague(w) || isProcessors(w) })
}

// maxProcessors is how many systemd counts.
const maxProcessors = 8192

func isProcessors(text string) bool {
	first, last, ranged := strings.Cut(text, "-")
	from, ok := unsigned(first, 32)
	if !ok || from >= maxProcessors {
		return false
	}
	if !ranged {
		return true
	}
	to, ok := unsigned(last, 32)
	return ok && from <= to && to < maxProcessors
}

// decimalNumber reads digits only.
func decimalNumber(text string, most int) (int, bool) {
	if !all(text, digits) || len(text) > 9 {
		return 0, false
	}
	n, err := strconv.Atoi(text)
	return n, err == nil && n <= most
}

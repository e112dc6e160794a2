package systemd

import (
	"slices"
	"strings"
)

// familyNames are the address families that systemd 252 knows, in any case. Some have two names.
var familyNames = []string{
	"AF_ALG", "AF_APPLETALK", "AF_ASH", "AF_ATMPVC", "AF_ATMSVC", "AF_AX25", "AF_BLUETOOTH", "AF_BRIDGE", "AF_CAIF", "AF_CAN",
	"AF_DECNET", "AF_ECONET", "AF_IB", "AF_IEEE802154", "AF_INET", "AF_INET6", "AF_IPX", "AF_IRDA", "AF_ISDN", "AF_IUCV", "AF_KCM",
	"AF_KEY", "AF_LLC", "AF_MCTP", "AF_MPLS", "AF_NETBEUI", "AF_NETLINK", "AF_NETROM", "AF_NFC", "AF_PACKET", "AF_PHONET", "AF_PPPOX",
	"AF_QIPCRTR", "AF_RDS", "AF_ROSE", "AF_RXRPC", "AF_SECURITY", "AF_SMC", "AF_SNA", "AF_TIPC", "AF_UNIX", "AF_VSOCK", "AF_WANPIPE",
	"AF_X25", "AF_XDP",
}

// AddressFamily reads the name of an address family, in any case, as the name that it is listed by. The position is its own among
// those that are known, below 64.
func AddressFamily(word string) (name string, position int, ok bool) {
	name = strings.ToUpper(word)
	switch name {
	case "AF_LOCAL", "AF_FILE":
		name = "AF_UNIX"
	case "AF_ROUTE":
		name = "AF_NETLINK"
	}
	position = slices.Index(familyNames, name)
	return name, position, position >= 0
}

// families computes the exact filter: names that are allowed, names with "~" that are denied, or "none". The first assignment
// decides which, until a reset.
func (f *folder) families(a Assignment) {
	if !a.Known {
		f.filter(a)
		return
	}
	if a.Text == "" || a.Text == "none" {
		f.reset()
		f.mode = unset
		if a.Text == "none" {
			f.add("none", a.Index)
		}
		return
	}
	rest, inverted := signed(a.Text)
	f.p.Absent = false
	f.p.Values = slices.DeleteFunc(f.p.Values, func(v Value) bool { return v.Text == "none" })
	if f.mode == unset {
		f.mode = allowing
		if inverted {
			f.mode = denying
		}
	}
	for _, w := range splitWords(rest, literal) {
		name, _, ok := AddressFamily(w)
		if !ok {
			continue
		}
		if f.mode == denying {
			name = "~" + name
		}
		f.put(name, a.Index, inverted == (f.mode == denying))
	}
	if len(f.p.Values) == 0 && f.mode == allowing {
		f.add("none", a.Index)
	}
}

package exposure

import (
	"slices"
	"strconv"
	"strings"

	"github.com/nixlint/nixlint/loader/systemd"
)

// capabilities reads a set by number. An assignment replaces one that is still as it starts (all for CapabilityBoundingSet=, none
// for AmbientCapabilities=), and so does one that names no capability.
func capabilities(m *model, d directive, s state, text string) state {
	rest, inverted := strings.CutPrefix(text, "~")
	words, _ := systemd.Split(systemd.Capabilities, rest)
	var named uint64
	for _, w := range words {
		if n, ok := systemd.Capability(w); ok && (n < 63 || m.version < 257) {
			named |= 1 << n
		}
	}
	switch {
	case named == 0, !s.stated, s.bits == firstCapabilities(d) && (d == ambientCapabilities || m.version < 262):
		s = state{stated: true, bits: named}
		if inverted {
			s.bits = ^named
		}
	case inverted:
		s.bits &^= named
	default:
		s.bits |= named
	}
	return s
}

// firstCapabilities is the set without an assignment.
func firstCapabilities(d directive) uint64 {
	if d == ambientCapabilities {
		return 0
	}
	return ^uint64(0)
}

func capabilityStates(*model, directive) []state {
	return []state{{}, {stated: true}, {stated: true, bits: ^uint64(0)}}
}

// The namespaces that stay allowed.
const (
	namespaceCgroup = 1 << iota
	namespaceIpc
	namespaceMnt
	namespaceNet
	namespacePid
	namespaceUser
	namespaceUts
	namespaceAll = 1<<iota - 1
)

var namespaceBits = map[string]uint64{
	"cgroup": namespaceCgroup, "ipc": namespaceIpc, "mnt": namespaceMnt, "net": namespaceNet, "pid": namespacePid,
	"user": namespaceUser, "uts": namespaceUts, "time": 0,
}

// namespaces reads a boolean, which replaces, or a list, which merges. One bad name spoils a list.
func namespaces(_ *model, _ directive, s state, text string) state {
	if text == "" {
		return state{}
	}
	if b, ok := systemd.ParseBoolean(text); ok {
		if b {
			return state{stated: true}
		}
		return state{stated: true, bits: namespaceAll}
	}
	rest, inverted := strings.CutPrefix(text, "~")
	words, ok := systemd.Split(systemd.Namespaces, rest)
	if !ok {
		return s
	}
	var named uint64
	for _, w := range words {
		bit, ok := namespaceBits[w]
		if !ok {
			return s
		}
		named |= bit
	}
	if !s.stated {
		s.stated = true
		if inverted {
			s.bits = namespaceAll
		}
	}
	if inverted {
		s.bits &^= named
	} else {
		s.bits |= named
	}
	return s
}

func namespaceStates(*model, directive) []state {
	return []state{{}, {stated: true}, {stated: true, bits: namespaceAll}}
}

// The address families that rows tell apart. The bits of a set are by systemd.AddressFamily.
var (
	familyUnix    = familyBits("AF_UNIX")
	familyInet    = familyBits("AF_INET", "AF_INET6")
	familyNetlink = familyBits("AF_NETLINK")
	familyPacket  = familyBits("AF_PACKET")
	familyOther   = ^(familyUnix | familyInet | familyNetlink | familyPacket)
)

func familyBits(names ...string) (bits uint64) {
	for _, n := range names {
		if _, at, ok := systemd.AddressFamily(n); ok {
			bits |= 1 << at
		}
	}
	return bits
}

// families reads a filter. The first assignment fixes whether it allows or denies; "none" is the empty list of what is allowed, after which
// the next assignment is a first one again.
func families(m *model, _ directive, s state, text string) state {
	switch text {
	case "":
		return state{}
	case "none":
		return state{allows: true}
	}
	rest, inverted := strings.CutPrefix(text, "~")
	if !s.stated {
		s = state{stated: true, allows: !inverted}
	}
	words, _ := systemd.Split(systemd.Families, rest)
	for _, w := range words {
		_, at, ok := systemd.AddressFamily(w)
		switch {
		case !ok && m.version >= 262:
			return s
		case !ok:
		case inverted == s.allows:
			s.bits &^= 1 << at
		default:
			s.bits |= 1 << at
		}
	}
	return s
}

func familyStates(*model, directive) []state {
	all := ^uint64(0)
	return []state{{}, {allows: true}, {stated: true, allows: true}, {stated: true, allows: true, bits: all}, {stated: true}, {stated: true, bits: all}}
}

// filter reads a filter of system calls. The first assignment fixes whether it allows or denies; one that allows always has @default.
// What the tables do not have makes no difference to a row.
func filter(m *model, _ directive, s state, text string) state {
	if text == "" {
		return state{}
	}
	rest, inverted := strings.CutPrefix(text, "~")
	if !s.stated {
		s = state{stated: true, allows: !inverted}
		if s.allows {
			s.calls = m.named["@default"]
		}
	}
	words, _ := systemd.Split(systemd.Syscalls, rest)
	for _, w := range words {
		name, number, numbered := strings.Cut(w, ":")
		if numbered && (!inverted || !errorNumber(number)) {
			continue
		}
		named, ok := m.named[name]
		if !ok && strings.HasPrefix(name, "@") {
			continue
		}
		s.bits = filtering
		if inverted == s.allows {
			s.calls = s.calls.without(named)
		} else {
			s.calls = s.calls.with(named)
		}
	}
	return s
}

// filtering is the bit of a filter that names a call or a group.
const filtering = 1

func filterStates(*model, directive) []state {
	all := callSet{^uint64(0), ^uint64(0)}
	return []state{
		{},
		{stated: true, allows: true, bits: filtering},
		{stated: true, allows: true, bits: filtering, calls: all},
		{stated: true},
		{stated: true, bits: filtering},
		{stated: true, bits: filtering, calls: all},
	}
}

// errorNumber reports whether a call may be denied with this: the name of an error, its number, or "kill".
func errorNumber(text string) bool {
	if n, err := strconv.Atoi(text); err == nil {
		return n >= 0 && n < 4096
	}
	return text == "kill" || slices.Contains(errorNames, text)
}

var errorNames = strings.Fields(`E2BIG EACCES EADDRINUSE EADDRNOTAVAIL EADV EAFNOSUPPORT EAGAIN EALREADY EBADE EBADF EBADFD EBADMSG EBADR EBADRQC EBADSLT
	EBFONT EBUSY ECANCELED ECHILD ECHRNG ECOMM ECONNABORTED ECONNREFUSED ECONNRESET EDEADLK EDEADLOCK EDESTADDRREQ EDOM EDOTDOT EDQUOT EEXIST
	EFAULT EFBIG EHOSTDOWN EHOSTUNREACH EHWPOISON EIDRM EILSEQ EINPROGRESS EINTR EINVAL EIO EISCONN EISDIR EISNAM EKEYEXPIRED EKEYREJECTED
	EKEYREVOKED EL2HLT EL2NSYNC EL3HLT EL3RST ELIBACC ELIBBAD ELIBEXEC ELIBMAX ELIBSCN ELNRNG ELOOP EMEDIUMTYPE EMFILE EMLINK EMSGSIZE
	EMULTIHOP ENAMETOOLONG ENAVAIL ENETDOWN ENETRESET ENETUNREACH ENFILE ENOANO ENOBUFS ENOCSI ENODATA ENODEV ENOENT ENOEXEC ENOKEY ENOLCK
	ENOLINK ENOMEDIUM ENOMEM ENOMSG ENONET ENOPKG ENOPROTOOPT ENOSPC ENOSR ENOSTR ENOSYS ENOTBLK ENOTCONN ENOTDIR ENOTEMPTY ENOTNAM
	ENOTRECOVERABLE ENOTSOCK ENOTSUP ENOTTY ENOTUNIQ ENXIO EOPNOTSUPP EOVERFLOW EOWNERDEAD EPERM EPFNOSUPPORT EPIPE EPROTO EPROTONOSUPPORT
	EPROTOTYPE ERANGE EREMCHG EREMOTE EREMOTEIO ERESTART ERFKILL EROFS ESHUTDOWN ESOCKTNOSUPPORT ESPIPE ESRCH ESRMNT ESTALE ESTRPIPE ETIME
	ETIMEDOUT ETOOMANYREFS ETXTBSY EUCLEAN EUNATCH EUSERS EWOULDBLOCK EXDEV EXFULL`)

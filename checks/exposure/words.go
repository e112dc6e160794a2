package exposure

import (
	"encoding/base64"
	"net/netip"
	"path"
	"strconv"
	"strings"

	"github.com/nixlint/nixlint/loader/systemd"
)

// userName tells apart what rows tell apart.
const (
	userUnset = iota
	userRoot
	userNobody
	userOther
)

func userName(_ *model, _ directive, _ state, text string) state {
	switch text {
	case "":
		return state{}
	case "root", "0":
		return state{stated: true, bits: userRoot}
	case "nobody":
		return state{stated: true, bits: userNobody}
	}
	return state{stated: true, bits: userOther}
}

func userStates(*model, directive) []state {
	return []state{{}, {stated: true, bits: userRoot}, {stated: true, bits: userNobody}, {stated: true, bits: userOther}}
}

// some is the state of a list that is not empty.
var some = state{stated: true, bits: 1}

// groups reads the names of groups. One that is no name makes systemd refuse the unit.
func groups(_ *model, _ directive, _ state, text string) state {
	if text == "" {
		return state{}
	}
	return some
}

// root reads the path of a root: bits is 1 for another one than the root of the system.
func root(_ *model, _ directive, s state, text string) state {
	if text == "" {
		return state{}
	}
	if !absolute(text) {
		return s
	}
	s = state{stated: true}
	if path.Clean(text) != "/" {
		s.bits = 1
	}
	return s
}

func rootStates(*model, directive) []state {
	return []state{{}, {stated: true}, {stated: true, bits: 1}}
}

// absolute reports whether systemd takes a path: it is absolute and does not go back up.
func absolute(text string) bool {
	return strings.HasPrefix(text, "/") && len(text) < 4096 && !strings.Contains(text+"/", "/../")
}

func paths(_ *model, _ directive, s state, text string) state {
	switch {
	case text == "":
		return state{}
	case absolute(text):
		return some
	}
	return s
}

// images reads SOURCE:DESTINATION[:OPTIONS…].
func images(_ *model, _ directive, s state, text string) state {
	if text == "" {
		return state{}
	}
	words, _ := systemd.Split(systemd.Words, text)
	for _, w := range words {
		from, to, _ := strings.Cut(strings.TrimPrefix(w, "-"), ":")
		to, _, _ = strings.Cut(to, ":")
		if absolute(from) && absolute(to) {
			s = some
		}
	}
	return s
}

// devices reads a device, or a class of them, with its permissions.
func devices(_ *model, _ directive, s state, text string) state {
	if text == "" {
		return state{}
	}
	words, ok := systemd.Split(systemd.Words, text)
	if !ok || len(words) > 2 || len(words) == 2 && strings.Trim(words[1], "rwm") != "" {
		return s
	}
	device := words[0]
	if strings.HasPrefix(device, "block-") || strings.HasPrefix(device, "char-") {
		return some
	}
	at := path.Clean(device) + "/"
	if absolute(device) && (strings.HasPrefix(at, "/dev/") || strings.HasPrefix(at, "/run/systemd/inaccessible/")) {
		return some
	}
	return s
}

// credential reads ID[:PATH], or ID:DATA.
func credential(_ *model, d directive, s state, text string) state {
	if text == "" {
		return state{}
	}
	id, value, _ := strings.Cut(text, ":")
	switch {
	case !credentialName(id):
	case d == setCredentialEncrypted:
		data, err := base64.StdEncoding.Strict().DecodeString(strings.Join(strings.Fields(value), ""))
		if err == nil && len(data) > 0 {
			return some
		}
	case value == "", absolute(value), credentialName(value):
		return some
	}
	return s
}

func credentialName(name string) bool {
	return name != "" && name != "." && name != ".." && len(name) <= 255 &&
		!strings.ContainsFunc(name, func(r rune) bool { return r < ' ' || r > '~' || r == ':' || r == '/' })
}

// delegation reads a boolean or controllers; the empty assignment delegates none of them, but does delegate.
func delegation(_ *model, _ directive, s state, text string) state {
	if b, ok := systemd.ParseBoolean(text); ok && !b {
		return state{stated: true}
	}
	if _, ok := systemd.Split(systemd.Delegation, text); !ok {
		return s
	}
	return some
}

// The bits of SystemCallArchitectures=.
const (
	native = 1 << iota
	foreign
)

var architectureNames = strings.Fields(`x86 x86-64 x32 arm arm64 loongarch64 mips mips64 mips64-n32 mips-le mips64-le mips64-le-n32
	parisc parisc64 ppc ppc64 ppc64-le riscv64 s390 s390x`)

func architectures(_ *model, _ directive, s state, text string) state {
	if text == "" {
		return state{}
	}
	words, _ := systemd.Split(systemd.Words, text)
	for _, w := range words {
		if w == "native" {
			s.bits |= native
		}
		for _, a := range architectureNames {
			if w == a {
				s.bits |= foreign
			}
		}
	}
	return s
}

func architectureStates(*model, directive) []state {
	return []state{{}, {bits: native}, {bits: foreign}}
}

// defaultMask is the mask of files when none is set.
const defaultMask = 0o022

func umask(_ *model, _ directive, s state, text string) state {
	n, err := strconv.ParseUint(text, 8, 32)
	if err != nil || n > 0o7777 {
		return s
	}
	return state{stated: true, bits: n}
}

func umaskStates(*model, directive) []state {
	var out []state
	for _, mask := range []uint64{0, 0o002, 0o006, 0o026, 0o077} {
		out = append(out, state{stated: true, bits: mask})
	}
	return out
}

// The bits of IPAddressAllow= and IPAddressDeny=.
const (
	all4 = 1 << iota
	all6
	localhost
	elsewhere
	everywhere = all4 | all6 | elsewhere
)

// addresses reads prefixes, of which rows tell apart everything, the machine itself, and others.
func addresses(_ *model, _ directive, s state, text string) state {
	if text == "" {
		return state{}
	}
	for w := range strings.FieldsSeq(text) {
		s.bits |= prefixBits(w)
	}
	return s
}

func prefixBits(word string) uint64 {
	switch word {
	case "any":
		return everywhere
	case "link-local", "multicast":
		return elsewhere
	}
	if isLocalhost(word) {
		return localhost
	}
	p, ok := prefix(word)
	switch {
	case !ok:
		return 0
	case p.Bits() == 0 && p.Addr().Is4():
		return all4 | elsewhere
	case p.Bits() == 0:
		return all6 | elsewhere
	case p.Addr().IsLoopback() && !p.Addr().Is4In6():
		return localhost
	}
	return elsewhere
}

func isLocalhost(word string) bool {
	word = strings.TrimSuffix(strings.ToLower(word), ".")
	return word == "localhost" || word == "localhost.localdomain" ||
		strings.HasSuffix(word, ".localhost") || strings.HasSuffix(word, ".localhost.localdomain")
}

func prefix(word string) (netip.Prefix, bool) {
	text, length, limited := strings.Cut(word, "/")
	a, err := netip.ParseAddr(text)
	if err != nil || a.Zone() != "" {
		return netip.Prefix{}, false
	}
	bits := a.BitLen()
	if limited {
		n, err := strconv.ParseUint(length, 0, 8)
		if err != nil || int(n) > bits {
			return netip.Prefix{}, false
		}
		bits = int(n)
	}
	p, err := a.Prefix(bits)
	return p, err == nil
}

func addressStates(*model, directive) []state {
	return []state{{}, {bits: localhost}, {bits: everywhere}, {bits: elsewhere}}
}

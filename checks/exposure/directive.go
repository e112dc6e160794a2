package exposure

import (
	"slices"

	"github.com/nixlint/nixlint/loader/systemd"
)

// directive is one that a row reads.
type directive uint8

const (
	ambientCapabilities directive = iota
	capabilityBoundingSet
	defaultDependencies
	delegate
	deviceAllow
	devicePolicy
	dynamicUser
	ipAddressAllow
	ipAddressDeny
	ipEgressFilterPath
	ipIngressFilterPath
	keyringMode
	loadCredentialEncrypted
	lockPersonality
	memoryDenyWriteExecute
	mountImages
	noNewPrivileges
	notifyAccess
	privateDevices
	privateMounts
	privateNetwork
	privateTmp
	privateUsers
	procSubset
	protectClock
	protectControlGroups
	protectHome
	protectHostname
	protectKernelLogs
	protectKernelModules
	protectKernelTunables
	protectProc
	protectSystem
	removeIPC
	restrictAddressFamilies
	restrictNamespaces
	restrictRealtime
	restrictSUIDSGID
	rootDirectory
	rootImage
	setCredentialEncrypted
	supplementaryGroups
	systemCallArchitectures
	systemCallFilter
	uMask
	user
	directives
)

// state is what the assignments of a directive amount to. The zero state is that of none.
type state struct {
	stated bool
	allows bool // of filters: what is listed is allowed, not denied
	bits   uint64
	calls  callSet
}

// reader is how the assignments of a directive are read: the state that one more of them leads to. The empty one resets
// where that is not said otherwise.
type reader struct {
	name   string
	read   func(m *model, d directive, s state, text string) state
	states func(m *model, d directive) []state
}

// readers are by directive.
var readers = [directives]reader{
	ambientCapabilities:     {"AmbientCapabilities", capabilities, capabilityStates},
	capabilityBoundingSet:   {"CapabilityBoundingSet", capabilities, capabilityStates},
	defaultDependencies:     {"DefaultDependencies", choice, choiceStates},
	delegate:                {"Delegate", delegation, listStates},
	deviceAllow:             {"DeviceAllow", devices, listStates},
	devicePolicy:            {"DevicePolicy", choice, choiceStates},
	dynamicUser:             {"DynamicUser", choice, choiceStates},
	ipAddressAllow:          {"IPAddressAllow", addresses, addressStates},
	ipAddressDeny:           {"IPAddressDeny", addresses, addressStates},
	ipEgressFilterPath:      {"IPEgressFilterPath", paths, listStates},
	ipIngressFilterPath:     {"IPIngressFilterPath", paths, listStates},
	keyringMode:             {"KeyringMode", choice, choiceStates},
	loadCredentialEncrypted: {"LoadCredentialEncrypted", credential, listStates},
	lockPersonality:         {"LockPersonality", choice, choiceStates},
	memoryDenyWriteExecute:  {"MemoryDenyWriteExecute", choice, choiceStates},
	mountImages:             {"MountImages", images, listStates},
	noNewPrivileges:         {"NoNewPrivileges", choice, choiceStates},
	notifyAccess:            {"NotifyAccess", choice, choiceStates},
	privateDevices:          {"PrivateDevices", choice, choiceStates},
	privateMounts:           {"PrivateMounts", choice, choiceStates},
	privateNetwork:          {"PrivateNetwork", choice, choiceStates},
	privateTmp:              {"PrivateTmp", choice, choiceStates},
	privateUsers:            {"PrivateUsers", choice, choiceStates},
	procSubset:              {"ProcSubset", choice, choiceStates},
	protectClock:            {"ProtectClock", choice, choiceStates},
	protectControlGroups:    {"ProtectControlGroups", choice, choiceStates},
	protectHome:             {"ProtectHome", choice, choiceStates},
	protectHostname:         {"ProtectHostname", choice, choiceStates},
	protectKernelLogs:       {"ProtectKernelLogs", choice, choiceStates},
	protectKernelModules:    {"ProtectKernelModules", choice, choiceStates},
	protectKernelTunables:   {"ProtectKernelTunables", choice, choiceStates},
	protectProc:             {"ProtectProc", choice, choiceStates},
	protectSystem:           {"ProtectSystem", choice, choiceStates},
	removeIPC:               {"RemoveIPC", choice, choiceStates},
	restrictAddressFamilies: {"RestrictAddressFamilies", families, familyStates},
	restrictNamespaces:      {"RestrictNamespaces", namespaces, namespaceStates},
	restrictRealtime:        {"RestrictRealtime", choice, choiceStates},
	restrictSUIDSGID:        {"RestrictSUIDSGID", choice, choiceStates},
	rootDirectory:           {"RootDirectory", root, rootStates},
	rootImage:               {"RootImage", root, rootStates},
	setCredentialEncrypted:  {"SetCredentialEncrypted", credential, listStates},
	supplementaryGroups:     {"SupplementaryGroups", groups, listStates},
	systemCallArchitectures: {"SystemCallArchitectures", architectures, architectureStates},
	systemCallFilter:        {"SystemCallFilter", filter, filterStates},
	uMask:                   {"UMask", umask, umaskStates},
	user:                    {"User", userName, userStates},
}

// section is where a directive stands.
func (d directive) section() string {
	if d == defaultDependencies {
		return "Unit"
	}
	return "Service"
}

// no and yes are the positions of these words in every list of words that has them.
const (
	no  = 0
	yes = 1
)

var boolean = []string{"no", "yes"}

// Positions of words in the lists of choicesOf.
const (
	policyAuto, notifyAll, keyringPrivate           = 0, 3, 1
	homeReadOnly, homeTmpfs                         = 2, 3
	systemFull, systemStrict                        = 2, 3
	procDefault, procNoAccess, subsetAll, subsetPID = 0, 1, 0, 1
)

// choicesOf are the words of a directive in a version, those of a boolean first.
func choicesOf(d directive, version int) []string {
	later := func(since int, words ...string) []string {
		if version < since {
			return boolean
		}
		return append(slices.Clone(boolean), words...)
	}
	switch d { //nolint:exhaustive // the others are booleans, or no choices
	case devicePolicy:
		return []string{"auto", "closed", "strict"}
	case keyringMode:
		return []string{"inherit", "private", "shared"}
	case notifyAccess:
		return []string{"none", "main", "exec", "all"}
	case privateTmp:
		return later(257, "connected", "disconnected")
	case privateUsers:
		if version >= 262 {
			return later(262, "self", "identity", "full", "managed")
		}
		return later(257, "self", "identity")
	case procSubset:
		return []string{"all", "pid"}
	case protectControlGroups:
		return later(257, "private", "strict")
	case protectHome:
		return []string{"no", "yes", "read-only", "tmpfs"}
	case protectHostname:
		return later(262, "private")
	case protectProc:
		return []string{"default", "noaccess", "invisible", "ptraceable"}
	case protectSystem:
		return []string{"no", "yes", "full", "strict"}
	}
	return boolean
}

// choice reads a word of a list. One that is not in it is ignored, and so is the empty assignment, except where a third
// state means that nothing is said.
func choice(m *model, d directive, s state, text string) state {
	if text == "" && d == privateMounts && m.version >= 254 {
		return state{}
	}
	words := m.choices[d]
	at := slices.Index(words, text)
	if b, ok := systemd.ParseBoolean(text); ok && words[no] == "no" {
		at = no
		if b {
			at = yes
		}
	}
	if at < 0 {
		return s
	}
	return state{stated: true, bits: uint64(at)}
}

func choiceStates(m *model, d directive) []state {
	out := []state{{}}
	for i := range choicesOf(d, m.version) {
		out = append(out, state{stated: true, bits: uint64(i)})
	}
	return out
}

// listStates are those of a list of which it matters only whether it is empty.
func listStates(*model, directive) []state { return []state{{}, {stated: true, bits: 1}} }

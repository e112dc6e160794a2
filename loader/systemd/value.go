package systemd

import (
	"slices"
	"sort"
	"strings"
	"unicode/utf8"
)

// Effect is what systemd does about a value that it does not read as it stands, in words that go behind a colon.
type Effect string

// The effects. All but Kept have the outcome that the value, or a word of a list, does not hold.
const (
	Ignored Effect = "systemd ignores it"
	Refused Effect = "systemd does not load the unit"
	Kept    Effect = "systemd takes it as it stands"
)

// Wanted says what a value should have been where every version of systemd from Oldest to Newest complains of it, or of a word of it, and
// what they do. It is empty for a value that some version reads. Pieces that are not known, <unknown: …>, may be anything; so may what a
// specifier stands for, where systemd expands them. Of these the values are not looked at: free text and labels, conditions but for
// paths and [Install], which systemd looks at only when it needs them, zones of calendars, which are those of the machine, and image
// policies, BPFDelegate…=, XAttr…=, OOMRules= and LUOSession=.
func Wanted(section, name, value string) (want string, effect Effect) {
	d, ok := find(section, name)
	value, _ = LogicalLine(value)
	if !ok {
		return "", ""
	}
	if value == "" {
		switch {
		case !scalar(d.kind) || d.resets != never:
			return "", ""
		case refuses(name, value):
			return "a value", Refused
		default:
			return "a value, as the empty one resets nothing", Ignored
		}
	}
	if !utf8.ValidString(value) {
		return "text in UTF-8", Ignored
	}
	value = masked(value)
	if d.kind == Commands {
		if want, effect = wantedCommand(value); want == "" {
			return "", ""
		}
		return want, effect
	}
	if want = d.wanted(value); want == "" {
		return "", ""
	}
	if refuses(name, value) {
		return want, Refused
	}
	return want, Ignored
}

// refuses lists what systemd will not do without.
func refuses(name, value string) bool {
	switch name {
	case "User", "Group", "SocketUser", "SocketGroup", "SupplementaryGroups", "RootDirectory", "RootImage", "RootVerity", "RootMStack", "DynamicUser":
		return true
	case "WorkingDirectory":
		return !strings.HasPrefix(value, "-")
	}
	return false
}

// hole stands for a piece of a value that is not known.
const hole = "\x00"

// masked replaces what stands for something else: a package by the path of its output, a piece that is not known by a hole.
func masked(value string) string {
	value = StorePaths(value)
	if !strings.Contains(value, "<") {
		return value
	}
	var b strings.Builder
	closed := true // the last one that was looked for: behind one that is not, none is looked for again
	for i := 0; i < len(value); {
		n := 0
		switch {
		case value[i] != '<':
		case strings.HasPrefix(value[i:], "<unknown"):
			if closed {
				n = placeholder(value[i:])
				closed = n > 0
			}
			n = max(n, len("<unknown")) // of one that is cut off it is not known where it would have ended
		default:
			name := value[i+1 : min(len(value), i+1+maxName)]
			if end := strings.IndexByte(name, '>'); end > 0 && all(name[:end], nameChars) {
				n = end + 2 // <nixpkgs>, an input that is not on disk
			}
		}
		if n > 0 {
			b.WriteString(hole)
			i += n
			continue
		}
		b.WriteByte(value[i])
		i++
	}
	return b.String()
}

const (
	digits    = "0123456789"
	letters   = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	nameChars = letters + digits + "_-"
)

// open reports whether a text has a piece that is not known; vague also whether it has a specifier.
func open(text string) bool { return strings.Contains(text, hole) }

func vague(text string) bool { return strings.ContainsAny(text, hole+"%") }

// all reports whether a text is not empty and made of the characters only.
func all(text, characters string) bool { return text != "" && strings.Trim(text, characters) == "" }

// wanted is what a value should have been, by the grammar of the directive.
func (d directive) wanted(value string) string {
	if want, ok := d.wantedName(value); ok {
		return want
	}
	switch d.kind { //nolint:exhaustive // the others have a grammar by name, or none
	case Boolean, Choice:
		return wantedWord(d.name, d.kind, value)
	case Timespan:
		return spanOf(value, timeUnits)
	case FileMode:
		return matching(value, isMode, "an octal mode such as 0750")
	case Number:
		return d.number(value)
	case Size:
		return d.size(value)
	case Signal:
		return matching(value, isSignal, "a signal such as SIGTERM", "SIG"+strings.ReplaceAll(signals, " ", " SIG"))
	case Path:
		return onePath(value)
	case UnitName:
		return unitOf(d.name, value)
	case Capabilities:
		return named(strings.TrimPrefix(value, "~"), literal, "capabilities", func(w string) bool { _, ok := Capability(w); return ok }, capabilityNames[:]...)
	case Families:
		return families(value)
	case Namespaces:
		if _, ok := ParseBoolean(value); ok {
			return ""
		}
		return named(strings.TrimPrefix(value, "~"), bare, "namespaces", isNamespace, namespaceNames...)
	case Syscalls:
		return calls(d.name, value)
	case Dependencies:
		return dependencies(d.name, value)
	case Variables:
		return variables(value)
	case Timers:
		if d.name == "OnCalendar" {
			return calendarOf(value)
		}
		if strings.Contains(value, "%") {
			return ""
		}
		return spanOf(value, timeUnits)
	case Listeners:
		return listener(d.name, value)
	case Watches:
		return onePath(value)
	case Conditions:
		return condition(d.name, value)
	}
	return ""
}

// wantedName is wanted for directives whose kind has several grammars; not ok for others.
func (d directive) wantedName(value string) (want string, ok bool) { //nolint:cyclop,funlen // one case a grammar
	switch d.name {
	case "User", "Group", "SocketUser", "SocketGroup":
		return matching(value, isUser, "the name of an account, or its number"), true
	case "SupplementaryGroups":
		return accounts(value), true
	case "RebootArgument", "JobTimeoutRebootArgument":
		return matching(value, isASCII, "text in ASCII"), true
	case "BusName":
		return matching(value, isBusName, "a name on the bus such as org.example.Notes"), true
	case "WorkingDirectory":
		return workingDirectory(value), true
	case "PIDFile":
		if value[0] != '/' {
			value = "/run/" + value
		}
		return onePath(value), true
	case "RootHash":
		return matching(value, isRootHash, "an absolute path, or 32 or more hexadecimal digits"), true
	case "RootHashSignature":
		return matching(value, isSignature, "an absolute path, or base64: and what it encodes"), true
	case "FileDescriptorName":
		return matching(value, isDescriptorName, "a name of printable characters without a colon"), true
	case "SystemCallErrorNumber":
		return matching(value, isErrorNumber, "the name of an error such as EPERM, or kill", listOf("SystemCallErrorNumber")), true
	case "IPTOS":
		return matching(value, isService, "a number up to 255, or one of "+services, services), true
	case "BindToDevice", "BindNetworkInterface":
		if value == "*" || strings.Contains(value, "%") {
			return "", true
		}
		return matching(value, func(s string) bool { return isInterface(s) && (len(s) < maxInterface || d.name != "BindToDevice") },
			"the name of a network interface"), true
	case "LogFilterPatterns":
		return matching(value, func(s string) bool { return s != "~" }, "an expression"), true
	case "RestrictNetworkInterfaces":
		return named(strings.TrimPrefix(value, "~"), literal, "network interfaces", isInterface), true
	case "LogNamespace":
		return matching(value, isNamespaceOfLogs, "a name of letters, digits and :_.@-"), true
	case "DelegateSubgroup":
		return matching(value, isSubgroup, "the name of a control group"), true
	case "ExecSearchPath":
		return colons(value), true
	case "CPUQuota":
		return matching(value, func(s string) bool { n, ok := permyriad(s); return ok && n > 0 }, "a share of a CPU such as 50% or 200%"), true
	case "ManagedOOMMemoryPressureLimit":
		return matching(value, isShare, "a share from 0% to 100%"), true
	case "ManagedOOMMemoryPressureDurationSec":
		if want := spanOf(value, timeUnits); want != "" {
			return want, true
		}
		n, _ := span(value, timeUnits)
		return matching(value, func(string) bool { return n >= 1e6 && n < infinity }, "a time span of a second or more"), true
	case "TimerSlackNSec":
		return spanOf(value, timeUnits+"nsec ns "), true
	case "StandardInput", "StandardOutput", "StandardError":
		return stream(d.name, d.kind, value), true
	case "ProtectHostname":
		word, host, named := strings.Cut(value, ":")
		if b, ok := ParseBoolean(word); named && (ok && !b || !vague(host) && !isHostName(host)) {
			return "yes or private, and a host name behind the colon", true
		}
		return wantedWord(d.name, d.kind, word), true
	case "Documentation":
		return documentation(value), true
	case "SystemCallArchitectures":
		words := listOf(d.name)
		return named(value, literal, "architectures", inList(words), words), true
	case "SecureBits":
		return named(value, literal, "secure bits", inList(secureBits), secureBits), true
	case "SuccessExitStatus", "RestartForceExitStatus", "RestartPreventExitStatus":
		return named(value, bare, "exit statuses or signals", isExitStatus, listOf("SuccessExitStatus"), signals), true
	case "CPUAffinity":
		return processors(value, "numa"), true
	case "NUMAMask":
		return processors(value, "all"), true
	case "AllowedCPUs", "StartupAllowedCPUs", "AllowedMemoryNodes", "StartupAllowedMemoryNodes":
		return processors(value, ""), true
	case "CoredumpFilter":
		words := listOf(d.name)
		return named(value, bare, "kinds of memory", func(w string) bool { return inList(words)(w) || isHex(w) }, words), true
	case "PassEnvironment":
		return named(value, literal, "environment variables", func(w string) bool { return vague(w) || isVariable(w) }), true
	case "UnsetEnvironment":
		return named(value, escaped, "environment variables", func(w string) bool {
			name, _, _ := strings.Cut(w, "=")
			return vague(name) || isVariable(name)
		}), true
	case "LogExtraFields":
		return logFields(value), true
	case "Delegate":
		if _, ok := ParseBoolean(value); ok {
			return "", true
		}
		words := listOf(d.name)
		return named(value, literal, "controllers", inList(words), words), true
	case "DisableControllers":
		return disabled(value), true
	case "IPAddressAllow", "IPAddressDeny":
		return named(value, bare, "addresses such as 10.0.0.0/8, ::1 or localhost", isAddressRange, addressNames), true
	case "RequiresMountsFor", "WantsMountsFor", "Symlinks":
		return paths(value, ""), true
	case "ReadWritePaths", "ReadOnlyPaths", "InaccessiblePaths", "ExecPaths", "NoExecPaths", "ReadWriteDirectories", "ReadOnlyDirectories",
		"InaccessibleDirectories", "ExtensionDirectories":
		return paths(value, "-+"), true
	case "BindPaths", "BindReadOnlyPaths":
		return binds(value), true
	case "TemporaryFileSystem":
		return temporary(value), true
	case "StateDirectory", "RuntimeDirectory", "CacheDirectory", "LogsDirectory", "ConfigurationDirectory":
		return directories(d.name, value), true
	case "EnvironmentFile":
		return onePath(strings.TrimPrefix(value, "-")), true
	case "IPIngressFilterPath", "IPEgressFilterPath":
		return onePath(value), true
	case "DeviceAllow":
		return device(value), true
	case "IODeviceWeight":
		return ofDevice(value, func(s string) bool { return within(s, 1, 10000) }, "a weight from 1 to 10000"), true
	case "BlockIODeviceWeight":
		return ofDevice(value, func(s string) bool { return within(s, 10, 1000) }, "a weight from 10 to 1000"), true
	case "IODeviceLatencyTargetSec":
		return ofDevice(value, func(s string) bool { _, ok := span(s, timeUnits); return ok }, "a time span such as 50ms"), true
	case "IOReadBandwidthMax", "IOWriteBandwidthMax", "IOReadIOPSMax", "IOWriteIOPSMax":
		return ofDevice(value, func(s string) bool { n, ok := bytes(s, 1000); return s == "infinity" || ok && n > 0 }, "a rate such as 5M or infinity"), true
	case "BlockIOReadBandwidth", "BlockIOWriteBandwidth":
		return ofDevice(value, func(s string) bool { n, ok := bytes(s, 1000); return ok && n > 0 }, "a rate such as 5M"), true
	case "SetCredential", "SetCredentialEncrypted":
		return setCredential(d.name, value), true
	case "LoadCredential", "LoadCredentialEncrypted":
		return loadCredential(value), true
	case "ImportCredential":
		return importCredential(value), true
	case "StandardInputText":
		return matching(value, unescapes, "text whose escapes are those of C"), true
	case "StandardInputData":
		return matching(value, isBase64, "data in Base64"), true
	case "OpenFile":
		return matching(value, isOpenFile, "path:name:options with an absolute path"), true
	case "SocketBindAllow", "SocketBindDeny":
		return matching(value, isBind, "any, or a family, a protocol and ports such as ipv4:tcp:80-90"), true
	case "BPFProgram":
		return program(value), true
	case "NFTSet":
		return named(value, literal, "sets such as cgroup:inet:filter:services", isNFTSet), true
	case "RestrictFileSystems":
		groups := listOf(d.name)
		return named(strings.TrimPrefix(value, "~"), literal, "file systems or their groups",
			func(w string) bool { return w[:min(1, len(w))] != "@" || inList(groups)(w) }, groups), true
	case "RootImageOptions":
		return imageOptions(value), true
	case "ExtensionImages":
		return images(value, false), true
	case "MountImages":
		return images(value, true), true
	case "RefreshOnReload":
		if _, ok := ParseBoolean(value); ok {
			return "", true
		}
		return named(strings.TrimPrefix(value, "~"), bare, "extensions, credentials, or yes or no", inList(" extensions credentials ")), true
	}
	return "", false
}

// matching is what is wanted of a value that does not read, and nothing of one that has an open piece. Words are those from which a near
// one is named.
func matching(value string, reads func(string) bool, want string, words ...string) string {
	if open(value) || reads(value) {
		return ""
	}
	return want + nearestName(value, words)
}

// named is what is wanted of the first word that is not known. Words are those from which a near one is named, or lists of such.
func named(value string, q quoting, what string, known func(string) bool, words ...string) string {
	for value = strings.TrimLeft(value, blanks); value != ""; value = strings.TrimLeft(value, blanks) {
		word, rest, ok := firstWord(value, q)
		if !ok {
			return unbalanced(value)
		}
		if !open(word) && !known(word) {
			return "names of " + what + ", which " + show(word) + " is not" + nearestName(word, words)
		}
		value = rest
	}
	return ""
}

// unbalanced is what is wanted of a value that cannot be split. A quote may end in a piece that is not known.
func unbalanced(value string) string {
	if open(value) {
		return ""
	}
	return "balanced quotes, and a character behind each backslash"
}

// show is a word in a message.
func show(word string) string {
	if word == "" {
		return `""`
	}
	return strings.ReplaceAll(word, hole, "…")
}

// nearestName adds the word that was probably meant, of words or of lists of them between blanks.
func nearestName(value string, words []string) string {
	best, least := "", max(1, len(value)/3)+1
	for _, list := range words {
		for w := range strings.FieldsSeq(list) {
			if abs(len(w)-len(value)) >= least {
				continue
			}
			if n := distance(strings.ToLower(value), strings.ToLower(w)); n < least {
				best, least = w, n
			}
		}
	}
	if best == "" {
		return ""
	}
	return " (did you mean " + best + "?)"
}

// listOf returns the words of a directive that takes several, each between blanks.
func listOf(name string) string {
	at := sort.Search(len(lists), func(i int) bool { return lists[i].name >= name })
	if at < len(lists) && lists[at].name == name {
		return lists[at].words
	}
	return ""
}

func inList(words string) func(string) bool {
	return func(w string) bool { return w != "" && strings.Contains(words, " "+w+" ") }
}

// ReadsLater reports whether a value of a choice is read by a later version than one that does not read it.
func ReadsLater(section, name, value string, version int) bool {
	d, ok := find(section, name)
	if !ok || d.kind != Boolean && d.kind != Choice {
		return false
	}
	if _, now := choose(name, d.kind, value, version); now {
		return false
	}
	_, ever := choose(name, d.kind, value, 0)
	return ever
}

func oneOf(value string, words ...string) bool { return slices.Contains(words, value) }

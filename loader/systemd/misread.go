package systemd

import (
	"regexp"
	"slices"
	"strings"
)

// Belongs lists the sections of a unit of a kind ("service") that have the directive.
func Belongs(kind, name string) []string {
	var out []string
	for _, section := range []string{"Unit", kind, "Install"} {
		if _, ok := find(section, name); ok {
			if i := slices.IndexFunc(sectionNames[:], func(s string) bool { return strings.EqualFold(s, section) }); i >= 0 {
				section = sectionNames[i]
			}
			out = append(out, section)
		}
	}
	return out
}

// Later reports whether a version after 252 has the directive, which the table does not.
func Later(name string) bool {
	_, ok := slices.BinarySearch(later, name)
	return ok
}

// later are the directives of systemd 253 to 261, ordered.
var later = []string{
	"AcceptFileDescriptors", "AssertFraction", "AssertKernelModuleLoaded", "AssertPathIsSocket", "AssertVersion", "BPFDelegateAttachments",
	"BPFDelegateCommands", "BPFDelegateMaps", "BPFDelegatePrograms", "BindLogSockets", "BindNetworkInterface", "CPUSetPartition",
	"CacheDirectoryAccounting", "CacheDirectoryQuota", "ConcurrencyHardMax", "ConcurrencySoftMax", "ConditionFraction",
	"ConditionKernelModuleLoaded", "ConditionPathIsSocket", "ConditionVersion", "CoredumpReceive", "DefaultStartupMemoryLow",
	"DeferReactivation", "DeferTrigger", "DeferTriggerMaxSec", "DelegateNamespaces", "DelegateSubgroup", "ExecReloadPost",
	"ExtensionImagePolicy", "FileDescriptorStorePreserve", "ImportCredential", "LandlockConfig", "LogFilterPatterns", "LogsDirectoryAccounting",
	"LogsDirectoryQuota", "ManagedOOMMemoryPressureDurationSec", "MemoryKSM", "MemoryPressureThresholdSec", "MemoryPressureWatch",
	"MemoryTHP", "MemoryZSwapMax", "MemoryZSwapWriteback", "MountImagePolicy", "NFTSet", "OpenFile", "PassFileDescriptorsToExec",
	"PassPIDFD", "PollLimitBurst", "PollLimitIntervalSec", "PrivateBPF", "PrivatePIDs", "RandomizedOffsetSec", "RefreshOnReload",
	"ReloadSignal", "RestartMaxDelaySec", "RestartMode", "RestartSteps", "RootEphemeral", "RootImagePolicy", "RootMStack",
	"SetLoginEnvironment", "StartupMemoryHigh", "StartupMemoryLow", "StartupMemoryMax", "StartupMemorySwapMax", "StartupMemoryZSwapMax",
	"StateDirectoryAccounting", "StateDirectoryQuota", "SurviveFinalKillSignal", "UserNamespacePath", "WantsMountsFor",
	"XAttrAccept", "XAttrEntryPoint", "XAttrListen",
}

// HasSection reports whether a unit of a kind has the section, and whether the kind is one that the table knows.
func HasSection(kind, section string) (has, known bool) {
	if kind == "target" {
		return section == "Unit" || section == "Install", true
	}
	i := slices.IndexFunc(sectionNames[:], func(s string) bool { return strings.EqualFold(s, kind) })
	if i < 0 {
		return true, false
	}
	return section == "Unit" || section == "Install" || section == sectionNames[i], true
}

var (
	octal    = regexp.MustCompile(`^[0-7]+$`)
	unitName = regexp.MustCompile(`^[A-Za-z0-9:_.\\@%-]+\.(?:service|socket|device|mount|automount|swap|target|path|timer|slice|scope)$`)
)

// Wanted says what a value should have been where systemd would ignore it with a line in its log, and is empty for a value that is
// read. Of a list only the words that are ignored count. Values with specifiers or pieces that are not known are let pass.
func Wanted(section, name, value string) string {
	value = strings.TrimSpace(value)
	d, ok := find(section, name)
	if !ok || value == "" || strings.ContainsAny(value, "%<") {
		return ""
	}
	switch d.kind { //nolint:exhaustive // of the others every value is read, or nothing is known
	case Boolean, Choice:
		return wantedWord(name, d.kind, value)
	case Timespan:
		if !timespan(value) {
			return "a time span such as 90 or 1min 30s"
		}
	case FileMode:
		if !octal.MatchString(value) {
			return "an octal mode such as 0750"
		}
	case Capabilities:
		for word := range strings.FieldsSeq(strings.TrimPrefix(value, "~")) {
			if _, ok := Capability(word); !ok {
				return "names of capabilities, which " + word + " is not"
			}
		}
	case Dependencies:
		for word := range strings.FieldsSeq(value) {
			if !unitName.MatchString(word) && name != "RequiresMountsFor" && name != "Documentation" {
				return "names of units with their suffix, which " + word + " has not"
			}
		}
	}
	return ""
}

func wantedWord(name string, kind Kind, value string) string {
	if _, ok := choose(name, kind, value); ok {
		return ""
	}
	words := choices[name]
	if kind == Boolean && len(words) == 0 {
		return "yes or no"
	}
	return "one of " + strings.Join(words, ", ")
}

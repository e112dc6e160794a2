//go:build ignore

// Command gen writes table.go, choices_table.go and lists_table.go: the directives of several versions of systemd by section, with the
// kind of their values, what the empty assignment does, the words that a choice has or a list takes, and the versions that all of it
// holds in; and for the policies, the units that systemd ships.
//
// It is not run by go generate, because it needs those versions: scripts/systemd-versions fetches them.
//
//	scripts/systemd-versions /tmp/systemd && go run gen.go gen_probe.go gen_manual.go gen_lists.go -versions /tmp/systemd
//
// Names come from "systemd --dump-configuration-items" of each version, and what they do from "systemd-analyze verify". In which
// version between two that are probed something came is told by the manual pages ("Added in version"), else by NEWS; where neither
// says it, the first probed version that has it is taken. Kinds that the dump calls OTHER are named here.
package main

import (
	"bytes"
	"cmp"
	"flag"
	"fmt"
	"go/format"
	"log"
	"maps"
	"os"
	"slices"
	"strings"
)

var sections = []string{
	"Unit", "Service", "Socket", "Timer", "Path", "Mount", "Automount", "Swap", "Slice", "Scope", "Install",
}

// ofType gives the kind of what the dump names by type.
var ofType = map[string]string{
	"BOOLEAN": "Boolean", "STRING": "Text", "PATH": "Path", "UNIT": "UnitName", "SLICE": "UnitName", "SERVICE": "UnitName",
	"LABEL": "Text", "ERRNO": "Text", "TOS": "Text", "NETWORKINTERFACE": "Text", "INPUT": "Choice", "OUTPUT": "Choice",
	"UNSIGNED": "Number", "INTEGER": "Number", "LONG": "Number", "SHARES": "Number", "WEIGHT": "Number", "CPUWEIGHT": "Number",
	"NICE": "Number", "OOMSCOREADJUST": "Number", "IOPRIORITY": "Number", "CPUSCHEDPRIO": "Number",
	"MODE": "FileMode", "SECONDS": "Timespan", "NANOSECONDS": "Timespan", "SIZE": "Size", "LIMIT": "Size", "SIGNAL": "Signal",
	"ACCESS": "Choice", "ACTION": "Choice", "CPUSCHEDPOLICY": "Choice", "FACILITY": "Choice", "IOCLASS": "Choice",
	"KILLMODE": "Choice", "LEVEL": "Choice", "PERSONALITY": "Choice", "POLICY": "Choice", "SERVICEEXITTYPE": "Choice",
	"SERVICERESTART": "Choice", "SERVICERESTARTMODE": "Choice", "MOUNTFLAG": "Choice", "NODE": "Text", "REGEX": "Lines",
	"BPF_DELEGATE_COMMANDS": "Words", "BPF_DELEGATE_MAPS": "Words", "BPF_DELEGATE_PROGRAMS": "Words", "BPF_DELEGATE_ATTACHMENTS": "Words", "SERVICETYPE": "Choice", "SOCKETBIND": "Choice", "TIMEOUTMODE": "Choice", "MOUNTFLAG [...]": "Choice",
	"URL": "Words", "PATH [...]": "Words", "PATH[:PATH[:OPTIONS]] [...]": "Words", "ARCHS": "Words", "SECUREBITS": "Words",
	"STATUS": "Words", "CPUAFFINITY": "Words",
	"UNIT [...]": "Dependencies", "SOCKETS": "Dependencies",
	"FILE": "Lines", "DEVICE": "Lines", "DEVICEWEIGHT": "Lines", "DEVICELATENCY": "Lines", "BANDWIDTH": "Lines",
	"PATH [ARGUMENT [...]]": "Commands", "ENVIRON": "Variables", "BOUNDINGSET": "Capabilities", "SYSCALLS": "Syscalls",
	"FAMILIES": "Families", "NAMESPACES": "Namespaces", "FILESYSTEMS": "Filter",
	"CONDITION": "Conditions", "TIMER": "Timers", "SOCKET [...]": "Listeners",
}

// ofName gives the kind of a directive that the dump calls OTHER, or names by a type of another grammar.
var ofName = map[string]string{
	"Unit.RequiresOverridable": "Dependencies", "Unit.RequisiteOverridable": "Dependencies", "Unit.RequiresMountsFor": "Dependencies",
	"OnSuccessJobMode": "Choice", "OnFailureJobMode": "Choice", "CollectMode": "Choice",
	"JobTimeoutSec": "Timespan", "JobRunningTimeoutSec": "Timespan", "JobTimeoutRebootArgument": "Text", "RebootArgument": "Text",
	"FailureActionExitStatus": "Number", "SuccessActionExitStatus": "Number",
	"PIDFile": "Path", "TimeoutSec": "Timespan", "TimeoutStopSec": "Timespan", "TimeoutAbortSec": "Timespan", "TimeoutIdleSec": "Timespan",
	"BusName": "Text", "OOMPolicy": "Choice", "WorkingDirectory": "Path", "RootImageOptions": "Words", "RootHash": "Text",
	"RootHashSignature": "Text", "ExtensionImages": "Words", "MountImages": "Words", "User": "Text", "Group": "Text",
	"SocketUser": "Text", "SocketGroup": "Text", "SupplementaryGroups": "Words", "CoredumpFilter": "Words", "NUMAPolicy": "Choice",
	"NUMAMask": "Words", "PassEnvironment": "Words", "UnsetEnvironment": "Words", "StandardInputText": "Lines",
	"StandardInputData": "Lines", "TTYRows": "Number", "TTYColumns": "Number", "LogExtraFields": "Words", "KeyringMode": "Choice",
	"ProtectProc": "Choice", "ProcSubset": "Choice", "TemporaryFileSystem": "Words", "LogNamespace": "Text",
	"ProtectSystem": "Choice", "ProtectHome": "Choice", "MountAPIVFS": "Boolean", "RuntimeDirectoryPreserve": "Choice",
	"RuntimeDirectory": "Words", "StateDirectory": "Words", "CacheDirectory": "Words", "LogsDirectory": "Words",
	"ConfigurationDirectory": "Words", "ExecSearchPath": "Colons", "SetCredential": "Lines", "SetCredentialEncrypted": "Lines",
	"LoadCredential": "Lines", "LoadCredentialEncrypted": "Lines", "UtmpMode": "Choice", "AppArmorProfile": "Text",
	"SmackProcessLabel": "Text", "AllowedCPUs": "Words", "StartupAllowedCPUs": "Words", "AllowedMemoryNodes": "Words",
	"StartupAllowedMemoryNodes": "Words", "CPUQuota": "Text", "CPUQuotaPeriodSec": "Timespan", "TasksMax": "Size",
	"Delegate": "Delegation", "DisableControllers": "Words", "IPAddressAllow": "Words", "IPAddressDeny": "Words",
	"IPIngressFilterPath": "Lines", "IPEgressFilterPath": "Lines", "ManagedOOMSwap": "Choice", "ManagedOOMMemoryPressure": "Choice",
	"ManagedOOMMemoryPressureLimit": "Text", "ManagedOOMPreference": "Choice", "BPFProgram": "Lines", "SocketBindAllow": "Lines",
	"SocketBindDeny": "Lines", "RestrictNetworkInterfaces": "Filter",
	"IOReadBandwidthMax": "Lines", "IOWriteBandwidthMax": "Lines", "IOReadIOPSMax": "Lines", "IOWriteIOPSMax": "Lines",
	"SocketProtocol": "Choice", "Timestamping": "Choice", "Symlinks": "Words", "FileDescriptorName": "Text", "Swap.Priority": "Number",
	"Path.PathExists": "Watches", "Path.PathExistsGlob": "Watches", "Path.PathChanged": "Watches", "Path.PathModified": "Watches",
	"Path.DirectoryNotEmpty": "Watches",
	"Install.Alias":          "Words", "Install.WantedBy": "Words", "Install.RequiredBy": "Words", "Install.Also": "Words",
	"Install.DefaultInstance": "Text", "Install.UpheldBy": "Words",
	"ActivatingConcurrencyMax": "Number", "ConcurrencyHardMax": "Number", "ConcurrencySoftMax": "Number", "BindLogSockets": "Boolean",
	"BindNetworkInterface": "Text", "MemoryPressureWatch": "Choice", "CPUPressureWatch": "Choice", "IOPressureWatch": "Choice",
	"CPUSetPartition": "Choice", "StateDirectoryQuota": "Size", "CacheDirectoryQuota": "Size", "LogsDirectoryQuota": "Size",
	"DeferTrigger": "Choice", "DeferTriggerMaxSec": "Timespan", "DelegateSubgroup": "Text", "ExtensionImagePolicy": "Text",
	"RootImagePolicy": "Text", "MountImagePolicy": "Text", "FileDescriptorStorePreserve": "Choice", "ImportCredential": "Lines",
	"MemoryKSM": "Boolean", "OpenFile": "Lines", "ManagedOOMMemoryPressureDurationSec": "Timespan", "NFTSet": "Words", "PrivatePIDs": "Choice",
	"SetLoginEnvironment": "Boolean", "LUOSession": "Text", "MemoryTHP": "Choice", "OOMRules": "Words", "PrivateBPF": "Choice",
	"RefreshOnReload": "Words", "XAttrAccept": "Lines", "XAttrEntryPoint": "Lines", "XAttrListen": "Lines", "MessageQueueMessageSize": "Size",
	"PrivateMounts": "Boolean", "PrivateTmp": "Choice", "PrivateUsers": "Choice", "ProtectControlGroups": "Choice", "ProtectHostname": "Choice",
}

// removed are the versions that took directives away, where that is between two probed ones: of NEWS, "Support for cgroup v1".
var removed = map[string]int{
	"BlockIOAccounting": 258, "BlockIODeviceWeight": 258, "BlockIOReadBandwidth": 258, "BlockIOWeight": 258, "BlockIOWriteBandwidth": 258,
	"CPUAccounting": 258, "CPUShares": 258, "DefaultMemoryLow": 258, "DefaultMemoryMin": 258, "DefaultStartupMemoryLow": 258,
	"MemoryLimit": 258, "StartupBlockIOWeight": 258, "StartupCPUShares": 258,
}

// item is a directive of a section.
type item struct{ section, name string }

// fact is what is known of an item over the versions.
type fact struct {
	kind         string
	since, until int
	resets       int // the first version in which the empty assignment resets a value of one; never when none does
}

// never stands for a version that does not come.
const never = 999

func main() {
	folder := flag.String("versions", "", "the folder that scripts/systemd-versions filled")
	flag.Parse()
	log.SetFlags(0)
	versions, err := open(*folder)
	check(err)
	facts, err := learn(versions)
	check(err)
	check(save("table.go", table(versions, facts)))
	words, err := choices(versions, facts)
	check(err)
	check(save("choices_table.go", choicesTable(versions, words)))
	text, err := listsTable(versions)
	check(err)
	check(save("lists_table.go", text))
	module, err := shippedModule(versions)
	check(err)
	check(os.WriteFile("../../policies/lib/shipped_systemd.rego", module, 0o644))
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func save(name string, text []byte) error {
	text, err := format.Source(text)
	if err != nil {
		return err
	}
	return os.WriteFile(name, text, 0o644)
}

// learn joins what the versions say of each directive.
func learn(versions []*version) (map[item]fact, error) {
	manual := newManual(versions[len(versions)-1])
	all := map[item]bool{}
	for _, v := range versions {
		for it := range v.kinds {
			all[it] = true
		}
	}
	items := slices.SortedFunc(maps.Keys(all), func(a, b item) int { return cmp.Or(cmp.Compare(a.name, b.name), cmp.Compare(a.section, b.section)) })
	for _, v := range versions {
		if err := v.tryEmpty(items); err != nil {
			return nil, err
		}
	}
	facts := map[item]fact{}
	for _, it := range items {
		f := fact{kind: kindOf(it, versions), resets: never}
		for i, v := range versions {
			_, has := v.kinds[it]
			switch {
			case !has && i > 0 && versions[i-1].has(it):
				if f.until = removed[it.name]; f.until <= versions[i-1].number || f.until > v.number {
					return nil, fmt.Errorf("%v: it is in %d and not in %d; name the version in removed", it, versions[i-1].number, v.number)
				}
			case has && i > 0 && !versions[i-1].has(it):
				f.since = manual.since(it.name, "", versions[i-1].number, v.number)
			}
			if has && !v.keeps[it] && f.resets == never {
				f.resets = v.number
			}
		}
		if f.resets == versions[0].number || f.since != 0 && f.resets != never && f.resets >= f.since && firstProbed(versions, f.since) == f.resets {
			f.resets = 0
		}
		facts[it] = f
	}
	return facts, nil
}

func firstProbed(versions []*version, since int) int {
	for _, v := range versions {
		if v.number >= since {
			return v.number
		}
	}
	return never
}

// kindOf is the kind in the newest version that has the item: what was a boolean and is a choice now is a choice whose first
// words are those of a boolean.
func kindOf(it item, versions []*version) string {
	for _, v := range slices.Backward(versions) {
		dumped, ok := v.kinds[it]
		if !ok {
			continue
		}
		for _, k := range []string{ofName[it.section+"."+it.name], ofName[it.name], ofType[dumped]} {
			if k != "" {
				return k
			}
		}
		log.Fatalf("[%s] %s=%s: the kind is not known; name it in ofName", it.section, it.name, dumped)
	}
	return ""
}

type row struct {
	name string
	fact
}

func table(versions []*version, facts map[item]fact) []byte {
	in := map[row][]string{}
	for it, f := range facts {
		if !scalar(f.kind) {
			f.resets = 0
		}
		r := row{it.name, f}
		in[r] = append(in[r], it.section)
	}
	for _, s := range in {
		slices.SortFunc(s, func(a, b string) int { return slices.Index(sections, a) - slices.Index(sections, b) })
	}
	rows := slices.SortedFunc(maps.Keys(in), func(a, b row) int {
		return cmp.Or(cmp.Compare(a.name, b.name), cmp.Compare(strings.Join(in[a], " "), strings.Join(in[b], " ")))
	})
	var b bytes.Buffer
	fmt.Fprintf(&b, "// Code generated by gen.go from systemd %s. DO NOT EDIT.\n\npackage systemd\n\n", names(versions))
	fmt.Fprintf(&b, "// Oldest and Newest are the versions of systemd between which the table holds.\nconst (\nOldest = %d\nNewest = %d\n)\n\n",
		versions[0].number, versions[len(versions)-1].number)
	b.WriteString("// table is every directive, ordered by name; a name whose kind or versions differ by section stands more than once.\nvar table = [...]directive{\n")
	for _, r := range rows {
		fmt.Fprintf(&b, "\t{%q, in%s, %s, %s, %d, %d},\n", r.name, strings.Join(in[r], " | in"), r.kind, version0(r.resets), r.since, r.until)
	}
	b.WriteString("}\n")
	return b.Bytes()
}

func version0(n int) string {
	if n == never {
		return "never"
	}
	return fmt.Sprint(n)
}

func names(versions []*version) string {
	var out []string
	for _, v := range versions {
		out = append(out, fmt.Sprint(v.number))
	}
	return strings.Join(out, ", ")
}

func scalar(kind string) bool {
	return slices.Contains([]string{
		"Boolean", "Choice", "Text", "Path", "UnitName", "Number", "FileMode", "Timespan", "Size", "Signal",
	}, kind)
}

// word is one that a choice has.
type word struct {
	text         string
	since, until int
}

// choices finds the words of each choice: of all words that the manual sets apart in the entry of any choice, those that a version
// takes.
func choices(versions []*version, facts map[item]fact) (map[string][]word, error) {
	manual := newManual(versions[len(versions)-1])
	items := map[string]item{}
	pool := slices.Clone(more)
	for it, f := range facts {
		if other, ok := items[it.name]; f.kind == "Choice" && (!ok || slices.Index(sections, it.section) < slices.Index(sections, other.section)) {
			items[it.name] = it
			pool = append(pool, manual.words(it.name)...)
		}
	}
	slices.Sort(pool)
	pool = slices.DeleteFunc(slices.Compact(pool), func(w string) bool { return w == "no" || w == "yes" })
	tried := map[item][]string{}
	for _, it := range items {
		tried[it] = append([]string{"no", "yes", "t"}, pool...)
	}
	for _, v := range versions {
		if err := v.tryWords(tried); err != nil {
			return nil, err
		}
	}
	out := map[string][]word{}
	for name, it := range items {
		boolean := slices.ContainsFunc(versions, func(v *version) bool { return v.takes[it]["t"] })
		for _, text := range tried[it] {
			if text == "t" || boolean && isBoolean(text) && text != "no" && text != "yes" {
				continue
			}
			w, ok := word{text: text}, false
			for i, v := range versions {
				takes := v.takes[it][text]
				switch before := i > 0 && versions[i-1].takes[it][text]; {
				case takes && !before && !ok && i > 0 && versions[i-1].has(it):
					w.since = manual.since(name, text, versions[i-1].number, v.number)
				case !takes && before && v.has(it):
					w.until = v.number
				}
				ok = ok || takes
			}
			if ok {
				out[name] = append(out[name], w)
			}
		}
	}
	return out, nil
}

// more are words that the manual names elsewhere, or not at all: those of kinds of units, numbers of a level, old spellings.
var more = []string{
	"file:/x", "append:/x", "truncate:/x", "fd:x", "x86", "x86-64", "arm64", "arm", "ppc64-le", "s390x", "riscv64", "shared", "slave", "private",
	"0", "1", "2", "3", "4", "5", "6", "7", "kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "cron", "authpriv", "ftp",
	"local0", "local1", "local2", "local3", "local4", "local5", "local6", "local7", "connected", "none", "default", "auto",
	"syslog+console", "journal+console", "kmsg+console",
	"fail", "replace", "replace-irreversibly", "isolate", "flush", "ignore-dependencies", "ignore-requirements",
}

func isBoolean(w string) bool {
	return slices.Contains([]string{"1", "yes", "y", "true", "t", "on", "no", "n", "false", "f", "off", "0"}, w)
}

func choicesTable(versions []*version, words map[string][]word) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "// Code generated by gen.go from systemd %s. DO NOT EDIT.\n\npackage systemd\n\n", names(versions))
	b.WriteString("// choices are the words of directives of kind Choice, by name. Behind a word stand the first version that takes it and, after a\n" +
		"// hyphen, the first that does not any more. \"no\" and \"yes\" together stand for all spellings of a boolean; a word that ends in a\n" +
		"// colon takes anything behind it.\nvar choices = [...]struct{ name, words string }{\n")
	for _, name := range slices.Sorted(maps.Keys(words)) {
		var out []string
		for _, w := range words[name] {
			text := w.text
			if before, _, ok := strings.Cut(text, ":"); ok {
				text = before + ":"
			}
			switch {
			case w.until > 0:
				text += fmt.Sprintf("@%d-%d", w.since, w.until)
			case w.since > 0:
				text += fmt.Sprintf("@%d", w.since)
			}
			out = append(out, text)
		}
		fmt.Fprintf(&b, "\t{%q, %q},\n", name, strings.Join(out, " "))
	}
	b.WriteString("}\n")
	return b.Bytes()
}

//go:build ignore

// Command gen writes table.go: the directives of the systemd that is installed, by section, with the kind of their
// values and what the empty assignment does. Names come from "systemd --dump-configuration-items", the empty assignment is
// tried on "systemd-analyze verify", kinds that the dump calls OTHER are named here.
//
// It is not run by go generate, because the table is that of one version of systemd:
//
//	go run gen.go -systemd /lib/systemd/systemd
package main

import (
	"bytes"
	"flag"
	"fmt"
	"go/format"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

var sections = []string{
	"Unit", "Service", "Socket", "Timer", "Path", "Mount", "Automount", "Swap", "Slice", "Scope", "Install",
}

// ofType gives the kind of what the dump names by type.
var ofType = map[string]string{
	"BOOLEAN": "Boolean", "STRING": "Text", "PATH": "Path", "UNIT": "UnitName", "SLICE": "UnitName", "SERVICE": "UnitName",
	"LABEL": "Text", "ERRNO": "Text", "TOS": "Text", "NETWORKINTERFACE": "Text", "INPUT": "Text", "OUTPUT": "Text",
	"UNSIGNED": "Number", "INTEGER": "Number", "LONG": "Number", "SHARES": "Number", "WEIGHT": "Number", "CPUWEIGHT": "Number",
	"NICE": "Number", "OOMSCOREADJUST": "Number", "IOPRIORITY": "Number", "CPUSCHEDPRIO": "Number",
	"MODE": "FileMode", "SECONDS": "Timespan", "NANOSECONDS": "Timespan", "SIZE": "Size", "LIMIT": "Size", "SIGNAL": "Signal",
	"ACCESS": "Choice", "ACTION": "Choice", "CPUSCHEDPOLICY": "Choice", "FACILITY": "Choice", "IOCLASS": "Choice",
	"KILLMODE": "Choice", "LEVEL": "Choice", "PERSONALITY": "Choice", "POLICY": "Choice", "SERVICEEXITTYPE": "Choice",
	"SERVICERESTART": "Choice", "SERVICETYPE": "Choice", "SOCKETBIND": "Choice", "TIMEOUTMODE": "Choice", "MOUNTFLAG [...]": "Choice",
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
	"Install.DefaultInstance": "Text",
}

type item struct {
	section, name, kind string
	keeps               bool // the empty assignment leaves the value as it is
}

func main() {
	systemd := flag.String("systemd", "/lib/systemd/systemd", "the program whose configuration items are dumped")
	analyze := flag.String("analyze", "systemd-analyze", "the systemd-analyze of the same version")
	output := flag.String("output", "table.go", "the file to write")
	flag.Parse()
	log.SetFlags(0)
	version, err := exec.Command(*systemd, "--version").Output()
	check(err)
	dump, err := exec.Command(*systemd, "--dump-configuration-items").Output()
	check(err)
	items := parse(string(dump))
	check(tryEmpty(*analyze, items))
	text, err := format.Source(write(strings.Fields(string(version))[1], items))
	check(err)
	check(os.WriteFile(*output, text, 0o644))
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func parse(dump string) []item {
	var items []item
	section := ""
	for line := range strings.Lines(dump) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "[") {
			section = strings.Trim(line, "[]")
			continue
		}
		name, kind, ok := strings.Cut(line, "=")
		if !ok || !slices.Contains(sections, section) {
			continue
		}
		items = append(items, item{section: section, name: name, kind: kindOf(section, name, kind)})
	}
	return items
}

func kindOf(section, name, dumped string) string {
	for _, k := range []string{ofName[section+"."+name], ofName[name], ofType[dumped]} {
		if k != "" {
			return k
		}
	}
	log.Fatalf("[%s] %s=%s: the kind is not known; name it in ofName", section, name, dumped)
	return ""
}

// tryEmpty writes one unit for each directive, with the empty assignment alone, and keeps which of them systemd ignores.
func tryEmpty(analyze string, items []item) error {
	root, err := os.MkdirTemp("", "systemd-gen")
	if err != nil {
		return err
	}
	defer os.RemoveAll(root)
	dir := filepath.Join(root, "etc/systemd/system")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	args := []string{"verify", "--man=no", "--generators=no", "--recursive-errors=no", "--root=" + root}
	for i, it := range items {
		kind := strings.ToLower(it.section)
		switch kind {
		case "unit", "install", "scope": // a scope cannot be loaded from a file; a service has all it has
			kind = "service"
		}
		text := "[" + strings.Replace(it.section, "Scope", "Service", 1) + "]\n" + it.name + "=\n"
		name := fmt.Sprintf("d%d.%s", i, kind)
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			return err
		}
		args = append(args, name)
	}
	command := exec.Command(analyze, args...)
	command.Env = append(os.Environ(), "LC_ALL=C.UTF-8")
	out, _ := command.CombinedOutput() // it fails on units without a command; the messages are what is wanted
	said := regexp.MustCompile(`(?m)/d(\d+)\.[a-z]+:2: (.*)$`)
	for _, m := range said.FindAllStringSubmatch(string(out), -1) {
		var n int
		fmt.Sscan(m[1], &n)
		if regexp.MustCompile(`ignoring|Failed|[Ii]nvalid`).MatchString(m[2]) {
			items[n].keeps = true
		}
	}
	return nil
}

type row struct {
	name, kind string
	keeps      bool
}

func write(version string, items []item) []byte {
	in := map[row][]string{}
	for _, it := range items {
		r := row{it.name, it.kind, it.keeps && scalar(it.kind)}
		in[r] = append(in[r], it.section)
	}
	rows := make([]row, 0, len(in))
	for r := range in {
		rows = append(rows, r)
	}
	slices.SortFunc(rows, func(a, b row) int {
		return strings.Compare(a.name+" "+strings.Join(in[a], " "), b.name+" "+strings.Join(in[b], " "))
	})
	var b bytes.Buffer
	fmt.Fprintf(&b, "// Code generated by gen.go from systemd %s. DO NOT EDIT.\n\npackage systemd\n\n", version)
	b.WriteString("// table is every directive, ordered by name; a name whose kind differs by section stands more than once.\nvar table = [...]directive{\n")
	for _, r := range rows {
		var in2 []string
		for _, s := range in[r] {
			in2 = append(in2, "in"+s)
		}
		slices.SortFunc(in2, func(a, b string) int {
			return slices.Index(sections, a[2:]) - slices.Index(sections, b[2:])
		})
		fmt.Fprintf(&b, "\t{%q, %s, %s, %t},\n", r.name, strings.Join(slices.Compact(in2), " | "), r.kind, r.keeps)
	}
	b.WriteString("}\n")
	return b.Bytes()
}

func scalar(kind string) bool {
	return slices.Contains([]string{
		"Boolean", "Choice", "Text", "Path", "UnitName", "Number", "FileMode", "Timespan", "Size", "Signal",
	}, kind)
}
